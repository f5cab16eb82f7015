// SPDX-License-Identifier: GPL-2.0
/*
 * The words behind "convert": a kind, a file, and options before or after them.
 */
#include <string.h>

#include "convert.h"
#include "convert_options.h"
#include "convert_sniff.h"
#include "ctl.h"
#include "quote.h"
#include "report.h"
#include "words.h"

static const char *const kinds[] = {
	"relay", "pool", "static", "optout", "block",
};

static int take_kind(const struct ctl *c, const char *word,
		     struct convert_options *options)
{
	options->kind = p25_kind_parse(word);
	if (options->kind != P25_KIND_NONE)
		return DONE;
	return report_unknown_word(c, word, kinds, ARRAY_SIZE(kinds), "kind");
}

static int take_format(const struct ctl *c, const char *word,
		       struct convert_options *options)
{
	const char *names[FORMATS];
	size_t i;

	if (options->format)
		return report_misuse(c, "duplicate option \"--format\"");
	for (i = 0; i < FORMATS; i++) {
		names[i] = formats[i]->name;
		if (!strcmp(word, names[i]))
			options->format = formats[i];
	}
	return options->format ? DONE :
		report_unknown_word(c, word, names, FORMATS, "format");
}

static int take_set(const struct ctl *c, const char *word,
		    struct convert_options *options)
{
	if (options->n_sets == CONVERT_SETS_MAX)
		return report_misuse(c, "more than %d options \"--set\"",
				     CONVERT_SETS_MAX);
	options->sets[options->n_sets++] = word;
	return DONE;
}

static const struct {
	const char *name;
	const char *what;
	int (*take)(const struct ctl *c, const char *word,
		    struct convert_options *options);
} with_argument[] = {
	{ "--format", "what the file is, such as ipset", take_format },
	{ "--set", "the name of a set in the file", take_set },
};

/* "--set NAME", "--set=NAME"; returns -1 if it is none of them. */
static int take_with_argument(const struct ctl *c, const char *word,
			      struct words *w, struct convert_options *options)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(with_argument); i++) {
		size_t len = strlen(with_argument[i].name);
		const char *value = word + len + 1;

		if (strncmp(word, with_argument[i].name, len) ||
		    (word[len] && word[len] != '='))
			continue;
		if (!word[len] &&
		    words_value(c, w, word, with_argument[i].what, &value))
			return MISUSED;
		return with_argument[i].take(c, value, options);
	}
	return -1;
}

static int take_word(const struct ctl *c, const char *word, struct words *w,
		     struct convert_options *options)
{
	int status = take_with_argument(c, word, w, options);

	if (status >= 0)
		return status;
	if (!strcmp(word, "--wide") || !strcmp(word, "--no-merge")) {
		*(word[2] == 'w' ? &options->wide : &options->no_merge) = true;
		return DONE;
	}
	if (*word == '-' && word[1])
		return report_misuse(c,
				     "unknown option %s; expected one of: --format, --set, --no-merge, --wide",
				     quote(word));
	if (!options->kind)
		return take_kind(c, word, options);
	if (options->file)
		return report_misuse(c, "unexpected argument %s", quote(word));
	options->file = word;
	return DONE;
}

/* convert_parse_options - read all words that are left */
int convert_parse_options(const struct ctl *c, struct words *w,
			  struct convert_options *options)
{
	const char *word;

	while ((word = words_next(w))) {
		if (take_word(c, word, w, options))
			return MISUSED;
	}
	if (!options->kind)
		return report_misuse(c,
				     "\"convert\" requires an argument: the kind that the entries are to be, such as block");
	if (!options->file)
		options->file = "-";
	options->wide |= c->wide;
	return DONE;
}
