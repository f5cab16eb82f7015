/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy of a network namespace: its entries and settings.
 */
#ifndef _P25_POLICY_H
#define _P25_POLICY_H

#include <linux/cache.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include "budget.h"
#include "owner.h"
#include "settings.h"
#include "table.h"

/**
 * struct p25_tables - tables of both families
 * @ipv4: IPv4
 * @ipv6: IPv6
 */
struct p25_tables {
	struct p25_table	ipv4;
	struct p25_table	ipv6;
};

/**
 * struct p25_policy - the policy
 * @sources: entries that match the source of mail
 * @destinations: entries that match its destination
 * @generation: which of the two generations packets read: 0 or 1
 * @soon: no entry expires earlier that is not said to expire soon
 * @settings: by generation
 * @entries: number of entries, by generation and kind
 * @answering: number of them that answer the sender, by generation
 * @limit_max: what the limit can be set to
 * @senders_max: what the number of senders can be set to
 * @lock: held to change or list the policy
 * @n_touched: entries that the present commit changes; settings count as two
 * @next_boottime: no timeout ends before this; P25_NEVER: there is none
 * @next_wall_clock: no date that was ahead at the last walk is before this
 * @last_passed: the latest date that had passed then; 0: none
 * @passed: by kind: entries whose date had passed; see expire.c
 * @swept: when P25_ENTRY_PASSED was last updated
 * @budget: what commands may take
 * @owners: names of the entries' owners
 * @sequence: counts changes, see sequence.h
 * @revision: counts changes that a reader can see
 * @bulk_revision: that of the latest change of more than one entry
 * @changed: by owner's number: @sequence when the owner's entries changed last
 *
 * A commit must be seen whole or not at all, and packets must not pay for that. So
 * each entry carries its expiry twice, for two generations, and @generation says
 * which one packets read:
 *
 *	             expires[0]  expires[1]
 *	at rest      8h          8h          both generations are alike
 *	prepared     8h          never       packets still read 0
 *	published    8h          never       packets read 1, all of them at once
 *	settled      never       never       after a grace period: alike again
 *
 * A packet should not have to read an entry to see whether it has expired. So what may
 * expire soon is marked, by its slot in the index: when its expiry is set, or by a walk
 * through all entries, as expire.c makes them anyway, at least half a minute in advance.
 * Of the others, none expires before @soon; after that, if the walk is late, packets
 * read each entry's expiry. Dates are always marked: the wall clock can be set.
 *
 * An entry's own action is there for each generation, too. Few have one, so these are
 * marked by the same bit, and their packets read the entry.
 *
 * An entry that is to be added is inserted with P25_NOT_IN_GEN in both; one that is to
 * be deleted has P25_NOT_IN_GEN in the new generation, and is removed from its table
 * when that is settled. A commit that fails settles to the old generation instead.
 */
struct p25_policy {
	/* Read by packets */
	struct p25_tables	sources;
	struct p25_tables	destinations;
	unsigned int		generation;
	u32			soon;
	struct p25_settings	settings[2];

	/* Read and written by commits */
	unsigned int		entries[2][__P25_KIND_MAX] ____cacheline_aligned_in_smp;
	unsigned int		answering[2];
	u32			limit_max;
	u32			senders_max;
	struct mutex		lock;	/* guards all but packets' reads */
	unsigned int		n_touched;
	u32			next_boottime;
	u32			next_wall_clock;
	u32			last_passed;
	unsigned int		passed[__P25_KIND_MAX];
	u32			swept;
	struct p25_budget	budget;
	struct p25_owners	owners;
	u32			sequence;
	u64			revision;
	u64			bulk_revision;
	u32			changed[P25_OWNERS_MAX];
};

void p25_policy_init(struct p25_policy *policy, bool user_ns);
void p25_policy_destroy(struct p25_policy *policy);

/* The settings that packets read. */
static inline const struct p25_settings *
p25_policy_settings(const struct p25_policy *policy)
{
	lockdep_assert_held(&policy->lock);
	return &policy->settings[policy->generation];
}

unsigned int p25_policy_sources(const struct p25_policy *policy,
				unsigned int gen);
