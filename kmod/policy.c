// SPDX-License-Identifier: GPL-2.0
/*
 * The policy's entries: counted, visited and removed. Everything here is called in
 * process context.
 */
#include <linux/lockdep.h>
#include <linux/sched/signal.h>

#include "policy.h"

/**
 * p25_policy_init - make an empty policy with default settings
 * @policy: all zero so far
 * @user_ns: is it of a network namespace of a user namespace?
 */
void p25_policy_init(struct p25_policy *policy, bool user_ns)
{
	struct p25_tables *sources = &policy->sources;
	struct p25_tables *destinations = &policy->destinations;

	mutex_init(&policy->lock);
	p25_table_init(&sources->ipv4, AF_INET, &policy->lock);
	p25_table_init(&sources->ipv6, AF_INET6, &policy->lock);
	p25_table_init(&destinations->ipv4, AF_INET, &policy->lock);
	p25_table_init(&destinations->ipv6, AF_INET6, &policy->lock);
	policy->budget.lock = &policy->lock;
	policy->owners.lock = &policy->lock;
	policy->limit_max = user_ns ? P25_LIMIT_USER_MAX : P25_LIMIT_MAX;
	policy->senders_max = user_ns ? P25_SENDERS_USER_MAX : P25_SENDERS_MAX;
	policy->budget.limited = user_ns;
	policy->settings[0].action = P25_ACTION_DROP;
	policy->settings[0].inbound = true;
	policy->settings[0].limit = min_t(u32, P25_LIMIT_DEFAULT,
					  policy->limit_max);
	policy->settings[0].senders = min_t(u32, P25_SENDERS_DEFAULT,
					    policy->senders_max);
	policy->settings[1] = policy->settings[0];
	policy->soon = P25_NEVER;
	policy->next_boottime = P25_NEVER;
	policy->next_wall_clock = P25_NEVER;
	policy->sequence = 1;
	policy->revision = 1;
}

/**
 * p25_policy_destroy - free the policy and all its entries
 * @policy: the policy
 *
 * Context: process; may sleep. There are no readers any more.
 */
void p25_policy_destroy(struct p25_policy *policy)
{
	struct p25_table *table;
	unsigned int i;

	mutex_lock(&policy->lock);
	p25_for_each_table(table, policy, i)
		p25_table_destroy(table);
	mutex_unlock(&policy->lock);
	mutex_destroy(&policy->lock);
}

static bool is_soon(u32 expires, u32 now)
{
	return p25_is_wall_clock(expires) ||
	       (expires != P25_NEVER && expires != P25_NOT_IN_GEN &&
		expires <= now + P25_SOON);
}

/* Set whether an entry may expire soon; if it may not, none is said to do so later. */
static void set_soon(struct p25_policy *policy, struct p25_entry *entry, u32 now)
{
	unsigned int gen;

	entry->flags &= ~P25_ENTRY_SOON;
	for (gen = 0; gen < 2; gen++) {
		u32 expires = entry->expires[gen];

		if (is_soon(expires, now))
			entry->flags |= P25_ENTRY_SOON;
		else if (expires != P25_NOT_IN_GEN && expires < policy->soon)
			/* Pairs with p25_policy_view(); see expire(). */
			smp_store_release(&policy->soon, expires);
	}
}

/**
 * p25_policy_mark_soon - mark an entry if it may expire soon
 * @policy: the policy
 * @table: the entry's table
 * @entry: the entry
 * @now: the time, in the unit of expiry
 *
 * Context: process, under @policy->lock.
 */
void p25_policy_mark_soon(struct p25_policy *policy, struct p25_table *table,
			  struct p25_entry *entry, u32 now)
{
	lockdep_assert_held(&policy->lock);
	if (entry->flags & P25_ENTRY_SOON || !is_soon(entry->expires[0], now))
		return;
	entry->flags |= P25_ENTRY_SOON;
	p25_table_update(table, entry);
}

/**
 * p25_policy_set_expires - set an entry's expiry in one generation
 * @policy: the policy; its count of entries follows
 * @table: the entry's table
 * @entry: the entry
 * @gen: the generation
 * @expires: the expiry; P25_NOT_IN_GEN: the entry is not in that generation
 *
 * Context: process, under @policy->lock.
 */
void p25_policy_set_expires(struct p25_policy *policy, struct p25_table *table,
			    struct p25_entry *entry, unsigned int gen, u32 expires)
{
	bool was = entry->expires[gen] != P25_NOT_IN_GEN;
	bool is = expires != P25_NOT_IN_GEN;

	lockdep_assert_held(&policy->lock);
	policy->entries[gen][entry->kind] += is - was;
	if (p25_entry_answers(entry, gen))
		policy->answering[gen] += is - was;
	smp_wmb();	/* its action; pairs with action_of_entry() */
	WRITE_ONCE(entry->expires[gen], expires);
	set_soon(policy, entry, p25_now());
	p25_table_update(table, entry);
}

/**
 * p25_policy_set_action - set an entry's own action in one generation
 * @policy: the policy; its count of those that answer follows
 * @entry: the entry, whose expiry is to be set afterwards, even if it stays: then packets
 *	know
 * @gen: the generation
 * @action: as of p25_entry_action()
 *
 * Context: process, under @policy->lock.
 */
