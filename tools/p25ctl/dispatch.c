// SPDX-License-Identifier: GPL-2.0
/*
 * From a word to the function that does it.
 */
#include <string.h>

#include "ctl.h"

#define MOST_VERBS 16

#define KIND(word, value) \
	{ .name = word, .run = run_kind, .kind = value, .changes = true }

static const struct verb objects[] = {
	KIND("relay", P25_KIND_RELAY),
	KIND("pool", P25_KIND_POOL),
	KIND("static", P25_KIND_STATIC),
	KIND("optout", P25_KIND_OPTOUT),
	KIND("block", P25_KIND_BLOCK),
	{ .name = "list", .run = run_list },
	{ .name = "flush", .run = run_flush, .changes = true, .whole = true },
	{ .name = "set", .run = run_set, .changes = true },
	{ .name = "show", .run = run_show },
	{ .name = "check", .run = run_check },
	{ .name = "save", .run = run_save },
	{ .name = "apply", .run = run_apply },
	{ .name = "offenders", .run = run_offenders },
	{ .name = "help", .run = run_help },
};

/* As written; else the only one that begins so; else NULL. */
static const struct verb *find(const char *word, const struct verb *verbs,
			       size_t n)
{
	const struct verb *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcmp(verbs[i].name, word))
			return &verbs[i];
	}
	for (i = 0; i < n && *word; i++) {
		if (verbs[i].whole || strncmp(verbs[i].name, word, strlen(word)))
			continue;
		if (found)
			return NULL;
		found = &verbs[i];
	}
	return found;
}

static bool wants_help(const struct ctl *c, const struct words *w,
		       const struct verb *verbs)
{
	return verbs == objects && !c->batch && w->n == w->at + 1 &&
	       !strcmp(w->v[w->at], "help");
}

/* dispatch - run the verb that the next word names */
int dispatch(struct ctl *c, struct words *w, enum p25_kind kind,
	     const struct verb *verbs, size_t n)
{
	const char *names[MOST_VERBS];
	const char *word = words_next(w);
	const struct verb *verb = find(word, verbs, n);
	size_t i;

	if (!verb) {
		for (i = 0; i < n && i < MOST_VERBS; i++)
			names[i] = verbs[i].name;
		return unknown_word(c, word, names, i,
				    kind || verbs != objects ? "command" :
							       "object");
	}
	if (c->batch && !verb->changes)
		return misused(c, "\"%s\" changes nothing: it can't stand in a batch",
			       verb->name);
	if (wants_help(c, w, verbs))
		return help_on(verb->name);
	return verb->run(c, w, verb->kind ? verb->kind : kind);
}

/* run_object - run a whole command */
int run_object(struct ctl *c, struct words *w)
{
	return dispatch(c, w, P25_KIND_NONE, objects, ARRAY_SIZE(objects));
}
