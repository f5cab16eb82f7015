// SPDX-License-Identifier: GPL-2.0
/*
 * Moments: ISO 8601, UTC, to the second: 2030-01-31T12:00:00Z.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "parse.h"

#define FORMAT "dddd-dd-ddTdd:dd:ddZ"

static bool fits_format(const char *text)
{
	const char *format = FORMAT;

	for (; *format && *text; format++, text++) {
		if (*format == 'd' ? *text < '0' || *text > '9' :
				     *text != *format)
			return false;
	}
	return !*format && !*text;
}

static int number(const char *digits, int n)
{
	int value = 0;

	while (n--)
		value = value * 10 + *digits++ - '0';
	return value;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_day(int year, int month, int day)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30,
				     31, 31, 30, 31, 30, 31 };

	return month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && is_leap(year));
}

/*
 * Days since 1970-01-01. Years are counted from March here, so that the leap
 * day is the last one, and from 400 years before the year 0, so that none is
 * negative. From March on, five months always have 153 days.
 */
static int64_t day_number(int year, int month, int day)
{
	int years = year + 400 - (month < 3);
	int months = (month + 9) % 12;

	return years * 365 + years / 4 - years / 100 + years / 400 +
	       (153 * months + 2) / 5 + day - 1 - 865565;
}

/*
 * timestamp_parse - read a moment
 * @seconds: since 1970-01-01 UTC
 * @why: what is wrong, if anything is; says it of the word
 *
 * Return: 0, or -1.
 */
int timestamp_parse(const char *text, int64_t *seconds, const char **why)
{
	int year, month, day, hour, minute, second;

	if (!fits_format(text)) {
		*why = "is no timestamp; write it in UTC, like 2030-01-31T12:00:00Z";
		return -1;
	}
	year = number(text, 4);
	month = number(text + 5, 2);
	day = number(text + 8, 2);
	hour = number(text + 11, 2);
	minute = number(text + 14, 2);
	second = number(text + 17, 2);
	if (!is_day(year, month, day) || hour > 23 || minute > 59 ||
	    second > 59) {
		*why = "is no moment: there is no such day or hour";
		return -1;
	}
	*seconds = day_number(year, month, day) * 86400 + hour * 3600 +
		   minute * 60 + second;
	return 0;
}

/* timestamp_format - write it */
char *timestamp_format(int64_t seconds, char text[TIMESTAMP_STRLEN])
{
	time_t when = seconds;
	struct tm tm;

	if (!gmtime_r(&when, &tm) ||
	    !strftime(text, TIMESTAMP_STRLEN, "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(text, "?");
	return text;
}
