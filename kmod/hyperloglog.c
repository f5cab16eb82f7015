// SPDX-License-Identifier: GPL-2.0
/*
 * HyperLogLog; see hyperloglog.h.
 */
#include <linux/bitops.h>
#include <linux/minmax.h>

#include "hyperloglog.h"

#define RANK_BITS	4
#define RANK_MAX	15

/* 0.709 * 64^2 * 2^15: the constant of 64 registers, see estimate_by_ranks(). */
#define ALPHA		95160369

/* Of so many registers that are empty, the number of things that leaves as many so. */
static const u16 linear_counts[P25_HLL_REGISTERS + 1] = {
	0, 266, 222, 196, 177, 163, 151, 142, 133, 126,
	119, 113, 107, 102, 97, 93, 89, 85, 81, 78,
	74, 71, 68, 65, 63, 60, 58, 55, 53, 51,
	48, 46, 44, 42, 40, 39, 37, 35, 33, 32,
	30, 28, 27, 25, 24, 23, 21, 20, 18, 17,
	16, 15, 13, 12, 11, 10, 9, 7, 6, 5,
	4, 3, 2, 1, 0,
};

static unsigned int rank_of(const struct p25_hyperloglog *log, unsigned int i)
{
	return log->words[i / P25_HLL_PER_WORD] >>
	       RANK_BITS * (i % P25_HLL_PER_WORD) & RANK_MAX;
}

static void raise_rank(struct p25_hyperloglog *log, unsigned int i, unsigned int rank)
{
	unsigned int shift = RANK_BITS * (i % P25_HLL_PER_WORD);
	u64 *word = &log->words[i / P25_HLL_PER_WORD];

	if (rank > rank_of(log, i))
		*word = (*word & ~((u64)RANK_MAX << shift)) | (u64)rank << shift;
}

/**
 * p25_hyperloglog_add - there was this
 * @log: the registers
 * @hash: of what there was, of 32 bits
 *
 * Context: any.
 */
void p25_hyperloglog_add(struct p25_hyperloglog *log, u32 hash)
{
	u32 rest = hash << P25_HLL_SHIFT;
	/* The place of the first 1: 1 for half of all hashes. */
	unsigned int rank = 33 - fls(rest);

	raise_rank(log, hash >> (32 - P25_HLL_SHIFT),
		   min_t(unsigned int, rank, RANK_MAX));
}

/**
 * p25_hyperloglog_merge - there was all of another one, too
 * @log: the registers
 * @other: the other one's
 *
 * Context: any.
 */
void p25_hyperloglog_merge(struct p25_hyperloglog *log,
			   const struct p25_hyperloglog *other)
{
	unsigned int i;

	for (i = 0; i < P25_HLL_REGISTERS; i++)
		raise_rank(log, i, rank_of(other, i));
}

/* The harmonic mean of 2^rank, times the number of registers and a constant. */
static u32 estimate_by_ranks(const struct p25_hyperloglog *log)
{
	u32 sum = 0;	/* of 2^-rank, in units of 2^-15 */
	unsigned int i;

	for (i = 0; i < P25_HLL_REGISTERS; i++)
		sum += 1U << (RANK_MAX - rank_of(log, i));
	return ALPHA / sum;
}

/**
 * p25_hyperloglog_estimate - how many different things were there?
 * @log: the registers
 *
 * Context: any.
 * Return: an estimate.
 */
u32 p25_hyperloglog_estimate(const struct p25_hyperloglog *log)
{
	u32 estimate = estimate_by_ranks(log);
	unsigned int empty = 0;
	unsigned int i;

	for (i = 0; i < P25_HLL_REGISTERS; i++)
		empty += !rank_of(log, i);
	if (empty && estimate <= 5 * P25_HLL_REGISTERS / 2)
		return linear_counts[empty];
	return estimate;
}
