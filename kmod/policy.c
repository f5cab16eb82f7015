// SPDX-License-Identifier: GPL-2.0
/*
 * Who is who: what a packet gets by the policy. This file only reads; change.c
 * changes.
 */
#include "policy.h"

/** p25_policy_init - make an empty policy, all zero so far, with defaults */
void p25_policy_init(struct p25_policy *policy)
{
	unsigned int i;

	for (i = 0; i < P25_POLICY_TABLES; i++)
		p25_table_init(p25_policy_nth(policy, i),
			       i % 2 ? AF_INET6 : AF_INET);
	mutex_init(&policy->lock);
	policy->settings[0].action = P25_ACTION_DROP;
	policy->settings[0].inbound = true;
	policy->settings[0].limit = P25_LIMIT_DEFAULT;
	policy->settings[1] = policy->settings[0];
	policy->next_expiry = P25_NEVER;
	policy->sequence = 1;
}

/**
 * p25_policy_destroy - free the policy and all its entries
 * @policy: the policy
 *
 * Context: process; may sleep. There are no readers any more.
 */
void p25_policy_destroy(struct p25_policy *policy)
{
	unsigned int i;

	mutex_destroy(&policy->lock);
	for (i = P25_POLICY_TABLES; i--;)
		p25_table_destroy(p25_policy_nth(policy, i));
}

/* Of entries of one prefix, the one with the higher rank decides. */
static unsigned int rank(u8 kind)
{
	static const u8 ranks[__P25_KIND_MAX] = {
		[P25_KIND_POOL]		= 1,
		[P25_KIND_OPTOUT]	= 2,
		[P25_KIND_STATIC]	= 3,
		[P25_KIND_BLOCK]	= 4,
		[P25_KIND_RELAY]	= 5,
	};

	return ranks[kind];
}

/**
 * struct decision - which entry decides on an address?
 * @gen: generation of the policy
 * @now: in the unit of expiry
 * @best: the entry so far
 */
struct decision {
	unsigned int		gen;
	u32			now;
	struct p25_entry	*best;
};

/* An entry of the longest prefix that has one which counts. */
static bool consider(struct p25_entry *entry, void *arg)
{
	struct decision *decision = arg;

	if (p25_entry_counts(entry, decision->gen, decision->now) &&
	    (!decision->best ||
	     rank(entry->kind) > rank(decision->best->kind)))
		decision->best = entry;
	return decision->best;
}

/* The entry that decides on @address: of the longest prefix that has one. */
static struct p25_entry *deciding(const struct p25_table tables[2],
				  const struct p25_prefix *address,
				  unsigned int gen)
{
	struct decision decision = { .gen = gen, .now = p25_now() };

	p25_table_search(&tables[address->family != AF_INET], address,
			 consider, &decision);
	return decision.best;
}

static void decide_by(struct p25_judgement *judgement, struct p25_entry *entry)
{
	judgement->entry = entry;
	judgement->reason = entry ? entry->kind : P25_KIND_NONE;
}

/* Mail is blocked: carry out @action. Only mail that can be read is rejected. */
static void block(struct p25_judgement *judgement, u8 action, bool rejectable)
{
	judgement->counted = true;
	if (action == P25_ACTION_MONITOR)
		judgement->monitored = true;
	else if (action == P25_ACTION_REJECT && rejectable)
		judgement->verdict = P25_VERDICT_REJECT;
	else
		judgement->verdict = P25_VERDICT_DROP;
}

/* Mail may pass to a relay, unless it would not stop there or can't be read. */
static bool may_pass_to_relay(const struct p25_packet *packet)
{
	return packet->what == P25_PACKET_TO_25 ||
	       packet->what == (P25_PACKET_TO_25 | P25_PACKET_FROM_25);
}

static void judge_mail(const struct p25_policy *policy, unsigned int gen,
		       const struct p25_packet *packet,
		       struct p25_judgement *judgement)
{
	bool readable = !(packet->what & P25_PACKET_UNREADABLE);

	if (may_pass_to_relay(packet)) {
		decide_by(judgement, deciding(policy->tables[1], &packet->dst,
					      gen));
		if (judgement->entry) {
			judgement->counted = true;
			return;
		}
	}
	decide_by(judgement, deciding(policy->tables[0], &packet->src, gen));
	if (p25_kind_is_blocked(judgement->reason))
		block(judgement, policy->settings[gen].action, readable);
	else
		judgement->counted = readable;
}

/*
 * The way back of mail. A server's answer to mail that a blocked source may not
 * send has no business here: somebody elsewhere sent that mail in the source's
 * name (triangular spamming).
 */
static void judge_inbound(const struct p25_policy *policy, unsigned int gen,
			  const struct p25_packet *packet,
			  struct p25_judgement *judgement)
{
	struct p25_entry *entry;

	entry = deciding(policy->tables[0], &packet->dst, gen);
	if (!entry || !p25_kind_is_blocked(entry->kind) ||
	    deciding(policy->tables[1], &packet->src, gen))
		return;
	judgement->inbound = true;
	decide_by(judgement, entry);
	block(judgement, policy->settings[gen].action, false);
}

/**
 * p25_policy_judge - what does this packet get?
 * @policy: the policy
 * @packet: mail, mail's way back, or what may be mail
 * @judgement: the answer
 *
 * Context: any, under rcu_read_lock(); changes nothing.
 */
void p25_policy_judge(const struct p25_policy *policy,
		      const struct p25_packet *packet,
		      struct p25_judgement *judgement)
{
	/* Pairs with publish(): what this generation reads is in place. */
	unsigned int gen = smp_load_acquire(&policy->generation);

	*judgement = (struct p25_judgement) { .verdict = P25_VERDICT_ACCEPT };
	if (packet->what & (P25_PACKET_TO_25 | P25_PACKET_UNREADABLE))
		judge_mail(policy, gen, packet, judgement);
	if ((packet->what & P25_PACKET_FROM_25) &&
	    judgement->verdict == P25_VERDICT_ACCEPT &&
	    !judgement->monitored && policy->settings[gen].inbound)
		judge_inbound(policy, gen, packet, judgement);
}

/** p25_policy_entries - number of entries in generation @gen */
unsigned int p25_policy_entries(const struct p25_policy *policy,
				unsigned int gen)
{
	return p25_policy_sources(policy, gen) +
	       policy->entries[gen][P25_KIND_RELAY];
}

/** p25_policy_sources - number of entries that speak of sources in @gen */
unsigned int p25_policy_sources(const struct p25_policy *policy,
				unsigned int gen)
{
	const unsigned int *entries = policy->entries[gen];

	return entries[P25_KIND_POOL] + entries[P25_KIND_STATIC] +
	       entries[P25_KIND_OPTOUT] + entries[P25_KIND_BLOCK];
}

/**
 * p25_policy_memory - bytes of memory that the policy takes
 * @policy: the policy
 *
 * Context: process, under the policy's lock.
 */
size_t p25_policy_memory(const struct p25_policy *policy)
{
	size_t bytes = sizeof(*policy);
	unsigned int i;

	for (i = 0; i < P25_POLICY_TABLES; i++)
		bytes += p25_table_memory(&policy->tables[i / 2][i % 2]);
	return bytes;
}
