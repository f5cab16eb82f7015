// SPDX-License-Identifier: GPL-2.0
/*
 * Committing changes: all of them or none.
 *
 *	prepare   each change, in order, in the generation that no packet reads
 *	publish   packets read that generation from now on
 *	settle    after a grace period, make the other generation the same, and
 *	          remove entries that are in neither
 *
 * A flush that leaves nothing has a shorter way, see clear.c.
 *
 * If preparing fails, settling to the old generation undoes all of it. See the
 * picture in policy.h. Everything here is called in process context, and may
 * sleep.
 */
#include <linux/build_bug.h>
#include <linux/lockdep.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "account.h"
#include "change.h"
#include "clear.h"
#include "commit.h"
#include "condition.h"
#include "event.h"
#include "expire.h"
#include "gc.h"
#include "guard.h"
#include "hook.h"
#include "p25.h"
#include "sender.h"
#include "sequence.h"

/* Changes whose cache lines are prefetched ahead. */
#define PREFETCH_AHEAD	4

/*
 * A walk through changes, a little ahead of another one: a million changes would wait for
 * as many cache lines otherwise.
 */
struct ahead {
	struct p25_change_position	position;
	struct p25_change		*change;
};

static void start_ahead(struct ahead *ahead, const struct p25_changes *changes)
{
	unsigned int i;

	ahead->change = p25_changes_first(changes, &ahead->position);
	for (i = 0; i < PREFETCH_AHEAD && ahead->change; i++)
		ahead->change = p25_changes_next(changes, &ahead->position);
}

/* The cache lines arrive by the time that the change is prepared, or settled. */
static void prefetch_change(struct p25_policy *policy,
			    const struct p25_change *change)
{
	struct p25_prefix prefix;

	if (change->type != P25_CHANGE_ADD && change->type != P25_CHANGE_DEL)
		return;
	p25_change_prefix(change, &prefix);
	p25_table_prefetch(p25_policy_table(policy, change->kind,
					    prefix.family), &prefix);
}

static void prefetch_ahead(struct p25_policy *policy,
			   const struct p25_changes *changes, struct ahead *ahead)
{
	if (!ahead->change)
		return;
	prefetch_change(policy, ahead->change);
	ahead->change = p25_changes_next(changes, &ahead->position);
}

/**
 * struct settling - generations that are made alike
 * @gen: the one that stays
 * @event: of the change; NULL: none, it is undone
 */
struct settling {
	unsigned int		gen;
	struct p25_event_policy	*event;
};

/* An entry may be in several changes of a commit, but has one event. */
static void add_to_event(struct p25_table *table, struct p25_entry *entry,
			 const struct settling *settling)
{
	if (p25_entry_untouch(entry) && settling->event)
		p25_event_policy_settle(settling->event, table, entry,
					settling->gen);
}

/* Make both generations of an entry what one of them is. */
static void settle_entry(struct p25_policy *policy, struct p25_table *table,
			 struct p25_entry *entry, const struct settling *settling)
{
	unsigned int gen = settling->gen;

	add_to_event(table, entry, settling);
	if (entry->expires[gen] == P25_NOT_IN_GEN) {
		p25_policy_remove(policy, table, entry);
		return;
	}
	p25_policy_set_action(policy, entry, !gen, p25_entry_action(entry, gen));
	p25_policy_set_expires(policy, table, entry, !gen, entry->expires[gen]);
}

static bool is_unsettled(const struct p25_policy *policy,
			 const struct p25_entry *entry, void *arg)
{
	return entry->expires[0] != entry->expires[1];
}

static void settle_flushed(struct p25_policy *policy, struct p25_table *table,
			   struct p25_entry *entry, void *arg)
{
	settle_entry(policy, table, entry, arg);
}

/* The entry of a change that has been prepared, if it is still in its table. */
static struct p25_entry *target_of(struct p25_policy *policy,
				   const struct p25_change *change,
				   struct p25_table **table)
{
	struct p25_entry *entry;

	*table = p25_policy_table(policy, change->kind,
				  p25_change_family(change));
	entry = p25_table_entry(*table, change->target);
	return entry->flags & P25_ENTRY_LISTED ? entry : NULL;
}

