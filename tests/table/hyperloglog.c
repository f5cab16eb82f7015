// SPDX-License-Identifier: GPL-2.0
/*
 * The estimate of how many different destinations there were: its stated error.
 */
#include <math.h>

#include "hyperloglog.h"
#include "table_test.h"

/* Estimates are made so often, each of other hashes. */
#define RUNS	400

/* How far off estimates of @n are: the root of the mean square, relative. */
static double error_of(unsigned int n)
{
	double sum = 0;
	unsigned int run;
	unsigned int i;

	for (run = 0; run < RUNS; run++) {
		struct p25_hyperloglog log = { };
		double off;

		for (i = 0; i < n; i++)
			p25_hyperloglog_add(&log, kernel_random() >> 32);
		off = (double)p25_hyperloglog_estimate(&log) / n - 1;
		sum += off * off;
	}
	return sqrt(sum / RUNS);
}

/* 1.04 / sqrt(64) is 13 %; with 400 runs, it is known to about a twentieth of that. */
static void has_its_error(void)
{
	static const unsigned int numbers[] = {
		20, 50, 100, 150, 200, 500, 1000, 10000, 100000
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		double error = error_of(numbers[i]);

		if (error >= 0.155)
			printf("# %u: %.3f\n", numbers[i], error);
		CHECK(error < 0.155);
	}
}

/* Of 64 registers, two of a dozen things seldom meet in more than a few. */
static void counts_few(void)
{
	unsigned int wrong = 0;
	unsigned int run;
	unsigned int i;

	for (run = 0; run < RUNS; run++) {
		struct p25_hyperloglog log = { };

		CHECK(p25_hyperloglog_estimate(&log) == 0);
		for (i = 1; i <= 12; i++) {
			u32 estimate;

			p25_hyperloglog_add(&log, kernel_random() >> 32);
			estimate = p25_hyperloglog_estimate(&log);
			CHECK(i > 1 || estimate == 1);
			wrong += estimate + 1 < i || estimate > i + 1;
		}
	}
	CHECK(wrong < RUNS * 12 / 10);
}

static void ignores_repetition(void)
{
	struct p25_hyperloglog log = { };
	struct p25_hyperloglog before;
	u32 hashes[100];
	size_t i;

	get_random_bytes(hashes, sizeof(hashes));
	for (i = 0; i < ARRAY_SIZE(hashes); i++)
		p25_hyperloglog_add(&log, hashes[i]);
	before = log;
	for (i = 0; i < ARRAY_SIZE(hashes); i++)
		p25_hyperloglog_add(&log, hashes[i]);
	CHECK(!memcmp(&log, &before, sizeof(log)));
}

static void merges(void)
{
	struct p25_hyperloglog both = { };
	struct p25_hyperloglog even = { };
	struct p25_hyperloglog odd = { };
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		u32 hash = kernel_random() >> 32;

		p25_hyperloglog_add(&both, hash);
		p25_hyperloglog_add(i % 2 ? &odd : &even, hash);
	}
	p25_hyperloglog_merge(&even, &odd);
	CHECK(!memcmp(&both, &even, sizeof(both)));
}

/* All registers full: it says so many, and no less for more. */
static void has_an_end(void)
{
	struct p25_hyperloglog log = { };
	u32 i;

	for (i = 0; i < P25_HLL_REGISTERS; i++)
		p25_hyperloglog_add(&log, i << (32 - P25_HLL_SHIFT));
	CHECK(p25_hyperloglog_estimate(&log) == 1486880);
}

/* The table of linear counting: 64 * ln(64 / registers that are empty). */
static void has_logarithms(void)
{
	struct p25_hyperloglog log = { };
	u32 i;

	for (i = 0; i < P25_HLL_REGISTERS - 1; i++) {
		u32 right = lround(64 * log2(64. / (63 - i)) / M_LOG2E);

		p25_hyperloglog_add(&log, i << (32 - P25_HLL_SHIFT) | BIT(25));
		if (right <= 160)
			CHECK(p25_hyperloglog_estimate(&log) == right);
	}
}

const struct test hyperloglog_tests[] = {
	{ has_its_error, "hyperloglog: its error is the one that is stated" },
	{ counts_few, "hyperloglog: a few are counted" },
	{ ignores_repetition, "hyperloglog: what comes twice changes nothing" },
	{ merges, "hyperloglog: two are merged" },
	{ has_logarithms, "hyperloglog: linear counting has the logarithms" },
	{ has_an_end, "hyperloglog: it has an end" },
	{ }
};
