/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a network namespace, one set a CPU.
 */
#ifndef _P25_STATISTICS_H
#define _P25_STATISTICS_H

#include <linux/p25.h>
#include <linux/percpu.h>

#include "judge.h"
#include "packet.h"

struct p25_statistics {
	u64	packets[__P25_COUNTER_MAX];
};

struct p25_statistics __percpu *p25_statistics_alloc(void);

void p25_statistics_count_class(struct p25_statistics __percpu *statistics,
				unsigned int class);

/* What becomes of mail. */
enum p25_outcome {
	P25_OUTCOME_PASS,
	P25_OUTCOME_DROP,
	P25_OUTCOME_REJECT,
	P25_OUTCOME_MONITOR,
	P25_OUTCOME_INBOUND_DROP,
	P25_OUTCOME_INBOUND_MONITOR,
	P25_OUTCOME_PROHIBIT,
	P25_OUTCOMES
};

/* enum p25_counter, by outcome and kind of the deciding entry. */
extern const u8 p25_statistics_counters[P25_OUTCOMES][__P25_KIND_MAX];

static inline enum p25_outcome p25_outcome_of(const struct p25_judgement *judgement)
{
	if (judgement->inbound)
		return judgement->monitored ? P25_OUTCOME_INBOUND_MONITOR :
					      P25_OUTCOME_INBOUND_DROP;
	if (judgement->monitored)
		return P25_OUTCOME_MONITOR;
	switch (judgement->verdict) {
	case P25_VERDICT_DROP:
		return P25_OUTCOME_DROP;
	case P25_VERDICT_REJECT:
		return P25_OUTCOME_REJECT;
	case P25_VERDICT_PROHIBIT:
		return P25_OUTCOME_PROHIBIT;
	default:
		return P25_OUTCOME_PASS;
	}
}

/**
 * p25_statistics_count - count a packet and its verdict
 * @statistics: the namespace's counters
 * @packet: the packet
 * @judgement: its verdict
 *
 * Context: any, under rcu_read_lock().
 */
static inline void p25_statistics_count(struct p25_statistics __percpu *statistics,
					const struct p25_packet *packet,
					const struct p25_judgement *judgement)
{
	u8 counter;

	if (unlikely(packet->class & ~(P25_PACKET_TO_25 | P25_PACKET_FROM_25)))
		p25_statistics_count_class(statistics, packet->class);
	if (!judgement->counted)
		return;
	counter = p25_statistics_counters[p25_outcome_of(judgement)][judgement->reason];
	this_cpu_inc(statistics->packets[counter]);
}

void p25_statistics_count_answer(struct p25_statistics __percpu *statistics,
				 enum p25_counter counter);
void p25_statistics_sum(struct p25_statistics __percpu *statistics,
			u64 sums[__P25_COUNTER_MAX]);
u64 p25_statistics_total(struct p25_statistics __percpu *statistics);

#endif /* _P25_STATISTICS_H */
