// SPDX-License-Identifier: GPL-2.0
/*
 * Timestamps.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "timestamp.h"
#include "unit.h"

static const struct {
	const char *text;
	int64_t seconds;
} good[] = {
	{ "1000-01-01T00:00:00Z", -30610224000 },
	{ "1970-01-01T00:00:00Z", 0 },
	{ "2000-02-29T23:59:59Z", 951868799 },
	{ "2024-02-29T00:00:00Z", 1709164800 },
	{ "2038-01-19T03:14:08Z", 2147483648 },
	{ "2106-02-07T06:28:16Z", 4294967296 },
	{ "9999-12-31T23:59:59Z", 253402300799 },
};

/* Other ways to write them. */
static const struct {
	const char *text;
	const char *same;
} forms[] = {
	{ "2027-01-31", "2027-01-31T00:00:00Z" },
	{ "2027-01-31T18:00:00+02:00", "2027-01-31T16:00:00Z" },
	{ "2027-01-31 18:00:00+02:00", "2027-01-31T16:00:00Z" },
	{ "2027-01-31 18:00Z", "2027-01-31T18:00:00Z" },
	{ "2027-01-31T18:00:00-0730", "2027-02-01T01:30:00Z" },
	{ "2027-01-01T00:30+01", "2026-12-31T23:30:00Z" },
	{ "2028-02-29T23:30:00-01:00", "2028-03-01T00:30:00Z" },
	{ "@0", "1970-01-01T00:00:00Z" },
	{ "@4294967296", "2106-02-07T06:28:16Z" },
	/* beyond the calendar */
	{ "@9223372036854775807", "?" },
	{ "@99999999999999999999", "?" },
};

START_TEST(test_form)
{
	char text[TIMESTAMP_STRLEN];
	const char *why = "";
	int64_t seconds;

	ck_assert_msg(!timestamp_parse(forms[_i].text, &seconds, &why), "%s",
		      why);
	ck_assert_str_eq(timestamp_format(seconds, text), forms[_i].same);
}

START_TEST(test_good)
{
	char text[TIMESTAMP_STRLEN];
	const char *why = "";
	int64_t seconds;

	ck_assert_msg(!timestamp_parse(good[_i].text, &seconds, &why), "%s",
		      why);
	ck_assert_int_eq(seconds, good[_i].seconds);
	ck_assert_str_eq(timestamp_format(seconds, text), good[_i].text);
}