void p25_policy_set_action(struct p25_policy *policy, struct p25_entry *entry,
			   unsigned int gen, u8 action)
{
	bool did = p25_entry_answers(entry, gen);

	lockdep_assert_held(&policy->lock);
	p25_entry_set_action(entry, gen, action);
	if (entry->expires[gen] != P25_NOT_IN_GEN)
		policy->answering[gen] += p25_entry_answers(entry, gen) - did;
}

static void leave_generation(struct p25_policy *policy, struct p25_entry *entry,
			     unsigned int gen)
{
	if (entry->expires[gen] != P25_NOT_IN_GEN) {
		policy->entries[gen][entry->kind]--;
		policy->answering[gen] -= p25_entry_answers(entry, gen);
	}
	WRITE_ONCE(entry->expires[gen], P25_NOT_IN_GEN);
}

/**
 * p25_policy_remove - remove an entry from both generations and from its table
 * @policy: the policy
 * @table: the entry's table
 * @entry: the entry
 *
 * Context: process, under @policy->lock.
 */
void p25_policy_remove(struct p25_policy *policy, struct p25_table *table,
		       struct p25_entry *entry)
{
	lockdep_assert_held(&policy->lock);
	leave_generation(policy, entry, 0);
	leave_generation(policy, entry, 1);
	p25_owner_put(&policy->owners, entry->owner);
	p25_table_remove(table, entry);
}

/* Entries of a walk that are selected before they are visited. */
#define VISIT_BATCH	32

/*
 * Visit the next few entries of a table. Where they are to be changed, their slots in the
 * index are all over it: each would be waited for, were they not prefetched together.
 * Returns true if there are more.
 */
static bool visit_some(struct p25_policy *policy, struct p25_table *table,
		       u32 *number, p25_policy_select_t select,
		       p25_policy_visit_t visit, void *arg)
{
	struct p25_entry *selected[VISIT_BATCH];
	struct p25_entry *entry = NULL;
	unsigned int left;
	unsigned int n = 0;
	unsigned int i;

	for (left = VISIT_BATCH; left; left--, (*number)++) {
		entry = p25_table_next(table, number);
		if (!entry)
			break;
		if (select && !select(policy, entry, arg))
			continue;
		if (select)
			p25_table_prefetch_entry(table, entry);
		selected[n++] = entry;
	}
	for (i = 0; i < n; i++)
		visit(policy, table, selected[i], arg);
	return entry;
}

/**
 * p25_policy_visit - visit entries that are in one generation or the other
 * @policy: the policy
 * @killable: end if the caller is being killed: this may take long
 * @select: says if an entry is to be visited, and that changes it; NULL: all are, and
 *	most don't change
 * @visit: called for each of them, which it may remove
 * @arg: passed to both
 *
 * Context: process, under @policy->lock; may sleep.
 * Return: 0, or -EINTR: the caller is being killed.
 */
int p25_policy_visit(struct p25_policy *policy, bool killable,
		     p25_policy_select_t select, p25_policy_visit_t visit,
		     void *arg)
{
	struct p25_table *table;
	unsigned int i;

	lockdep_assert_held(&policy->lock);
	p25_for_each_table(table, policy, i) {
		u32 number = 0;

		while (visit_some(policy, table, &number, select, visit, arg)) {
			cond_resched();
			if (killable && fatal_signal_pending(current))
				return -EINTR;
		}
	}
	return 0;
}

/* p25_policy_entries - number of entries in generation @gen */
unsigned int p25_policy_entries(const struct p25_policy *policy,
				unsigned int gen)
{
	lockdep_assert_held(&policy->lock);
	return p25_policy_sources(policy, gen) +
	       policy->entries[gen][P25_KIND_RELAY];
}

/* p25_policy_sources - number of entries that match sources in @gen */
unsigned int p25_policy_sources(const struct p25_policy *policy,
				unsigned int gen)
{
	const unsigned int *entries = policy->entries[gen];

	lockdep_assert_held(&policy->lock);
	return entries[P25_KIND_POOL] + entries[P25_KIND_STATIC] +
	       entries[P25_KIND_OPTOUT] + entries[P25_KIND_BLOCK];
}

/**
 * p25_policy_slots - slots that a walk through all entries visits
 * @policy: the policy
 *
 * May be far more than there are entries, when most of them have been removed.
 *
 * Context: process, under @policy->lock.
 * Return: number of slots.
 */
u64 p25_policy_slots(struct p25_policy *policy)
{
	struct p25_table *table;
	u64 slots = 0;
	unsigned int i;

	lockdep_assert_held(&policy->lock);
	p25_for_each_table(table, policy, i)
		slots += p25_slab_slots(&table->slab);
	return slots;
}

/**
 * p25_policy_memory - memory that the policy takes
 * @policy: the policy
 *
 * Context: process, under @policy->lock.
 * Return: number of bytes.
 */
size_t p25_policy_memory(struct p25_policy *policy)
{
	size_t bytes = sizeof(*policy);
	struct p25_table *table;
	unsigned int i;

	lockdep_assert_held(&policy->lock);
	p25_for_each_table(table, policy, i)
		bytes += p25_table_memory(table);
	return bytes;
}
