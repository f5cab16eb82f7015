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
 * @search: of the table that it is looked up in
 * @view: the policy
 * @best: state (see slot.h) of the best entry so far; 0: none
 */
struct lookup {
	struct p25_table_search	search;
	const struct p25_view	*view;
	u32			best;
};

/* An entry's own cache line is read only if there is more to know; see slot.h. */
static __always_inline bool is_valid(const struct lookup *lookup, u32 state)
{
	const struct p25_view *view = lookup->view;

	if (!p25_state_is_in_gen(state, view->gen))
		return false;
	if (likely(!p25_state_has_more(state) && view->now < view->soon))
		return true;
	return p25_entry_is_valid(p25_table_entry(lookup->search.table,
						  p25_state_number(state)),
				  view->gen, view->now);
}

/* An entry's action: its own, or that which is set. */
static u8 action_of(const struct p25_view *view, const struct p25_table *table,
		    u32 state)
{
	u8 own = p25_entry_action(p25_table_entry(table, p25_state_number(state)),
				  view->gen);

	return own ? own - 1 : view->policy->settings[view->gen].action;
}

/*
 * Of several entries of a kind on one prefix, which are of different owners, the one with
 * the strictest action decides. Few have an action of their own.
 */
static bool is_stricter(const struct lookup *lookup, u32 state)
{
	static const u8 strictness[__P25_ACTION_MAX] = {
		[P25_ACTION_MONITOR]	= 0,
		[P25_ACTION_REJECT]	= 1,
		[P25_ACTION_PROHIBIT]	= 2,
		[P25_ACTION_DROP]	= 3,
	};
	const struct p25_table *table = lookup->search.table;

	return strictness[action_of(lookup->view, table, state)] >
	       strictness[action_of(lookup->view, table, lookup->best)];
}

/* Of two entries on one prefix, which few have: does this one decide? */
static noinline bool is_better(const struct lookup *lookup, u32 state)
{
	unsigned int best = rank(p25_state_kind(lookup->best));
	unsigned int own = rank(p25_state_kind(state));

	if (own != best)
		return own > best;
	return p25_state_has_more(state | lookup->best) &&
	       is_stricter(lookup, state);
}

/* Visit an entry; the search ends with the longest prefix that has a valid one. */
static __always_inline bool keep_best(struct lookup *lookup, u8 family, u32 state)
{
	if (p25_table_has_prefix(&lookup->search, family, state) &&
	    is_valid(lookup, state) &&
	    (likely(!lookup->best) || is_better(lookup, state))) {
		lookup->best = state;
		lookup->search.found = true;
	}
	return false;
}

static __always_inline bool keep_best_ipv4(u32 state, void *arg)
{
	return keep_best(arg, AF_INET, state);
}

static __always_inline bool keep_best_ipv6(u32 state, void *arg)
{
	return keep_best(arg, AF_INET6, state);
}

static noinline void search_index_ipv4(const struct p25_index *index, u64 hash,
				       void *arg)
{
	p25_index_search(index, false, hash, keep_best_ipv4, arg);
}

static noinline void search_index_ipv6(const struct p25_index *index, u64 hash,
				       void *arg)
{
	p25_index_search(index, true, hash, keep_best_ipv6, arg);
}

/**
 * struct found - what a lookup has found
 * @state: state (see slot.h) of the entry that decides; 0: there is none
 * @len: length of its prefix
 *
 * As large as a register.
 */
struct found {
	u32	state;
	u32	len;
};

/* @family and the functions are constants. */
static __always_inline struct found
lookup_in(const struct p25_view *view, const struct p25_table *table, u8 family,
	  const struct p25_prefix *address, bool (*visit)(u32 state, void *arg),
	  void (*search_index)(const struct p25_index *index, u64 hash, void *arg))
{
	struct lookup lookup = {
		.search = { .table = table, .address = address },
		.view = view,
	};

	p25_table_search(&lookup.search, family, visit, search_index, &lookup);
	return (struct found) { .state = lookup.best, .len = lookup.search.len };
}

/* For each family one function, which all lookups share: they stay in the CPU's cache. */
static noinline struct found lookup_ipv4(const struct p25_view *view,
					 const struct p25_tables *tables,
					 const struct p25_prefix *address)
{
	return lookup_in(view, &tables->ipv4, AF_INET, address, keep_best_ipv4,
			 search_index_ipv4);
}

