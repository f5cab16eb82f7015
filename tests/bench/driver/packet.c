// SPDX-License-Identifier: GPL-2.0
/*
 * Making packets from lines such as
 *
 *	tcp 10.1.2.3 192.0.2.25 40000 25
 *	udp 2001:db8::1 2001:db8:25::1 40000 53 options
 *
 * "options" puts a destination options header before TCP or UDP.
 */
#include <linux/if_ether.h>
#include <linux/inet.h>
#include <linux/mm.h>
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "bench.h"

#define MAX_PACKETS	(1024 * 1024)

/* What a line says. */
struct description {
	u8		pf;
	u8		protocol;
	bool		options;
	struct in6_addr	src;	/* an IPv4 address is its first four bytes */
	struct in6_addr	dst;
	u16		sport;
	u16		dport;
};

/* Eight bytes of options that say nothing (RFC 8200, 4.2: PadN). */
static const u8 padding[] = { 0, 0, 1, 4, 0, 0, 0, 0 };

static int parse_address(const char *word, u8 pf, struct in6_addr *address)
{
	int ok;

	if (!word)
		return -EINVAL;
	if (pf == NFPROTO_IPV4)
		ok = in4_pton(word, -1, address->s6_addr, -1, NULL);
	else
		ok = in6_pton(word, -1, address->s6_addr, -1, NULL);
	return ok ? 0 : -EINVAL;
}

static int parse_port(const char *word, u16 *port)
{
	return word ? kstrtou16(word, 10, port) : -EINVAL;
}

static int parse(char *line, struct description *what)
{
	const char *protocol = strsep(&line, " ");
	const char *src = strsep(&line, " ");
	const char *dst = strsep(&line, " ");
	const char *sport = strsep(&line, " ");
	const char *dport = strsep(&line, " ");

	if (!dport)
		return -EINVAL;
	if (strcmp(protocol, "tcp") && strcmp(protocol, "udp"))
		return -EINVAL;
	what->protocol = *protocol == 't' ? IPPROTO_TCP : IPPROTO_UDP;
	what->pf = strchr(src, ':') ? NFPROTO_IPV6 : NFPROTO_IPV4;
	what->options = line && !strcmp(line, "options");
	if (line && (!what->options || what->pf != NFPROTO_IPV6))
		return -EINVAL;
	if (parse_address(src, what->pf, &what->src) ||
	    parse_address(dst, what->pf, &what->dst) ||
	    parse_port(sport, &what->sport) || parse_port(dport, &what->dport))
		return -EINVAL;
	return 0;
}

static unsigned int transport_len(const struct description *what)
{
	return what->protocol == IPPROTO_TCP ? sizeof(struct tcphdr) :
					       sizeof(struct udphdr);
}

static void put_ipv4(struct sk_buff *skb, const struct description *what)
{
	struct iphdr *iph = skb_put_zero(skb, sizeof(*iph));

	skb->protocol = htons(ETH_P_IP);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tot_len = htons(sizeof(*iph) + transport_len(what));
	iph->ttl = 64;
	iph->protocol = what->protocol;
	memcpy(&iph->saddr, &what->src, sizeof(iph->saddr));
	memcpy(&iph->daddr, &what->dst, sizeof(iph->daddr));
	ip_send_check(iph);
}

static void put_ipv6(struct sk_buff *skb, const struct description *what)
{
	unsigned int options = what->options ? sizeof(padding) : 0;
	struct ipv6hdr *iph = skb_put_zero(skb, sizeof(*iph));
	u8 *first;

	skb->protocol = htons(ETH_P_IPV6);
	iph->version = 6;
	iph->payload_len = htons(options + transport_len(what));
	iph->hop_limit = 64;
	iph->nexthdr = options ? NEXTHDR_DEST : what->protocol;
	iph->saddr = what->src;
	iph->daddr = what->dst;
	if (options) {
		first = skb_put_data(skb, padding, sizeof(padding));
		*first = what->protocol;
	}
}

static void put_transport(struct sk_buff *skb, const struct description *what)
{
	struct tcphdr *tcp;
	struct udphdr *udp;

	skb_set_transport_header(skb, skb->len);
	if (what->protocol == IPPROTO_TCP) {
		tcp = skb_put_zero(skb, sizeof(*tcp));
		tcp->source = htons(what->sport);
		tcp->dest = htons(what->dport);
		tcp->doff = sizeof(*tcp) / 4;
		tcp->ack = 1;
	} else {
		udp = skb_put_zero(skb, sizeof(*udp));
		udp->source = htons(what->sport);
		udp->dest = htons(what->dport);
		udp->len = htons(sizeof(*udp));
	}
}

static struct sk_buff *build(const struct description *what)
{
	/* The same bytes share a cache line as with a driver of Ethernet. */
	const unsigned int headroom = NET_SKB_PAD + NET_IP_ALIGN + ETH_HLEN;
	struct sk_buff *skb = alloc_skb(headroom + 128, GFP_KERNEL);

	if (!skb)
		return NULL;
	skb_reserve(skb, headroom);
	skb_reset_network_header(skb);
	if (what->pf == NFPROTO_IPV4)
		put_ipv4(skb, what);
	else
		put_ipv6(skb, what);
	put_transport(skb, what);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return skb_get(skb);
}

/**
 * bench_packets_add - make a packet
 * @packets: where it is added
 * @line: its description; changed
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int bench_packets_add(struct bench_packets *packets, char *line)
{
	struct description what = {};
	struct sk_buff *skb;
	int err;

	if (packets->n == MAX_PACKETS)
		return -ENOSPC;
	if (!packets->packet)
		packets->packet = kvmalloc_array(MAX_PACKETS,
						 sizeof(*packets->packet),
						 GFP_KERNEL);
	if (!packets->packet)
		return -ENOMEM;
	err = parse(line, &what);
	if (err)
		return err;
	skb = build(&what);
	if (!skb)
		return -ENOMEM;
	packets->packet[packets->n++] = (struct bench_packet) { skb, what.pf };
	return 0;
}

/**
 * bench_packets_clear - free all packets
 * @packets: the packets
 *
 * Context: process; may sleep.
 */
void bench_packets_clear(struct bench_packets *packets)
{
	while (packets->n) {
		struct sk_buff *skb = packets->packet[--packets->n].skb;

		kfree_skb(skb);
		kfree_skb(skb);
	}
	kvfree(packets->packet);
	packets->packet = NULL;
}
