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

int report_late_option(const struct ctl *c, const char *word)
{
	const char *near = word[1] == '-' ? near_option(word + 2) : NULL;

	if (near && strcmp(near, "owner"))
		return report_misuse(c, "unexpected option %s; did you mean \"%s\"?", quote(word),
				     near);
	if (c->batch)
		return report_misuse(c,
				     "unexpected option %s: options go before -b, once for all lines",
				     quote(word));
	if (c->file)
		return report_misuse(c,
				     "unexpected option %s: a policy file has no options; they go before \"apply\"",
				     quote(word));
	return report_misuse(c,
			     "unexpected option %s: options go before the object, right after \"p25ctl\"",
			     quote(word));
}

/* words_end - there must be no word left */
int words_end(const struct ctl *c, const struct words *w)
{
	const char *word = words_peek(w);

	if (!word)
		return DONE;
	if (is_late_option(word))
		return report_late_option(c, word);
	return report_misuse(c, "unexpected argument %s", quote(word));
}

/* words_value - the word after @key, which says @what */
int words_value(const struct ctl *c, struct words *w, const char *key,
		const char *what, const char **value)
{
	*value = words_next(w);
	if (*value)
		return DONE;
	return report_misuse(c, "%s requires an argument: %s", quote(key), what);
}

/* report_wrong_word - with the words it may be; @why: "unknown" or "ambiguous" */
int report_wrong_word(const struct ctl *c, const char *why, const char *what,
		      const char *word, const char *const *names, size_t n)
{
	char list[256] = "";
	size_t len = 0, i;

	for (i = 0; i < n && len < sizeof(list); i++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s",
				i ? ", " : "", names[i]);
	return report_misuse(c, "%s %s %s; expected one of: %s", why, what,
			     quote(word), list);
}

/* report_unknown_word - complain about a word that is none of @names */
int report_unknown_word(const struct ctl *c, const char *word,
			const char *const *names, size_t n, const char *what)
{
	const char *near = synonym(word, what, names, n);

	if (!near)
		near = suggest(word, names, n);
	if (is_late_option(word))
		return report_late_option(c, word);
	if (near)
		return report_misuse(c, "unknown %s %s; did you mean \"%s\"?",
				     what, quote(word), near);
	return report_wrong_word(c, "unknown", what, word, names, n);
}
