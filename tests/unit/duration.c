// SPDX-License-Identifier: GPL-2.0
/*
 * Durations.
 */
#include <string.h>

#include "duration.h"
#include "unit.h"

static const struct {
	const char *text;
	uint32_t seconds;
	const char *written;
} good[] = {
	{ "1", 1, "1s" },
	{ "28800", 28800, "8h" },
	{ "8h", 28800, "8h" },
	{ "1d2h30m5s", 95405, "1d2h30m5s" },
	{ "1w1d2h30m5s", 700205, "8d2h30m5s" },
	{ "2w", 1209600, "14d" },
	{ "1d5s", 86405, "1d5s" },
	{ "90m", 5400, "1h30m" },
	{ "007s", 7, "7s" },
	{ "0d1s", 1, "1s" },
	{ "7320d", P25_TIMEOUT_MAX, "7320d" },
	{ "632448000", P25_TIMEOUT_MAX, "7320d" },
};

START_TEST(test_good)
{
	char text[DURATION_STRLEN];
	const char *why = "";
	uint32_t seconds = 0;

	ck_assert_msg(!duration_parse(good[_i].text, &seconds, &why), "%s",
		      why);
	ck_assert_uint_eq(seconds, good[_i].seconds);
	ck_assert_str_eq(duration_format(seconds, text), good[_i].written);
}

static const struct {
	const char *text;
	const char *why;
} bad[] = {
	{ "", "write it like" },
	{ "h", "write it like" },
	{ "8 h", "write it like" },
	{ "8hours", "write it like" },
	{ "8H", "write it like" },
	{ "1h1h", "write it like" },
	{ "1h1d", "write it like" },
	{ "1h30", "write it like" },
	{ "1d1w", "write it like" },
	{ "1W", "write it like" },
	{ "100ms", "write it like" },
	{ "1.5h", "write it like" },
	{ "-1", "write it like" },
	{ "+1", "write it like" },
	{ "0x10", "write it like" },
	{ "never", "write it like" },
	{ "0", "would expire at once" },
	{ "0h0s", "would expire at once" },
	{ "632448001", "too long" },
	{ "7320d1s", "too long" },
	{ "1046w", "too long" },
	{ "4294967296", "too long" },
	{ "18446744073709551616", "too long" },
	{ "18446744073709551617s", "too long" },
	{ "213503982334602d", "too long" },
	{ "99999999999999999999999999999999999999d", "too long" },
};

START_TEST(test_bad)
{
	const char *why = "";
	uint32_t seconds = 0;

	ck_assert_int_eq(duration_parse(bad[_i].text, &seconds, &why), -1);
	ck_assert_msg(strstr(why, bad[_i].why), "%s", why);
}

START_TEST(test_round_trip)
{
	char text[DURATION_STRLEN];
	uint32_t seconds, again;
	const char *why;

	for (seconds = 1; seconds < P25_TIMEOUT_MAX; seconds += 86399) {
		ck_assert(!duration_parse(duration_format(seconds, text),
					  &again, &why));
		ck_assert_uint_eq(again, seconds);
	}
	ck_assert_str_eq(duration_format(0, text), "0s");
	ck_assert_str_eq(duration_format(UINT32_MAX, text), "49710d6h28m15s");
}

static const struct {
	int64_t then, now;
	const char *age;
} ages[] = {
	{ 1000, 1000, "0s" },
	{ 1000, 1035, "35s" },
	{ 1000, 1000 + 754, "12m34s" },
	{ 1000, 1000 + 5425, "1h30m" },
	{ 1000, 1000 + 95405, "1d2h" },
	{ 1000, 900, "0s" },
	{ 0, INT64_MAX, "49710d6h" },
	{ INT64_MIN / 2, INT64_MAX / 2, "49710d6h" },
};

START_TEST(test_age)
{
	char text[DURATION_STRLEN];

	ck_assert_str_eq(age_format(ages[_i].then, ages[_i].now, text),
			 ages[_i].age);
}

void *duration_suite(void)
{
	void *tests;
	void *suite = suite_new("duration", &tests);

	tcase_add_loop_test(tests, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(tests, test_round_trip);
	tcase_add_loop_test(tests, test_age, 0, ARRAY_SIZE(ages));
	return suite;
}
