// SPDX-License-Identifier: GPL-2.0
/*
 * The way back to the sender of a packet, where there are VRFs.
 *
 * The kernel looks up the route of an answer in the VRF of the device that the packet was
 * to leave by: of its dst. The sender is where the packet has come from, which may be
 * another VRF, or none; there, his address may be someone else's. So if these differ, the
 * packet, which is going to be dropped, gets the route back to its sender as its dst, and
 * the kernel looks where that leads.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>

#include "route.h"

/* Does the packet leave by the VRF that it has come from? Nearly all do. */
static bool stays_in_vrf(const struct sk_buff *skb, int vrf)
{
	const struct dst_entry *dst = skb_dst(skb);

	return !dst || l3mdev_master_ifindex(dst->dev) == vrf;
}

static void flow_to_sender(const struct sk_buff *skb,
			   const struct nf_hook_state *state, int vrf,
			   struct flowi *flow)
{
	memset(flow, 0, sizeof(*flow));
	if (state->pf == NFPROTO_IPV4) {
		flow->u.ip4.daddr = ip_hdr(skb)->saddr;
		flow->u.ip4.flowi4_oif = vrf;
		flow->u.ip4.flowi4_mark = IP4_REPLY_MARK(state->net, skb->mark);
	} else {
		flow->u.ip6.daddr = ipv6_hdr(skb)->saddr;
		flow->u.ip6.flowi6_oif = vrf;
		flow->u.ip6.flowi6_mark = IP6_REPLY_MARK(state->net, skb->mark);
	}
}

/**
 * p25_route_to_sender - have an answer to a packet routed to where the packet is from
 * @skb: the packet, at NF_INET_FORWARD; the caller drops it after it has been answered
 * @state: of the hook that has it
 *
 * Context: softirq, under rcu_read_lock().
 * Return: false if there is no route back.
 */
bool p25_route_to_sender(struct sk_buff *skb, const struct nf_hook_state *state)
{
	int vrf = l3mdev_master_ifindex(state->in);
	struct dst_entry *dst = NULL;
	struct flowi flow;

	if (likely(stays_in_vrf(skb, vrf)))
		return true;
	flow_to_sender(skb, state, vrf, &flow);
	if (nf_route(state->net, &dst, &flow, false, state->pf))
		return false;
	skb_dst_drop(skb);
	skb_dst_set(skb, dst);
	return true;
}