static noinline struct found lookup_ipv6(const struct p25_view *view,
					 const struct p25_tables *tables,
					 const struct p25_prefix *address)
{
	return lookup_in(view, &tables->ipv6, AF_INET6, address, keep_best_ipv6,
			 search_index_ipv6);
}

/* The entry that decides on @address. */
static struct found lookup_entry(const struct p25_view *view,
				 const struct p25_tables *tables,
				 const struct p25_prefix *address)
{
	return address->family == AF_INET ? lookup_ipv4(view, tables, address) :
					    lookup_ipv6(view, tables, address);
}

/* There are few relays, but many sources: a packet's is on its way meanwhile. */
static void prefetch_source(const struct p25_tables *sources,
			    const struct p25_prefix *src)
{
	if (src->family == AF_INET)
		p25_table_prefetch_first(&sources->ipv4, AF_INET, src);
	else
		p25_table_prefetch_first(&sources->ipv6, AF_INET6, src);
}

/* Note what has been found, if anything, in table number @nth. */
static void set_deciding_entry(struct p25_judgement *judgement,
			       unsigned int nth, struct found found)
{
	judgement->reason = p25_state_kind(found.state);
	judgement->len = found.len;
	judgement->entry = p25_policy_id(nth, p25_state_number(found.state));
}

static unsigned int nth_of_sources(u8 family)
{
	return family == AF_INET ? P25_TABLE_SOURCES_IPV4 : P25_TABLE_SOURCES_IPV6;
}

static unsigned int nth_of_destinations(u8 family)
{
	return family == AF_INET ? P25_TABLE_DESTINATIONS_IPV4 :
				   P25_TABLE_DESTINATIONS_IPV6;
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

/* The action by a source entry that has more to it than its slot says. Few have. */
static noinline u8 action_of_entry(const struct p25_view *view, u8 family, u32 state)
{
	const struct p25_tables *sources = &view->policy->sources;

	smp_rmb();	/* its expiry; pairs with p25_policy_set_expires() */
	return action_of(view, family == AF_INET ? &sources->ipv4 :
						   &sources->ipv6, state);
}

/*
 * The verdict on mail that the source entry in @state blocks. Only if it is @rejectable,
 * it may be answered. Out of line, for the sake of mail that is not blocked.
 */
static noinline void block_mail(struct p25_judgement *judgement,
				const struct p25_view *view, u8 family, u32 state,
				bool rejectable)
{
	u8 action = view->policy->settings[view->gen].action;

	if (unlikely(p25_state_has_more(state)))
		action = action_of_entry(view, family, state);
	judgement->counted = true;
	if (action == P25_ACTION_MONITOR)
		judgement->monitored = true;
	else
		judgement->verdict = p25_verdict_of(action, rejectable);
}

static void judge_mail(const struct p25_view *view,
		       const struct p25_packet *packet,
		       struct p25_judgement *judgement)
{
	const struct p25_policy *policy = view->policy;
	bool readable = !(packet->class & P25_PACKET_UNREADABLE);
	bool source_routed = packet->class & P25_PACKET_SOURCE_ROUTED;
	u8 family = packet->src.family;
	struct found relay;
	struct found found;

	if (may_be_to_relay(packet)) {
		prefetch_source(&policy->sources, &packet->src);
		relay = lookup_entry(view, &policy->destinations, &packet->dst);
		if (relay.state) {
			set_deciding_entry(judgement,
					   nth_of_destinations(family), relay);
			judgement->counted = true;
			return;
		}
	}
	found = lookup_entry(view, &policy->sources, &packet->src);
	set_deciding_entry(judgement, nth_of_sources(family), found);
	if (p25_kind_is_blocked(judgement->reason))
		block_mail(judgement, view, family, found.state,
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
	struct found found = lookup_entry(view, &view->policy->sources, dst);

	if (!p25_kind_is_blocked(p25_state_kind(found.state)) ||
	    lookup_entry(view, &view->policy->destinations, &packet->src).state)
		return false;
	judgement->inbound = true;
	set_deciding_entry(judgement, nth_of_sources(dst->family), found);
	block_mail(judgement, view, dst->family, found.state, false);
	return true;
}

/*
 * The same for the hops of a source route, which may lead to a blocked source after
 * the packet's destination, even if that is this router.
 */
static noinline void judge_inbound_hops(const struct p25_view *view,
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
