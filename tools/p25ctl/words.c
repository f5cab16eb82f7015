// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a row of words, and complaining about the ones that don't fit.
 */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "options.h"
#include "quote.h"
#include "report.h"
#include "suggest.h"
#include "synonyms.h"
#include "words.h"

const char *words_peek(const struct words *w)
{
	return w->at < w->n ? w->v[w->at] : NULL;
}

const char *words_next(struct words *w)
{
	return w->at < w->n ? w->v[w->at++] : NULL;
}

/* is_late_option - is this an option of p25ctl, in the wrong place? */
bool is_late_option(const char *word)
{
	return *word == '-' && word[1];
}

int late_option(const struct ctl *c, const char *word)
{
	const char *near = word[1] == '-' ? near_option(word + 2) : NULL;

	if (near && strcmp(near, "owner"))
		return misused(c, "unexpected option %s; did you mean \"%s\"?", quote(word),
			       near);
	if (c->batch)
		return misused(c, "unexpected option %s: options go before -b, once for all lines",
			       quote(word));
	if (c->file)
		return misused(c, "unexpected option %s: a policy file has no options; they go before \"apply\"",
			       quote(word));
	return misused(c, "unexpected option %s: options go before the object, right after \"p25ctl\"",
		       quote(word));
}

/* words_end - there must be no word left */
int words_end(const struct ctl *c, const struct words *w)
{
	const char *word = words_peek(w);

	if (!word)
		return DONE;
	if (is_late_option(word))
		return late_option(c, word);
	return misused(c, "unexpected argument %s", quote(word));
}

/* words_value - the word after @key, which says @what */
int words_value(const struct ctl *c, struct words *w, const char *key,
		const char *what, const char **value)
{
	*value = words_next(w);
	if (*value)
		return DONE;
	return misused(c, "%s requires an argument: %s", quote(key), what);
}

/* wrong_word - say which ones a word may be; @why: "unknown" or "ambiguous" */
int wrong_word(const struct ctl *c, const char *why, const char *what,
	       const char *word, const char *const *names, size_t n)
{
	char list[256] = "";
	size_t len = 0, i;

	for (i = 0; i < n && len < sizeof(list); i++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s",
				i ? ", " : "", names[i]);
	return misused(c, "%s %s %s; expected one of: %s", why, what,
		       quote(word), list);
}

/* unknown_word - complain about a word that is none of @names */
int unknown_word(const struct ctl *c, const char *word,
		 const char *const *names, size_t n, const char *what)
{
	const char *near = synonym(word, what, names, n);

	if (!near)
		near = suggest(word, names, n);
	if (is_late_option(word))
		return late_option(c, word);
	if (near)
		return misused(c, "unknown %s %s; did you mean \"%s\"?",
			       what, quote(word), near);
	return wrong_word(c, "unknown", what, word, names, n);
}
