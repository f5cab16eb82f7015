// SPDX-License-Identifier: GPL-2.0
/*
 * How much time commands may take.
 *
 * Generic netlink lets nobody register a family while a command of any family
 * runs, nor between commands that were sent as one datagram. Whoever has a user
 * namespace could have that for minutes, so there are some bounds. Everything
 * here is called in process context.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include "budget.h"

/* Limits are for an interval of so many nanoseconds. */
#define INTERVAL	(5ULL * NSEC_PER_SEC)

/*
 * Walks through all entries in an interval: 64 of the longest one, but as if no
 * policy had fewer than 65,536 slots. Each counts as 64 slots at least: it takes
 * some time even where there is nothing.
 */
#define WALKS_MAX	64
#define WALK_CHEAP	65536
#define WALK_BASE	64

/*
 * Nanoseconds of an interval that commands may take in all user namespaces together;
 * the command that exceeds it is completed.
 */
#define BUSY_MAX	NSEC_PER_SEC

/*
 * Nanoseconds that one command in a user namespace may take to prepare its changes:
 * above memory.high, the kernel makes it sleep for two seconds with every few pages.
 */
#define COMMAND_MAX	(10ULL * NSEC_PER_SEC)

/**
 * struct users - what commands in user namespaces have taken in this interval
 * @lock: guards the rest, and serialises the commands
 * @since: when the interval began, in nanoseconds
 * @begun: when the present command began
 * @busy: nanoseconds that all commands have taken
 *
 * One for all user namespaces: a user can create many of them, and their time adds
 * up for all who wait for generic netlink's lock. For the same reason a command
 * that has waited for @lock for longer than BUSY_MAX is refused.
 */
static struct users {
	struct mutex	lock;	/* guards the rest, and is held meanwhile */
	u64		since;
	u64		begun;
	u64		busy;
} users = {
	.lock = __MUTEX_INITIALIZER(users.lock),
};

static int begin_limited(struct netlink_ext_ack *extack)
{
	u64 came = ktime_get_ns();

	if (mutex_lock_killable(&users.lock))
		return -EINTR;
	users.begun = ktime_get_ns();
	if (users.begun - users.since >= INTERVAL) {
		users.since = users.begun;
		users.busy = 0;
	}
	if (users.busy < BUSY_MAX && users.begun - came < BUSY_MAX)
		return 0;
	mutex_unlock(&users.lock);
	NL_SET_ERR_MSG(extack,
		       "too many changes in user namespaces: wait for some seconds");
	return -EBUSY;
}

/**
 * p25_budget_begin - something begins that takes time
 * @budget: of its namespace
 * @extack: message, if it may not; may be NULL
 *
 * Return: 0: then p25_budget_end() has to follow; -EBUSY: there was too much of
 * late; -EINTR: the caller is being killed.
 */
int p25_budget_begin(struct p25_budget *budget, struct netlink_ext_ack *extack)
{
	u64 now = ktime_get_ns();

	lockdep_assert_held(budget->lock);
	if (now - budget->since >= INTERVAL) {
		budget->since = now;
		budget->walked = 0;
		budget->longest = 0;
	}
	return budget->limited ? begin_limited(extack) : 0;
}

/**
 * p25_budget_may_go_on - may it go on, or has it taken too long already?
 * @budget: of its namespace
 * @extack: message, if not
 */
bool p25_budget_may_go_on(const struct p25_budget *budget,
			  struct netlink_ext_ack *extack)
{
	lockdep_assert_held(budget->lock);
	if (!budget->limited || ktime_get_ns() - users.begun < COMMAND_MAX)
		return true;
	NL_SET_ERR_MSG(extack,
		       "too slow: change less at once, or give the control group more memory or CPU time");
	return false;
}

/** p25_budget_end - it has come to its end */
void p25_budget_end(struct p25_budget *budget)
{
	lockdep_assert_held(budget->lock);
	if (!budget->limited)
		return;
	users.busy += ktime_get_ns() - users.begun;
	mutex_unlock(&users.lock);
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

	lockdep_assert_held(budget->lock);
	if (budget->walked + slots + WALK_BASE > WALKS_MAX * longest) {
		NL_SET_ERR_MSG(extack,
			       "too many flushes: wait for some seconds");
		return false;
	}
	budget->walked += slots + WALK_BASE;
	budget->longest = longest;
	return true;
}
