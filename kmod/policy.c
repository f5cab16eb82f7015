// SPDX-License-Identifier: GPL-2.0
/*
 * Who is who: what a packet gets by the policy. This file only reads; commit.c
 * changes.
 */
#include <linux/lockdep.h>

#include "policy.h"

/**
 * p25_policy_init - make an empty policy with default settings
 * @policy: all zero so far
 * @user_ns: is it of a network namespace of a user namespace?
 */
void p25_policy_init(struct p25_policy *policy, bool user_ns)
{
	unsigned int i;

	for (i = 0; i < P25_POLICY_TABLES; i++)
		p25_table_init(p25_policy_nth(policy, i),
			       i % 2 ? AF_INET6 : AF_INET, &policy->lock);
	mutex_init(&policy->lock);
	policy->budget.lock = &policy->lock;
	policy->owners.lock = &policy->lock;
	policy->limit_max = user_ns ? P25_LIMIT_USER_MAX : P25_LIMIT_MAX;
	policy->budget.limited = user_ns;
	policy->settings[0].action = P25_ACTION_DROP;
	policy->settings[0].inbound = true;
	policy->settings[0].limit = min_t(u32, P25_LIMIT_DEFAULT,
					  policy->limit_max);
	policy->settings[1] = policy->settings[0];
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
	unsigned int i;

	mutex_lock(&policy->lock);
	for (i = P25_POLICY_TABLES; i--;)
		p25_table_destroy(p25_policy_nth(policy, i));
	mutex_unlock(&policy->lock);
	mutex_destroy(&policy->lock);
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
 * @view: who wants to know
 * @best: the entry so far
 */
struct decision {
	const struct p25_view	*view;
	struct p25_entry	*best;
};

/* An entry of the longest prefix that has one which counts. */
static bool consider(struct p25_entry *entry, void *arg)
{
	struct decision *decision = arg;

	if (p25_entry_counts(entry, decision->view->gen, decision->view->now) &&
	    (!decision->best ||
	     rank(entry->kind) > rank(decision->best->kind)))
		decision->best = entry;
	return decision->best;
}

/* Begin a search for the entry that decides on @address. */
static void seek(const struct p25_table tables[2],
		 const struct p25_prefix *address, struct p25_table_cursor *cursor)
{
	if (address->family == AF_INET)
		p25_table_search_begin(&tables[0], AF_INET, address, cursor);
	else
		p25_table_search_begin(&tables[1], AF_INET6, address, cursor);
}

/* Finish it: the deciding entry is of the longest prefix that has one. */
static struct p25_entry *find(const struct p25_view *view,
			      const struct p25_table tables[2],
			      const struct p25_prefix *address,
			      struct p25_table_cursor *cursor)
{
	struct decision decision = { .view = view };

	if (address->family == AF_INET)
		p25_table_search(&tables[0], AF_INET, address, cursor, consider,
				 &decision);
	else
		p25_table_search(&tables[1], AF_INET6, address, cursor, consider,
				 &decision);
	return decision.best;
}

static struct p25_entry *deciding(const struct p25_view *view,
				  const struct p25_table tables[2],
				  const struct p25_prefix *address)
{
	struct p25_table_cursor cursor;

	seek(tables, address, &cursor);
	return find(view, tables, address, &cursor);
}

static void decide_by(struct p25_judgement *judgement, struct p25_entry *entry)
{
	judgement->entry = entry;
	judgement->reason = entry ? entry->kind : P25_KIND_NONE;
}

/* Mail is blocked: carry out @action. What can't be read is not answered. */
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

static u8 action(const struct p25_view *view)
{
	return view->policy->settings[view->gen].action;
}

static void judge_mail(const struct p25_view *view, const struct p25_packet *packet,
		       struct p25_judgement *judgement)
{
	const struct p25_table *sources = view->policy->tables[0];
	const struct p25_table *relays = view->policy->tables[1];
	bool readable = !(packet->what & P25_PACKET_UNREADABLE);
	bool carried_on = packet->what & P25_PACKET_CARRIED_ON;
	struct p25_table_cursor cursor;

	/* Sources are many, and come from memory while relays are looked at. */
	seek(sources, &packet->src, &cursor);
	if (may_pass_to_relay(packet)) {
		decide_by(judgement, deciding(view, relays, &packet->dst));
		if (judgement->entry) {
			judgement->counted = true;
			return;
		}
	}
	decide_by(judgement, find(view, sources, &packet->src, &cursor));
	if (p25_kind_is_blocked(judgement->reason))
		block(judgement, action(view), readable && !carried_on);
	else
		judgement->counted = readable;
}

/*
 * The way back of mail. A server's answer to mail that a blocked source may not
 * send has no business here: somebody elsewhere sent that mail in the source's
 * name (triangular spamming).
 */
static void judge_inbound(const struct p25_view *view,
			  const struct p25_packet *packet,
			  struct p25_judgement *judgement)
{
	struct p25_entry *entry;

	entry = deciding(view, view->policy->tables[0], &packet->dst);
	if (!entry || !p25_kind_is_blocked(entry->kind) ||
	    deciding(view, view->policy->tables[1], &packet->src))
		return;
	judgement->inbound = true;
	decide_by(judgement, entry);
	block(judgement, action(view), false);
}

/**
 * p25_policy_judge - what does this packet get?
 * @view: the policy
 * @packet: mail, mail's way back, or what may be mail
 * @judgement: the answer
 *
 * Context: any, under rcu_read_lock(); changes nothing.
 */
void p25_policy_judge(const struct p25_view *view,
		      const struct p25_packet *packet,
		      struct p25_judgement *judgement)
{
	*judgement = (struct p25_judgement) { .verdict = P25_VERDICT_ACCEPT };
	if (packet->what & (P25_PACKET_TO_25 | P25_PACKET_UNREADABLE))
		judge_mail(view, packet, judgement);
	if ((packet->what & P25_PACKET_FROM_25) &&
	    judgement->verdict == P25_VERDICT_ACCEPT &&
	    !judgement->monitored && view->policy->settings[view->gen].inbound)
		judge_inbound(view, packet, judgement);
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
 * p25_policy_slots - what a walk through all entries looks at
 * @policy: the policy
 *
 * May be far more than there are entries, when most of them have gone.
 *
 * Context: process, under @policy->lock.
 */
u64 p25_policy_slots(const struct p25_policy *policy)
{
	u64 slots = 0;
	unsigned int i;

	lockdep_assert_held(&policy->lock);
	for (i = 0; i < P25_POLICY_TABLES; i++)
		slots += p25_slab_slots(&policy->tables[i / 2][i % 2].slab);
	return slots;
}

/**
 * p25_policy_memory - bytes of memory that the policy takes
 * @policy: the policy
 *
 * Context: process, under @policy->lock.
 */
size_t p25_policy_memory(const struct p25_policy *policy)
{
	size_t bytes = sizeof(*policy);
	unsigned int i;

	lockdep_assert_held(&policy->lock);
	for (i = 0; i < P25_POLICY_TABLES; i++)
		bytes += p25_table_memory(&policy->tables[i / 2][i % 2]);
	return bytes;
}