static void settle_change(struct p25_policy *policy, struct p25_change *change,
			  const struct settling *settling)
{
	struct p25_table *table;
	struct p25_entry *entry;

	entry = target_of(policy, change, &table);
	if (!entry)
		return;
	p25_table_release_comment(table, entry);
	p25_table_release_guard(table, entry);
	settle_entry(policy, table, entry, settling);
}

/*
 * If the commit has needed no generation, it has not touched the settings, and packets
 * read those of the other one.
 */
static void settle_settings(struct p25_policy *policy, unsigned int gen)
{
	if (policy->n_touched > 1)
		policy->settings[!gen] = policy->settings[gen];
	policy->n_touched = 0;
}

/* Whatever is between its members is 0. */
static bool settings_differ(const struct p25_policy *policy)
{
	return memcmp(&policy->settings[0], &policy->settings[1],
		      sizeof(policy->settings[0]));
}

/* Make both generations what one of them is, for all that has been prepared. */
static void settle(struct p25_policy *policy, struct p25_changes *changes,
		   struct settling *settling)
{
	struct p25_change_position position;
	struct p25_change *change;
	bool flushed = false;
	struct ahead ahead;

	start_ahead(&ahead, changes);
	p25_for_each_change(change, changes, &position) {
		prefetch_ahead(policy, changes, &ahead);
		if (!(change->flags & P25_CHANGE_PREPARED))
			continue;
		if (change->type == P25_CHANGE_FLUSH)
			flushed = true;
		else
			settle_change(policy, change, settling);
		cond_resched();
	}
	if (flushed)
		p25_policy_visit(policy, false, is_unsettled, settle_flushed,
				 settling);
	if (settling->event && settings_differ(policy))
		p25_event_policy_set(settling->event);
	settle_settings(policy, settling->gen);
}

/*
 * Let packets read the generation that has been prepared. A change of a single
 * entry needs no generation: settling it is one store to its slot in the index, and
 * readers see that or don't.
 */
static void publish(struct p25_policy *policy)
{
	if (policy->n_touched <= 1)
		return;
	/* Pairs with p25_policy_view(). */
	smp_store_release(&policy->generation, p25_policy_unread(policy));
	synchronize_rcu();
}

static void mark_prepared(struct p25_change *change, u32 target)
{
	change->target = target;
	change->flags |= P25_CHANGE_PREPARED;
}

/* May generation @gen have one entry more, and then @more of them? */
static bool has_room(const struct p25_policy *policy, unsigned int gen,
		     unsigned int more)
{
	return (u64)p25_policy_entries(policy, gen) + more <
	       policy->settings[gen].limit;
}

/* Set an entry's expiry in the generation that is being prepared. */
static void prepare_expires(struct p25_policy *policy, struct p25_table *table,
			    struct p25_entry *entry, u32 expires)
{
	unsigned int gen = p25_policy_unread(policy);

	/* If it is among those whose date had passed, these are to be counted anew. */
	if (p25_is_wall_clock(entry->expires[gen]) &&
	    entry->expires[gen] <= policy->last_passed)
		policy->next_wall_clock = 0;
	p25_policy_set_expires(policy, table, entry, gen, expires);
	p25_entry_touch(entry);
	policy->n_touched++;
}

/*
 * The entry that an add is about, made if it isn't there. NULL if its date has
 * passed and others need the room.
 */
static int find_or_insert(struct p25_policy *policy, struct p25_change *change,
			  unsigned int more, struct p25_table *table,
			  struct p25_entry **entry,
			  struct netlink_ext_ack *extack)
{
	unsigned int gen = p25_policy_unread(policy);
	struct p25_prefix prefix;

	p25_change_prefix(change, &prefix);
	*entry = p25_table_find(table, &prefix, change->kind, change->owner);
	if (*entry && (*entry)->expires[gen] != P25_NOT_IN_GEN)
		return 0;
	if (!p25_not_expired(change->expires, p25_now()) &&
	    !has_room(policy, gen, more)) {
		*entry = NULL;
		return 0;
	}
	if (!has_room(policy, gen, 0)) {
		NL_SET_ERR_MSG(extack, "the policy is full: raise its limit");
		return -ENOSPC;
	}
	if (*entry)
		return 0;
	*entry = p25_table_insert(table, &prefix, change->kind, change->owner,
				  more);
	if (!*entry) {
		NL_SET_ERR_MSG(extack, "no memory for the entry");
		return -ENOMEM;
	}
	p25_owner_hold(&policy->owners, change->owner);
	return 0;
}

