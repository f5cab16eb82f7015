// SPDX-License-Identifier: GPL-2.0
/*
 * What is left of a timeout, as other programs write it: seconds (ipset), 28m47s230ms
 * (nft), 1w2d3h4m5s, 2d03:04:05 (RouterOS).
 */
#include <string.h>

#include "ctl.h"
#include "remaining.h"

/* Far more than anything lasts, in milliseconds, so that sums don't overflow. */
#define LONGEST 1000000000000000ULL

static const struct {
	const char *name;
	uint64_t milliseconds;
} units[] = {
	{ "w", 7 * 86400000 },
	{ "d", 86400000 },
	{ "h", 3600000 },
	{ "ms", 1 },
	{ "m", 60000 },
	{ "s", 1000 },
};

enum { SECONDS = ARRAY_SIZE(units) - 1 };

static const char *parse_digits(const char *text, uint64_t *value)
{
	const char *at = text;

	for (*value = 0; *at >= '0' && *at <= '9'; at++) {
		if (*value < LONGEST / 1000000)
			*value = *value * 10 + *at - '0';
	}
	return at == text ? NULL : at;
}

/* HH:MM:SS, or HH:MM, from the first colon on. */
static int parse_clock(const char *text, uint64_t hours, uint64_t *milliseconds)
{
	uint64_t minutes, seconds = 0;

	text = parse_digits(text + 1, &minutes);
	if (text && *text == ':')
		text = parse_digits(text + 1, &seconds);
	if (!text || *text || minutes > 59 || seconds > 59)
		return -1;
	*milliseconds += ((hours * 60 + minutes) * 60 + seconds) * 1000;
	return 0;
}

static size_t find_unit(const char *text)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(units) &&
	       strncmp(text, units[i].name, strlen(units[i].name)))
		i++;
	return i;
}

/* One number and its unit; a number without one is seconds, and the last one. */
static const char *parse_part(const char *text, uint64_t *milliseconds)
{
	uint64_t value;
	size_t unit;

	text = parse_digits(text, &value);
	if (!text)
		return NULL;
	if (*text == ':') {
		if (parse_clock(text, value, milliseconds))
			return NULL;
		return text + strlen(text);
	}
	unit = *text ? find_unit(text) : SECONDS;
	if (unit == ARRAY_SIZE(units))
		return NULL;
	*milliseconds += value * units[unit].milliseconds;
	if (*milliseconds > LONGEST)
		*milliseconds = LONGEST;
	return text + (*text ? strlen(units[unit].name) : 0);
}

/*
 * remaining_parse - read it, and leave fractions of a second out
 *
 * Return: 0, or -1
 */
int remaining_parse(const char *text, uint64_t *seconds)
{
	uint64_t sum = 0;

	do {
		text = parse_part(text, &sum);
		if (!text)
			return -1;
		text += strspn(text, " ");
	} while (*text);
	*seconds = sum / 1000;
	return 0;
}
