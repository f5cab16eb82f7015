// SPDX-License-Identifier: GPL-2.0
/*
 * Making changes to the policy.
 *
 *	prepare   each change, in order, in the generation that nobody reads
 *	publish   packets read that generation from now on
 *	settle    after a grace period, make the other generation the same, and
 *	          take out of the table what is in neither
 *
 * If preparing fails, settling to the old generation undoes all of it. See the
 * picture in policy.h. Everything here is called in process context, and may
 * sleep.
 */
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "commit.h"
#include "hook.h"
#include "gc.h"
#include "p25.h"

/* Changes that are looked at ahead. */
#define FORESIGHT	4

/*
 * An entry whose date has passed is kept for a while, and counts again if the
 * clock turns out to have been wrong: for so many seconds of the boot-time clock
 * at least, and twice as many at most.
 */
#define KEEP		600

static unsigned int unread(const struct p25_policy *policy)
{
	return !policy->generation;
}

/* Set an entry's expiry in one generation, and keep that one's count. */
static void set_expires(struct p25_policy *policy, struct p25_entry *entry,
		      unsigned int gen, u32 expires)
{
	bool was = entry->expires[gen] != P25_NOT_IN_GEN;
	bool is = expires != P25_NOT_IN_GEN;

	policy->entries[gen][entry->kind] += is - was;
	WRITE_ONCE(entry->expires[gen], expires);
}

static void remove(struct p25_policy *policy, struct p25_table *table,
		   struct p25_entry *entry)
{
	p25_owner_put(&policy->owners, entry->owner);
	p25_table_remove(table, entry);
}

/* Make both generations of an entry what @gen is. */
static void settle_entry(struct p25_policy *policy, struct p25_table *table,
			 struct p25_entry *entry, unsigned int gen)
{
	set_expires(policy, entry, !gen, entry->expires[gen]);
	if (entry->expires[gen] == P25_NOT_IN_GEN)
		remove(policy, table, entry);
}

typedef void (*visit_t)(struct p25_policy *policy, struct p25_table *table,
			struct p25_entry *entry, void *arg);

/*
 * Call @visit for each entry that is in one generation or the other. Returns
 * -EINTR if the caller is being killed: this may take long.
 */
static int visit_entries(struct p25_policy *policy, bool killable,
			 visit_t visit, void *arg)
{
	struct p25_entry *entry;
	unsigned int i;

	for (i = 0; i < P25_POLICY_TABLES; i++) {
		struct p25_table *table = p25_policy_nth(policy, i);
		u32 number = 0;

		while ((entry = p25_table_next(table, &number))) {
			visit(policy, table, entry, arg);
			number++;
			cond_resched();
			if (killable && fatal_signal_pending(current))
				return -EINTR;
		}
	}
	return 0;
}

static void settle_flushed(struct p25_policy *policy, struct p25_table *table,
			   struct p25_entry *entry, void *arg)
{
	unsigned int gen = *(unsigned int *)arg;

	if (entry->expires[gen] != entry->expires[!gen])
		settle_entry(policy, table, entry, gen);
}

/* What a change that has been prepared is about, if it is still there. */
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
			  unsigned int gen)
{
	struct p25_table *table;
	struct p25_entry *entry;

	entry = target_of(policy, change, &table);
	if (!entry)
		return;
	p25_table_release_comment(table, entry);
	settle_entry(policy, table, entry, gen);
}

/* Make both generations what @gen is, for all that has been prepared. */
static void settle(struct p25_policy *policy, struct p25_changes *changes,
		   unsigned int gen)
{
	struct p25_change_position position;
	struct p25_change *change;
	bool flushed = false;

	for (change = p25_changes_first(changes, &position); change;
	     change = p25_changes_next(changes, &position)) {
		if (!(change->flags & P25_CHANGE_PREPARED))
			continue;
		if (change->type == P25_CHANGE_FLUSH)
			flushed = true;
		else
			settle_change(policy, change, gen);
		cond_resched();
	}
	if (flushed)
		visit_entries(policy, false, settle_flushed, &gen);
	policy->settings[!gen] = policy->settings[gen];
	policy->n_touched = 0;
}

/* A listing compares revisions, and takes 0 for "none yet". */
static u32 following(u32 number)
{
	return number + 1 ? number + 1 : 1;
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
	/* Pairs with p25_policy_view(). */
	smp_store_release(&policy->generation, unread(policy));
	synchronize_rcu();
	policy->revision = following(policy->revision);
}

