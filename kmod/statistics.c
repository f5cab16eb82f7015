// SPDX-License-Identifier: GPL-2.0
/*
 * Counting packets: their classes, their verdicts and the reasons.
 */
#include <linux/string.h>

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

#define BLOCKED(what) {							\
	[P25_KIND_POOL]		= P25_COUNTER_##what##_POOL,		\
	[P25_KIND_BLOCK]	= P25_COUNTER_##what##_BLOCK,		\
}

const u8 p25_statistics_counters[P25_OUTCOMES][__P25_KIND_MAX] = {
	[P25_OUTCOME_PASS] = {
		[P25_KIND_NONE]		= P25_COUNTER_ACCEPT_NONE,
		[P25_KIND_RELAY]	= P25_COUNTER_ACCEPT_RELAY,
		[P25_KIND_STATIC]	= P25_COUNTER_ACCEPT_STATIC,
		[P25_KIND_OPTOUT]	= P25_COUNTER_ACCEPT_OPTOUT,
	},
	[P25_OUTCOME_DROP]		= BLOCKED(DROP),
	[P25_OUTCOME_REJECT]		= BLOCKED(REJECT),
	[P25_OUTCOME_MONITOR]		= BLOCKED(MONITOR),
	[P25_OUTCOME_INBOUND_DROP]	= BLOCKED(INBOUND_DROP),
	[P25_OUTCOME_INBOUND_MONITOR]	= BLOCKED(INBOUND_MONITOR),
	[P25_OUTCOME_PROHIBIT]		= BLOCKED(PROHIBIT),
};

/**
 * p25_statistics_count_class - count a packet by what is unusual about its form
 * @statistics: the namespace's counters
 * @class: P25_PACKET_* flags
 *
 * Context: any.
 */
void p25_statistics_count_class(struct p25_statistics __percpu *statistics,
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
 * p25_statistics_count_answer - count an answer to a sender
 * @statistics: the namespace's counters
 * @counter: from p25_reject_answer(); 0: none
 *
 * Context: any.
 */
void p25_statistics_count_answer(struct p25_statistics __percpu *statistics,
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

/* p25_statistics_total - the sum of all counters, by which it shows whether one has grown */
u64 p25_statistics_total(struct p25_statistics __percpu *statistics)
{
	u64 sums[__P25_COUNTER_MAX];
	u64 total = 0;
	int i;

	p25_statistics_sum(statistics, sums);
	for (i = 0; i < __P25_COUNTER_MAX; i++)
		total += sums[i];
	return total;
}
