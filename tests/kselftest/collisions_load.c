// SPDX-License-Identifier: GPL-2.0
/*
 * Hash flooding: chosen keys are loaded into the module, and changed there, in no
 * more than twice the CPU time that random ones take.
 *
 * A load is a transaction that fills an empty policy. A renewal adds what is
 * there already, so that each entry is looked up and nothing else is done with
 * it. Each begins with an empty table. Chosen keys are loaded right after random
 * ones, so that what else runs on the machine slows both; the median of several such
 * pairs decides, and of more pairs if it seems too high.
 *
 * LONG=1 in the environment takes 2^20 keys instead of 2^13.
 */
#include <sys/socket.h>

#include "keys.h"
#include "policy.h"

#define FACTOR		2
#define PAIRS		5
#define PAIRS_MAX	63

struct cost {
	double load;
	double renewal;
};

static const struct set sets[] = {
	{ "consecutive", AF_INET, consecutive4 },
	{ "the same low bits", AF_INET, low_bits4 },
	{ "bit-reversed", AF_INET, reversed4 },
	{ "consecutive", AF_INET6, consecutive6 },
	{ "the same low bits", AF_INET6, low_bits6 },
	{ "dense /64s", AF_INET6, dense6 },
	{ "one /64, halves with one sum", AF_INET6, same_sum6 },
};

static struct p25 *p25;
static uint32_t n_keys = 1 << 13;
static uint64_t without_entries;	/* memory, once the hook is there */

static void add_all(const struct set *set)
{
	struct p25_entry entry = { .kind = P25_KIND_POOL };
	uint32_t i;

	must(p25, p25_begin(p25));
	for (i = 0; i < n_keys; i++) {
		struct key key = set->key(i);

		entry.prefix.family = set->family;
		entry.prefix.len = key.len;
		memcpy(entry.prefix.addr, key.word, sizeof(key.word));
		must(p25, p25_add(p25, &entry, 1));
	}
	must(p25, p25_commit(p25));
}

static double now(void)
{
	return ktap_clock(CLOCK_THREAD_CPUTIME_ID) / 1e9;
}

static bool is_given_back(void *arg)
{
	return memory(p25) <= *(uint64_t *)arg;
}

/* The next load shall find neither room nor work that this one has left. */
static void make_empty(void)
{
	uint64_t almost_none = without_entries +
			       (memory(p25) - without_entries) / 4;

	must(p25, p25_flush(p25, NULL));
	if (!ktap_wait(is_given_back, &almost_none))
		ktap_bail_out("an empty table keeps its memory");
}

static void measure_empty(void)
{
	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	without_entries = memory(p25);
	must(p25, p25_flush(p25, NULL));
}

static struct cost measure(const struct set *set)
{
	double begin = now(), loaded, renewed;

	add_all(set);
	loaded = now();
	add_all(set);
	renewed = now();
	make_empty();
	return (struct cost) { loaded - begin, renewed - loaded };
}

static int compare_ratios(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *ratios, unsigned int n)
{
	double sorted[PAIRS_MAX];

	memcpy(sorted, ratios, n * sizeof(*ratios));
	qsort(sorted, n, sizeof(*sorted), compare_ratios);
	return sorted[n / 2];
}

static void compare(const struct set *set)
{
	double loads[PAIRS_MAX], renewals[PAIRS_MAX], load, renewal;
	struct cost random, chosen;
	unsigned int n = 0;

	do {
		random = measure(random_set(set));
		chosen = measure(set);
		loads[n] = chosen.load / random.load;
		renewals[n] = chosen.renewal / random.renewal;
		n++;
		load = median(loads, n);
		renewal = median(renewals, n);
	} while (n < PAIRS ||
		 (n < PAIRS_MAX && (load > FACTOR || renewal > FACTOR)));
	printf("# load %.2f, renewal %.2f times that of random keys, by %u pairs\n",
	       load, renewal, n);
	ktap_result(load <= FACTOR && renewal <= FACTOR, "IPv%d, %u keys: %s",
		    set->family == AF_INET ? 4 : 6, n_keys, set->name);
}

int main(void)
{
	unsigned int i;

	ktap_begin();
	ktap_own_netns();
	p25 = ktap_open();
	measure_empty();
	if (getenv("LONG"))
		n_keys = 1 << 20;
	for (i = 0; i < ARRAY_SIZE(sets); i++)
		compare(&sets[i]);
	return ktap_end();
}
