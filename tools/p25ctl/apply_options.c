// SPDX-License-Identifier: GPL-2.0
/*
 * The words behind "apply": a file, and options before or after it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply_options.h"
#include "ctl.h"
#include "quote.h"
#include "report.h"
#include "words.h"

static const struct {
	const char *name;
	size_t flag;
} flags[] = {
	{ "--all", offsetof(struct apply, all) },
	{ "--dry-run", offsetof(struct apply, dry) },
	{ "-s", offsetof(struct apply, summary) },
	{ "--summary", offsetof(struct apply, summary) },
	{ "--empty", offsetof(struct apply, empty) },
	{ "--force", offsetof(struct apply, force) },
	{ "--wide", offsetof(struct apply, wide) },
};

static bool take_flag(const char *word, struct apply *apply)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		if (!strcmp(word, flags[i].name)) {
			*((bool *)apply + flags[i].flag) = true;
			return true;
		}
	}
	return false;
}

/* "--max-delete N", "--max-delete=N": N, or NULL. */
static const char *max_delete(const char *word, struct words *w)
{
	static const char name[] = "--max-delete";
	size_t len = sizeof(name) - 1;

	if (strncmp(word, name, len) || (word[len] && word[len] != '='))
		return NULL;
	if (word[len])
		return word + len + 1;
	return words_peek(w) ? words_next(w) : "";
}

#define MOST_FORM "a number like 25, or a share like 10%%"

static int parse_most(const struct ctl *c, const char *word,
		      struct apply *apply)
{
	char *end;

	if (apply->has_most)
		return report_misuse(c, "duplicate option \"--max-delete\"");
	if (!*word)
		return report_misuse(c, "option \"--max-delete\" requires an argument: " MOST_FORM);
	errno = 0;
	apply->most = strtoull(word, &end, 10);
	apply->percent = !strcmp(end, "%");
	if (*word < '0' || *word > '9' || (*end && !apply->percent) || errno ||
	    (apply->percent && apply->most > 100))
		return report_misuse(c, "invalid argument %s for \"--max-delete\": expected "
				     MOST_FORM, quote(word));
	apply->has_most = true;
	return DONE;
}

static int take_word(const struct ctl *c, const char *word, struct words *w,
		     struct apply *apply)
{
	const char *most = max_delete(word, w);

	if (most)
		return parse_most(c, most, apply);
	if (take_flag(word, apply))
		return DONE;
	if (*word == '-' && word[1])
		return report_misuse(c,
				     "unknown option %s; expected one of: --all, --dry-run, -s, --max-delete, --empty, --force, --wide",
				     quote(word));
	if (apply->file)
		return report_misuse(c, "unexpected argument %s", quote(word));
	apply->file = word;
	return DONE;
}

/* apply_parse - read all words that are left */
int apply_parse(const struct ctl *c, struct words *w, struct apply *apply)
{
	const char *word;

	while ((word = words_next(w))) {
		if (take_word(c, word, w, apply))
			return MISUSED;
	}
	if (!apply->file)
		return report_misuse(c,
				     "\"apply\" requires an argument: a policy file (\"-\": standard input)");
	if (apply->all && c->owner)
		return report_misuse(c,
				     "options \"-o\" and \"--all\" cannot be used together: --all is about every owner");
	if (apply->force && apply->has_most)
		return report_misuse(c,
				     "options \"--force\" and \"--max-delete\" cannot be used together: --force sets no limit");
	if (apply->summary && !apply->dry)
		return report_misuse(c,
				     "option \"-s\" requires \"--dry-run\": without it, apply prints nothing");
	return DONE;
}
