// SPDX-License-Identifier: GPL-2.0
/*
 * Reading packets: is it TCP to or from port 25, and can that be known?
 *
 * All the ports of a TCP segment that is sent in fragments are in its first
 * fragment; without it the others are worth nothing, so they pass. A first
 * fragment that hides the ports, though, must not.
 *
 * The hook has looked at each packet before, see packet.h: what comes here is mail,
 * or one look did not show that it isn't.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netfilter.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "packet.h"

/*
 * Ports are the first four bytes of TCP (RFC 9293, 3.1). Nothing else of it has
 * to be there: a fragment may be shorter than a TCP header.
 */
static unsigned int read_ports(const struct sk_buff *skb, unsigned int offset)
{
	const __be16 *ports;
	unsigned int what = 0;
	__be16 buffer[2];

	ports = skb_header_pointer(skb, offset, sizeof(buffer), buffer);
	if (unlikely(!ports))
		return P25_PACKET_TCP_SHORT;
	if (unlikely(ports[1] == htons(P25_PORT)))
		what |= P25_PACKET_TO_25;
	if (unlikely(ports[0] == htons(P25_PORT)))
		what |= P25_PACKET_FROM_25;
	return what;
}

/*
 * Does this source route (RFC 791, 3.1) name another hop? It does while its
 * pointer is not beyond its length.
 */
static bool names_another_hop(const u8 *option, u8 len)
{
	return len < 3 || option[2] <= len;
}

/* Reads the hops that such a source route has left; returns how many. */
static unsigned int read_hops(const u8 *option, u8 len, __be32 *hops)
{
	unsigned int count;

	if (len < 3 || option[2] < 4)
		return 0;
	count = (len + 1 - option[2]) / sizeof(*hops);
	memcpy(hops, option + option[2] - 1, count * sizeof(*hops));
	return count;
}

/*
 * Will a source route carry the packet on from its destination, and by how many
 * hops? Options that can't be read are taken for one, without any. The IP stack
 * has checked most of this, but packets that cross a bridge have not seen it.
 */
static bool find_source_route(const struct sk_buff *skb, __be32 *hops,
			      unsigned int *count)
{
	unsigned int end = ip_hdrlen(skb) - sizeof(struct iphdr);
	u8 buffer[MAX_IPOPTLEN];
	const u8 *options;
	unsigned int i;
	u8 len;

	*count = 0;
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
		    names_another_hop(options + i, len)) {
			*count = read_hops(options + i, len, hops);
			return true;
		}
	}
	return false;
}

/* Kept apart, so that packets without options don't pay for its stack. */
static noinline bool ipv4_is_carried_on(const struct sk_buff *skb)
{
	__be32 hops[P25_PACKET_HOPS];
	unsigned int count;

	return find_source_route(skb, hops, &count);
}

/*
 * IPsec's authentication header (RFC 4302) hides nothing: TCP can be behind it.
 * There may be several, and any may be cut off. It begins like an IPv6 extension
 * header in both families.
 */
static noinline unsigned int read_behind_ah(const struct sk_buff *skb,
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
	return protocol == IPPROTO_TCP ? read_ports(skb, offset) : 0;
}

/**
 * p25_packet_what_ipv4 - what is this IPv4 packet?
 * @skb: the packet; its IPv4 header is linear and has been checked
 *
 * Context: any; changes nothing.
 * Return: P25_PACKET_* flags, 0: it is nothing that p25 has to do with.
 */
unsigned int p25_packet_what_ipv4(const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int offset;
	unsigned int what;

	if (iph->protocol != IPPROTO_TCP && likely(iph->protocol != IPPROTO_AH))
		return 0;
	if (unlikely(iph->frag_off & htons(IP_OFFSET)))
		return P25_PACKET_LATER_FRAGMENT;
	offset = skb_network_offset(skb) + ip_hdrlen(skb);
	if (likely(iph->protocol == IPPROTO_TCP))
		what = read_ports(skb, offset);
	else
		what = read_behind_ah(skb, offset);
	if (unlikely(what & P25_PACKET_TO_25) && iph->ihl > 5 &&
	    ipv4_is_carried_on(skb))
		what |= P25_PACKET_CARRIED_ON;
	return what;
}

/* Has it a routing header with segments left (RFC 8200, 4.4)? */
static bool ipv6_is_carried_on(const struct sk_buff *skb)
{
	int flags = IP6_FH_F_SKIP_RH;
	unsigned int offset = 0;

	return ipv6_find_hdr(skb, &offset, NEXTHDR_ROUTING, NULL, &flags) ==
	       NEXTHDR_ROUTING;
}

static unsigned int read_ipv6_chain(const struct sk_buff *skb)
{
	unsigned short fragment_offset = 0;
	unsigned int offset = 0;
	unsigned int what;
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
	what = read_ports(skb, offset);
	if ((what & P25_PACKET_TO_25) && ipv6_is_carried_on(skb))
		what |= P25_PACKET_CARRIED_ON;
	return what;
}

/**
 * p25_packet_what_ipv6 - what is this IPv6 packet?
 * @skb: the packet; its IPv6 header is linear and has been checked
 *
 * Context: any; changes nothing.
 * Return: P25_PACKET_* flags, 0: it is nothing that p25 has to do with.
 */
unsigned int p25_packet_what_ipv6(const struct sk_buff *skb)
{
	u8 next = ipv6_hdr(skb)->nexthdr;

	if (likely(next == IPPROTO_TCP))
		return read_ports(skb, skb_network_offset(skb) +
				       sizeof(struct ipv6hdr));
	if (likely(!ipv6_ext_hdr(next)))
		return 0;
	return read_ipv6_chain(skb);
}

/**
 * p25_packet_read - take down what the policy judges
 * @packet: the result
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @what: what p25_packet_what_ipv4() or _ipv6() says that it is
 *
 * Context: any; changes nothing.
 */
void p25_packet_read(struct p25_packet *packet, const struct sk_buff *skb,
		     u8 family, unsigned int what)
{
	packet->what = what;
	if (family == NFPROTO_IPV4) {
		p25_prefix_from_ipv4(&packet->src, ip_hdr(skb)->saddr);
		p25_prefix_from_ipv4(&packet->dst, ip_hdr(skb)->daddr);
	} else {
		p25_prefix_from_ipv6(&packet->src, &ipv6_hdr(skb)->saddr);
		p25_prefix_from_ipv6(&packet->dst, &ipv6_hdr(skb)->daddr);
	}
}

/**
 * p25_packet_hops - where does a source route lead to?
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @hops: the hops that it has left behind the packet's destination
 *
 * Only IPv4: there a host may answer by the reverse of the source route that it
 * was called by (RFC 1122, 3.2.1.8), and so send answers to where the caller
 * likes. In IPv6 no host does so unasked (RFC 8200, 8.4).
 *
 * Context: any; changes nothing.
 * Return: number of hops, mostly 0.
 */
unsigned int p25_packet_hops(const struct sk_buff *skb, u8 family,
			     __be32 hops[P25_PACKET_HOPS])
{
	unsigned int count = 0;

	if (family == NFPROTO_IPV4 && ip_hdr(skb)->ihl > 5)
		find_source_route(skb, hops, &count);
	return count;
}
