// SPDX-License-Identifier: GPL-2.0
/*
 * How much time a namespace's commands may take.
 *
 * Generic netlink lets nobody register a family while a command of any family
 * runs, nor between commands that were sent as one datagram. Whoever has a user
 * namespace could have that for minutes, so there are some bounds. Everything
 * here is called in process context under the policy's lock.
 */
#include "budget.h"
#include "clock.h"

/* In this many seconds there are ... */
#define INTERVAL	5

/*
 * ... so many walks through all entries; more if there are only a few. A walk
 * takes some time even where there is nothing.
 */
#define WALKS_MAX	64
#define WALK_CHEAP	65536
#define WALK_BASE	64

/* ... and commits that take so long, grace periods included, and a last one. */
#define COMMITTING_MAX	NSEC_PER_SEC

/**
 * p25_budget_begin - a command begins
 * @budget: of its namespace
 *
 * To be called before it has taken any time: none gets more by taking long.
 */
void p25_budget_begin(struct p25_budget *budget)
{
	u32 now = p25_now();

	if (now - budget->since >= INTERVAL)
		*budget = (struct p25_budget) { .since = now };
}

/**
 * p25_budget_may_walk - may it look at every entry, or once more?
 * @budget: of its namespace
 * @slots: how many there are to be looked at
 * @extack: message, if not; may be NULL
 *
 * What is small by now may have been large when it was walked before.
 */
bool p25_budget_may_walk(struct p25_budget *budget, u64 slots,
			 struct netlink_ext_ack *extack)
{
	u64 longest = max3(slots, budget->longest, (u64)WALK_CHEAP);

	if (budget->walked + slots + WALK_BASE > WALKS_MAX * longest) {
		NL_SET_ERR_MSG(extack,
			       "too many flushes: wait for some seconds");
		return false;
	}
	budget->walked += slots + WALK_BASE;
	budget->longest = longest;
	return true;
}

/**
 * p25_budget_may_commit - may it make changes, in a user namespace?
 * @budget: of its namespace
 * @extack: message, if not
 */
bool p25_budget_may_commit(const struct p25_budget *budget,
			   struct netlink_ext_ack *extack)
{
	if (budget->committing < COMMITTING_MAX)
		return true;
	NL_SET_ERR_MSG(extack,
		       "too many changes in a user namespace: wait for some seconds");
	return false;
}
