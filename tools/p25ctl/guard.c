// SPDX-License-Identifier: GPL-2.0
/*
 * Guards as words: "off", or rates such as "20/60s,1000/1h".
 */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "duration.h"
#include "guard.h"
#include "print.h"
#include "quote.h"
#include "report.h"

/* The longest rate that can be right: 1000000/29d23h59m59s, with leading zeros. */
#define RATE_WORDLEN 32

#define FORM "expected " GUARD_IS

/* What other programs call the time of a rate, such as 20/minute. */
static const char *spelled_out(const char *word)
{
	static const struct {
		const char *word;
		const char *meant;
	} units[] = {
		{ "s", "1s" }, { "sec", "1s" }, { "second", "1s" },
		{ "m", "1m" }, { "min", "1m" }, { "minute", "1m" },
		{ "h", "1h" }, { "hour", "1h" },
		{ "d", "1d" }, { "day", "1d" },
		{ "w", "1w" }, { "week", "1w" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(word, units[i].word))
			return units[i].meant;
	}
	return NULL;
}

static int parse_attempts(const struct ctl *c, const char *rate, size_t len,
			  uint32_t *attempts)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < len && rate[i] >= '0' && rate[i] <= '9'; i++) {
		if (value <= P25_GUARD_ATTEMPTS_MAX)
			value = value * 10 + rate[i] - '0';
	}
	if (!len || i < len)
		return report_misuse(c, "invalid rate %s: " FORM, quote(rate));
	if (!value || value > P25_GUARD_ATTEMPTS_MAX)
		return report_misuse(c, "invalid rate %s: expected 1 to %d attempts",
				     quote(rate), P25_GUARD_ATTEMPTS_MAX);
	*attempts = value;
	return DONE;
}

/* From a second to 30 days; @what is invalid otherwise. */
static int parse_seconds(const struct ctl *c, const char *what, const char *word,
			 const char *text, uint32_t *seconds)
{
	uint64_t sum;

	if (duration_sum(text, &sum))
		return report_misuse(c, "invalid %s %s: write its time like 60s, 1h30m or 1d",
				     what, quote(word));
	if (!sum || sum > P25_GUARD_SECONDS_MAX)
		return report_misuse(c, "invalid %s %s: its time must be 1s to 30d", what,
				     quote(word));
	*seconds = sum;
	return DONE;
}

static int parse_rate(const struct ctl *c, const char *word,
		      struct p25_guard_rate *rate)
{
	const char *slash = strchr(word, '/');
	const char *meant;

	if (!slash)
		return report_misuse(c, "invalid rate %s: " FORM, quote(word));
	meant = spelled_out(slash + 1);
	if (meant)
		return report_misuse(c, "invalid rate %s; did you mean %.*s%s?", quote(word),
				     (int)(slash - word) + 1, word, meant);
	if (parse_attempts(c, word, slash - word, &rate->attempts))
		return MISUSED;
	return parse_seconds(c, "rate", word, slash + 1, &rate->seconds);
}

/* The rates, one after the other: @list is theirs, and is written to. */
static int parse_rates(const struct ctl *c, char *list, struct p25_guard *guard)
{
	char *rate;

	while ((rate = strsep(&list, ","))) {
		if (guard->n == P25_GUARD_RATES_MAX)
			return report_misuse(c, "a guard has %d rates at most",
					     P25_GUARD_RATES_MAX);
		if (!*rate)
			return report_misuse(c,
					     "a rate is missing in a guard; write them like 20/60s,1000/1h, without blanks");
		if (parse_rate(c, rate, &guard->rate[guard->n++]))
			return MISUSED;
	}
	return DONE;
}

/* parse_guard - the word after "guard" */
int parse_guard(const struct ctl *c, const char *word, struct p25_guard *guard)
{
	char list[(P25_GUARD_RATES_MAX + 1) * RATE_WORDLEN];

	memset(guard, 0, sizeof(*guard));
	if (!strcmp(word, "off"))
		return DONE;
	if (!*word || strlen(word) >= sizeof(list) || !strchr(word, '/'))
		return report_misuse(c, "invalid guard %s: " FORM, quote(word));
	strcpy(list, word);
	return parse_rates(c, list, guard);
}

/* parse_guard_for - the word after "for": how long the guard blocks */
int parse_guard_for(const struct ctl *c, const char *word, uint32_t *seconds)
{
	return parse_seconds(c, "duration", word, word, seconds);
}

/* format_rate - write it. Return: where its NUL is */
char *format_rate(char *to, const struct p25_guard_rate *rate)
{
	to = format_number(to, rate->attempts);
	*to++ = '/';
	return to + strlen(duration_format(rate->seconds, to));
}

/* format_guard - as parse_guard() reads it. Return: where its NUL is */
char *format_guard(char *to, const struct p25_guard *guard)
{
	unsigned int i;

	if (!guard->n)
		return stpcpy(to, "off");
	for (i = 0; i < guard->n; i++) {
		if (i)
			*to++ = ',';
		to = format_rate(to, &guard->rate[i]);
	}
	return to;
}

bool guard_equal(const struct p25_guard *a, const struct p25_guard *b)
{
	return a->n == b->n && !memcmp(a->rate, b->rate, a->n * sizeof(*a->rate));
}

/* has_same_guard - the same one of their own, or both none? */
bool has_same_guard(const struct p25_entry *a, const struct p25_entry *b)
{
	return a->has_guard == b->has_guard &&
	       (!a->has_guard || guard_equal(&a->guard, &b->guard));
}