unsigned int p25_policy_entries(const struct p25_policy *policy,
				unsigned int gen);
u64 p25_policy_slots(struct p25_policy *policy);
size_t p25_policy_memory(struct p25_policy *policy);

static inline struct p25_table *p25_policy_table(struct p25_policy *policy,
						 u8 kind, u8 family)
{
	struct p25_tables *tables = BIT(kind) & P25_KINDS_DESTINATION ?
				    &policy->destinations : &policy->sources;

	return family == AF_INET ? &tables->ipv4 : &tables->ipv6;
}

/* The tables in the order of a listing, whose cursor relies on it. */
enum p25_table_number {
	P25_TABLE_SOURCES_IPV4,
	P25_TABLE_SOURCES_IPV6,
	P25_TABLE_DESTINATIONS_IPV4,
	P25_TABLE_DESTINATIONS_IPV6,
	P25_POLICY_TABLES
};

static inline struct p25_table *p25_policy_nth(struct p25_policy *policy,
					       unsigned int n)
{
	switch (n) {
	case P25_TABLE_SOURCES_IPV4:
		return &policy->sources.ipv4;
	case P25_TABLE_SOURCES_IPV6:
		return &policy->sources.ipv6;
	case P25_TABLE_DESTINATIONS_IPV4:
		return &policy->destinations.ipv4;
	case P25_TABLE_DESTINATIONS_IPV6:
		return &policy->destinations.ipv6;
	default:
		return NULL;
	}
}

/* The number of the table that has entries of a kind and a family. */
static inline unsigned int p25_policy_table_number(u8 kind, u8 family)
{
	if (BIT(kind) & P25_KINDS_DESTINATION)
		return family == AF_INET ? P25_TABLE_DESTINATIONS_IPV4 :
					   P25_TABLE_DESTINATIONS_IPV6;
	return family == AF_INET ? P25_TABLE_SOURCES_IPV4 : P25_TABLE_SOURCES_IPV6;
}

/* A number for an entry among those of all tables: that of its table, and its own. */
#define P25_POLICY_ID_SHIFT	(32 - P25_SLOT_NUMBER_SHIFT)

static inline u32 p25_policy_id(unsigned int nth_table, u32 number)
{
	return nth_table << P25_POLICY_ID_SHIFT | number;
}

/**
 * p25_policy_entry - the entry of a p25_policy_id()
 * @policy: the policy
 * @id: the number
 *
 * Context: any, under rcu_read_lock() or @policy->lock.
 * Return: the entry.
 */
static inline struct p25_entry *p25_policy_entry(struct p25_policy *policy, u32 id)
{
	return p25_table_entry(p25_policy_nth(policy, id >> P25_POLICY_ID_SHIFT),
			       id & (BIT(P25_POLICY_ID_SHIFT) - 1));
}

/* Each table of a policy; @n: unsigned int, the table's number. */
#define p25_for_each_table(table, policy, n)				\
	for ((n) = 0; ((table) = p25_policy_nth(policy, n)); (n)++)

typedef bool (*p25_policy_select_t)(const struct p25_policy *policy,
				    const struct p25_entry *entry, void *arg);
typedef void (*p25_policy_visit_t)(struct p25_policy *policy,
				   struct p25_table *table,
				   struct p25_entry *entry, void *arg);

int p25_policy_visit(struct p25_policy *policy, bool killable,
		     p25_policy_select_t select, p25_policy_visit_t visit,
		     void *arg);
void p25_policy_set_expires(struct p25_policy *policy, struct p25_table *table,
			    struct p25_entry *entry, unsigned int gen, u32 expires);
void p25_policy_set_action(struct p25_policy *policy, struct p25_entry *entry,
			   unsigned int gen, u8 action);
void p25_policy_mark_soon(struct p25_policy *policy, struct p25_table *table,
			  struct p25_entry *entry, u32 now);
void p25_policy_remove(struct p25_policy *policy, struct p25_table *table,
		       struct p25_entry *entry);

/* The generation that packets don't read. */
static inline unsigned int p25_policy_unread(const struct p25_policy *policy)
{
	lockdep_assert_held(&policy->lock);
	return !policy->generation;
}

#endif /* _P25_POLICY_H */
