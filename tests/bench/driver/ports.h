/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finding a TCP packet's ports, as every filter of ports has to.
 */
#ifndef _P25_BENCH_PORTS_H
#define _P25_BENCH_PORTS_H

#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>

/* What a function below returns is in the packet, or in this. */
struct bench_ports {
	__be16	source;
	__be16	dest;
};

static inline const struct bench_ports *
bench_ports_ipv4(const struct sk_buff *skb, struct bench_ports *buffer)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol != IPPROTO_TCP || ip_is_fragment(iph))
		return NULL;
	return skb_header_pointer(skb, skb_network_offset(skb) + iph->ihl * 4,
				  sizeof(*buffer), buffer);
}

static inline const struct bench_ports *
bench_ports_ipv6(const struct sk_buff *skb, struct bench_ports *buffer)
{
	int offset = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	u8 protocol = ipv6_hdr(skb)->nexthdr;
	__be16 fragment;

	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		offset = ipv6_skip_exthdr(skb, offset, &protocol, &fragment);
	if (protocol != IPPROTO_TCP || offset < 0)
		return NULL;
	return skb_header_pointer(skb, offset, sizeof(*buffer), buffer);
}

#endif /* _P25_BENCH_PORTS_H */
