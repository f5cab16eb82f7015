// SPDX-License-Identifier: GPL-2.0
/*
 * Removing entries that have expired. It is about memory and the policy's limit
 * only: from the second that it expires in, an entry is not valid for packets.
 *
 * Everything here is called in process context, under the policy's lock, and may
 * sleep.
 */
#include <linux/lockdep.h>
#include <linux/string.h>

#include "event.h"
#include "expire.h"
#include "gc.h"
#include "hook.h"
#include "p25.h"
#include "sequence.h"

/*
 * An entry whose date has passed is kept for a while, and is valid again if the clock
 * turns out to have been wrong: for so many seconds of the boot-time clock at least,
 * and twice as many at most.
 */
#define KEEP		600

/* p25_expire_note - an entry expires at @expires: it is to be removed then */
void p25_expire_note(struct p25_policy *policy, u32 expires)
{
	u32 *next = p25_is_wall_clock(expires) ? &policy->next_wall_clock :
						 &policy->next_boottime;

	lockdep_assert_held(&policy->lock);
	*next = min(*next, expires);
}

/**
 * struct expire_walk - a walk that removes entries that have expired
 * @now: when it began
 * @keep: keep entries for a while whose date has passed
 * @sweep: but not if it had passed at the last sweep already
 * @soon: the first expiry of those that don't expire soon
 * @event: of the walk
 */
struct expire_walk {
	u32			now;
	bool			keep;
	bool			sweep;
	u32			soon;
	struct p25_event_policy	event;
};

static bool may_keep(const struct p25_entry *entry,
		     const struct expire_walk *walk)
{
	return walk->keep && p25_is_wall_clock(entry->expires[0]) &&
	       !(walk->sweep && entry->flags & P25_ENTRY_PASSED);
}

static void keep_passed(struct p25_policy *policy, struct p25_entry *entry,
			bool sweep)
{
	policy->passed[entry->kind]++;
	policy->last_passed = max(policy->last_passed, entry->expires[0]);
	if (sweep)
		entry->flags |= P25_ENTRY_PASSED;
}

/* An entry has expired, or is valid again because the clock was set back. */
static void add_to_event(struct p25_table *table, struct p25_entry *entry,
			 struct expire_walk *walk, bool valid)
{
	if (!valid || entry->flags & P25_ENTRY_LAPSED)
		p25_event_policy_settle(&walk->event, table, entry, 0);
}

static void remove_if_expired(struct p25_policy *policy, struct p25_table *table,
			      struct p25_entry *entry, void *arg)
{
	struct expire_walk *walk = arg;
	bool valid = p25_entry_is_valid(entry, 0, walk->now);

	add_to_event(table, entry, walk, valid);
	if (valid) {
		p25_expire_note(policy, entry->expires[0]);
		p25_policy_mark_soon(policy, table, entry, walk->now);
		if (!(entry->flags & P25_ENTRY_SOON))
			walk->soon = min(walk->soon, entry->expires[0]);
		if (entry->flags & P25_ENTRY_PASSED)
			entry->flags &= ~P25_ENTRY_PASSED;
	} else if (may_keep(entry, walk)) {
		keep_passed(policy, entry, walk->sweep);
	} else {
		p25_policy_remove(policy, table, entry);
	}
}

/* p25_expire_is_pending - is there an entry that will be marked or removed? */
bool p25_expire_is_pending(const struct p25_policy *policy)
{
	lockdep_assert_held(&policy->lock);
	return policy->next_boottime != P25_NEVER || policy->soon != P25_NEVER ||
	       policy->next_wall_clock != P25_NEVER ||
	       policy->last_passed;
}

static bool is_time_to_sweep(const struct p25_policy *policy)
{
	return p25_now() - policy->swept >= KEEP;
}

/*
 * Has an entry expired, or are entries to be marked that will soon? Or was the clock set
 * back, or an entry changed whose date had passed, so that those are to be counted anew?
 */
static bool is_due(const struct p25_policy *policy)
{
	u32 date = p25_now_wall_clock();
	u32 now = p25_now();

	return policy->next_boottime <= now || policy->soon <= now + P25_SOON / 2 ||
	       policy->next_wall_clock <= date || policy->last_passed > date ||
	       (policy->last_passed && is_time_to_sweep(policy));
}

/* Packets' verdicts don't change: what is removed was not valid for them. */
static void expire(struct p25_net *p25, bool keep)
{
	struct p25_policy *policy = &p25->policy;
	struct expire_walk walk = {
		.now = p25_now(),
		.keep = keep,
		.sweep = is_time_to_sweep(policy),
		.soon = P25_NEVER,
	};
	int err;

	policy->next_boottime = P25_NEVER;
	policy->next_wall_clock = P25_NEVER;
	policy->last_passed = 0;
	memset(policy->passed, 0, sizeof(policy->passed));
	p25_event_policy_begin(&walk.event, p25, P25_EVENT_ENTRIES_MAX);
	err = p25_policy_visit(policy, true, NULL, remove_if_expired, &walk);
	/* What is listed doesn't change at this moment, but when it expires. */
	p25_event_policy_end(&walk.event, false);
	if (walk.sweep)
		policy->swept = walk.now;
	/* The walk was interrupted: it is due again at once. */
	if (err)
		policy->next_boottime = 0;
	else
		/*
		 * Pairs with p25_policy_view(): what is before it has been marked.
		 * So it has to be with each store of a lower one that follows.
		 */
		smp_store_release(&policy->soon, walk.soon);
	p25_hook_disable_unneeded(p25);
	p25_sequence_advance(policy);
	p25_gc_schedule(p25);
}

/**
 * p25_expire - remove all entries that have expired, if any has
 * @p25: the namespace
 */
void p25_expire(struct p25_net *p25)
{
	lockdep_assert_held(&p25->policy.lock);
	if (is_due(&p25->policy))
		expire(p25, true);
}

/**
 * p25_expire_in_budget - as p25_expire(), if the budget allows for the walk
 * @p25: the namespace, whose budget has begun
 * @most: if there are more entries than that, remove kept ones, too
 */
void p25_expire_in_budget(struct p25_net *p25, u32 most)
{
	struct p25_policy *policy = &p25->policy;
	bool keep = p25_policy_entries(policy, policy->generation) <= most;

	lockdep_assert_held(&policy->lock);
	if ((is_due(policy) || (!keep && policy->last_passed)) &&
	    !p25_budget_walk(&policy->budget, p25_policy_slots(policy), NULL))
		expire(p25, keep);
}

/**
 * p25_expire_for_command - p25_expire_in_budget(), with a budget of its own
 * @p25: the namespace
 * @most: as there
 *
 * If the budget is used up, gc.c does it some seconds later.
 */
void p25_expire_for_command(struct p25_net *p25, u32 most)
{
	struct p25_budget *budget = &p25->policy.budget;

	lockdep_assert_held(&p25->policy.lock);
	if (p25_budget_begin(budget, NULL))
		return;
	p25_expire_in_budget(p25, most);
	p25_budget_end(budget);
}
