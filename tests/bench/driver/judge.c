// SPDX-License-Identifier: GPL-2.0
/*
 * Handing packets to the hooks on NF_INET_FORWARD, and timing that.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/netfilter.h>
#include <linux/sort.h>

#include "bench.h"

#define MAX_REPETITIONS	100

/**
 * bench_judge - have packets judged as on the receive path
 * @net: the namespace whose hooks do it
 * @packet: the packets
 * @n: how many; a NIC's driver hands up BENCH_BATCH
 * @verdicts: counts what they got
 *
 * A drop takes the packet's second reference, which is given back.
 *
 * Context: process.
 */
void bench_judge(struct net *net, const struct bench_packet *packet,
		 unsigned int n, struct bench_verdicts *verdicts)
{
	struct net_device *dev = net->loopback_dev;
	const struct bench_packet *end = packet + n;

	local_bh_disable();
	for (; packet < end; packet++) {
		if (nf_hook(packet->pf, NF_INET_FORWARD, net, NULL,
			    packet->skb, dev, dev, NULL) == 1) {
			verdicts->accepted++;
		} else {
			verdicts->dropped++;
			refcount_set(&packet->skb->users, 2);
		}
	}
	local_bh_enable();
}

static void judge_all(struct net *net, const struct bench_packets *packets,
		      struct bench_verdicts *verdicts)
{
	unsigned int i;

	for (i = 0; i < packets->n; i += BENCH_BATCH)
		bench_judge(net, packets->packet + i,
			    min_t(unsigned int, BENCH_BATCH, packets->n - i),
			    verdicts);
}

/* Nanoseconds that @rounds times all packets take. */
static u64 time_rounds(struct net *net, const struct bench_packets *packets,
		       unsigned int rounds, struct bench_verdicts *verdicts)
{
	u64 start = ktime_get_ns();

	while (rounds--) {
		judge_all(net, packets, verdicts);
		cond_resched();
	}
	return ktime_get_ns() - start;
}

static int compare(const void *a, const void *b)
{
	u64 left = *(const u64 *)a;
	u64 right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

static int print(char *result, size_t size, const char *name, u64 ns,
		 u64 packets)
{
	u64 hundredths = div64_u64(ns * 100 + packets / 2, packets);
	u32 rest;
	u64 whole = div_u64_rem(hundredths, 100, &rest);

	return scnprintf(result, size, "%s %llu.%02u\n", name, whole, rest);
}

/**
 * bench_time - time all packets in rotation
 * @net: the namespace whose hooks judge them
 * @packets: the packets
 * @line: "REPETITIONS ROUNDS": how often to take the time, and how often each
 *	packet is judged meanwhile
 * @result: best and median time of a packet in nanoseconds, and what all
 *	packets of all repetitions got
 * @size: of @result
 *
 * A round before the first repetition warms the caches.
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int bench_time(struct net *net, const struct bench_packets *packets,
	       char *line, char *result, size_t size)
{
	u64 times[MAX_REPETITIONS];
	struct bench_verdicts verdicts = {};
	unsigned int repetitions;
	unsigned int rounds;
	unsigned int i;
	int len;

	if (sscanf(line, "%u %u", &repetitions, &rounds) != 2 ||
	    !repetitions || repetitions > MAX_REPETITIONS || !rounds ||
	    !packets->n)
		return -EINVAL;
	time_rounds(net, packets, 1, &verdicts);
	verdicts = (struct bench_verdicts) {};
	for (i = 0; i < repetitions; i++) {
		times[i] = time_rounds(net, packets, rounds, &verdicts);
		if (signal_pending(current))
			return -EINTR;
	}
	sort(times, repetitions, sizeof(*times), compare, NULL);
	len = print(result, size, "best", times[0], (u64)rounds * packets->n);
	len += print(result + len, size - len, "median", times[repetitions / 2],
		     (u64)rounds * packets->n);
	scnprintf(result + len, size - len, "accepted %llu\ndropped %llu\n",
		  verdicts.accepted, verdicts.dropped);
	return 0;
}
