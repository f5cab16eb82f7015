/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy of a network namespace: who is who, and what mail gets.
 */
#ifndef _P25_POLICY_H
#define _P25_POLICY_H

#include <linux/mutex.h>

#include "budget.h"
#include "owner.h"
#include "packet.h"
#include "table.h"

/**
 * struct p25_settings - what an administrator sets
 * @limit: entries that there may be
 * @action: enum p25_action
 * @inbound: is mail's way back to blocked sources closed?
 */
struct p25_settings {
	u32	limit;
	u8	action;
	bool	inbound;
};

/**
 * struct p25_policy - the policy
 * @tables: entries that speak of sources [0] and of destinations [1], of
 *	IPv4 [0] and of IPv6 [1]
 * @generation: which of the two generations packets are judged by: 0 or 1
 * @settings: by generation
 * @entries: number of entries, by generation and kind
 * @limit_max: what the limit can be set to
 * @lock: held by whoever changes or lists the policy
 * @n_touched: what the change at hand touches, settings included
 * @next_boottime: no timeout ends before this; P25_NEVER: there is none
 * @next_wall_clock: no date that was ahead at the last walk is before this
 * @last_passed: the latest date that had passed then; P25_NOT_IN_GEN: none had
 * @passed: by kind: entries whose date had passed; see commit.c
 * @swept: when it was last looked at which of them had passed before
 * @budget: what commands may take
 * @owners: names of the entries' owners
 * @sequence: changes with each change
 * @revision: changes with each change of more than one entry
 * @changed: by owner's number: @sequence when entries of his changed last
 *
 * A change of many entries must be seen whole or not at all, and packets must
 * not pay for that. So each entry carries its expiry twice, for two
 * generations, and @generation says which one packets read:
 *
 *	                    expires[0]  expires[1]
 *	at rest               8h        8h       both generations are alike
 *	change is prepared    8h        never    packets read 0 all the while
 *	published                                 packets read 1, all at once
 *	settled               never     never    after a grace period: alike again
 *
 * An entry that is to be added stands in the table before with P25_NOT_IN_GEN in
 * both; an entry that is to go has P25_NOT_IN_GEN in the new generation, and leaves
 * the table when that has settled. A change that fails settles to the old
 * generation instead.
 */
struct p25_policy {
	/* What packets read */
	struct p25_table	tables[2][2];
	unsigned int		generation;
	struct p25_settings	settings[2];

	/* What changes need */
	unsigned int		entries[2][__P25_KIND_MAX];
	u32			limit_max;
	struct mutex		lock;	/* guards all but packets' reading */
	unsigned int		n_touched;
	u32			next_boottime;
	u32			next_wall_clock;
	u32			last_passed;
	unsigned int		passed[__P25_KIND_MAX];
	u32			swept;
	struct p25_budget	budget;
	struct p25_owners	owners;
	u32			sequence;
	u32			revision;
	u32			changed[P25_OWNERS_MAX];
};

/**
 * struct p25_judgement - what a packet gets, and why
 * @verdict: enum p25_verdict
 * @reason: enum p25_kind of the deciding entry; P25_KIND_NONE: no entry did
 * @monitored: it is accepted only because the action is "monitor"
 * @inbound: it is the way back of mail that was judged
 * @counted: it is mail, or taken for it, and so shows in the counters
 * @entry: the deciding entry, of the packet's family; valid while the caller is
 *	under rcu_read_lock()
 */
struct p25_judgement {
	u8			verdict;
	u8			reason;
	bool			monitored;
	bool			inbound;
	bool			counted;
	struct p25_entry	*entry;
};

void p25_policy_init(struct p25_policy *policy, bool user_ns);
void p25_policy_destroy(struct p25_policy *policy);

/**
 * struct p25_view - the policy as one packet sees it, whatever changes meanwhile
 * @policy: the policy
 * @gen: generation that it is judged by
 * @now: the time, in the unit of expiry
 */
struct p25_view {
	const struct p25_policy	*policy;
	unsigned int		gen;
	u32			now;
};

/* Context: any, under rcu_read_lock() for as long as the view is used. */
static inline struct p25_view p25_policy_view(const struct p25_policy *policy)
{
	return (struct p25_view) {
		.policy = policy,
		/* Pairs with publish(): what this one reads is in place. */
		.gen = smp_load_acquire(&policy->generation),
		.now = p25_now(),
	};
}

void p25_policy_judge(const struct p25_view *view,
		      const struct p25_packet *packet,
		      struct p25_judgement *judgement);

/* Settings and sizes as packets see them; the caller holds the lock. */
static inline const struct p25_settings *
p25_policy_settings(const struct p25_policy *policy)
{
	return &policy->settings[policy->generation];
}

unsigned int p25_policy_sources(const struct p25_policy *policy,
				unsigned int gen);
unsigned int p25_policy_entries(const struct p25_policy *policy,
				unsigned int gen);
u64 p25_policy_slots(const struct p25_policy *policy);
size_t p25_policy_memory(const struct p25_policy *policy);

static inline struct p25_table *p25_policy_table(struct p25_policy *policy,
						 u8 kind, u8 family)
{
	return &policy->tables[!!(BIT(kind) & P25_KINDS_DESTINATION)]
			      [family != AF_INET];
}

/* All four, in an order that a listing can rely on. */
#define P25_POLICY_TABLES	4

static inline struct p25_table *p25_policy_nth(struct p25_policy *policy,
					       unsigned int n)
{
	return &policy->tables[n / 2][n % 2];
}

#endif /* _P25_POLICY_H */
