// SPDX-License-Identifier: GPL-2.0
/*
 * Durations, as nft has them: 1w1d2h30m5s, or plain seconds.
 */
#include <string.h>

#include "ctl.h"
#include "duration.h"
#include "print.h"

static const struct {
	char letter;
	uint32_t seconds;
} units[] = {
	{ 'w', 7 * 86400 },
	{ 'd', 86400 },
	{ 'h', 3600 },
	{ 'm', 60 },
	{ 's', 1 },
};

/* Digits; far more than P25_TIMEOUT_MAX is as good as any. NULL if there is none */
static const char *parse_digits(const char *text, uint64_t *value)
{
	const char *at = text;

	for (*value = 0; *at >= '0' && *at <= '9'; at++) {
		if (*value <= P25_TIMEOUT_MAX)
			*value = *value * 10 + *at - '0';
	}
	return at == text ? NULL : at;
}

/*
 * duration_sum - read a duration, of any length: what is longer than P25_TIMEOUT_MAX may
 * be given as something else that is
 *
 * Return: 0, or -1: it is none.
 */
int duration_sum(const char *text, uint64_t *sum)
{
	size_t unit = 0;
	uint64_t value;

	text = parse_digits(text, &value);
	if (!text)
		return -1;
	*sum = value;
	if (!*text)
		return 0;
	for (*sum = 0;;) {
		while (unit < ARRAY_SIZE(units) && units[unit].letter != *text)
			unit++;
		if (unit == ARRAY_SIZE(units))
			return -1;
		*sum += value * units[unit++].seconds;
		if (!*++text)
			return 0;
		text = parse_digits(text, &value);
		if (!text)
			return -1;
	}
}

/*
 * duration_parse - read a duration
 * @why: what is wrong, if anything is
 *
 * Return: 0, or -1.
 */
int duration_parse(const char *text, uint32_t *seconds, const char **why)
{
	uint64_t sum;

	if (duration_sum(text, &sum)) {
		*why = "write it like 1w1d2h30m5s, or in seconds";
		return -1;
	}
	if (!sum) {
		*why = "would expire at once; leave it out for no timeout";
		return -1;
	}
	if (sum > P25_TIMEOUT_MAX) {
		*why = "too long; 20 years (7320d) is the most";
		return -1;
	}
	*seconds = sum;
	return 0;
}

/* is_duration - is this word one, and nothing wrong with it? */
bool is_duration(const char *word)
{
	uint32_t seconds;
	const char *why;

	return !duration_parse(word, &seconds, &why);
}

/* duration_format - write it: the largest units first, no weeks, "0s" for nothing */
char *duration_format(uint32_t seconds, char text[DURATION_STRLEN])
{
	char *to = text;
	size_t i;

	for (i = 1; i < ARRAY_SIZE(units); i++) {
		if (seconds < units[i].seconds)
			continue;
		to = format_number(to, seconds / units[i].seconds);
		*to++ = units[i].letter;
		seconds %= units[i].seconds;
	}
	strcpy(to, to == text ? "0s" : "");
	return text;
}

/* age_format - write how long ago this was: to the hour, if it was days, and so on */
char *age_format(int64_t then, int64_t now, char text[DURATION_STRLEN])
{
	uint32_t age = 0;

	/* The clock may have been set. */
	if (then < now)
		age = now - then < UINT32_MAX ? now - then : UINT32_MAX;
	if (age >= 86400)
		age -= age % 3600;
	else if (age >= 3600)
		age -= age % 60;
	return duration_format(age, text);
}
