// SPDX-License-Identifier: GPL-2.0
/*
 * Single words: prefixes, addresses, owners, settings.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "guard.h"
#include "options.h"
#include "parse.h"
#include "quote.h"
#include "report.h"
#include "words.h"

/* ADDRESS/255.255.255.0: what it is called here, if it is one. */
static bool has_netmask(const char *word, char meant[P25_PREFIX_STRLEN])
{
	const char *slash = strchr(word, '/');
	struct p25_prefix prefix;
	struct in_addr mask;
	uint32_t hosts;

	if (!slash || inet_pton(AF_INET, slash + 1, &mask) != 1)
		return false;
	hosts = ~ntohl(mask.s_addr);
	snprintf(meant, P25_PREFIX_STRLEN, "%.*s/%d", (int)(slash - word), word,
		 32 - __builtin_popcount(hosts));
	return !(hosts & (hosts + 1)) &&
	       !p25_prefix_parse(meant, &prefix, NULL);
}

/*
 * An IPv4 address with hexadecimal numbers, and what it is. Too few decimal ones,
 * such as 198.51.100, are ambiguous.
 */
static bool is_hexadecimal(const char *word, char meant[INET_ADDRSTRLEN])
{
	struct in_addr in;

	return strpbrk(word, "xX") && inet_aton(word, &in) &&
	       inet_ntop(AF_INET, &in, meant, INET_ADDRSTRLEN);
}

/* Numbers and dots, and a number like 010: 8 to some programs, 10 to others. */
static bool has_leading_zeros(const char *word)
{
	size_t len = strspn(word, "0123456789."), i;

	if ((word[len] && word[len] != '/') || !memchr(word, '.', len))
		return false;
	for (i = 0; i + 1 < len; i++) {
		if (word[i] == '0' && word[i + 1] != '.' &&
		    (!i || word[i - 1] == '.'))
			return true;
	}
	return false;
}

/* looks_like_prefix - is this a prefix, or an attempt at one? No word is. */
bool looks_like_prefix(const char *word)
{
	return isdigit((unsigned char)*word) || strchr(word, ':');
}

/* is_any_word - a word that other programs have for 0.0.0.0/0 */
bool is_any_word(const char *word)
{
	return !strcmp(word, "any") || !strcmp(word, "all") ||
	       !strcmp(word, "default");
}

/* ADDRESS-ADDRESS, perhaps: the only word that has such a sign in it. */
static bool is_range(const char *word)
{
	const char *sign = strchr(word, '-');
	char first[P25_PREFIX_STRLEN];
	struct p25_prefix prefix;

	if (!sign || (size_t)(sign - word) >= sizeof(first))
		return false;
	memcpy(first, word, sign - word);
	first[sign - word] = '\0';
	return !p25_prefix_parse(first, &prefix, NULL);
}

/* report_bad_prefix - what is wrong with it; @why: what the library says */
int report_bad_prefix(const struct ctl *c, const char *word, const char *why)
{
	const char *near = near_option(word);
	char meant[P25_PREFIX_STRLEN];

	if (is_late_option(word))
		return report_late_option(c, word);
	if (is_any_word(word))
		return report_misuse(c, "invalid prefix %s: every address is 0.0.0.0/0 or ::/0",
				     quote(word));
	if (is_range(word))
		return report_misuse(c,
				     "invalid prefix %s: a range; \"p25ctl convert\" makes prefixes of it",
				     quote(word));
	if (has_netmask(word, meant))
		return report_misuse(c, "invalid prefix %s: has a netmask; did you mean %s?",
				     quote(word), meant);
	if (has_leading_zeros(word))
		return report_misuse(c,
				     "invalid prefix %s: leading zeros, which some programs read as octal; write it without them",
				     quote(word));
	if (is_hexadecimal(word, meant))
		return report_misuse(c, "invalid prefix %s: hexadecimal numbers; did you mean %s?",
				     quote(word), meant);
	blame(word);
	if (near && strcmp(near, word))
		return report_misuse(c, "%s; did you mean \"%s\"?", why, near);
	return report_misuse(c, "%s", why);
}

int parse_prefix(const struct ctl *c, const char *word,
		 struct p25_prefix *prefix)
{
	const char *why;

	if (!p25_prefix_parse(word, prefix, &why))
		return DONE;
	return report_bad_prefix(c, word, why);
}

int parse_address(const struct ctl *c, const char *word,
		  struct p25_prefix *prefix)
{
	int status = parse_prefix(c, word, prefix);

