/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of the benchmark's driver, and what they share.
 *
 *	packets ──> packet: skbs ──> judge: nf_hook(), timed ──> time
 *	hook ─────> contender, bpf      ^
 *	                                └─ throughput: a thread a CPU
 */
#ifndef _P25_BENCH_H
#define _P25_BENCH_H

#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <net/net_namespace.h>

/* As many packets as a NIC's driver hands up in one go. */
#define BENCH_BATCH	NAPI_POLL_WEIGHT

/* Packets that are timed together: reading the clock takes 50 ns or so. */
#define BENCH_PIECE	(16 * BENCH_BATCH)

/**
 * struct bench_packet - a packet that is judged again and again
 * @skb: the packet; a second reference keeps it when it is dropped
 * @pf: NFPROTO_IPV4 or NFPROTO_IPV6
 */
struct bench_packet {
	struct sk_buff	*skb;
	u8		pf;
};

struct bench_packets {
	struct bench_packet	*packet;
	unsigned int		n;
};

struct bench_verdicts {
	u64	accepted;
	u64	dropped;
};

/* packet.c */
int bench_packets_add(struct bench_packets *packets, char *line);
void bench_packets_clear(struct bench_packets *packets);

/* contender.c */
int bench_contender_set(struct net *net, char *line);
const char *bench_contender_name(void);
void bench_contender_clear(void);

/* bpf.c, if the kernel has bpf(2) */
unsigned int bench_bpf_ipv4(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state);
unsigned int bench_bpf_ipv6(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state);
int bench_bpf_set(char *line);
void bench_bpf_clear(void);
void bench_bpf_refill(void);

/* judge.c */
void bench_judge(struct net *net, const struct bench_packet *packet,
		 unsigned int n, struct bench_verdicts *verdicts);
int bench_time(struct net *net, const struct bench_packets *packets,
	       char *line, char *result, size_t size);

/* throughput.c */
int bench_throughput(struct net *net, const struct bench_packets *packets,
		     char *line, char *result, size_t size);

int bench_round_trip(char *line, char *result, size_t size);

#endif /* _P25_BENCH_H */
