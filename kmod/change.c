// SPDX-License-Identifier: GPL-2.0
/*
 * Changing the policy.
 *
 *	prepare   each change, in order, in the generation that nobody reads;
 *	          entries that it has to do with are "touched"
 *	publish   packets read that generation from now on
 *	settle    after a grace period, make the other generation the same, and
 *	          take out of the table what is in neither
 *
 * If preparing fails, settling to the old generation undoes all of it. See the
 * picture in policy.h. Everything here is called in process context under the
 * policy's lock, and may sleep.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "change.h"
#include "expiry.h"
#include "hook.h"

/* In this many seconds, so many flushes of as many entries or more. */
#define FLUSH_INTERVAL	5
#define FLUSHES_MAX	64
#define FLUSH_CHEAP	4096

/** p25_changes_init - make an empty list */
void p25_changes_init(struct p25_changes *changes)
{
	INIT_LIST_HEAD(&changes->list);
	changes->n = 0;
}

/**
 * p25_changes_new - append a change, all zero but for its type
 * @changes: the list
 * @type: enum p25_change_type
 *
 * Return: the change, to be filled in, or NULL: no memory.
 */
struct p25_change *p25_changes_new(struct p25_changes *changes, u8 type)
{
	struct p25_change *change;

	change = kzalloc(sizeof(*change), P25_GFP);
	if (!change)
		return NULL;
	change->type = type;
	if (type == P25_CHANGE_FLUSH)
		change->flush.owner = P25_OWNER_ANY;
	list_add_tail(&change->list, &changes->list);
	changes->n++;
	return change;
}

/** p25_changes_move - append all of one list to another */
void p25_changes_move(struct p25_changes *from, struct p25_changes *to)
{
	list_splice_tail_init(&from->list, &to->list);
	to->n += from->n;
	p25_changes_init(from);
}

static void free_change(struct p25_net *p25, struct p25_change *change)
{
	struct p25_owners *owners = &p25->policy.owners;

	switch (change->type) {
	case P25_CHANGE_ADD:
	case P25_CHANGE_DEL:
		if (change->entry)
			p25_owner_put(owners, change->entry->owner);
		kfree(change->entry);
		kfree(change->comment);
		break;
	case P25_CHANGE_FLUSH:
		p25_owner_put(owners, change->flush.owner);
		break;
	}
	kfree(change);
}

/** p25_changes_free - free the list and all that it still holds */
void p25_changes_free(struct p25_net *p25, struct p25_changes *changes)
{
	struct p25_change *change;
	struct p25_change *next;

	list_for_each_entry_safe(change, next, &changes->list, list) {
		free_change(p25, change);
		cond_resched();
	}
	p25_changes_init(changes);
}

static unsigned int unread(const struct p25_policy *policy)
{
	return !policy->generation;
}

/* Set an entry's expiry in one generation, and keep that one's count. */
static void set_until(struct p25_policy *policy, struct p25_entry *entry,
		      unsigned int gen, u32 until)
{
	bool was = entry->until[gen] != P25_ABSENT;
	bool is = until != P25_ABSENT;

	policy->entries[gen][entry->kind] += is - was;
	WRITE_ONCE(entry->until[gen], until);
}

static void touch(struct p25_policy *policy, struct p25_entry *entry)
{
	policy->n_touched++;
	if (entry->touched)
		return;
	entry->touched = true;
	entry->next_touched = policy->touched;
	policy->touched = entry;
}

static void free_removed(struct p25_policy *policy, struct p25_entry *entry)
{
	p25_table_remove(p25_policy_table(policy, entry->kind), entry);
	p25_owner_put(&policy->owners, entry->owner);
	if (entry->comment)
		policy->comment_bytes -= ksize(entry->comment);
	kfree(entry->comment);
	kfree_rcu(entry, rcu);
}

/* Make both generations what @gen is, for all that has been touched. */
static void settle(struct p25_policy *policy, unsigned int gen)
{
	struct p25_entry *entry;

	while ((entry = policy->touched)) {
		policy->touched = entry->next_touched;
		entry->touched = false;
		set_until(policy, entry, !gen, entry->until[gen]);
		if (entry->until[gen] == P25_ABSENT)
			free_removed(policy, entry);
		cond_resched();
	}
	policy->settings[!gen] = policy->settings[gen];
	policy->n_touched = 0;
}

/*
 * Let packets read the generation that has been prepared. A change of a single
 * entry needs no generation: settling it is one store, and readers see that or
 * don't.
 */
static void publish(struct p25_policy *policy)
{
	if (policy->n_touched <= 1)
		return;
	/* Pairs with p25_policy_judge(). */
	smp_store_release(&policy->generation, unread(policy));
	synchronize_rcu();
}

