// SPDX-License-Identifier: GPL-2.0
/*
 * Handing packets to the hooks on NF_INET_FORWARD, and timing that.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/netfilter.h>
#include <linux/sort.h>

#include "bench.h"

#define MAX_REPETITIONS	100
#define MAX_PIECES	(1024 * 1024)
#define BATCHES_PER_PIECE (BENCH_PIECE / BENCH_BATCH)

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

/*
 * The times of one repetition, piece by piece. Whatever else the machine does
 * meanwhile hits some pieces, and other ones in the next repetition: the best
 * times of all pieces together are the time of a repetition that nothing hit.
 */
struct stopwatch {
	struct bench_verdicts	verdicts;
	unsigned int		pieces;
	u64			*best;	/* nanoseconds of each piece */
};

static int stopwatch_init(struct stopwatch *watch, unsigned int pieces)
{
	unsigned int i;

	*watch = (struct stopwatch) { .pieces = pieces };
	watch->best = kvmalloc_array(pieces, sizeof(*watch->best), GFP_KERNEL);
	if (!watch->best)
		return -ENOMEM;
	for (i = 0; i < pieces; i++)
		watch->best[i] = U64_MAX;
	return 0;
}

static u64 best_of_all(const struct stopwatch *watch)
{
	unsigned int i;
	u64 ns = 0;

	for (i = 0; i < watch->pieces; i++)
		ns += watch->best[i];
	return ns;
}

/* Hands up a piece's packets, beginning with batch number @batch. */
static void judge_piece(struct net *net, const struct bench_packets *packets,
			unsigned int batch, struct bench_verdicts *verdicts)
{
	unsigned int batches = packets->n / BENCH_BATCH;
	unsigned int i;

	for (i = 0; i < BATCHES_PER_PIECE; i++, batch++)
		bench_judge(net,
			    packets->packet + batch % batches * BENCH_BATCH,
			    BENCH_BATCH, verdicts);
}

/* Returns the nanoseconds that all pieces together take. */
static u64 repeat(struct net *net, const struct bench_packets *packets,
		  struct stopwatch *watch)
{
	u64 first = ktime_get_ns();
	u64 start = first;
	unsigned int i;
	u64 end;

	for (i = 0; i < watch->pieces; i++) {
		judge_piece(net, packets, i * BATCHES_PER_PIECE,
			    &watch->verdicts);
		end = ktime_get_ns();
		watch->best[i] = min(watch->best[i], end - start);
		cond_resched();
		start = ktime_get_ns();
	}
	return end - first;
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

static void print_all(const struct stopwatch *watch, u64 median, u64 packets,
		      char *result, size_t size)
{
	int len;

	len = print(result, size, "best", best_of_all(watch), packets);
	len += print(result + len, size - len, "median", median, packets);
	scnprintf(result + len, size - len, "accepted %llu\ndropped %llu\n",
		  watch->verdicts.accepted, watch->verdicts.dropped);
}

/**
 * bench_time - time all packets in rotation
 * @net: the namespace whose hooks judge them
 * @packets: the packets, a multiple of BENCH_BATCH
 * @line: "REPETITIONS PIECES": how often to take the time, and of how many
 *	packets, in pieces of BENCH_PIECE
 * @result: best and median time of a packet in nanoseconds, and what all
 *	packets of all repetitions got
 * @size: of @result
 *
 * One repetition more comes first and warms the caches.
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int bench_time(struct net *net, const struct bench_packets *packets,
	       char *line, char *result, size_t size)
{
	u64 times[MAX_REPETITIONS];
	struct stopwatch watch;
	unsigned int repetitions;
	unsigned int pieces;
	unsigned int i;
	int err;

	if (sscanf(line, "%u %u", &repetitions, &pieces) != 2 ||
	    !repetitions || repetitions > MAX_REPETITIONS || !pieces ||
	    pieces > MAX_PIECES || !packets->n || packets->n % BENCH_BATCH)
		return -EINVAL;
	err = stopwatch_init(&watch, pieces);
	if (err)
		return err;
	repeat(net, packets, &watch);
	watch.verdicts = (struct bench_verdicts) {};
	for (i = 0; i < repetitions && !err; i++) {
		times[i] = repeat(net, packets, &watch);
		err = signal_pending(current) ? -EINTR : 0;
	}
	if (!err) {
		sort(times, repetitions, sizeof(*times), compare, NULL);
		print_all(&watch, times[repetitions / 2],
			  (u64)pieces * BATCHES_PER_PIECE * BENCH_BATCH,
			  result, size);
	}
	kvfree(watch.best);
	return err;
}