/* Have CPUs booked what they had added up for an entry that has expired then? */
static bool is_booked(const struct p25_net *p25, u32 expires)
{
	return p25->booked == p25_now() &&
	       (!p25_is_wall_clock(expires) || p25->booked_date >= expires);
}

/*
 * An entry that had expired counts from zero; so what CPUs have not booked yet must not
 * come on top. Having them do so once a second is enough, unless a date has passed since:
 * nothing is added to an entry that has expired.
 */
static void restart_counters(struct p25_net *p25, struct p25_entry *entry)
{
	if (!is_booked(p25, entry->expires[p25->policy.generation])) {
		p25->booked = p25_now();
		p25->booked_date = p25_now_wall_clock();
		p25_accounting_book(p25->accounting);
	}
	atomic64_set(&entry->packets, 0);
	atomic64_set(&entry->bytes, 0);
}

static bool has_expired(const struct p25_entry *entry, unsigned int gen)
{
	return entry->expires[gen] != P25_NOT_IN_GEN &&
	       !p25_entry_is_valid(entry, gen, p25_now());
}

static int reserve_comment(struct p25_changes *changes, struct p25_change *change,
			   struct p25_table *table, const struct p25_entry *entry,
			   struct netlink_ext_ack *extack)
{
	if ((change->flags & P25_CHANGE_COMMENT &&
	     p25_table_reserve_comment(table, entry)) ||
	    p25_condition_note(changes, change, table, entry)) {
		NL_SET_ERR_MSG(extack, "no memory for the comment");
		return -ENOMEM;
	}
	return 0;
}

static int reserve_guard(struct p25_net *p25, const struct p25_change *change,
			 struct p25_table *table, const struct p25_entry *entry,
			 struct netlink_ext_ack *extack)
{
	if (!(change->flags & P25_CHANGE_GUARD))
		return 0;
	if (!p25_table_reserve_guard(table, entry))
		return p25_guard_prepare(p25, *p25_change_guard(change), extack);
	NL_SET_ERR_MSG(extack, "no memory for the guard");
	return -ENOMEM;
}

static int prepare_add(struct p25_net *p25, struct p25_changes *changes,
		       struct p25_change *change, unsigned int more,
		       struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	struct p25_table *table = p25_policy_table(policy, change->kind,
						   p25_change_family(change));
	struct p25_entry *entry;
	int err;

	err = find_or_insert(policy, change, more, table, &entry, extack);
	if (err || !entry)
		return err;
	mark_prepared(change, p25_table_number(table, entry));
	err = reserve_comment(changes, change, table, entry, extack);
	if (!err)
		err = reserve_guard(p25, change, table, entry, extack);
	if (err)
		return err;
	if (has_expired(entry, policy->generation))
		restart_counters(p25, entry);
	entry->flags &= ~P25_ENTRY_PASSED;
	p25_policy_set_action(policy, entry, p25_policy_unread(policy), change->own);
	prepare_expires(policy, table, entry, change->expires);
	return 0;
}

/*
 * An entry that has expired does not exist. But if that is ignored, one that is kept
 * is deleted, too, so that it does not become valid again.
 */
static bool may_delete(const struct p25_change *change,
		       const struct p25_entry *entry, unsigned int gen)
{
	return change->flags & P25_CHANGE_IGNORE ?
	       p25_entry_is_kept(entry, gen, p25_now()) :
	       p25_entry_is_valid(entry, gen, p25_now());
}

static int prepare_del(struct p25_policy *policy, struct p25_changes *changes,
		       struct p25_change *change, struct netlink_ext_ack *extack)
{
	struct p25_table *table = p25_policy_table(policy, change->kind,
						   p25_change_family(change));
	unsigned int gen = p25_policy_unread(policy);
	struct p25_prefix prefix;
	struct p25_entry *entry;