static int prepare_add(struct p25_net *p25, struct p25_change *change,
		       struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	struct p25_entry *entry = change->entry;
	unsigned int gen = unread(policy);
	struct p25_table *table = p25_policy_table(policy, entry->kind);
	struct p25_entry *target;
	int err;

	target = p25_table_find(table, &entry->prefix, entry->kind,
				entry->owner);
	if ((!target || target->until[gen] == P25_ABSENT) &&
	    p25_policy_entries(policy, gen) >= policy->settings[gen].limit) {
		NL_SET_ERR_MSG(extack, "the policy is full: raise its limit");
		return -ENOSPC;
	}
	if (!target) {
		err = p25_table_insert(table, entry);
		if (err) {
			NL_SET_ERR_MSG(extack, "no memory for the entry");
			return err;
		}
		change->entry = NULL;
		target = entry;
	}
	change->target = target;
	change->renewed = !p25_entry_counts(target, policy->generation,
					    p25_now());
	touch(policy, target);
	set_until(policy, target, gen, change->until);
	return 0;
}

static int prepare_del(struct p25_net *p25, struct p25_change *change,
		       struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	struct p25_entry *named = change->entry;
	unsigned int gen = unread(policy);
	struct p25_entry *target;

	target = p25_table_find(p25_policy_table(policy, named->kind),
				&named->prefix, named->kind, named->owner);
	if (target && p25_entry_counts(target, gen, p25_now())) {
		touch(policy, target);
		set_until(policy, target, gen, P25_ABSENT);
		return 0;
	}
	if (change->ignore_missing)
		return 0;
	NL_SET_ERR_MSG(extack, "there is no such entry");
	return -ENOENT;
}

static bool is_flushed(const struct p25_entry *entry, void *arg)
{
	const struct p25_change *change = arg;

	return (change->flush.kind == P25_KIND_NONE ||
		change->flush.kind == entry->kind) &&
	       (change->flush.owner == P25_OWNER_ANY ||
		change->flush.owner == entry->owner);
}

/*
 * A walk that finds the table resized starts anew; what it has done stays done.
 * Returns -EINTR if the caller is being killed: a walk may take long.
 */
static int retire_from(struct p25_policy *policy, struct p25_table *table,
		       bool (*pick)(const struct p25_entry *entry, void *arg),
		       void *arg)
{
	unsigned int gen = unread(policy);
	struct p25_table_walk walk;
	struct p25_entry *entry;
	int err = 0;

	p25_table_walk_init(table, &walk);
	p25_table_walk_start(&walk);
	while (!err && (entry = p25_table_walk_next(&walk))) {
		if (!IS_ERR(entry) && entry->until[gen] != P25_ABSENT &&
		    pick(entry, arg)) {
			touch(policy, entry);
			set_until(policy, entry, gen, P25_ABSENT);
		}
		if (need_resched()) {
			p25_table_walk_stop(&walk);
			cond_resched();
			err = fatal_signal_pending(current) ? -EINTR : 0;
			p25_table_walk_start(&walk);
		}
	}
	p25_table_walk_stop(&walk);
	p25_table_walk_exit(&walk);
	return err;
}

/* Have all entries that @pick says end with the generation that is read. */
static int retire(struct p25_policy *policy,
		  bool (*pick)(const struct p25_entry *entry, void *arg),
		  void *arg)
{
	int err = retire_from(policy, &policy->sources, pick, arg);

	return err ? err : retire_from(policy, &policy->relays, pick, arg);
}

/*
 * A flush looks at every entry, and genetlink lets nobody register a family
 * meanwhile: thousands of flushes at a stretch must not be had for nothing.
 */
static bool may_flush(struct p25_policy *policy)
{
	u32 now = p25_now();

	if (policy->sources.n + policy->relays.n < FLUSH_CHEAP)
		return true;
	if (now - policy->flushes_since >= FLUSH_INTERVAL) {
		policy->flushes_since = now;
		policy->flushes = 0;
	}
	return policy->flushes++ < FLUSHES_MAX;
}

static int prepare_flush(struct p25_net *p25, struct p25_change *change,
			 struct netlink_ext_ack *extack)
{
	if (!may_flush(&p25->policy)) {
		NL_SET_ERR_MSG(extack,
			       "too many flushes: wait for some seconds");
		return -EBUSY;
	}
	return retire(&p25->policy, is_flushed, change);
}

static int prepare_set(struct p25_net *p25, struct p25_change *change,
		       struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	unsigned int gen = unread(policy);
	struct p25_settings *settings = &policy->settings[gen];

	if (change->set.has_limit) {
		if (change->set.settings.limit <
		    p25_policy_entries(policy, gen)) {
			NL_SET_ERR_MSG(extack,
				       "there are more entries than that");
			return -EBUSY;
		}
		settings->limit = change->set.settings.limit;
	}
	if (change->set.has_action)
		settings->action = change->set.settings.action;
	if (change->set.has_inbound)
		settings->inbound = change->set.settings.inbound;
	/* Settings are more than one word, so they need a generation. */
	policy->n_touched += 2;
	return 0;
}

