/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading packets: what p25 has to know of them.
 */
#ifndef _P25_PACKET_H
#define _P25_PACKET_H

#include <linux/bits.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <linux/types.h>
#include <net/ip.h>

#include "prefix.h"

/* The port of mail between servers (RFC 5321, 4.5.4.2). */
#define P25_PORT	25

/* No source route has room for more hops: IPv4 has 40 bytes for options. */
#define P25_PACKET_HOPS	10

/* Classes of a packet; 0: it is neither mail nor an answer to mail. */
#define P25_PACKET_TO_25		BIT(0)	/* TCP to port 25 */
#define P25_PACKET_FROM_25		BIT(1)	/* TCP from port 25 */
#define P25_PACKET_SOURCE_ROUTED	BIT(2)	/* has hops left behind its dst */
#define P25_PACKET_TCP_SHORT		BIT(3)	/* TCP without its ports */
#define P25_PACKET_IPV6_CHAIN		BIT(4)	/* header chain incomplete */
#define P25_PACKET_LATER_FRAGMENT	BIT(5)	/* not the first fragment */
#define P25_PACKET_NO_DST		BIT(6)	/* P25_CMD_CHECK without one */

/* It can't be read, and may be mail. */
#define P25_PACKET_UNREADABLE	(P25_PACKET_TCP_SHORT | P25_PACKET_IPV6_CHAIN)

/**
 * struct p25_packet - a packet as the policy sees it
 * @class: P25_PACKET_* flags
 * @n_hops: addresses in @hops
 * @tcp: where its TCP header begins, behind skb->data; 0: not known
 * @src: source address, full length
 * @dst: destination address, full length
 * @hops: where an IPv4 source route leads to from @dst
 */
struct p25_packet {
	unsigned int		class;
	unsigned int		n_hops;
	unsigned int		tcp;
	struct p25_prefix	src;
	struct p25_prefix	dst;
	__be32			hops[P25_PACKET_HOPS];
};

/* Ports are the first four bytes of TCP (RFC 9293, 3.1). */
static inline unsigned int p25_class_of_ports(const __be16 *ports)
{
	return (ports[0] == htons(P25_PORT) ? P25_PACKET_FROM_25 : 0) |
	       (ports[1] == htons(P25_PORT) ? P25_PACKET_TO_25 : 0);
}

static inline bool p25_ports_are_not_25(const __be16 *ports,
					const struct sk_buff *skb)
{
	return (const u8 *)(ports + 2) <= skb_tail_pointer(skb) &&
	       ports[0] != htons(P25_PORT) && ports[1] != htons(P25_PORT);
}

/**
 * p25_packet_is_not_mail_ipv4 - the fast path: is its class surely 0?
 * @skb: the packet; its IPv4 header is linear and has been checked
 *
 * All that the router forwards pays for this, so it is a dozen instructions in
 * the hook itself.
 *
 * Context: any; changes nothing.
 * Return: true: it is; false: not known, p25_packet_read_ipv4() finds out.
 */
static __always_inline bool p25_packet_is_not_mail_ipv4(const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);

	if (iph->protocol != IPPROTO_TCP)
		return iph->protocol != IPPROTO_AH;
	return !(iph->frag_off & htons(IP_OFFSET)) &&
	       p25_ports_are_not_25((const void *)iph + iph->ihl * 4, skb);
}

/**
 * p25_packet_is_not_mail_ipv6 - the same for IPv6
 * @skb: the packet; its IPv6 header is linear and has been checked
 *
 * Sees through one header of options (RFC 8200, 4.3 and 4.6).
 *
 * Context: any; changes nothing.
 * Return: true: it is; false: not known, p25_packet_read_ipv6() finds out.
 */
static __always_inline bool p25_packet_is_not_mail_ipv6(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const u8 *tail = skb_tail_pointer(skb);
	const u8 *at = (const u8 *)(ip6h + 1);
	u8 next = ip6h->nexthdr;

	if ((next == NEXTHDR_HOP || next == NEXTHDR_DEST) && at + 8 <= tail) {
		next = at[0];
		at += (at[1] + 1) * 8;
	}
	if (next == IPPROTO_TCP)
		return p25_ports_are_not_25((const __be16 *)at, skb);
	return at <= tail && (next == IPPROTO_UDP || !ipv6_ext_hdr(next));
}

void p25_packet_read_any_ipv4(struct p25_packet *packet, const struct sk_buff *skb);

/**
 * p25_packet_read_ipv4 - read an IPv4 packet
 * @packet: the result
 * @skb: the packet, for which p25_packet_is_not_mail_ipv4() is false: it is TCP
 *	or has an authentication header
 *
 * Nearly all mail is TCP in one piece, without options.
 *
 * Context: any; changes nothing else.
 */
static __always_inline void p25_packet_read_ipv4(struct p25_packet *packet,
						 const struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const __be16 *ports = (const void *)(iph + 1);

	if (unlikely(iph->protocol != IPPROTO_TCP || iph->ihl != 5 ||
		     iph->frag_off & htons(IP_OFFSET) ||
		     (const u8 *)(ports + 2) > skb_tail_pointer(skb))) {
		p25_packet_read_any_ipv4(packet, skb);
		return;
	}
	packet->class = p25_class_of_ports(ports);
	packet->n_hops = 0;
	packet->tcp = (const u8 *)ports - skb->data;
	p25_prefix_from_ipv4(&packet->src, iph->saddr);
	p25_prefix_from_ipv4(&packet->dst, iph->daddr);
}

void p25_packet_read_ipv6(struct p25_packet *packet, const struct sk_buff *skb);

/* Bytes of a TCP header up to its flags (RFC 9293, 3.1). */
#define P25_TCP_BYTES	14

/**
 * p25_packet_tcp - the beginning of its TCP header
 * @packet: what has been read of it
 * @skb: the packet
 * @buffer: for it, if it is not in one piece
 *
 * Context: any; changes nothing else.
 * Return: P25_TCP_BYTES, or NULL: they are not there.
 */
static inline const u8 *p25_packet_tcp(const struct p25_packet *packet,
				       const struct sk_buff *skb,
				       u8 buffer[P25_TCP_BYTES])
{
	if (!packet->tcp)
		return NULL;
	return skb_header_pointer(skb, packet->tcp, P25_TCP_BYTES, buffer);
}

/* Does it begin a connection: SYN without ACK? */
static inline bool p25_tcp_is_attempt(const u8 *tcp)
{
	return (tcp[13] & 0x12) == 0x02;
}

static inline __be16 p25_tcp_sport(const u8 *tcp)
{
	__be16 port;

	memcpy(&port, tcp, sizeof(port));
	return port;
}

#endif /* _P25_PACKET_H */