	p25_change_prefix(change, &prefix);
	entry = p25_table_find(table, &prefix, change->kind, change->owner);
	if (entry && !may_delete(change, entry, gen))
		entry = NULL;
	if (entry && p25_condition_is_met(changes, change, table, entry)) {
		mark_prepared(change, p25_table_number(table, entry));
		prepare_expires(policy, table, entry, P25_NOT_IN_GEN);
		return 0;
	}
	if (change->flags & P25_CHANGE_IGNORE)
		return 0;
	if (entry)
		NL_SET_ERR_MSG(extack, "the entry has another comment");
	else
		NL_SET_ERR_MSG(extack, "there is no such entry");
	return -ENOENT;
}

static bool is_to_be_flushed(const struct p25_policy *policy,
			     const struct p25_entry *entry, void *arg)
{
	return p25_change_flushes(arg, entry) &&
	       entry->expires[p25_policy_unread(policy)] != P25_NOT_IN_GEN;
}

static void flush_entry(struct p25_policy *policy, struct p25_table *table,
			struct p25_entry *entry, void *arg)
{
	prepare_expires(policy, table, entry, P25_NOT_IN_GEN);
}

static int prepare_flush(struct p25_policy *policy, struct p25_change *change,
			 struct netlink_ext_ack *extack)
{
	int err = p25_budget_walk(&policy->budget, p25_policy_slots(policy),
				  extack);

	if (err)
		return err;
	mark_prepared(change, P25_SLAB_NONE);
	return p25_policy_visit(policy, true, is_to_be_flushed, flush_entry,
				change);
}

static int check_limit(const struct p25_policy *policy, u32 limit,
		       struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON(P25_LIMIT_USER_MAX != 65536);
	if (limit > policy->limit_max) {
		NL_SET_ERR_MSG(extack,
			       "the limit of a user namespace is 65536 at most");
		return -ERANGE;
	}
	if (limit < p25_policy_entries(policy, p25_policy_unread(policy))) {
		NL_SET_ERR_MSG(extack,
			       "there are more entries than that: delete some first");
		return -ERANGE;
	}
	return 0;
}

static int check_senders(const struct p25_policy *policy, u32 senders,
			 struct netlink_ext_ack *extack)
{
	BUILD_BUG_ON(P25_SENDERS_USER_MAX != 4096);
	if (senders <= policy->senders_max)
		return 0;
	NL_SET_ERR_MSG(extack,
		       "the senders of a user namespace are 4096 at most");
	return -ERANGE;
}

static int check_settings(struct p25_net *p25,
			  const struct p25_change_settings *change,
			  struct netlink_ext_ack *extack)
{
	int err = 0;

	if (change->given & P25_SET_LIMIT)
		err = check_limit(&p25->policy, change->values.limit, extack);
	if (!err && change->given & P25_SET_SENDERS)
		err = check_senders(&p25->policy, change->values.senders, extack);
	if (!err && change->given & P25_SET_GUARD)
		err = p25_guard_prepare(p25, &change->values.guard, extack);
	return err;
}

static void assign_settings(struct p25_settings *settings,
			    const struct p25_change_settings *change)
{
	if (change->given & P25_SET_LIMIT)
		settings->limit = change->values.limit;
	if (change->given & P25_SET_ACTION)
		settings->action = change->values.action;
	if (change->given & P25_SET_INBOUND)
		settings->inbound = change->values.inbound;
	if (change->given & P25_SET_SENDERS)
		settings->senders = change->values.senders;
	if (change->given & P25_SET_GUARD)
		settings->guard = change->values.guard;
	if (change->given & P25_SET_GUARD_FOR)
		settings->guard_for = change->values.guard_for;
}

static int prepare_set(struct p25_net *p25, struct p25_change *change,
		       struct netlink_ext_ack *extack)
{
	const struct p25_change_settings *settings = p25_change_settings(change);
	struct p25_policy *policy = &p25->policy;
	int err;

	err = check_settings(p25, settings, extack);
	if (err)
		return err;
	assign_settings(&policy->settings[p25_policy_unread(policy)], settings);
	/* Settings are more than one word, so they need a generation. */
	policy->n_touched += 2;
	return 0;
}