static int prepare(struct p25_net *p25, struct p25_change *change,
		   struct netlink_ext_ack *extack)
{
	switch (change->type) {
	case P25_CHANGE_ADD:
		return prepare_add(p25, change, extack);
	case P25_CHANGE_DEL:
		return prepare_del(p25, change, extack);
	case P25_CHANGE_FLUSH:
		return prepare_flush(p25, change, extack);
	default:
		return prepare_set(p25, change, extack);
	}
}

/** p25_change_refused - say which change it was: give its cookie back */
void p25_change_refused(const struct p25_change *change,
			struct netlink_ext_ack *extack)
{
	if (!extack || !change->cookie)
		return;
	memcpy(extack->cookie, &change->cookie, sizeof(change->cookie));
	extack->cookie_len = sizeof(change->cookie);
}

static int prepare_all(struct p25_net *p25, struct p25_changes *changes,
		       struct netlink_ext_ack *extack)
{
	struct p25_change *change;
	int err;

	list_for_each_entry(change, &changes->list, list) {
		err = fatal_signal_pending(current) ? -EINTR :
		      prepare(p25, change, extack);
		if (err) {
			p25_change_refused(change, extack);
			return err;
		}
		cond_resched();
	}
	return 0;
}

static size_t comment_bytes(const struct p25_entry *entry)
{
	return entry->comment ? ksize(entry->comment) : 0;
}

/* What no packet reads: comments, counters that start anew, the next expiry. */
static void finish_adds(struct p25_policy *policy, struct p25_changes *changes)
{
	struct p25_change *change;

	list_for_each_entry(change, &changes->list, list) {
		struct p25_entry *target = change->target;

		cond_resched();
		if (change->type != P25_CHANGE_ADD)
			continue;
		policy->comment_bytes -= comment_bytes(target);
		swap(target->comment, change->comment);
		policy->comment_bytes += comment_bytes(target);
		if (change->renewed) {
			atomic64_set(&target->packets, 0);
			atomic64_set(&target->bytes, 0);
		}
		policy->next_expiry = min(policy->next_expiry, change->until);
	}
}

static bool wants_hook(const struct p25_policy *policy, unsigned int gen)
{
	return p25_policy_sources(policy, gen) > 0;
}

/* A listing compares sequences, and takes 0 for "none yet". */
static void next_sequence(struct p25_policy *policy)
{
	if (!++policy->sequence)
		policy->sequence = 1;
}

/* A change has been made: settle it, and tell who depends on it. */
static void settled(struct p25_net *p25, unsigned int gen)
{
	settle(&p25->policy, gen);
	if (!wants_hook(&p25->policy, gen))
		p25_hook_disable(p25);
	next_sequence(&p25->policy);
}

/**
 * p25_changes_make - make all changes at once, or none
 * @p25: the namespace
 * @changes: the changes; to be freed afterwards in any case
 * @extack: message, and cookie of the change that is refused
 *
 * Packets are judged by the policy before or after all of them, never by a
 * mix. Takes a grace period if there is more than one.
 *
 * Return: 0; -ENOENT: an entry to be deleted isn't there; -ENOSPC: the policy
 * is full; -EBUSY: the limit is below what there is, or there were too many
 * flushes; -ENOMEM; -EINTR: the caller is being killed.
 */
int p25_changes_make(struct p25_net *p25, struct p25_changes *changes,
		     struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	unsigned int old = policy->generation;
	unsigned int new = unread(policy);
	int err;

	if (p25_policy_entries(policy, old) + changes->n >
	    policy->settings[old].limit)
		p25_changes_expire(p25);
	err = prepare_all(p25, changes, extack);
	if (err)
		goto undo;
	if (wants_hook(policy, new)) {
		err = p25_hook_enable(p25);
		if (err) {
			NL_SET_ERR_MSG(extack, "cannot hook into forwarding");
			goto undo;
		}
	}
	publish(policy);
	finish_adds(policy, changes);
	settled(p25, new);
	p25_expiry_schedule(p25);
	return 0;

undo:
	settle(policy, old);
	return err;
}

struct expired {
	unsigned int	gen;
	u32		now;
	u32		next;
};

static bool is_expired(const struct p25_entry *entry, void *arg)
{
	struct expired *expired = arg;
	u32 until = entry->until[expired->gen];

	if (until <= expired->now)
		return true;
	expired->next = min(expired->next, until);
	return false;
}

/**
 * p25_changes_expire - take out all entries that have expired, if any has
 * @p25: the namespace
 *
 * Packets see no change: an entry that has expired counts for none of them.
 */
void p25_changes_expire(struct p25_net *p25)
{
	struct p25_policy *policy = &p25->policy;
	struct expired expired = {
		.gen = unread(policy),
		.now = p25_now(),
		.next = P25_NEVER,
	};

	if (policy->next_expiry > expired.now)
		return;
	/* If it is cut short, it has to be done again. */
	if (!retire(policy, is_expired, &expired))
		policy->next_expiry = expired.next;
	settled(p25, unread(policy));
}
