// SPDX-License-Identifier: GPL-2.0
/*
 * How much time a namespace's commands may take.
 *
 * Generic netlink lets nobody register a family while a command of any family
 * runs, nor between commands that were sent as one datagram. Whoever has a user
 * namespace could have that for minutes, so there are some bounds. Everything
 * here is called in process context under the policy's lock.
 */
#include <linux/ktime.h>

#include "budget.h"

/* In so long a time there are ... */
#define INTERVAL	(5ULL * NSEC_PER_SEC)

/*
 * ... so many walks through all entries; more if there are only a few. A walk
 * takes some time even where there is nothing;
 */
#define WALKS_MAX	64
#define WALK_CHEAP	65536
#define WALK_BASE	64

/* ... in a user namespace, so long a time for walks and commits, and a last one. */
#define BUSY_MAX	NSEC_PER_SEC

/**
 * p25_budget_begin - something begins that takes time
 * @budget: of its namespace
 *
 * Return: when; for p25_budget_end().
 */
u64 p25_budget_begin(struct p25_budget *budget)
{
	u64 now = ktime_get_ns();

	if (now - budget->since >= INTERVAL) {
		budget->since = now;
		budget->walked = 0;
		budget->longest = 0;
		budget->busy = 0;
	}
	return now;
}

/** p25_budget_end - what began at @begun has taken until now */
void p25_budget_end(struct p25_budget *budget, u64 begun)
{
	budget->busy += ktime_get_ns() - begun;
}

/**
 * p25_budget_has_time - may something more begin?
 * @budget: of its namespace
 * @extack: message, if not; may be NULL
 */
bool p25_budget_has_time(const struct p25_budget *budget,
			 struct netlink_ext_ack *extack)
{
	if (!budget->limited || budget->busy < BUSY_MAX)
		return true;
	NL_SET_ERR_MSG(extack,
		       "too many changes in a user namespace: wait for some seconds");
	return false;
}

/**
 * p25_budget_may_walk - may there be a walk through all entries, or another one?
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
