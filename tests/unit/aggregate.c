// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges that become one, compared with a table that has each address.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "aggregate.h"
#include "unit.h"

/* 192.0.2.0 is 0 in the table. */
#define ADDRESSES 256
#define BASE 0xc0000200

static struct aggregate all;
static char said[1024];

static void setup(void)
{
	memset(&all, 0, sizeof(all));
	*said = '\0';
}

static void teardown(void)
{
	aggregate_free(&all);
}

static void add(unsigned int first, unsigned int last, int64_t expires, bool hole,
		const char *comment)
{
	struct item item = {
		.range = { AF_INET, { 0, BASE + first }, { 0, BASE + last } },
		.expires = expires,
		.hole = hole,
	};

	ck_assert_int_eq(aggregate_add(&all, &item, comment), 0);
}

static int say(const struct address_range *range, int64_t expires,
	       const char *comment, void *arg)
{
	(void)arg;
	sprintf(said + strlen(said), "%d-%d %d%s\n",
		(int)(range->first.low - BASE), (int)(range->last.low - BASE),
		(int)expires, comment);
	return 0;
}

static struct aggregated run(bool merge)
{
	ck_assert_int_eq(aggregate_sort(&all), 0);
	return aggregate_each(&all, merge, say, NULL);
}

START_TEST(test_merge)
{
	struct aggregated done;

	add(128, 255, 0, false, "");
	add(0, 127, 0, false, "");
	add(5, 5, 0, false, "");
	done = run(true);
	ck_assert_str_eq(said, "0-255 0\n");
	ck_assert_uint_eq(done.merged, 2);
	ck_assert_uint_eq(done.uncommented, 0);
}

START_TEST(test_no_merge)
{
	add(128, 255, 0, false, "b");
	add(0, 127, 0, false, "a");
	add(0, 127, 0, false, "z");
	add(5, 5, 0, false, "");
	ck_assert_uint_eq(run(false).merged, 1);
	ck_assert_str_eq(said, "0-127 0z\n5-5 0\n128-255 0b\n");
}

START_TEST(test_gap)
{
	add(0, 3, 0, false, "");
	add(5, 8, 0, false, "");
	ck_assert_uint_eq(run(true).merged, 0);
	ck_assert_str_eq(said, "0-3 0\n5-8 0\n");
}

START_TEST(test_expiry)
{
	add(0, 3, 7, false, "");
	add(4, 8, 0, false, "");
	add(4, 6, 7, false, "");
	run(true);
	ck_assert_str_eq(said, "4-8 0\n0-6 7\n");
}

START_TEST(test_comments)
{
	struct aggregated done;

	add(0, 3, 0, false, "same");
	add(4, 8, 0, false, "same");
	add(16, 31, 0, false, "wide");
	add(17, 17, 0, false, "in it");
	add(64, 64, 0, false, "a");
	add(65, 65, 0, false, "b");
	add(66, 66, 0, false, "b");
	done = run(true);
	ck_assert_str_eq(said, "0-8 0same\n16-31 0wide\n64-66 0\n");
	ck_assert_uint_eq(done.uncommented, 1);
}

/* Of two of the same, the last one counts. */
START_TEST(test_same)
{
	add(0, 3, 0, false, "first");
	add(0, 3, 0, false, "last");
	run(true);
	ck_assert_str_eq(said, "0-3 0last\n");
}

START_TEST(test_hole)
{
	add(0, 255, 0, false, "x");
	add(64, 79, 0, true, "");
	add(66, 66, 0, false, "y");
	run(true);
	ck_assert_str_eq(said, "0-63 0x\n66-66 0y\n80-255 0x\n");
}

START_TEST(test_hole_of_another_set)
{
	add(0, 255, 0, false, "x");
	add(64, 79, 0, true, "");
	all.v[1].set = 1;
	run(true);
	ck_assert_str_eq(said, "0-255 0x\n");
}

static void mark(unsigned char *table, unsigned int first, unsigned int last,
		 unsigned char value)
{
	memset(table + first, value, last - first + 1);
}

static int mark_range(const struct address_range *range, int64_t expires,
		      const char *comment, void *arg)
{
	unsigned char *table = arg;
	unsigned int i;

	(void)comment;
	ck_assert(address_cmp(&range->first, &range->last) <= 0);
	/* Apart from what expires at another moment, nothing is in two of them. */
	for (i = range->first.low - BASE; i <= range->last.low - BASE; i++) {
		ck_assert_uint_eq(table[i] & (expires ? 2 : 1), 0);
		table[i] |= expires ? 2 : 1;
	}
	return 0;
}

/* Prefixes with exceptions, as ipset has them: the longest one decides. */
START_TEST(test_random)
{
	unsigned char want[ADDRESSES] = { 0 }, got[ADDRESSES] = { 0 };
	unsigned int size, first;

	srandom(_i + 1);
	for (size = ADDRESSES; size; size /= 2) {
		for (first = 0; first < ADDRESSES; first += size) {
			bool hole = random() % 3 == 0;

			if (random() % 4)
				continue;
			add(first, first + size - 1, 0, hole, "");
			mark(want, first, first + size - 1, !hole);
		}
	}
	ck_assert_int_eq(aggregate_sort(&all), 0);
	aggregate_each(&all, true, mark_range, got);
	ck_assert_mem_eq(got, want, ADDRESSES);
}

/* Ranges that overlap as they like. */
START_TEST(test_random_ranges)
{
	unsigned char want[ADDRESSES] = { 0 }, got[ADDRESSES] = { 0 };
	unsigned int i, j, n;

	srandom(_i + 1);
	n = random() % 60;
	for (i = 0; i < n; i++) {
		unsigned int first = random() % ADDRESSES;
		unsigned int last = first + random() % 16;
		bool expires = random() % 2;

		if (last >= ADDRESSES)
			continue;
		add(first, last, expires, false, "");
		for (j = first; j <= last; j++)
			want[j] |= expires ? 2 : 1;
	}
	ck_assert_int_eq(aggregate_sort(&all), 0);
	aggregate_each(&all, true, mark_range, got);
	ck_assert_mem_eq(got, want, ADDRESSES);
}

void *aggregate_suite(void)
{
	void *tests;
	void *suite = suite_new("aggregate", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_merge);
	tcase_add_test(tests, test_no_merge);
	tcase_add_test(tests, test_gap);
	tcase_add_test(tests, test_expiry);
	tcase_add_test(tests, test_comments);
	tcase_add_test(tests, test_same);
	tcase_add_test(tests, test_hole);
	tcase_add_test(tests, test_hole_of_another_set);
	tcase_add_loop_test(tests, test_random, 0, 50);
	tcase_add_loop_test(tests, test_random_ranges, 0, 50);
	return suite;
}
