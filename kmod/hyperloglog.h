/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HyperLogLog: an estimate of how many different things there were, in 32 bytes (Flajolet,
 * Fusy, Gandouet, Meunier, "HyperLogLog: the analysis of a near-optimal cardinality
 * estimation algorithm", 2007).
 *
 * Each thing is a hash. Its first bits choose a register, and that keeps the highest rank
 * it has met: the place of the first 1 in the other bits. A rank of n is met once in 2^n
 * things, so the ranks say how many there were. What comes twice changes nothing.
 *
 * With 64 registers the standard error is 1.04 / sqrt(64) = 13 %. As long as registers are
 * empty, their number says more than ranks do ("linear counting"), and up to a dozen things
 * the estimate is hardly ever off by more than one. Registers have four bits: beyond 64 * 2^14,
 * a million, the estimate stays behind.
 */
#ifndef _P25_HYPERLOGLOG_H
#define _P25_HYPERLOGLOG_H

#include <linux/types.h>

#define P25_HLL_SHIFT		6
#define P25_HLL_REGISTERS	64U	/* 2^P25_HLL_SHIFT */

/* Registers in a word. */
#define P25_HLL_PER_WORD	16

/**
 * struct p25_hyperloglog - the registers, all zero at first
 * @words: four bits for each
 */
struct p25_hyperloglog {
	u64	words[P25_HLL_REGISTERS / P25_HLL_PER_WORD];
};

void p25_hyperloglog_add(struct p25_hyperloglog *log, u32 hash);
void p25_hyperloglog_merge(struct p25_hyperloglog *log,
			   const struct p25_hyperloglog *other);
u32 p25_hyperloglog_estimate(const struct p25_hyperloglog *log);

#endif /* _P25_HYPERLOGLOG_H */
