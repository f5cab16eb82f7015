// SPDX-License-Identifier: GPL-2.0
/*
 * The verdict on a packet, by the policy.
 */
#include "judge.h"
#include "packet.h"

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
 * struct lookup - the lookup of the entry that decides on an address
 * @view: the policy
 * @best: the best entry so far
 */
struct lookup {
	const struct p25_view	*view;
	struct p25_entry	*best;
};

/* Visit an entry; end the search with the longest prefix that has a valid one. */
static bool keep_best(struct p25_entry *entry, void *arg)
{
	struct lookup *lookup = arg;

	if (p25_entry_is_valid(entry, lookup->view->gen, lookup->view->now) &&
	    (!lookup->best || rank(entry->kind) > rank(lookup->best->kind)))
		lookup->best = entry;
	return lookup->best;
}

static void lookup_begin(const struct p25_tables *tables,
			 const struct p25_prefix *address,
			 struct p25_table_cursor *cursor)
{
	if (address->family == AF_INET)
		p25_table_search_begin(&tables->ipv4, AF_INET, address, cursor);
	else
		p25_table_search_begin(&tables->ipv6, AF_INET6, address,
				       cursor);
}

static struct p25_entry *lookup_end(const struct p25_view *view,
				    const struct p25_tables *tables,
				    const struct p25_prefix *address,
				    struct p25_table_cursor *cursor)
{
	struct lookup lookup = { .view = view };

	if (address->family == AF_INET)
		p25_table_search(&tables->ipv4, AF_INET, address, cursor,
				 keep_best, &lookup);
	else
		p25_table_search(&tables->ipv6, AF_INET6, address, cursor,
				 keep_best, &lookup);
	return lookup.best;
}

/* The entry that decides on @address, or NULL. */
static struct p25_entry *lookup_entry(const struct p25_view *view,
				      const struct p25_tables *tables,
				      const struct p25_prefix *address)
{
	struct p25_table_cursor cursor __uninitialized;

	lookup_begin(tables, address, &cursor);
	return lookup_end(view, tables, address, &cursor);
}

static void set_deciding_entry(struct p25_judgement *judgement,
			       struct p25_entry *entry)
{
	judgement->entry = entry;
	judgement->reason = entry ? entry->kind : P25_KIND_NONE;
}

/* The verdict on blocked mail. Only if it is @rejectable, it may be answered. */
static void block_mail(struct p25_judgement *judgement, u8 action, bool rejectable)
{
	judgement->counted = true;
	if (action == P25_ACTION_MONITOR)
		judgement->monitored = true;
	else if (action == P25_ACTION_REJECT && rejectable)
		judgement->verdict = P25_VERDICT_REJECT;
	else
		judgement->verdict = P25_VERDICT_DROP;
}

/*
 * May it be mail to a relay? Not if it has hops left, can't be read or has no
 * destination.
 */
static bool may_be_to_relay(const struct p25_packet *packet)
{
	return packet->class == P25_PACKET_TO_25 ||
	       packet->class == (P25_PACKET_TO_25 | P25_PACKET_FROM_25);
}

static u8 action_of(const struct p25_view *view)
{
	return view->policy->settings[view->gen].action;
}

static void judge_mail(const struct p25_view *view,
		       const struct p25_packet *packet,
		       struct p25_judgement *judgement)
{
	const struct p25_policy *policy = view->policy;
	bool readable = !(packet->class & P25_PACKET_UNREADABLE);
	bool source_routed = packet->class & P25_PACKET_SOURCE_ROUTED;
	struct p25_table_cursor cursor __uninitialized;

	/* There are many sources: prefetch them while relays are searched. */
	lookup_begin(&policy->sources, &packet->src, &cursor);
	if (may_be_to_relay(packet)) {
		set_deciding_entry(judgement,
				   lookup_entry(view, &policy->destinations,
						&packet->dst));
		if (judgement->entry) {
			judgement->counted = true;
			return;
		}
	}
	set_deciding_entry(judgement, lookup_end(view, &policy->sources,
						 &packet->src, &cursor));
	if (p25_kind_is_blocked(judgement->reason))
		block_mail(judgement, action_of(view),
			   readable && !source_routed);
	else
		judgement->counted = readable;
}

/*
 * Mail's way back. A server's answer to mail that a blocked source may not send
 * belongs to mail that another host has sent in the source's name (triangular
 * spamming). Returns true if the answer to @dst is blocked.
 */
static bool judge_inbound(const struct p25_view *view,
			  const struct p25_packet *packet,
			  const struct p25_prefix *dst,
			  struct p25_judgement *judgement)
{
	struct p25_entry *entry;

	entry = lookup_entry(view, &view->policy->sources, dst);
	if (!entry || !p25_kind_is_blocked(entry->kind) ||
	    lookup_entry(view, &view->policy->destinations, &packet->src))
		return false;
	judgement->inbound = true;
	set_deciding_entry(judgement, entry);
	block_mail(judgement, action_of(view), false);
	return true;
}

/*
 * The same for the hops of a source route, which may lead to a blocked source after
 * the packet's destination, even if that is this router.
 */
static void judge_inbound_hops(const struct p25_view *view,
			       const struct p25_packet *packet,
			       struct p25_judgement *judgement)
{
	struct p25_prefix hop;
	unsigned int i;

	for (i = 0; i < packet->n_hops; i++) {
		p25_prefix_from_ipv4(&hop, packet->hops[i]);
		if (judge_inbound(view, packet, &hop, judgement))
			return;
	}
}

/**
 * p25_judge - the verdict on a packet
 * @view: the policy
 * @packet: mail, mail's way back, or what may be mail
 * @judgement: the result
 *
 * Context: any, under rcu_read_lock(); changes nothing.
 */
void p25_judge(const struct p25_view *view, const struct p25_packet *packet,
	       struct p25_judgement *judgement)
{
	*judgement = (struct p25_judgement) { .verdict = P25_VERDICT_ACCEPT };
	if (packet->class & (P25_PACKET_TO_25 | P25_PACKET_UNREADABLE))
		judge_mail(view, packet, judgement);
	if (!(packet->class & P25_PACKET_FROM_25) ||
	    judgement->verdict != P25_VERDICT_ACCEPT || judgement->monitored ||
	    !view->policy->settings[view->gen].inbound)
		return;
	if (!judge_inbound(view, packet, &packet->dst, judgement))
		judge_inbound_hops(view, packet, judgement);
}
