// SPDX-License-Identifier: GPL-2.0
/*
 * Moments, as ISO 8601 has them, to the second: 2030-01-31T12:00:00Z, or with an
 * offset; a date alone, which begins in UTC; or @ and seconds since 1970.
 */
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl.h"
#include "timestamp.h"

/*
 * The C library's own choice on 32-bit machines ends in January 2038. _TIME_BITS=64
 * is another one, that glibc before 2.34 doesn't know.
 */
static_assert(sizeof(time_t) >= sizeof(int64_t),
	      "time_t has 32 bits: build with glibc 2.34 or newer");

/*
 * strptime(3) takes 2030-1-1 as well, and more that may be a slip: 'd' is a digit
 * here, 'z' is 'Z' or an offset, which ends it.
 */
static const struct {
	const char *shape;
	const char *format;
} forms[] = {
	{ "dddd-dd-dd", "%Y-%m-%d" },
	{ "dddd-dd-ddTdd:dd:ddz", "%Y-%m-%dT%H:%M:%S%z" },
	{ "dddd-dd-ddTdd:ddz", "%Y-%m-%dT%H:%M%z" },
	/* no zone: not taken */
	{ "dddd-dd-ddTdd:dd:dd", NULL },
	{ "dddd-dd-ddTdd:dd", NULL },
};

static bool has_shape(const char *text, const char *shape);

static bool is_zone(const char *text)
{
	if (*text != '+' && *text != '-')
		return !strcmp(text, "Z");
	return has_shape(text + 1, "dd:dd") || has_shape(text + 1, "dddd") ||
	       has_shape(text + 1, "dd");
}

static bool has_shape(const char *text, const char *shape)
{
	for (; *shape && *text; shape++, text++) {
		if (*shape == 'z')
			return is_zone(text);
		if (*shape == 'd' ? !isdigit((unsigned char)*text) :
				    *shape != *text)
			return false;
	}
	return !*shape && !*text;
}

/* A day or a second that there isn't, February 30 say, becomes another one. */
static bool read_calendar(const char *text, const char *format,
			  int64_t *seconds)
{
	struct tm tm = { 0 }, same;
	const char *end = strptime(text, format, &tm);
	long offset = tm.tm_gmtoff;

	if (!end || *end)
		return false;
	same = tm;
	*seconds = timegm(&tm) - offset;
	return tm.tm_mday == same.tm_mday && tm.tm_sec == same.tm_sec;
}

static int parse_calendar(const char *text, int64_t *seconds, const char **why)
{
	char copy[sizeof("2030-01-31T12:00:00+00:00")];
	size_t i;

	*why = "write 2030-01-31T12:00:00Z, or @$(date -d 'tomorrow 18:00' +%s)";
	if (strlen(text) >= sizeof(copy))
		return -1;
	strcpy(copy, text);
	/* RFC 3339 lets people write a blank there. */
	if (strlen(copy) > 10 && copy[10] == ' ')
		copy[10] = 'T';
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!has_shape(copy, forms[i].shape))
			continue;
		*why = "no time zone; append Z (UTC), or an offset like +02:00";
		if (!forms[i].format)
			return -1;
		*why = "no such day or time of day";
		return read_calendar(copy, forms[i].format, seconds) ? 0 : -1;
	}
	return -1;
}

/*
 * timestamp_parse - read a moment
 * @seconds: since 1970-01-01 UTC
 * @why: what is wrong, if anything is
 *
 * Return: 0, or -1.
 */
int timestamp_parse(const char *text, int64_t *seconds, const char **why)
{
	char *end;

	if (*text != '@')
		return parse_calendar(text, seconds, why);
	/* What is too large for it is too far away in any case. */
	*seconds = strtoll(text + 1, &end, 10);
	if (isdigit((unsigned char)text[1]) && !*end)
		return 0;
	*why = "@ is followed by seconds since 1970, as \"date +%s\" prints them";
	return -1;
}

#define DAY 86400

static char *format_two(char *to, unsigned int number)
{
	*to++ = '0' + number / 10;
	*to++ = '0' + number % 10;
	return to;
}

static char *format_time(char *to, unsigned int seconds)
{
	to = format_two(to, seconds / 3600);
	*to++ = ':';
	to = format_two(to, seconds / 60 % 60);
	*to++ = ':';
	return format_two(to, seconds % 60);
}

/* Of that day, up to the time; "": there is no such year. */
static const char *format_day(int64_t seconds, int64_t day)
{
	static char text[TIMESTAMP_STRLEN];
	static int64_t last;
	time_t when = seconds;
	struct tm tm;

	if (*text && day == last)
		return text;
	if (!gmtime_r(&when, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%dT", &tm))
		*text = '\0';
	last = day;
	return text;
}

/*
 * timestamp_format - write it
 *
 * The day is kept for the next one: strftime() would take a third of a long listing.
 */
char *timestamp_format(int64_t seconds, char text[TIMESTAMP_STRLEN])
{
	int64_t time = (seconds % DAY + DAY) % DAY;
	const char *day = format_day(seconds, seconds / DAY - (seconds % DAY < 0));

	if (*day)
		strcpy(format_time(stpcpy(text, day), time), "Z");
	else
		strcpy(text, "?");
	return text;
}
