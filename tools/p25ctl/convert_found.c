// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of what a reader has found: it is kept, or it is bad, for a reason that
 * is the same for all formats.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "comment_fit.h"
#include "convert.h"
#include "ctl.h"
#include "parse.h"
#include "prefix_check.h"
#include "quote.h"

/* Which set was meant is a question that comes before any other. */
static bool is_open(const struct convert *cv)
{
	return cv->n_sets > 1 && !cv->options->n_sets;
}

/* convert_bad - something in this line can't be kept */
void convert_bad(struct convert *cv, const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (!is_open(cv))
		report_misuse(cv->c, "%s", message);
	blamed_word();
	cv->bad++;
	cv->c->bad++;
}

/* convert_stop - nothing more can be done, for this reason */
void convert_stop(struct convert *cv, const char *why)
{
	if (!cv->stopped)
		cv->stopped = why;
}

/* Which sets there are is only told, and so only of the first ones. */
static void remember_set(struct convert *cv, const char *set)
{
	unsigned int i;

	for (i = cv->n_sets; i--;) {
		if (!strncmp(cv->sets[i], set, SET_NAME_ROOM - 1))
			return;
	}
	if (cv->n_sets == SETS_MAX)
		cv->more_sets = true;
	else
		snprintf(cv->sets[cv->n_sets++], SET_NAME_ROOM, "%s", set);
}

/* Number of a set among those that are meant; -1: it is none of them. */
static int set_number(const struct convert *cv, const char *set)
{
	const struct convert_options *options = cv->options;
	unsigned int i;

	if (!options->n_sets)
		return 0;
	for (i = 0; set && i < options->n_sets; i++) {
		if (!strcmp(options->sets[i], set))
			return i;
	}
	return -1;
}

/* convert_wants - are the elements of this set meant? NULL: there are no sets */
bool convert_wants(struct convert *cv, const char *set)
{
	bool wanted = set_number(cv, set) >= 0;

	if (set)
		remember_set(cv, set);
	cv->others += !wanted;
	return wanted;
}

/* Does all of it lie where nothing is forwarded from or to? NULL: not all of it */
static const char *unforwardable(const struct address_range *range)
{
	struct address_range rest = *range;
	const char *what = NULL;
	struct p25_prefix prefix;

	while (range_next_prefix(&rest, &prefix)) {
		what = prefix_unforwardable(&prefix);
		if (!what)
			return NULL;
	}
	return what;
}

static bool is_too_wide(const struct convert *cv,
			const struct address_range *range)
{
	return !cv->options->wide &&
	       range_is_wider(range, prefix_wide_below(range->family));
}

static void report_wide(struct convert *cv, const char *word,
			const struct address_range *range)
{
	static const char how[] =
		"if that is intended, use \"p25ctl --wide convert ...\"";
	struct address_range rest = *range;
	struct p25_prefix prefix;

	if (range_next_prefix(&rest, &prefix) && !prefix.len)
		convert_bad(cv, "%s covers every address; %s", quote(word), how);
	else
		convert_bad(cv, "%s is wider than a /%u; %s", quote(word),
			    prefix_wide_below(range->family), how);
}

/*
 * convert_range - read a word, and look whether it may be an entry
 * @netmask: length of the prefix that a single address stands for; 0: itself
 * @how: RANGE_...
 *
 * Return: false if it may not; that has been reported then.
 */
bool convert_range(struct convert *cv, char *word, unsigned int netmask,
		   struct address_range *range, unsigned int *how)
{
	const char *why;

	if (range_parse(word, range, how, &why)) {
		if (*how & RANGE_BOUNDS) {
			convert_bad(cv, "invalid range %s: %s", quote(word), why);
			return false;
		}
		if (!is_open(cv))
			report_bad_prefix(cv->c, word, why);
		cv->bad++;
		cv->c->bad++;
		return false;
	}
	if (netmask && netmask <= (range->family == AF_INET ? 32 : 128))
		range_widen(range, netmask);
	why = unforwardable(range);
	if (why) {
		convert_bad(cv, "%s is %s: no mail is forwarded %s it", quote(word), why,
			    cv->options->kind == P25_KIND_RELAY ? "to" : "from");
		return false;
	}
	if (is_too_wide(cv, range)) {
		report_wide(cv, word, range);
		return false;
	}
	return true;
}

/* Return: false if its time is up. */
static bool take_expiry(struct convert *cv, const struct found *found,
			struct item *item)
{
	item->expires = found->expires;
	if (found->has_timeout)
		item->expires = cv->now + (int64_t)found->timeout;
	if (item->expires > P25_EXPIRES_MAX)
		item->expires = P25_EXPIRES_MAX;
	return !item->expires || item->expires > cv->now;
}

static void keep(struct convert *cv, const struct item *item,
		 const struct found *found, unsigned int how)
{
	char comment[P25_COMMENT_MAXLEN + 1] = "";
	bool whole = !found->comment || comment_fit(comment, found->comment);

	if (aggregate_add(&cv->all, item, comment)) {
		convert_stop(cv, "out of memory");
		return;
	}
	if (item->hole)
		return;
	cv->kept++;
	cv->masked += !!(how & RANGE_MASKED);
	cv->mapped += !!(how & RANGE_MAPPED);
	cv->cut += !whole;
}

/* convert_found - a reader has found this in a line */
void convert_found(struct convert *cv, const struct found *found)
{
	struct item item = { .hole = found->hole };
	unsigned int how;

	if (!convert_wants(cv, found->set) || found->bad)
		return;
	item.set = set_number(cv, found->set);
	if (!convert_range(cv, found->word, found->netmask, &item.range, &how))
		return;
	if (!take_expiry(cv, found, &item)) {
		cv->expired++;
		return;
	}
	if (item.hole && cv->all.holes == AGGREGATE_HOLES_MAX)
		convert_stop(cv, "more exceptions (nomatch) than are dealt with: 4096");
	else
		keep(cv, &item, found, how);
}