static int prepare(struct p25_net *p25, struct p25_changes *changes,
		   struct p25_change *change, unsigned int more,
		   struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;

	switch (change->type) {
	case P25_CHANGE_ADD:
		return prepare_add(p25, changes, change, more, extack);
	case P25_CHANGE_DEL:
		return prepare_del(policy, changes, change, extack);
	case P25_CHANGE_FLUSH:
		return prepare_flush(policy, change, extack);
	default:
		return prepare_set(p25, change, extack);
	}
}

static int check_continue(const struct p25_policy *policy,
			  struct netlink_ext_ack *extack)
{
	if (fatal_signal_pending(current))
		return -EINTR;
	return p25_budget_check(&policy->budget, extack);
}

static int prepare_all(struct p25_net *p25, struct p25_changes *changes,
		       struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	struct p25_change_position position;
	unsigned int more = changes->n;
	struct p25_change *change;
	struct ahead ahead;
	int err;

	start_ahead(&ahead, changes);
	p25_for_each_change(change, changes, &position) {
		u32 cookie = change->cookie;

		prefetch_ahead(policy, changes, &ahead);
		err = check_continue(policy, extack);
		if (!err)
			err = prepare(p25, changes, change, --more, extack);
		if (err) {
			p25_change_put_cookie(cookie, extack);
			return err;
		}
		cond_resched();
	}
	return 0;
}

static void finish_comment(struct p25_table *table, struct p25_entry *entry,
			   struct p25_change *change)
{
	if (change->flags & P25_CHANGE_COMMENT) {
		p25_table_set_comment(table, entry,
				      *p25_change_comment(change));
		*p25_change_comment(change) = NULL;
	} else if (entry->flags & P25_ENTRY_COMMENTED) {
		p25_table_set_comment(table, entry, NULL);
	}
}

static void finish_guard(struct p25_table *table, struct p25_entry *entry,
			 struct p25_change *change)
{
	if (change->flags & P25_CHANGE_GUARD) {
		p25_table_set_guard(table, entry, *p25_change_guard(change));
		*p25_change_guard(change) = NULL;
	} else if (p25_entry_is_guarded(entry)) {
		p25_table_set_guard(table, entry, NULL);
	}
}

static void finish_add(struct p25_policy *policy, struct p25_change *change)
{
	struct p25_table *table;
	struct p25_entry *entry = target_of(policy, change, &table);

	finish_comment(table, entry, change);
	finish_guard(table, entry, change);
	p25_expire_note(policy, change->expires);
}

/* What packets don't read: comments, guards, the next expiry, which owners' entries changed. */
static void finish(struct p25_policy *policy, struct p25_changes *changes)
{
	struct p25_change_position position;
	struct p25_change *change;

	p25_for_each_change(change, changes, &position) {
		if (!(change->flags & P25_CHANGE_PREPARED))
			continue;
		if (change->type == P25_CHANGE_ADD)
			finish_add(policy, change);
		p25_sequence_note_owner(policy, change->owner);
		cond_resched();
	}
}

static int enable_hook(struct p25_net *p25, unsigned int gen,
		       struct netlink_ext_ack *extack)
{
	int err = p25_hook_enable(p25, gen, extack);

	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "no memory for the hook");
	else if (err && err != -EBUSY && err != -EINTR)
		NL_SET_ERR_MSG(extack, "cannot hook into forwarding");
	return err;
}

/* Make the list of senders that a generation of the policy has, if it is another one. */
static int prepare_senders(struct p25_net *p25, unsigned int gen,
			   struct p25_senders **senders,
			   struct netlink_ext_ack *extack)
{
	u32 n = p25->policy.settings[gen].senders;

	*senders = NULL;
	if (!p25->accounting ||
	    p25_senders_size(p25_accounting_senders(p25->accounting)) ==
	    p25_senders_room(n))
		return 0;
	*senders = p25_senders_alloc(n);
	if (*senders)
		return 0;
	NL_SET_ERR_MSG(extack, "no memory for so many senders");
	return -ENOMEM;
}

static void end_commit(struct p25_net *p25)
{
	p25_hook_disable_unneeded(p25);
	p25_sequence_advance(&p25->policy);
	p25_gc_schedule(p25);
}