static void prepared(struct p25_change *change, u32 target)
{
	change->target = target;
	change->flags |= P25_CHANGE_PREPARED;
}

/* For one entry, and then for @more? */
static bool has_room(const struct p25_policy *policy, unsigned int gen,
		     unsigned int more)
{
	return (u64)p25_policy_entries(policy, gen) + more <
	       policy->settings[gen].limit;
}

/* Set an entry's expiry in the generation that is being prepared. */
static void prepare_expires(struct p25_policy *policy, struct p25_entry *entry,
			  u32 expires)
{
	unsigned int gen = unread(policy);

	/* If it was among those that had passed, they are to be counted anew. */
	if (p25_is_wall_clock(entry->expires[gen]) &&
	    entry->expires[gen] <= policy->last_passed)
		policy->next_wall_clock = P25_NOT_IN_GEN;
	set_expires(policy, entry, gen, expires);
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
	unsigned int gen = unread(policy);
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

static int prepare_add(struct p25_policy *policy, struct p25_change *change,
		       unsigned int more, struct netlink_ext_ack *extack)
{
	struct p25_table *table = p25_policy_table(policy, change->kind,
						   p25_change_family(change));
	struct p25_entry *entry;
	int err;

	err = find_or_insert(policy, change, more, table, &entry, extack);
	if (err || !entry)
		return err;
	prepared(change, p25_table_number(table, entry));
	if (change->flags & P25_CHANGE_COMMENT &&
	    p25_table_reserve_comment(table, entry)) {
		NL_SET_ERR_MSG(extack, "no memory for the comment");
		return -ENOMEM;
	}
	/* Counters start anew, unless the entry counts already. */
	if (!p25_entry_counts(entry, policy->generation, p25_now())) {
		atomic64_set(&entry->packets, 0);
		atomic64_set(&entry->bytes, 0);
	}
	entry->flags &= ~P25_ENTRY_PASSED;
	prepare_expires(policy, entry, change->expires);
	return 0;
}

/*
 * What has expired is not there. But if that is no error, what is kept shall not
 * come back either.
 */
static bool may_delete(const struct p25_change *change,
		       const struct p25_entry *entry, unsigned int gen)
{
	return change->flags & P25_CHANGE_IGNORE ?
	       p25_entry_is_kept(entry, gen, p25_now()) :
	       p25_entry_counts(entry, gen, p25_now());
}

static int prepare_del(struct p25_policy *policy, struct p25_change *change,
		       struct netlink_ext_ack *extack)
{
	struct p25_table *table = p25_policy_table(policy, change->kind,
						   p25_change_family(change));
	unsigned int gen = unread(policy);
	struct p25_prefix prefix;
	struct p25_entry *entry;

	p25_change_prefix(change, &prefix);
	entry = p25_table_find(table, &prefix, change->kind, change->owner);
	if (entry && may_delete(change, entry, gen)) {
		prepared(change, p25_table_number(table, entry));
		prepare_expires(policy, entry, P25_NOT_IN_GEN);
		return 0;
	}
	if (change->flags & P25_CHANGE_IGNORE)
		return 0;
	NL_SET_ERR_MSG(extack, "there is no such entry");
	return -ENOENT;
}

static void flush_entry(struct p25_policy *policy, struct p25_table *table,
			struct p25_entry *entry, void *arg)
{
	const struct p25_change *change = arg;
	unsigned int gen = unread(policy);

	if ((change->kind != P25_KIND_NONE && change->kind != entry->kind) ||
	    (change->owner != P25_OWNER_ANY && change->owner != entry->owner) ||
	    entry->expires[gen] == P25_NOT_IN_GEN)
		return;
	prepare_expires(policy, entry, P25_NOT_IN_GEN);
}

static int prepare_flush(struct p25_policy *policy, struct p25_change *change,
			 struct netlink_ext_ack *extack)
{
	int err = p25_budget_walk(&policy->budget, p25_policy_slots(policy),
				  extack);

	if (err)
		return err;
	prepared(change, P25_SLAB_NONE);
	return visit_entries(policy, true, flush_entry, change);
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
	if (limit < p25_policy_entries(policy, unread(policy))) {
		NL_SET_ERR_MSG(extack,
			       "there are more entries than that: delete some first");
		return -ERANGE;
	}
	return 0;
}

static int prepare_set(struct p25_policy *policy, struct p25_change *change,
		       struct netlink_ext_ack *extack)
{
	struct p25_settings *settings = &policy->settings[unread(policy)];
	int err;

	if (change->flags & P25_CHANGE_LIMIT) {
		err = check_limit(policy, change->limit, extack);
		if (err)
			return err;
		settings->limit = change->limit;
	}
	if (change->flags & P25_CHANGE_ACTION)
		settings->action = change->action;
	if (change->flags & P25_CHANGE_INBOUND)
		settings->inbound = change->inbound;
	/* Settings are more than one word, so they need a generation. */
	policy->n_touched += 2;
	return 0;
}

static int prepare(struct p25_policy *policy, struct p25_change *change,
		   unsigned int more, struct netlink_ext_ack *extack)
{
	switch (change->type) {
	case P25_CHANGE_ADD:
		return prepare_add(policy, change, more, extack);
	case P25_CHANGE_DEL:
		return prepare_del(policy, change, extack);
	case P25_CHANGE_FLUSH:
		return prepare_flush(policy, change, extack);
	default:
		return prepare_set(policy, change, extack);
	}
}

/* Memory has some time until @change is prepared. */
static void foresee(struct p25_policy *policy, const struct p25_change *change)
{
	struct p25_prefix prefix;

	if (change->type != P25_CHANGE_ADD && change->type != P25_CHANGE_DEL)
		return;
	p25_change_prefix(change, &prefix);
	p25_table_prefetch(p25_policy_table(policy, change->kind,
					    prefix.family), &prefix);
}

static int may_go_on(const struct p25_policy *policy,
		     struct netlink_ext_ack *extack)
{
	if (fatal_signal_pending(current))
		return -EINTR;
	return p25_budget_check(&policy->budget, extack);
}

/*
 * Look at changes a little ahead of those that are prepared: a million of them
 * would wait for as many cache lines otherwise.
 */
static int prepare_all(struct p25_policy *policy, struct p25_changes *changes,
		       struct netlink_ext_ack *extack)
{
	struct p25_change_position position;
	struct p25_change_position ahead;
	unsigned int more = changes->n;
	struct p25_change *foreseen;
	struct p25_change *change;
	unsigned int i;
	int err;

	foreseen = p25_changes_first(changes, &ahead);
	for (i = 0; i < FORESIGHT && foreseen; i++)
		foreseen = p25_changes_next(changes, &ahead);
	for (change = p25_changes_first(changes, &position); change;
	     change = p25_changes_next(changes, &position)) {
		u32 cookie = change->cookie;

		if (foreseen) {
			foresee(policy, foreseen);
			foreseen = p25_changes_next(changes, &ahead);
		}
		err = may_go_on(policy, extack);
		if (!err)
			err = prepare(policy, change, --more, extack);
		if (err) {
			p25_change_put_cookie(cookie, extack);
			return err;
		}
		cond_resched();
	}
	return 0;
}

/* An entry expires then: see to it that it is collected. */
static void await(struct p25_policy *policy, u32 expires)
{
	u32 *next = p25_is_wall_clock(expires) ? &policy->next_wall_clock :
					   &policy->next_boottime;

	*next = min(*next, expires);
}

static void finish_add(struct p25_policy *policy, struct p25_change *change)
{
	struct p25_table *table;
	struct p25_entry *entry = target_of(policy, change, &table);

	if (change->flags & P25_CHANGE_COMMENT) {
		p25_table_set_comment(table, entry,
				      *p25_change_comment(change));
		*p25_change_comment(change) = NULL;
	} else if (entry->flags & P25_ENTRY_COMMENTED) {
		p25_table_set_comment(table, entry, NULL);
	}
	await(policy, change->expires);
}

/* Entries of @owner have changed with @sequence; see p25_commit_mark(). */
static void note_changed(struct p25_policy *policy, u8 owner, u32 sequence)
{
	unsigned int i;

	if (owner != P25_OWNER_ANY) {
		policy->changed[owner] = sequence;
		return;
	}
	for (i = 0; i < P25_OWNERS_MAX; i++)
		policy->changed[i] = sequence;
}

/* What no packet reads: comments, the next expiry, whose entries have changed. */
static void finish(struct p25_policy *policy, struct p25_changes *changes)
{
	u32 sequence = following(policy->sequence);
	struct p25_change_position position;
	struct p25_change *change;

	for (change = p25_changes_first(changes, &position); change;
	     change = p25_changes_next(changes, &position)) {
		if (!(change->flags & P25_CHANGE_PREPARED))
			continue;
		if (change->type == P25_CHANGE_ADD)
			finish_add(policy, change);
		note_changed(policy, change->owner, sequence);
		cond_resched();
	}
}

static bool wants_hook(const struct p25_policy *policy, unsigned int gen)
{
	return p25_policy_sources(policy, gen) > 0;
}

static bool wants_resets(const struct p25_policy *policy, unsigned int gen)
{
	return policy->settings[gen].action == P25_ACTION_REJECT;
}

/* The policy has changed: tell who depends on it. */
static void changed(struct p25_net *p25)
{
	if (!wants_resets(&p25->policy, p25->policy.generation))
		p25_hook_disable_resets(p25);
	if (!wants_hook(&p25->policy, p25->policy.generation))
		p25_hook_disable(p25);
	p25->policy.sequence = following(p25->policy.sequence);
	p25_gc_schedule(p25);
}

/**
 * p25_commit_mark - how far an owner's entries have changed
 * @policy: the policy
 * @owner: number of the owner; P25_OWNER_ANY: of all owners, or of one who has
 *	no entries
 *
 * Context: any, under @policy->lock.
 */
u64 p25_commit_mark(const struct p25_policy *policy, u8 owner)
{
	lockdep_assert_held(&policy->lock);
	return (u64)owner << 32 | policy->sequence;
}

/**
 * p25_commit_has_changed - have they changed since?
 * @policy: the policy
 * @mark: what p25_commit_mark() gave
 * @owner: number of the owner; P25_OWNER_ANY: all owners
 *
 * May be wrong in saying that they have, but not twice on end.
 */
bool p25_commit_has_changed(const struct p25_policy *policy, u64 mark, u8 owner)
{
	u8 before = mark >> 32;
	u32 sequence = mark;

	lockdep_assert_held(&policy->lock);
	if (owner == P25_OWNER_ANY)
		return sequence != policy->sequence;
	/* If somebody else has got the number meanwhile, all are gone. */
	if (before != P25_OWNER_ANY && before != owner)
		return true;
	return (s32)(policy->changed[owner] - sequence) > 0;
}

/**
 * struct expired - a walk that takes out what has expired
 * @now: when it began
 * @keep: keep entries for a while whose date has passed
 * @sweep: not those that had passed at the last sweep, too
 */
struct expired {
	u32	now;
	bool	keep;
	bool	sweep;
};

static bool may_keep(const struct p25_entry *entry,
		     const struct expired *expired)
{
	return expired->keep && p25_is_wall_clock(entry->expires[0]) &&
	       !(expired->sweep && entry->flags & P25_ENTRY_PASSED);
}

static void keep_passed(struct p25_policy *policy, struct p25_entry *entry,
			bool sweep)
{
	policy->passed[entry->kind]++;
	policy->last_passed = max(policy->last_passed, entry->expires[0]);
	if (sweep)
		entry->flags |= P25_ENTRY_PASSED;
}

static void drop_if_expired(struct p25_policy *policy, struct p25_table *table,
			    struct p25_entry *entry, void *arg)
{
	const struct expired *expired = arg;

	if (p25_entry_counts(entry, 0, expired->now)) {
		await(policy, entry->expires[0]);
		if (entry->flags & P25_ENTRY_PASSED)
			entry->flags &= ~P25_ENTRY_PASSED;
	} else if (may_keep(entry, expired)) {
		keep_passed(policy, entry, expired->sweep);
	} else {
		set_expires(policy, entry, 0, P25_NOT_IN_GEN);
		set_expires(policy, entry, 1, P25_NOT_IN_GEN);
		remove(policy, table, entry);
	}
}

/** p25_commit_awaits_expiry - is there anything to be collected, some day? */
bool p25_commit_awaits_expiry(const struct p25_policy *policy)
{
	lockdep_assert_held(&policy->lock);
	return policy->next_boottime != P25_NEVER ||
	       policy->next_wall_clock != P25_NEVER ||
	       policy->last_passed != P25_NOT_IN_GEN;
}

static bool is_time_to_sweep(const struct p25_policy *policy)
{
	return p25_now() - policy->swept >= KEEP;
}

/*
 * Has something expired? Or was the clock set back, or has something that had
 * passed gone, so that they are to be counted anew?
 */
static bool is_due(const struct p25_policy *policy)
{
	u32 date = p25_now_wall_clock();

	return policy->next_boottime <= p25_now() ||
	       policy->next_wall_clock <= date || policy->last_passed > date ||
	       (policy->last_passed != P25_NOT_IN_GEN && is_time_to_sweep(policy));
}

/* Packets see no change: an entry that has expired counts for none of them. */
static int expire(struct p25_net *p25, bool keep)
{
	struct p25_policy *policy = &p25->policy;
	struct expired expired = {
		.now = p25_now(),
		.keep = keep,
		.sweep = is_time_to_sweep(policy),
	};
	int err;

	policy->next_boottime = P25_NEVER;
	policy->next_wall_clock = P25_NEVER;
	policy->last_passed = P25_NOT_IN_GEN;
	memset(policy->passed, 0, sizeof(policy->passed));
	err = visit_entries(policy, true, drop_if_expired, &expired);
	if (expired.sweep)
		policy->swept = expired.now;
	/* If it is cut short, it has to be done again. */
	if (err)
		policy->next_boottime = P25_NOT_IN_GEN;
	changed(p25);
	return err;
}

/**
 * p25_commit_expired - take out all entries that have expired, if any has
 * @p25: the namespace
 *
 * Return: 0, or -EINTR: the caller is being killed.
 */
int p25_commit_expired(struct p25_net *p25)
{
	lockdep_assert_held(&p25->policy.lock);
	return is_due(&p25->policy) ? expire(p25, true) : 0;
}

/* With those that are kept, if there are more than @most entries otherwise. */
static void expire_if_cheap(struct p25_net *p25, unsigned int most)
{
	struct p25_policy *policy = &p25->policy;
	bool keep = p25_policy_entries(policy, policy->generation) <= most;

	if ((is_due(policy) || (!keep && policy->last_passed != P25_NOT_IN_GEN)) &&
	    !p25_budget_walk(&policy->budget, p25_policy_slots(policy), NULL))
		expire(p25, keep);
}

/* If the new policy wants it. */
static int enable_hook(struct p25_net *p25, unsigned int new,
		       struct netlink_ext_ack *extack)
{
	const struct p25_policy *policy = &p25->policy;
	int err;

	if (!wants_hook(policy, new))
		return 0;
	err = p25_hook_enable(p25, wants_resets(policy, new));
	if (err == -ENOMEM)
		NL_SET_ERR_MSG(extack, "no memory for the hook");
	else if (err)
		NL_SET_ERR_MSG(extack, "cannot hook into forwarding");
	return err;
}

/* Prepare, publish and settle, or prepare and undo. */
static int make(struct p25_net *p25, struct p25_changes *changes,
		struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	unsigned int old = policy->generation;
	unsigned int new = unread(policy);
	u32 limit = policy->settings[old].limit;
	int err;

	if (p25_policy_entries(policy, old) + changes->n > limit)
		expire_if_cheap(p25, limit - min(limit, changes->n));
	err = prepare_all(policy, changes, extack);
	if (err)
		goto undo;
	err = enable_hook(p25, new, extack);
	if (err)
		goto undo;
	publish(policy);
	finish(policy, changes);
	settle(policy, changes, new);
	changed(p25);
	return 0;

undo:
	settle(policy, changes, old);
	p25_gc_schedule(p25);
	return err;
}

/**
 * p25_commit - make all changes at once, or none
 * @p25: the namespace
 * @changes: the changes; to be freed afterwards in any case
 * @extack: message, and cookie of the change that is refused
 *
 * Packets are judged by the policy before or after all of them, never by a
 * mix. Takes a grace period if there is more than one.
 *
 * Return: 0; -ENOENT: an entry to be deleted isn't there; -ENOSPC: the policy
 * is full; -EBUSY: there were too many flushes, or changes of user namespaces, of
 * late, or these take too long; -ERANGE: the limit is below what there is, or above
 * what it may be; -ENOMEM; -EINTR: the caller is being killed.
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
	err = make(p25, changes, extack);
	p25_budget_end(budget);
	return err;
}

/**
 * p25_commit_may_expire - as p25_commit_expired(), in a command
 * @p25: the namespace
 * @most: keep none that has, if there are more entries than that otherwise
 *
 * Not if there was too much of that: gc.c does it some seconds later.
 */
void p25_commit_may_expire(struct p25_net *p25, u32 most)
{
	struct p25_budget *budget = &p25->policy.budget;

	lockdep_assert_held(&p25->policy.lock);
	if (p25_budget_begin(budget, NULL))
		return;
	expire_if_cheap(p25, most);
	p25_budget_end(budget);
}
