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

/* timegm() takes any number and carries; a moment that exists is unchanged. */
static bool exists(const struct tm *given, time_t seconds)
{
	struct tm tm;

	return gmtime_r(&seconds, &tm) && tm.tm_year == given->tm_year &&
	       tm.tm_mon == given->tm_mon && tm.tm_mday == given->tm_mday &&
	       tm.tm_hour == given->tm_hour && tm.tm_min == given->tm_min &&
	       tm.tm_sec == given->tm_sec;
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
	struct tm tm = { 0 }, given;

	if (!fits_format(text)) {
		*why = "is no timestamp; write it in UTC, like 2030-01-31T12:00:00Z";
		return -1;
	}
	tm.tm_year = number(text, 4) - 1900;
	tm.tm_mon = number(text + 5, 2) - 1;
	tm.tm_mday = number(text + 8, 2);
	tm.tm_hour = number(text + 11, 2);
	tm.tm_min = number(text + 14, 2);
	tm.tm_sec = number(text + 17, 2);
	given = tm;
	*seconds = timegm(&tm);
	if (exists(&given, *seconds))
		return 0;
	*why = "is no moment: there is no such day or hour";
	return -1;
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