/* A change that is the only one and a flush, or NULL. */
static struct p25_change *lone_flush(const struct p25_changes *changes)
{
	struct p25_change_position position;
	struct p25_change *change = p25_changes_first(changes, &position);

	return changes->n == 1 && change->type == P25_CHANGE_FLUSH ? change : NULL;
}

/* -EAGAIN: it is to be prepared, published and settled, as other changes are. */
static int clear(struct p25_net *p25, const struct p25_change *flush,
		 struct netlink_ext_ack *extack)
{
	struct p25_event_policy event;
	unsigned int n;
	int err;

	p25_event_policy_begin(&event, p25, 0);
	err = p25_clear(p25, flush, &n, extack);
	if (err)
		return err;
	p25_event_policy_cleared(&event, n);
	p25_event_policy_end(&event, true);
	p25_sequence_note_owner(&p25->policy, flush->owner);
	end_commit(p25);
	return 0;
}

static void undo(struct p25_policy *policy, struct p25_changes *changes)
{
	struct settling settling = { .gen = policy->generation };

	settle(policy, changes, &settling);
}

/* What is left to do once packets read the new generation. */
static void finish_and_settle(struct p25_net *p25,
			      struct p25_changes *changes,
			      unsigned int new)
{
	struct p25_event_policy event;
	struct settling settling = { .gen = new, .event = &event };

	finish(&p25->policy, changes);
	p25_event_policy_begin(&event, p25, p25->policy.n_touched);
	settle(&p25->policy, changes, &settling);
	p25_event_policy_end(&event, true);
}

/* Prepare, publish and settle, or prepare and undo. */
static int prepare_and_publish(struct p25_net *p25, struct p25_changes *changes,
			       struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	unsigned int old = policy->generation;
	unsigned int new = p25_policy_unread(policy);
	u32 limit = policy->settings[old].limit;
	struct p25_senders *senders;
	int err;

	if (p25_policy_entries(policy, old) + changes->n > limit)
		p25_expire_in_budget(p25, limit - min(limit, changes->n));
	err = prepare_all(p25, changes, extack);
	if (err)
		goto undo;
	err = enable_hook(p25, new, extack);
	if (err)
		goto undo;
	err = prepare_senders(p25, new, &senders, extack);
	if (err)
		goto undo;
	publish(policy);
	finish_and_settle(p25, changes, new);
	if (senders)
		p25_accounting_replace_senders(p25->accounting, senders);
	end_commit(p25);
	return 0;

undo:
	undo(policy, changes);
	p25_hook_disable_unneeded(p25);
	p25_gc_schedule(p25);
	return err;
}

static int apply_changes(struct p25_net *p25, struct p25_changes *changes,
			 struct netlink_ext_ack *extack)
{
	const struct p25_change *flush = lone_flush(changes);
	int err = flush ? clear(p25, flush, extack) : -EAGAIN;

	return err == -EAGAIN ? prepare_and_publish(p25, changes, extack) : err;
}

/**
 * p25_commit - apply all changes at once, or none
 * @p25: the namespace
 * @changes: the changes; to be freed afterwards in any case
 * @extack: message, and cookie of the change that is refused
 *
 * A packet gets its verdict by the policy before or after all of them, never by a
 * mix. Takes a grace period if there is more than one change.
 *
 * Context: process, under @p25->policy.lock; may sleep.
 * Return: 0; -ENOENT: an entry to be deleted isn't there, or has another comment than it
 * must have; -ENOSPC: the policy is full; -EBUSY: there were too many flushes, or changes
 * of user namespaces, in the last seconds, or these take too long; -ERANGE: the limit is
 * below what there is, or above what it may be; -ENOMEM; -EINTR: the caller is being
 * killed.
 */
int p25_commit(struct p25_net *p25, struct p25_changes *changes,
	       struct netlink_ext_ack *extack)
{
	struct p25_budget *budget = &p25->policy.budget;
	int err;

	lockdep_assert_held(&p25->policy.lock);
	err = p25_budget_begin(budget, extack);
	if (err)
		return err;
	err = apply_changes(p25, changes, extack);
	p25_budget_end(budget);
	return err;
}
