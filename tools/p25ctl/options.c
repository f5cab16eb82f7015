// SPDX-License-Identifier: GPL-2.0
/*
 * What follows an entry's prefix: timeout, expires, comment, action, guard, owner.
 */
#include <ctype.h>
#include <string.h>
#include <time.h>

#include "ctl.h"
#include "duration.h"
#include "guard.h"
#include "options.h"
#include "parse.h"
#include "quote.h"
#include "report.h"
#include "suggest.h"
#include "synonyms.h"
#include "timestamp.h"
#include "words.h"

static const char *const options[] = {
	"timeout", "expires", "comment", "action", "guard", "owner", "packets", "bytes",
};

/* The first so many of them may be meant by another word; without an owner, one less. */
#define MEANT 6

bool is_option(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if (is_word(word, options[i]))
			return true;
	}
	return false;
}

/* near_option - the option that another word was meant to be, or NULL */
const char *near_option(const char *word)
{
	const char *near = synonym(word, "entry option", options, MEANT);

	return near ? near : suggest(word, options, MEANT);
}

static int parse_timeout(const struct ctl *c, const char *word,
			 unsigned int allowed, struct p25_entry *entry)
{
	const char *why, *no_timestamp;
	int64_t moment;

	(void)allowed;
	if (!duration_parse(word, &entry->timeout, &why))
		return DONE;
	if (!timestamp_parse(word, &moment, &no_timestamp))
		return report_misuse(c, "invalid duration %s; did you mean \"expires %s\"?",
				     quote(word), word);
	return report_misuse(c, "invalid duration %s: %s", quote(word), why);
}

/* has_passed - has this moment, by the clock, and so for the kernel? */
bool has_passed(int64_t expires)
{
	return expires <= P25_EXPIRES_MIN || expires <= time(NULL);
}

static int parse_expires(const struct ctl *c, const char *word,
			 unsigned int allowed, struct p25_entry *entry)
{
	char text[TIMESTAMP_STRLEN];
	const char *why;

	if (timestamp_parse(word, &entry->expires, &why)) {
		/* Digits alone may be seconds since 1970 without their @. */
		if (is_duration(word) && word[strspn(word, "0123456789")])
			return report_misuse(c,
					     "invalid timestamp %s; did you mean \"timeout %s\"?",
					     quote(word), word);
		return report_misuse(c, "invalid timestamp %s: %s", quote(word), why);
	}
	if (has_passed(entry->expires) && !(allowed & OPTION_PAST))
		return report_misuse(c, "invalid timestamp %s: in the past; by the clock it is %s",
				     quote(word), timestamp_format(time(NULL), text));
	if (entry->expires > P25_EXPIRES_MAX && !(allowed & OPTION_PAST))
		return report_misuse(c,
				     "invalid timestamp %s: too far in the future; %s is the latest",
				     quote(word),
				     timestamp_format(P25_EXPIRES_MAX, text));
	/* What the kernel makes of it, too; 0 would be "never". */
	if (entry->expires < P25_EXPIRES_MIN)
		entry->expires = P25_EXPIRES_MIN;
	if (entry->expires > P25_EXPIRES_MAX)
		entry->expires = P25_EXPIRES_MAX;
	return DONE;
}

/* parse_comment - the word after "comment" */
int parse_comment(const struct ctl *c, const char *word,
		  struct p25_entry *entry)
{
	if (strlen(word) > P25_COMMENT_MAXLEN)
		return report_misuse(c, "invalid comment %s: longer than %d bytes (it has %zu)",
				     quote(word), P25_COMMENT_MAXLEN, strlen(word));
	if (!p25_comment_valid(word))
		return report_misuse(c, "invalid comment %s: not printable UTF-8",
				     quote(word));
	strcpy(entry->comment, word);
	return DONE;
}

static int parse_comment_option(const struct ctl *c, const char *word,
				unsigned int allowed, struct p25_entry *entry)
{
	(void)allowed;
	return parse_comment(c, word, entry);
}

static int parse_action_option(const struct ctl *c, const char *word,
			       unsigned int allowed, struct p25_entry *entry)
{
	(void)allowed;
	if (!can_act(entry->kind))
		return report_misuse(c,
				     "unexpected option \"action\": only pool and block can have one");
	entry->has_action = true;
	return parse_action(c, word, &entry->action);
}

static int parse_guard_option(const struct ctl *c, const char *word,
			      unsigned int allowed, struct p25_entry *entry)
{
	(void)allowed;
	if (!can_guard(entry->kind))
		return report_misuse(c,
				     "unexpected option \"guard\": only static and optout can have one");
	entry->has_guard = true;
	return parse_guard(c, word, &entry->guard);
}

static int parse_owner_option(const struct ctl *c, const char *word,
			      unsigned int allowed, struct p25_entry *entry)
{
	if (!(allowed & OPTION_OWNER))
		return report_misuse(c,
				     "unexpected option \"owner\"; give it before the object: \"p25ctl -o %s ...\"",
				     p25_owner_valid(word) ? word : "OWNER");
	return parse_owner(c, word, entry->owner);
}

