// SPDX-License-Identifier: GPL-2.0
/*
 * Many entries in memory: packed, sorted, made unique.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "rows.h"
#include "unit.h"

static void add(struct rows *rows, enum p25_kind kind, const char *prefix,
		const char *owner, const char *comment)
{
	struct p25_entry entry = { .kind = kind, .prefix = prefix_of(prefix) };

	strcpy(entry.owner, owner);
	strcpy(entry.comment, comment);
	ck_assert(!rows_add(rows, &entry));
}

START_TEST(test_everything_is_kept)
{
	struct p25_entry in = {
		.kind = P25_KIND_BLOCK,
		.prefix = prefix_of("2001:db8::/64"),
		.owner = "123456789012345",
		.timeout = UINT32_MAX,
		.expires = INT64_MAX,
		.packets = UINT64_MAX,
		.bytes = UINT64_MAX - 1,
		.has_action = true,
		.action = P25_ACTION_MAX,
		.has_guard = _i,
	};
	struct rows rows = { 0 };
	struct p25_entry got;

	memset(in.comment, 'x', P25_COMMENT_MAXLEN);
	if (_i) {
		in.guard.n = P25_GUARD_RATES_MAX;
		memset(in.guard.rate, 0xff, sizeof(in.guard.rate));
	}
	ck_assert(!rows_add(&rows, &in));
	rows_get(&rows, 0, &got);
	ck_assert_mem_eq(&in, &got, sizeof(in));
	rows_free(&rows);
}

/* Of one's own; off; or none, which is not off. Comments stay with their entries. */
START_TEST(test_guards)
{
	struct p25_entry entries[4] = {
		{ .has_guard = true, .guard = { 1, { { 20, 60 } } } },
		{ .has_guard = true, .comment = "off" },
		{ .comment = "none" },
		{ .has_guard = true, .guard = { 2, { { 5, 1 }, { 20, 60 } } },
		  .comment = "two" },
	};
	struct rows rows = { 0 };
	struct p25_entry got;
	size_t i;

	for (i = 0; i < 4; i++) {
		entries[i].kind = P25_KIND_OPTOUT;
		entries[i].prefix = prefix_of("198.51.100.0");
		entries[i].prefix.addr[3] = 3 - i;
		strcpy(entries[i].owner, "hooks");
		ck_assert(!rows_add(&rows, &entries[i]));
	}
	rows_sort(&rows);
	for (i = 0; i < 4; i++) {
		rows_get(&rows, i, &got);
		ck_assert_mem_eq(&got, &entries[3 - i], sizeof(got));
	}
	rows_free(&rows);
}

START_TEST(test_order)
{
	struct rows rows = { 0 };
	struct p25_entry a, b;
	size_t i;

	add(&rows, P25_KIND_BLOCK, "192.0.2.0/24", "admin", "6");
	add(&rows, P25_KIND_POOL, "2001:db8::/32", "admin", "5");
	add(&rows, P25_KIND_POOL, "198.51.100.0/24", "admin", "3");
	add(&rows, P25_KIND_RELAY, "203.0.113.0/24", "admin", "0");
	add(&rows, P25_KIND_POOL, "192.0.2.0/25", "zz", "2");
	add(&rows, P25_KIND_POOL, "192.0.2.0/25", "aa", "1");
	add(&rows, P25_KIND_POOL, "198.51.100.0/25", "admin", "4");
	rows_sort(&rows);
	for (i = 0; i < rows.n; i++) {
		rows_get(&rows, i, &b);
		ck_assert_int_eq(atoi(b.comment), i);
		if (i)
			ck_assert_int_lt(rows_cmp(&a, &b), 0);
		a = b;
	}
	rows_free(&rows);
}

/* Prefixes of both families that differ in a few bits anywhere. */
START_TEST(test_random_order)
{
	struct p25_entry entry = { 0 }, before;
	struct rows rows = { 0 };
	int i, bit;

	srandom(25);
	for (i = 0; i < 20000; i++) {
		bool v6 = random() % 2;

		memset(&entry.prefix, 0, sizeof(entry.prefix));
		for (bit = 0; bit < 3; bit++)
			entry.prefix.addr[random() % (v6 ? 16 : 4)] |=
				1 << random() % 8;
		entry.prefix.family = v6 ? AF_INET6 : AF_INET;
		entry.prefix.len = random() % (v6 ? 129 : 33);
		entry.kind = P25_KIND_RELAY + random() % P25_KIND_MAX;
		if (rows_add(&rows, &entry))
			ck_abort_msg("out of memory");
	}
	rows_sort(&rows);
	rows_get(&rows, 0, &before);
	for (i = 1; i < 20000; i++) {
		rows_get(&rows, i, &entry);
		if (rows_cmp(&before, &entry) > 0)
			ck_abort_msg("row %d is in the wrong place", i);
		before = entry;
	}
	rows_free(&rows);
}

START_TEST(test_unique_keeps_the_last)
{
	struct rows rows = { 0 };
	struct p25_entry entry;

	add(&rows, P25_KIND_POOL, "192.0.2.0/24", "", "first");
	add(&rows, P25_KIND_POOL, "192.0.2.0/25", "", "other");
	add(&rows, P25_KIND_POOL, "192.0.2.0/24", "hooks", "hooks");
	add(&rows, P25_KIND_POOL, "192.0.2.0/24", "admin", "second");
	add(&rows, P25_KIND_POOL, "192.0.2.0/24", "", "last");
	rows_sort(&rows);
	rows_unique(&rows);
	ck_assert_uint_eq(rows.n, 3);
	rows_get(&rows, 0, &entry);
	ck_assert_str_eq(entry.comment, "last");
	ck_assert_str_eq(entry.owner, "admin");
	rows_get(&rows, 1, &entry);
	ck_assert_str_eq(entry.comment, "hooks");
	rows_free(&rows);
}

START_TEST(test_empty)
{
	struct rows rows = { 0 };

	rows_sort(&rows);
	rows_unique(&rows);
	ck_assert_uint_eq(rows.n, 0);
	rows_free(&rows);
}

START_TEST(test_many)
{
	struct rows rows = { 0 };
	struct p25_entry entry = {
		.kind = P25_KIND_OPTOUT,
		.prefix = prefix_of("198.51.100.0"),
	};
	unsigned int i;

	for (i = 0; i < 100000; i++) {
		unsigned int value = i * 7919 % 100000;

		entry.prefix.addr[1] = value >> 16;
		entry.prefix.addr[2] = value >> 8;
		entry.prefix.addr[3] = value;
		snprintf(entry.comment, sizeof(entry.comment), "%u", value);
		snprintf(entry.owner, sizeof(entry.owner), "%u", value % 255);
		ck_assert(!rows_add(&rows, &entry));
	}
	rows_sort(&rows);
	for (i = 0; i < rows.n; i++) {
		rows_get(&rows, i, &entry);
		ck_assert_int_eq(atoi(entry.comment), i);
		ck_assert_int_eq(atoi(entry.owner), i % 255);
	}
	ck_assert_uint_le(sizeof(*rows.v), 64);
	rows_free(&rows);
}

void *rows_suite(void)
{
	void *tests;
	void *suite = suite_new("rows", &tests);

	tcase_add_loop_test(tests, test_everything_is_kept, 0, 2);
	tcase_add_test(tests, test_guards);
	tcase_add_test(tests, test_order);
	tcase_add_test(tests, test_random_order);
	tcase_add_test(tests, test_unique_keeps_the_last);
	tcase_add_test(tests, test_empty);
	tcase_add_test(tests, test_many);
	return suite;
}
