// SPDX-License-Identifier: GPL-2.0
/*
 * From a word to the function that does it.
 */
#include <string.h>

#include "ctl.h"

#define MOST_VERBS 16

#define KIND(word, value) \
	{ .name = word, .run = run_kind, .kind = value, .changes = true, \
	  .exist = true }

static const struct verb objects[] = {
	KIND("relay", P25_KIND_RELAY),
	KIND("pool", P25_KIND_POOL),
	KIND("static", P25_KIND_STATIC),
	KIND("optout", P25_KIND_OPTOUT),
	KIND("block", P25_KIND_BLOCK),
	{ .name = "list", .run = run_list },
	{ .name = "flush", .run = run_flush, .changes = true, .whole = true },
	{ .name = "set", .run = run_set, .changes = true, .ownerless = true },
	{ .name = "show", .run = run_show, .ownerless = true },
	{ .name = "check", .run = run_check, .ownerless = true, .quiet = true },
	{ .name = "save", .run = run_save },
	{ .name = "apply", .run = run_apply },
	{ .name = "offenders", .run = run_offenders, .ownerless = true },
	{ .name = "help", .run = run_help, .exist = true, .quiet = true },
};

/* As written; else the only one that begins so; else NULL. */
static const struct verb *find(const char *word, const struct verb *verbs,
			       size_t n)
{
	const struct verb *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_word(word, verbs[i].name))
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

/*
 * Words of other programs, and settings, which policy files name alone: what
 * they are called here.
 */
static const struct {
	const char *word;
	const char *meant;
	bool object;
} others[] = {
	{ "delete", "del", false },
	{ "remove", "del", false },
	{ "rm", "del", false },
	{ "stats", "show", true },
	{ "status", "show", true },
	{ "action", "set action", true },
	{ "inbound", "set inbound", true },
	{ "limit", "set limit", true },
};

static const char *translate(const char *word, bool object)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (others[i].object == object && !strcmp(others[i].word, word))
			return others[i].meant;
	}
	return NULL;
}

/* No verb, or an abbreviation that won't do. */
static int not_found(const struct ctl *c, const char *word, enum p25_kind kind,
		     const struct verb *verbs, size_t n)
{
	const char *what = verbs == objects ? "object" : "command";
	const char *meant = translate(word, verbs == objects);
	const char *names[MOST_VERBS], *begun[MOST_VERBS];
	struct p25_prefix prefix;
	size_t i, n_begun = 0;

	for (i = 0; i < n && i < MOST_VERBS; i++) {
		names[i] = verbs[i].name;
		if (*word && !strncmp(names[i], word, strlen(word)))
			begun[n_begun++] = names[i];
	}
	if (n_begun > 1)
		return wrong_word(c, word, "is ambiguous", begun, n_begun);
	if (n_begun)
		return misused(c, "%s: write \"%s\" out, it deletes everything",
			       quote(word), begun[0]);
	if (kind && !p25_prefix_parse(word, &prefix, NULL))
		return misused(c, "did you mean \"%s add %s\"?",
			       p25_kind_name(kind), word);
	if (meant)
		return misused(c, "%s is no %s; did you mean \"%s\"?",
			       quote(word), what, meant);
	return unknown_word(c, word, names, i, what);
}

static bool wants_help(const struct ctl *c, const struct words *w,
		       const struct verb *verbs)
{
	return verbs == objects && !c->batch && w->n == w->at + 1 &&
	       !strcmp(w->v[w->at], "help");
}

/* An option that would be ignored. A batch has verbs of all sorts. */
static int check_options(const struct ctl *c, const struct verb *verb)
{
	if (c->owner && verb->ownerless && !c->batch)
		return misused(c, "\"%s\" takes no -o: it is not about an owner's entries",
			       verb->name);
	if (c->exist && !verb->exist && !c->batch)
		return misused(c, "\"%s\" takes no -e: that is for \"del\"",
			       verb->name);
	if (c->quiet && !verb->quiet && !c->batch)
		return misused(c, "\"%s\" takes no -q: that is for \"check\"",
			       verb->name);
	return DONE;
}

/* dispatch - run the verb that the next word names */
int dispatch(struct ctl *c, struct words *w, enum p25_kind kind,
	     const struct verb *verbs, size_t n)
{
	const char *word = words_next(w);
	const struct verb *verb = find(word, verbs, n);

	if (!verb)
		return not_found(c, word, kind, verbs, n);
	if (c->batch && !verb->changes)
		return misused(c, "\"%s\" can't stand in a batch; add, del, flush and set can",
			       verb->name);
	if (wants_help(c, w, verbs))
		return help_on(verb->name);
	if (check_options(c, verb))
		return MISUSED;
	return verb->run(c, w, verb->kind ? verb->kind : kind);
}

/* "add pool" for "pool add": the verb, or NULL. */
static const char *turned_round(const struct words *w)
{
	static const char *const verbs[] = { "add", "del", "list", "flush" };
	const char *word = w->v[w->at], *meant = translate(word, false);
	size_t i;

	if (w->n - w->at < 2 ||
	    p25_kind_parse(w->v[w->at + 1]) == P25_KIND_NONE)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!strcmp(meant ? meant : word, verbs[i]))
			return verbs[i];
	}
	return NULL;
}

/* run_object - run a whole command */
int run_object(struct ctl *c, struct words *w)
{
	const char *verb = turned_round(w);

	if (verb)
		return misused(c, "the kind goes first; did you mean \"%s %s\"?",
			       w->v[w->at + 1], verb);
	return dispatch(c, w, P25_KIND_NONE, objects, ARRAY_SIZE(objects));
}