static int parse_counter(const struct ctl *c, const char *word,
			 unsigned int allowed, struct p25_entry *entry)
{
	(void)allowed;
	(void)entry;
	if (!*word || word[strspn(word, "0123456789")])
		return report_misuse(c, "invalid number %s", quote(word));
	return DONE;
}

static const struct {
	const char *value;
	int (*parse)(const struct ctl *c, const char *word,
		     unsigned int allowed, struct p25_entry *entry);
} parsers[ARRAY_SIZE(options)] = {
	{ "a duration like 8h", parse_timeout },
	{ "a timestamp like 2030-01-31T12:00:00Z", parse_expires },
	{ COMMENT_IS, parse_comment_option },
	{ ACTION_IS, parse_action_option },
	{ GUARD_IS, parse_guard_option },
	{ "an owner's name", parse_owner_option },
	{ "a number", parse_counter },
	{ "a number", parse_counter },
};

/* The words after "comment" that should have been in quotes with the first. */
static bool is_unquoted(const struct words *w)
{
	return w->at > 2 && !strcmp(w->v[w->at - 3], "comment");
}

/* A day, and behind it an hour: 2040-01-31 12:00Z without quotes. */
static bool is_hour(const struct words *w)
{
	return w->at > 2 && !strcmp(w->v[w->at - 3], "expires") &&
	       isdigit((unsigned char)*w->v[w->at - 1]) &&
	       strchr(w->v[w->at - 1], ':');
}

/* How long the guard blocks, where only how much is said. */
static bool is_guard_time(const struct words *w)
{
	return w->at > 2 && !strcmp(w->v[w->at - 3], "guard") &&
	       !strcmp(w->v[w->at - 1], "for");
}

static int report_late_prefix(const struct ctl *c, const char *word)
{
	if (c->file && !c->batch)
		return report_misuse(c, "unexpected prefix %s; each has a line of its own",
				     quote(word));
	return report_misuse(c, "unexpected prefix %s: prefixes go before the options",
			     quote(word));
}

static int report_unknown_option(const struct ctl *c, const struct words *w,
				 unsigned int allowed, unsigned int seen)
{
	const char *word = w->v[w->at - 1];
	struct p25_prefix prefix;

	if (is_hour(w))
		return report_misuse(c,
				     "unknown entry option %s; put a T in place of the blank before it",
				     quote(word));
	if (is_guard_time(w))
		return report_misuse(c,
				     "unexpected \"for\": how long the guard blocks is the same for all, by \"set guard\"");
	if (is_unquoted(w) && !near_option(word) && !is_late_option(word))
		return report_misuse(c, "unknown entry option %s; quote a comment of several words",
				     quote(word));
	if (!seen && is_duration(word))
		return report_misuse(c, "unknown entry option %s; did you mean \"timeout %s\"?",
				     quote(word), word);
	if (!p25_prefix_parse(word, &prefix, NULL))
		return report_late_prefix(c, word);
	return report_unknown_word(c, word, options,
				   allowed & OPTION_OWNER ? MEANT : MEANT - 1,
				   "entry option");
}

static int parse_option(const struct ctl *c, struct words *w,
			unsigned int allowed, unsigned int *seen,
			struct p25_entry *entry)
{
	const char *name = words_next(w);
	const char *value;
	size_t i = 0;

	while (i < ARRAY_SIZE(options) && !is_word(name, options[i]))
		i++;
	if (i == ARRAY_SIZE(options))
		return report_unknown_option(c, w, allowed, *seen);
	if (*seen & 1 << i)
		return report_misuse(c, "duplicate %s", quote(name));
	if (parsers[i].parse == parse_counter && !(allowed & OPTION_COUNTERS))
		return report_misuse(c, "unexpected option %s: counters cannot be set",
				     quote(name));
	*seen |= 1 << i;
	if (words_value(c, w, name, parsers[i].value, &value))
		return MISUSED;
	return parsers[i].parse(c, value, allowed, entry);
}

/* Beside its counters, "list" prints both: then it is the moment that counts. */
static int check_expiry(const struct ctl *c, unsigned int seen,
			struct p25_entry *entry)
{
	enum { TIMEOUT = 1 << 0, EXPIRES = 1 << 1, PACKETS = 1 << 6 };

	if (~seen & (TIMEOUT | EXPIRES))
		return DONE;
	if (!(seen & PACKETS))
		return report_misuse(c, "\"timeout\" and \"expires\" cannot be used together");
	entry->timeout = 0;
	return DONE;
}

/*
 * parse_options - read all words that are left as options of an entry
 * @allowed: OPTION_PAST, OPTION_OWNER, OPTION_COUNTERS
 * @entry: has its kind, and gets the options
 */
int parse_options(const struct ctl *c, struct words *w, unsigned int allowed,
		  struct p25_entry *entry)
{
	unsigned int seen = 0;
	int status = DONE;

	while (!status && words_peek(w))
		status = parse_option(c, w, allowed, &seen, entry);
	return status ? status : check_expiry(c, seen, entry);
}
