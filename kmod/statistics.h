/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a network namespace, one set a CPU.
 */
#ifndef _P25_STATISTICS_H
#define _P25_STATISTICS_H

#include <linux/p25.h>
#include <linux/percpu.h>

struct p25_judgement;
struct p25_packet;

struct p25_statistics {
	u64	packets[__P25_COUNTER_MAX];
};

struct p25_statistics __percpu *p25_statistics_alloc(void);

void p25_statistics_count(struct p25_statistics __percpu *statistics,
			  const struct p25_packet *packet,
			  const struct p25_judgement *judgement);
void p25_statistics_count_reset(struct p25_statistics __percpu *statistics,
				enum p25_counter counter);
void p25_statistics_sum(struct p25_statistics __percpu *statistics,
			u64 sums[__P25_COUNTER_MAX]);

#endif /* _P25_STATISTICS_H */
