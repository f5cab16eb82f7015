// SPDX-License-Identifier: GPL-2.0
/*
 * Reading packets, the slow path: what comes here is mail or an answer to it, or the
 * fast path in packet.h could not tell.
 *
 * All the ports of a TCP segment that is sent in fragments are in its first
 * fragment; without it the others are worth nothing, so they pass. A first
 * fragment that hides the ports, though, must not.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/string.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "packet.h"

/*
 * Nothing else of TCP than the ports has to be there: a fragment may be shorter than a
 * TCP header.
 */
static unsigned int classify_ports(struct p25_packet *packet,
				   const struct sk_buff *skb, unsigned int offset)
{
	const __be16 *ports;
	__be16 buffer[2];

	packet->tcp = offset;
	ports = skb_header_pointer(skb, offset, sizeof(buffer), buffer);
	return ports ? p25_class_of_ports(ports) : P25_PACKET_TCP_SHORT;
}

/*
 * IPsec's authentication header (RFC 4302) hides nothing: TCP can be behind it.
 * There may be several, and any may be cut off. It begins like an IPv6 extension
 * header in both families.
 */
static unsigned int classify_behind_ah(struct p25_packet *packet,
				       const struct sk_buff *skb,
				       unsigned int offset)
{
	const struct ipv6_opt_hdr *ah;
	struct ipv6_opt_hdr buffer;
	u8 protocol = IPPROTO_AH;

	while (protocol == IPPROTO_AH) {
		ah = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
		if (!ah)
			return P25_PACKET_TCP_SHORT;
		protocol = ah->nexthdr;
		offset += ipv6_authlen(ah);
	}
	return protocol == IPPROTO_TCP ? classify_ports(packet, skb, offset) : 0;
}

static unsigned int classify_ipv4(struct p25_packet *packet, const struct sk_buff *skb)
{
	unsigned int offset = skb_network_offset(skb) + ip_hdrlen(skb);
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->frag_off & htons(IP_OFFSET))
		return P25_PACKET_LATER_FRAGMENT;
	return iph->protocol == IPPROTO_AH ? classify_behind_ah(packet, skb, offset) :
					     classify_ports(packet, skb, offset);
}

/*
 * Reads the hops that a source route (RFC 791, 3.1) has left. It has some while
 * its pointer is not beyond its length. Returns false if it has none.
 */
static bool read_source_route(struct p25_packet *packet, const u8 *option,
			      u8 len)
{
	if (len >= 3 && option[2] > len)
		return false;
	if (len >= 3 && option[2] >= 4) {
		packet->n_hops = (len + 1 - option[2]) / sizeof(__be32);
		memcpy(packet->hops, option + option[2] - 1,
		       packet->n_hops * sizeof(__be32));
	}
	return true;
}

/*
 * Is there a source route with hops left? Options that can't be read are taken
 * for one, without any. The IP stack has checked most of this, but packets that
 * cross a bridge have not passed it.
 */
static bool read_options(struct p25_packet *packet, const struct sk_buff *skb)
{
	unsigned int end = ip_hdrlen(skb) - sizeof(struct iphdr);
	u8 buffer[MAX_IPOPTLEN] __uninitialized;
	const u8 *options;
	unsigned int i;
	u8 len;

	options = skb_header_pointer(skb,
				     skb_network_offset(skb) +
				     sizeof(struct iphdr), end, buffer);
	if (!options)
		return true;
	for (i = 0; i < end && options[i] != IPOPT_END; i += len) {
		len = 1;
		if (options[i] == IPOPT_NOOP)
			continue;
		if (i + 1 >= end)
			return true;
		len = options[i + 1];
		if (len < 2 || len > end - i)
			return true;
		if ((options[i] == IPOPT_LSRR || options[i] == IPOPT_SSRR) &&
		    read_source_route(packet, options + i, len))
			return true;
	}
	return false;
}

/**
 * p25_packet_read_any_ipv4 - read an IPv4 packet that may be of any form
 * @packet: the result
 * @skb: the packet, for which p25_packet_is_not_mail_ipv4() is false: it is TCP
 *	or has an authentication header
 *
 * A host may answer by the reverse of the source route that it was called by
 * (RFC 1122, 3.2.1.8), and so send answers to where the caller likes: that is
 * why hops are read. In IPv6 no host does so unasked (RFC 8200, 8.4).
 *
 * Context: any; changes nothing else.
 */
void p25_packet_read_any_ipv4(struct p25_packet *packet, const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	packet->tcp = 0;
	packet->class = classify_ipv4(packet, skb);
	packet->n_hops = 0;
	p25_prefix_from_ipv4(&packet->src, iph->saddr);
	p25_prefix_from_ipv4(&packet->dst, iph->daddr);
	if (packet->class & (P25_PACKET_TO_25 | P25_PACKET_FROM_25) &&
	    iph->ihl > 5 && read_options(packet, skb))
		packet->class |= P25_PACKET_SOURCE_ROUTED;
}

/* Has it a routing header with segments left (RFC 8200, 4.4)? */
static bool has_routing_header(const struct sk_buff *skb)
{
	int flags = IP6_FH_F_SKIP_RH;
	unsigned int offset = 0;

	return ipv6_find_hdr(skb, &offset, NEXTHDR_ROUTING, NULL, &flags) ==
	       NEXTHDR_ROUTING;
}

static unsigned int classify_ipv6_chain(struct p25_packet *packet,
					const struct sk_buff *skb)
{
	unsigned short fragment_offset = 0;
	unsigned int offset = 0;
	unsigned int class;
	int protocol;

	protocol = ipv6_find_hdr(skb, &offset, -1, &fragment_offset, NULL);
	/* A later fragment, whose fragment header names an extension header */
	if (protocol == -ENOENT)
		return P25_PACKET_LATER_FRAGMENT;
	/* The first fragment must have the whole chain (RFC 7112, 5) */
	if (protocol < 0)
		return P25_PACKET_IPV6_CHAIN;
	if (protocol != IPPROTO_TCP)
		return 0;
	if (fragment_offset)
		return P25_PACKET_LATER_FRAGMENT;
	class = classify_ports(packet, skb, offset);
	if (class & (P25_PACKET_TO_25 | P25_PACKET_FROM_25) &&
	    has_routing_header(skb))
		class |= P25_PACKET_SOURCE_ROUTED;
	return class;
}

static unsigned int classify_ipv6(struct p25_packet *packet, const struct sk_buff *skb)
{
	if (ipv6_hdr(skb)->nexthdr == IPPROTO_TCP)
		return classify_ports(packet, skb, skb_network_offset(skb) +
						   sizeof(struct ipv6hdr));
	return classify_ipv6_chain(packet, skb);
}

/**
 * p25_packet_read_ipv6 - read an IPv6 packet
 * @packet: the result
 * @skb: the packet, for which p25_packet_is_not_mail_ipv6() is false: it is TCP
 *	or has an extension header
 *
 * Context: any; changes nothing else.
 */
void p25_packet_read_ipv6(struct p25_packet *packet, const struct sk_buff *skb)
{
	packet->tcp = 0;
	packet->class = classify_ipv6(packet, skb);
	packet->n_hops = 0;
	p25_prefix_from_ipv6(&packet->src, &ipv6_hdr(skb)->saddr);
	p25_prefix_from_ipv6(&packet->dst, &ipv6_hdr(skb)->daddr);
}