	if (!status && strchr(word, '/'))
		return report_misuse(c,
				     "invalid address %s: a single address is required, not a prefix",
				     quote(word));
	return status;
}

int parse_owner(const struct ctl *c, const char *word,
		char owner[P25_OWNER_MAXLEN + 1])
{
	if (!p25_owner_valid(word))
		return report_misuse(c,
				     "invalid owner %s: expected 1 to %d of a-z, 0-9, '.', '_' and '-'",
				     quote(word), P25_OWNER_MAXLEN);
	strcpy(owner, word);
	return DONE;
}

int parse_action(const struct ctl *c, const char *word, enum p25_action *action)
{
	static const char *const names[] = {
		"drop", "reject", "prohibit", "monitor",
	};
	int value = p25_action_parse(word);

	if (value < 0)
		return report_unknown_word(c, word, names, ARRAY_SIZE(names),
					   "action");
	*action = value;
	return DONE;
}

static int parse_action_setting(const struct ctl *c, const char *word,
				struct words *w, struct p25_settings *set)
{
	(void)w;
	set->has_action = true;
	return parse_action(c, word, &set->action);
}

static int parse_inbound(const struct ctl *c, const char *word, struct words *w,
			 struct p25_settings *set)
{
	static const char *const names[] = { "on", "off" };

	(void)w;
	if (strcmp(word, "on") && strcmp(word, "off"))
		return report_unknown_word(c, word, names, ARRAY_SIZE(names),
					   "inbound value");
	set->inbound = !strcmp(word, "on");
	set->has_inbound = true;
	return DONE;
}

static int parse_number(const struct ctl *c, const char *what, const char *word,
			uint32_t max, uint32_t *number)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(word, &end, 10);
	if (*word < '0' || *word > '9' || *end || errno || !value || value > max)
		return report_misuse(c, "invalid %s %s: expected a number from 1 to %u",
				     what, quote(word), max);
	*number = value;
	return DONE;
}

static int parse_limit(const struct ctl *c, const char *word, struct words *w,
		       struct p25_settings *set)
{
	(void)w;
	set->has_limit = true;
	return parse_number(c, "limit", word, P25_LIMIT_MAX, &set->limit);
}

static int parse_senders(const struct ctl *c, const char *word, struct words *w,
			 struct p25_settings *set)
{
	(void)w;
	set->has_senders = true;
	return parse_number(c, "number of senders", word, P25_SENDERS_MAX,
			    &set->senders);
}

/* Its rates, and for how long it blocks. */
static int parse_guard_setting(const struct ctl *c, const char *word,
			       struct words *w, struct p25_settings *set)
{
	const char *next = words_peek(w), *value;

	set->has_guard = true;
	if (parse_guard(c, word, &set->guard))
		return MISUSED;
	if (!next || !is_word(next, "for"))
		return DONE;
	words_next(w);
	if (!set->guard.n)
		return report_misuse(c, "unexpected \"for\": the guard is off");
	if (words_value(c, w, "for", "a duration like 1h", &value))
		return MISUSED;
	return parse_guard_for(c, value, &set->guard_for);
}

static const struct {
	const char *name;
	const char *values;
	size_t given;
	int (*parse)(const struct ctl *c, const char *word, struct words *w,
		     struct p25_settings *set);
} settings[] = {
	{ "action", ACTION_IS,
	  offsetof(struct p25_settings, has_action), parse_action_setting },
	{ "inbound", "on or off",
	  offsetof(struct p25_settings, has_inbound), parse_inbound },
	{ "limit", "a number of entries",
	  offsetof(struct p25_settings, has_limit), parse_limit },
	{ "senders", "a number of senders",
	  offsetof(struct p25_settings, has_senders), parse_senders },
	{ "guard", GUARD_IS,
	  offsetof(struct p25_settings, has_guard), parse_guard_setting },
};

/* parse_setting - a setting's name and its value; none may be given twice */
int parse_setting(const struct ctl *c, struct words *w,
		  struct p25_settings *set)
{
	const char *names[ARRAY_SIZE(settings)];
	const char *name = words_next(w);
	const char *value;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		names[i] = settings[i].name;
		if (strcmp(settings[i].name, name))
			continue;
		if (*((bool *)set + settings[i].given))
			return report_misuse(c, "duplicate \"%s\"", name);
		if (words_value(c, w, name, settings[i].values, &value))
			return MISUSED;
		return settings[i].parse(c, value, w, set);
	}
	return report_unknown_word(c, name, names, ARRAY_SIZE(names), "setting");
}
