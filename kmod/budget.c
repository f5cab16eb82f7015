// SPDX-License-Identifier: GPL-2.0
/*
 * How much time commands may take.
 *
 * No generic netlink family can be registered while a command of any family
 * runs, nor between commands that were sent as one datagram. Root of a user
 * namespace could prolong that for minutes, so there are limits.
 *
 * A command begins, walks through all entries or checks its time while it goes
 * on, and ends. Each step but the last may be refused. Everything here is called
 * in process context, under the policy's lock.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/netlink.h>

#include "budget.h"

/* What follows limits each interval of so many nanoseconds. */
#define BUDGET_INTERVAL		(5ULL * NSEC_PER_SEC)

/* Walks through all entries: as many slots as so many of the longest walk. */
#define WALKS_MAX		64

/* The longest walk counts as one of so many slots at least. */
#define WALK_LONGEST_MIN	65536

/* Slots that each walk counts as besides its own: it takes time without any. */
#define WALK_BASE		64

/*
 * Nanoseconds that commands may take in all user namespaces together; the
 * command that exceeds it is completed.
 */
#define BUSY_MAX		NSEC_PER_SEC

/*
 * Nanoseconds that one command in a user namespace may take to prepare its
 * changes: above memory.high, the kernel makes it sleep for two seconds with
 * every few pages.
 */
#define COMMAND_MAX		(10ULL * NSEC_PER_SEC)

/**
 * struct users - what commands in user namespaces have taken in this interval
 * @lock: held by the command that runs; guards the rest
 * @since: when the interval began, in nanoseconds
 * @begun: when the command that runs began
 * @busy: nanoseconds that all commands have taken
 *
 * One for all user namespaces: a user can create many of them, and their time adds
 * up for all that wait for generic netlink's lock. For the same reason a command
 * that has waited for @lock for longer than BUSY_MAX is refused.
 */
static struct users {
	struct mutex	lock;	/* see above */
	u64		since;
	u64		begun;
	u64		busy;
} users = {
	.lock = __MUTEX_INITIALIZER(users.lock),
};

static int begin_limited(struct netlink_ext_ack *extack)
{
	u64 arrived = ktime_get_ns();

	if (mutex_lock_killable(&users.lock))
		return -EINTR;
	users.begun = ktime_get_ns();
	if (users.begun - users.since >= BUDGET_INTERVAL) {
		users.since = users.begun;
		users.busy = 0;
	}
	if (users.busy < BUSY_MAX && users.begun - arrived < BUSY_MAX)
		return 0;
	mutex_unlock(&users.lock);
	NL_SET_ERR_MSG(extack,
		       "too many changes in user namespaces: wait for some seconds");
	return -EBUSY;
}

/**
 * p25_budget_begin - begin a command
 * @budget: of its namespace
 * @extack: message; may be NULL
 *
 * Return: 0: p25_budget_end() has to follow; -EBUSY: commands have taken too much
 * of this interval; -EINTR: the caller is being killed.
 */
int p25_budget_begin(struct p25_budget *budget, struct netlink_ext_ack *extack)
{
	u64 now = ktime_get_ns();

	lockdep_assert_held(budget->lock);
	if (now - budget->since >= BUDGET_INTERVAL) {
		budget->since = now;
		budget->walked = 0;
		budget->longest = 0;
	}
	return budget->limited ? begin_limited(extack) : 0;
}

/**
 * p25_budget_check - has the command that runs taken too long?
 * @budget: of its namespace
 * @extack: message
 *
 * Return: 0 or -EBUSY.
 */
int p25_budget_check(const struct p25_budget *budget,
		     struct netlink_ext_ack *extack)
{
	lockdep_assert_held(budget->lock);
	if (!budget->limited)
		return 0;
	lockdep_assert_held(&users.lock);
	if (ktime_get_ns() - users.begun < COMMAND_MAX)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "too slow: change less at once, or give the control group more memory or CPU time");
	return -EBUSY;
}

/**
 * p25_budget_walk - account for a walk through all entries, before it
 * @budget: of its namespace
 * @slots: how many the walk visits
 * @extack: message; may be NULL
 *
 * A policy that is small by now may have been large when it was walked before, so
 * the longest walk of the interval counts.
 *
 * Return: 0 or -EBUSY.
 */
int p25_budget_walk(struct p25_budget *budget, u64 slots,
		    struct netlink_ext_ack *extack)
{
	u64 longest = max3(slots, budget->longest, (u64)WALK_LONGEST_MIN);

	lockdep_assert_held(budget->lock);
	if (budget->walked + slots + WALK_BASE > WALKS_MAX * longest) {
		NL_SET_ERR_MSG(extack,
			       "too many flushes: wait for some seconds");
		return -EBUSY;
	}
	budget->walked += slots + WALK_BASE;
	budget->longest = longest;
	return 0;
}

/**
 * p25_budget_end - end a command
 * @budget: of its namespace
 */
void p25_budget_end(struct p25_budget *budget)
{
	lockdep_assert_held(budget->lock);
	if (!budget->limited)
		return;
	lockdep_assert_held(&users.lock);
	users.busy += ktime_get_ns() - users.begun;
	mutex_unlock(&users.lock);
}
