// SPDX-License-Identifier: GPL-2.0
/*
 * The prefixes that a command or a line of a policy is about; for relays, also
 * host names.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "duration.h"
#include "host.h"
#include "options.h"
#include "parse.h"
#include "quote.h"
#include "report.h"
#include "targets.h"
#include "words.h"

/* entries_new - one more entry, all zero; NULL if there is no memory for it */
struct p25_entry *entries_new(const struct ctl *c, struct entries *list)
{
	size_t room = list->room ? list->room * 2 : 4;
	struct p25_entry *v = list->v;

	if (list->n == list->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v) {
			report_failure(c, "out of memory");
			return NULL;
		}
		list->v = v;
		list->room = room;
	}
	v = &list->v[list->n++];
	memset(v, 0, sizeof(*v));
	return v;
}

static int add_prefix(const struct ctl *c, const struct p25_prefix *prefix,
		      struct entries *list)
{
	struct p25_entry *entry = entries_new(c, list);

	if (!entry)
		return FAILED;
	entry->prefix = *prefix;
	return DONE;
}

static int report_bad_target(const struct ctl *c, const char *word,
			     enum p25_kind kind, const char *why)
{
	if (is_duration(word))
		return report_misuse(c, "invalid prefix %s; did you mean \"timeout %s\"?",
				     quote(word), word);
	if (is_host(word) && kind == P25_KIND_RELAY && !near_option(word) &&
	    !is_any_word(word))
		return report_misuse(c, "invalid address %s: a host name needs a dot, as \"%s.\"",
				     quote(word), word);
	if (is_host(word) && kind != P25_KIND_RELAY && !near_option(word) &&
	    !is_any_word(word))
		return report_misuse(c,
				     "invalid prefix %s: not an IPv4 or IPv6 prefix (only a relay may be a host name)",
				     quote(word));
	return report_bad_prefix(c, word, why);
}

/*
 * Mistakes are not asked of the name servers: a word without a dot is likely to be
 * one.
 */
static bool is_relay_host(const char *word, enum p25_kind kind)
{
	return kind == P25_KIND_RELAY && strchr(word, '.') && is_host(word);
}

/* Nearly every word is a prefix: what else it might be is asked last. */
static int add_target(const struct ctl *c, const char *word,
		      enum p25_kind kind, struct entries *list)
{
	struct p25_prefix prefix;
	const char *why;

	if (!p25_prefix_parse(word, &prefix, &why))
		return add_prefix(c, &prefix, list);
	if (is_relay_host(word, kind))
		return host_resolve(c, word, list);
	return report_bad_target(c, word, kind, why);
}

/*
 * parse_targets - read words up to the first option as prefixes or host names
 * @most: how many words at most
 * @list: gets an entry for each prefix and for each address of a host, with
 *	kind and cookie: the line in a file, the number of the word otherwise
 */
int parse_targets(const struct ctl *c, struct words *w, enum p25_kind kind,
		  size_t most, struct entries *list)
{
	size_t first = w->at;
	int status = DONE;

	while (!status && w->at - first < most) {
		const char *word = words_peek(w);
		size_t i = list->n;

		if (!word || is_option(word))
			break;
		words_next(w);
		status = add_target(c, word, kind, list);
		for (; !status && i < list->n; i++) {
			list->v[i].kind = kind;
			list->v[i].cookie = c->file ? c->line : w->at;
		}
	}
	if (!status && w->at == first)
		return report_misuse(c, "missing prefix, such as 198.51.100.0/24%s%s",
				     words_peek(w) ? "; it goes before " : "",
				     words_peek(w) ? quote(words_peek(w)) : "");
	return status;
}
