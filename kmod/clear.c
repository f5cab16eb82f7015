// SPDX-License-Identifier: GPL-2.0
/*
 * Deleting all entries at once, table by table: entry by entry, it would take a hundred
 * times as long.
 *
 *	count     does the flush leave any? Whose are they?
 *	hide      no packet finds a source any more
 *	free      after a grace period: no packet, and no sum, refers to an entry
 *
 * It needs no generation. A packet's sources and destinations are of one family, and
 * where it finds no source, it is accepted, whatever else it has found or will. So if the
 * tables of its family are hidden while it is judged, the verdict is that of before or
 * that of afterwards. Relays decide nothing by then, and are removed one by one.
 *
 * Everything here is called in process context, under the policy's lock, and may sleep.
 */
#include <linux/lockdep.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "account.h"
#include "change.h"
#include "clear.h"
#include "p25.h"

/**
 * struct census - the entries that there are
 * @flush: is to delete them
 * @left: those that it leaves
 * @listed: those that listeners know
 * @sources: how many sources each owner has
 */
struct census {
	const struct p25_change	*flush;
	unsigned int		left;
	unsigned int		listed;
	unsigned int		sources[P25_OWNERS_MAX];
};

static bool is_source(u8 kind)
{
	return !(BIT(kind) & P25_KINDS_DESTINATION);
}

static void count_entry(struct p25_policy *policy, struct p25_table *table,
			struct p25_entry *entry, void *arg)
{
	struct census *census = arg;

	census->left += !p25_change_flushes(census->flush, entry);
	census->listed += !(entry->flags & P25_ENTRY_LAPSED);
	census->sources[entry->owner] += is_source(entry->kind);
}

/* Can it be that the flush leaves nothing, and is that much? Costs next to nothing. */
static bool may_delete_all(const struct p25_policy *policy,
			   const struct p25_change *flush)
{
	unsigned int gen = policy->generation;
	unsigned int entries = p25_policy_entries(policy, gen);

	/* Few entries are an event each, and don't take long. */
	if (p25_policy_sources(policy, gen) < 2 ||
	    entries <= P25_EVENT_ENTRIES_MAX)
		return false;
	if (flush->kind != P25_KIND_NONE &&
	    policy->entries[gen][flush->kind] < entries)
		return false;
	return flush->owner == P25_OWNER_ANY ||
	       policy->owners.slots[flush->owner].users > entries;
}

static int take_census(struct p25_policy *policy, struct census *census,
		       struct netlink_ext_ack *extack)
{
	int err = p25_budget_walk(&policy->budget, p25_policy_slots(policy),
				  extack);

	if (!err)
		err = p25_policy_visit(policy, true, NULL, count_entry, census);
	if (!err && census->left)
		err = -EAGAIN;
	return err;
}

/* The counts follow what has been freed. */
static void forget_sources(struct p25_policy *policy, const struct census *census)
{
	unsigned int owner;
	unsigned int kind;

	for (kind = 0; kind < __P25_KIND_MAX; kind++) {
		if (!is_source(kind))
			continue;
		policy->entries[0][kind] = 0;
		policy->entries[1][kind] = 0;
	}
	policy->answering[0] = 0;
	policy->answering[1] = 0;
	for (owner = 0; owner < P25_OWNERS_MAX; owner++)
		policy->owners.slots[owner].users -= census->sources[owner];
	/* If there were some whose date had passed, they are to be counted anew. */
	if (policy->last_passed)
		policy->next_wall_clock = 0;
}

static bool is_any(const struct p25_policy *policy, const struct p25_entry *entry,
		   void *arg)
{
	return true;
}

static void remove_entry(struct p25_policy *policy, struct p25_table *table,
			 struct p25_entry *entry, void *arg)
{
	p25_policy_remove(policy, table, entry);
}

static void clear(struct p25_net *p25, const struct census *census)
{
	struct p25_policy *policy = &p25->policy;

	p25_table_hide(&policy->sources.ipv4);
	p25_table_hide(&policy->sources.ipv6);
	synchronize_rcu();
	p25_accounting_book(p25->accounting);
	p25_table_clear(&policy->sources.ipv4);
	p25_table_clear(&policy->sources.ipv6);
	forget_sources(policy, census);
	p25_policy_visit(policy, false, is_any, remove_entry, NULL);
}

/**
 * p25_clear - delete all entries, if that is what a flush does
 * @p25: the namespace
 * @flush: the flush, the only change of its commit
 * @n: set to the number of entries that listeners knew
 * @extack: message
 *
 * Return: 0; -EAGAIN: it leaves some, or is better made entry by entry; -EBUSY: there
 * were too many flushes; -EINTR: the caller is being killed.
 */
int p25_clear(struct p25_net *p25, const struct p25_change *flush,
	      unsigned int *n, struct netlink_ext_ack *extack)
{
	struct p25_policy *policy = &p25->policy;
	struct census *census;
	int err;

	lockdep_assert_held(&policy->lock);
	if (!may_delete_all(policy, flush))
		return -EAGAIN;
	census = kzalloc(sizeof(*census), P25_GFP);
	if (!census)
		return -EAGAIN;
	census->flush = flush;
	err = take_census(policy, census, extack);
	if (!err)
		clear(p25, census);
	*n = census->listed;
	kfree(census);
	return err;
}
