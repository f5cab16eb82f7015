// SPDX-License-Identifier: GPL-2.0
/*
 * Counting packets: their classes, their verdicts and the reasons.
 */
#include <linux/string.h>

#include "judge.h"
#include "packet.h"
#include "statistics.h"

/**
 * p25_statistics_alloc - make a set of counters, all zero
 *
 * Context: process; may sleep.
 * Return: the counters, for free_percpu(), or NULL.
 */
struct p25_statistics __percpu *p25_statistics_alloc(void)
{
	return alloc_percpu_gfp(struct p25_statistics, P25_GFP);
}

static enum p25_counter accept_counter(u8 reason)
{
	switch (reason) {
	case P25_KIND_RELAY:
		return P25_COUNTER_ACCEPT_RELAY;
	case P25_KIND_STATIC:
		return P25_COUNTER_ACCEPT_STATIC;
	case P25_KIND_OPTOUT:
		return P25_COUNTER_ACCEPT_OPTOUT;
	default:
		return P25_COUNTER_ACCEPT_NONE;
	}
}

static enum p25_counter blocked_counter(const struct p25_judgement *judgement)
{
	bool pool = judgement->reason == P25_KIND_POOL;

	if (judgement->inbound && judgement->monitored)
		return pool ? P25_COUNTER_INBOUND_MONITOR_POOL :
			      P25_COUNTER_INBOUND_MONITOR_BLOCK;
	if (judgement->inbound)
		return pool ? P25_COUNTER_INBOUND_DROP_POOL :
			      P25_COUNTER_INBOUND_DROP_BLOCK;
	if (judgement->monitored)
		return pool ? P25_COUNTER_MONITOR_POOL :
			      P25_COUNTER_MONITOR_BLOCK;
	if (judgement->verdict == P25_VERDICT_REJECT)
		return pool ? P25_COUNTER_REJECT_POOL :
			      P25_COUNTER_REJECT_BLOCK;
	return pool ? P25_COUNTER_DROP_POOL : P25_COUNTER_DROP_BLOCK;
}

static void count_class(struct p25_statistics __percpu *statistics,
			unsigned int class)
{
	if (class & P25_PACKET_TCP_SHORT)
		this_cpu_inc(statistics->packets[P25_COUNTER_TCP_SHORT]);
	if (class & P25_PACKET_IPV6_CHAIN)
		this_cpu_inc(statistics->packets[P25_COUNTER_IPV6_CHAIN]);
	if (class & P25_PACKET_LATER_FRAGMENT)
		this_cpu_inc(statistics->packets[P25_COUNTER_LATER_FRAGMENT]);
	if (class & P25_PACKET_SOURCE_ROUTED && class & P25_PACKET_TO_25)
		this_cpu_inc(statistics->packets[P25_COUNTER_SOURCE_ROUTE]);
}

/**
 * p25_statistics_count - count a packet and its verdict
 * @statistics: the namespace's counters
 * @packet: the packet
 * @judgement: its verdict
 *
 * Context: any, under rcu_read_lock().
 */
void p25_statistics_count(struct p25_statistics __percpu *statistics,
			  const struct p25_packet *packet,
			  const struct p25_judgement *judgement)
{
	enum p25_counter counter;

	if (packet->class & ~(P25_PACKET_TO_25 | P25_PACKET_FROM_25))
		count_class(statistics, packet->class);
	if (!judgement->counted)
		return;
	counter = p25_kind_is_blocked(judgement->reason) ?
		  blocked_counter(judgement) :
		  accept_counter(judgement->reason);
	this_cpu_inc(statistics->packets[counter]);
}

/**
 * p25_statistics_count_reset - count a reset
 * @statistics: the namespace's counters
 * @counter: from p25_reject_send(); 0: none
 *
 * Context: any.
 */
void p25_statistics_count_reset(struct p25_statistics __percpu *statistics,
				enum p25_counter counter)
{
	if (counter)
		this_cpu_inc(statistics->packets[counter]);
}

/* Where a word is smaller than a counter, it may be read between its halves. */
static u64 read_counter(const u64 *counter)
{
	u64 value;

	do {
		value = READ_ONCE(*counter);
	} while (!IS_ENABLED(CONFIG_64BIT) && value != READ_ONCE(*counter));
	return value;
}

/**
 * p25_statistics_sum - add up what all CPUs have counted
 * @statistics: the namespace's counters
 * @sums: the result, by enum p25_counter
 *
 * Context: process.
 */
void p25_statistics_sum(struct p25_statistics __percpu *statistics,
			u64 sums[__P25_COUNTER_MAX])
{
	int cpu;
	int i;

	memset(sums, 0, __P25_COUNTER_MAX * sizeof(*sums));
	for_each_possible_cpu(cpu) {
		struct p25_statistics *there = per_cpu_ptr(statistics, cpu);

		for (i = 0; i < __P25_COUNTER_MAX; i++)
			sums[i] += read_counter(&there->packets[i]);
	}
}