static const struct {
	const char *text;
	const char *why;
} bad[] = {
	{ "", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T12:00:00", "no time zone" },
	{ "2030-01-31 12:00", "no time zone" },
	{ "2030-01-31T12:00:00z", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T12:00:00 Z", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T12:00:00+1", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T12:00:00+01:0", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T12:00:00+01:60", "no such day or time of day" },
	{ "2030-01-31T12Z", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31Z", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31 ", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T1:02:03Z", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T12:00:00+01:00 and more than there is room for",
	  "write 2030-01-31T12:00:00Z" },
	{ "@", "@ is followed by" },
	{ "@-5", "@ is followed by" },
	{ "@ 5", "@ is followed by" },
	{ "@5s", "@ is followed by" },
	{ "2030-02-29", "no such day or time of day" },
	{ "2030-01-31T12:00:00.5Z", "write 2030-01-31T12:00:00Z" },
	{ "2030-01-31T12:00:00ZZ", "write 2030-01-31T12:00:00Z" },
	{ "30-01-31T12:00:00Z", "write 2030-01-31T12:00:00Z" },
	{ "2030-1-31T12:00:00Z", "write 2030-01-31T12:00:00Z" },
	{ "tomorrow 18:00", "or @$(date -d 'tomorrow 18:00' +%s)" },
	{ "1900000000", "write 2030-01-31T12:00:00Z" },
	{ "2030-13-01T12:00:00Z", "no such day or time of day" },
	{ "2030-00-01T12:00:00Z", "no such day or time of day" },
	{ "2030-02-29T12:00:00Z", "no such day or time of day" },
	{ "2100-02-29T12:00:00Z", "no such day or time of day" },
	{ "2030-04-31T12:00:00Z", "no such day or time of day" },
	{ "2030-01-00T12:00:00Z", "no such day or time of day" },
	{ "2030-01-01T24:00:00Z", "no such day or time of day" },
	{ "2030-01-01T12:60:00Z", "no such day or time of day" },
	{ "2030-01-01T12:00:60Z", "no such day or time of day" },
};

START_TEST(test_bad)
{
	const char *why = "";
	int64_t seconds;

	ck_assert_int_eq(timestamp_parse(bad[_i].text, &seconds, &why), -1);
	ck_assert_msg(strstr(why, bad[_i].why), "%s", why);
}

/*
 * Every day of eight centuries: the calendar repeats itself after four. Check's
 * assertions take their time, so only what is wrong gets to one.
 */
START_TEST(test_every_day)
{
	struct tm tm = { .tm_mday = 1, .tm_year = 1600 - 1900 };
	int64_t day = timegm(&tm) / 86400, last = day + 2 * 146097;
	char text[64];
	const char *why = "";
	int64_t seconds;
	time_t noon;

	for (; day <= last; day++) {
		noon = day * 86400 + 43200;
		gmtime_r(&noon, &tm);
		snprintf(text, sizeof(text), "%04d-%02d-%02dT12:00:00Z",
			 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
		if (timestamp_parse(text, &seconds, &why) || seconds != noon)
			ck_abort_msg("%s %s", text, why);
	}
}

START_TEST(test_no_such_days)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30,
				     31, 31, 30, 31, 30, 31 };
	char text[TIMESTAMP_STRLEN];
	int64_t seconds;
	const char *why;
	int day = days[_i] + 1 + (_i == 1);

	for (; day < 100; day++) {
		snprintf(text, sizeof(text), "2028-%02d-%02dT00:00:00Z", _i + 1,
			 day);
		ck_assert_int_eq(timestamp_parse(text, &seconds, &why), -1);
	}
}

/* It is UTC, wherever the router stands. */
START_TEST(test_time_zone)
{
	char text[TIMESTAMP_STRLEN];
	const char *why;
	int64_t seconds;

	setenv("TZ", "EST5EDT", 1);
	tzset();
	ck_assert(!timestamp_parse("2024-07-01", &seconds, &why));
	ck_assert_int_eq(seconds, 1719792000);
	ck_assert(!timestamp_parse("2024-07-01T00:00:00Z", &seconds, &why));
	ck_assert_int_eq(seconds, 1719792000);
	ck_assert_str_eq(timestamp_format(seconds, text),
			 "2024-07-01T00:00:00Z");
	unsetenv("TZ");
	tzset();
}

START_TEST(test_no_year)
{
	char text[TIMESTAMP_STRLEN];

	/* A hostile kernel may send any number. */
	ck_assert_str_eq(timestamp_format(INT64_MAX, text), "?");
	ck_assert_str_eq(timestamp_format(INT64_MIN, text), "?");
}

/* What one call keeps must not be in the next one's way. */
START_TEST(test_formats)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 86399, "1970-01-01T23:59:59Z" },
		{ -1, "1969-12-31T23:59:59Z" },
		{ -86400, "1969-12-31T00:00:00Z" },
		{ -86401, "1969-12-30T23:59:59Z" },
		{ INT64_MAX, "?" },
		{ 1834012799, "2028-02-12T23:59:59Z" },
		{ 1834012800, "2028-02-13T00:00:00Z" },
		{ 1834012799, "2028-02-12T23:59:59Z" },
		{ INT64_MIN, "?" },
		{ 1834012861, "2028-02-13T00:01:01Z" },
		{ 253402300800, "10000-01-01T00:00:00Z" },
	};
	char text[TIMESTAMP_STRLEN];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_str_eq(timestamp_format(cases[i].seconds, text),
				 cases[i].text);
}

void *timestamp_suite(void)
{
	void *tests;
	void *suite = suite_new("timestamp", &tests);

	tcase_add_loop_test(tests, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tests, test_form, 0, ARRAY_SIZE(forms));
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(tests, test_every_day);
	tcase_add_loop_test(tests, test_no_such_days, 0, 12);
	tcase_add_test(tests, test_time_zone);
	tcase_add_test(tests, test_no_year);
	tcase_add_test(tests, test_formats);
	return suite;
}
