// SPDX-License-Identifier: GPL-2.0
/*
 * From a word to the function that does it.
 */
#include <string.h>

#include "cmd.h"
#include "ctl.h"
#include "dispatch.h"
#include "only.h"
#include "quote.h"
#include "report.h"
#include "synonyms.h"
#include "words.h"

#define MOST_VERBS 24

#define KIND(word, value) \
	{ .name = word, .run = cmd_kind, .kind = value, .changes = true, \
	  .exist = true, .family = true, .wide = true }

static const struct verb objects[] = {
	KIND("relay", P25_KIND_RELAY),
	KIND("pool", P25_KIND_POOL),
	KIND("static", P25_KIND_STATIC),
	KIND("optout", P25_KIND_OPTOUT),
	KIND("block", P25_KIND_BLOCK),
	{ .name = "list", .run = cmd_list, .family = true },
	{ .name = "ls", .run = cmd_list, .family = true, .alias = true },
	{ .name = "flush", .run = cmd_flush, .changes = true, .whole = true },
	{ .name = "set", .run = cmd_set, .changes = true, .ownerless = true },
	{ .name = "show", .run = cmd_show, .ownerless = true },
	{ .name = "check", .run = cmd_check, .ownerless = true, .quiet = true },
	{ .name = "save", .run = cmd_save },
	{ .name = "apply", .run = cmd_apply, .whole = true, .wide = true },
	{ .name = "convert", .run = cmd_convert, .wide = true },
	{ .name = "monitor", .run = cmd_monitor, .ownerless = true },
	{ .name = "top", .run = cmd_top, .ownerless = true },
	{ .name = "senders", .run = cmd_senders, .ownerless = true,
	  .family = true },
	{ .name = "offenders", .run = cmd_offenders, .ownerless = true,
	  .family = true },
	{ .name = "health", .run = cmd_health, .ownerless = true },
	{ .name = "metrics", .run = cmd_metrics, .ownerless = true },
	{ .name = "help", .run = cmd_help, .exist = true, .quiet = true,
	  .wide = true },
};

/* A name and an alias of it */
static bool is_same(const struct verb *a, const struct verb *b)
{
	return a->run == b->run && a->kind == b->kind;
}

/* As written; else the only one that begins so; else NULL. */
static const struct verb *find_verb(const char *word, const struct verb *verbs,
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
		if (found && !is_same(found, &verbs[i]))
			return NULL;
		found = found ? found : &verbs[i];
	}
	return found;
}

/* The commands that a kind goes before. */
static const char *const kind_verbs[] = { "add", "del", "list", "flush" };

/* The one of them that a word means, NULL if it means none. */
static const char *kind_verb(const char *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kind_verbs); i++) {
		if (!strcmp(word, kind_verbs[i]))
			return kind_verbs[i];
	}
	return synonym(word, "command", kind_verbs, ARRAY_SIZE(kind_verbs));
}

/* A prefix where an object or a command belongs. */
static int report_bare_prefix(const struct ctl *c, const char *word,
			      enum p25_kind kind)
{
	if (kind || c->batch)
		return report_misuse(c, "unexpected prefix %s; did you mean \"%s add %s\"?",
				     quote(word),
				     p25_kind_name(kind ? kind : P25_KIND_POOL),
				     word);
	return report_misuse(c, "unexpected prefix %s; did you mean \"list %s\"?",
			     quote(word), word);
}

static int report_no_object(const struct ctl *c, const char *word,
			    const char *const *names, size_t n)
{
	if (!synonym(word, "object", names, n) && kind_verb(word))
		return report_misuse(c, "missing kind before %s, as in \"pool %s\"",
				     quote(word), kind_verb(word));
	return report_unknown_word(c, word, names, n, "object");
}

/* No verb, or an abbreviation that won't do. */
static int report_not_found(const struct ctl *c, const char *word,
			    enum p25_kind kind, const struct verb *verbs,
			    size_t n)
{
	const char *what = verbs == objects ? "object" : "command";
	const char *names[MOST_VERBS], *begun[MOST_VERBS];
	size_t i, n_names = 0, n_begun = 0;
	struct p25_prefix prefix;

	for (i = 0; i < n && n_names < MOST_VERBS; i++) {
		if (verbs[i].alias || (c->batch && !verbs[i].changes))
			continue;
		names[n_names++] = verbs[i].name;
		if (*word && !strncmp(verbs[i].name, word, strlen(word)))
			begun[n_begun++] = verbs[i].name;
	}
	if (n_begun > 1)
		return report_wrong_word(c, "ambiguous", what, word, begun,
					 n_begun);
	if (n_begun)
		return report_misuse(c,
				     "abbreviated command %s: write \"%s\" out; it can delete many entries",
				     quote(word), begun[0]);
	blame(word);
	if (!p25_prefix_parse(word, &prefix, NULL))
		return report_bare_prefix(c, word, kind);
	if (verbs == objects)
		return report_no_object(c, word, names, n_names);
	return report_unknown_word(c, word, names, n_names, what);
}

/* --help may stand anywhere, but a comment may be any text. */
static bool wants_help(const struct ctl *c, const struct words *w,
		       const struct verb *verbs)
{
	size_t i;

	if (verbs != objects || c->batch)
		return false;
	for (i = w->at; i < w->n; i++) {
		if ((!strcmp(w->v[i], "--help") || !strcmp(w->v[i], "-h")) &&
		    strcmp(w->v[i - 1], "comment"))
			return true;
	}
	if (w->n == w->at || strcmp(w->v[w->n - 1], "help"))
		return false;
	return w->n == w->at + 1 ||
	       (w->n == w->at + 2 && kind_verb(w->v[w->at]));
}

/* An option that would be ignored. A batch has verbs of all sorts. */
static int check_options(const struct ctl *c, const struct verb *verb)
{
	if (c->owner && verb->ownerless && !c->batch)
		return report_misuse(c,
				     "option \"-o\" cannot be used with \"%s\": it is not about an owner's entries",
				     verb->name);
	if (c->exist && !verb->exist && !c->batch)
		return report_misuse(c,
				     "option \"-e\" cannot be used with \"%s\": it is for \"del\"",
				     verb->name);
	if (c->quiet && !verb->quiet && !c->batch)
		return report_misuse(c,
				     "option \"-q\" cannot be used with \"%s\": it is for \"check\"",
				     verb->name);
	if (c->wide && !verb->wide && !c->batch)
		return report_misuse(c,
				     "option \"--wide\" cannot be used with \"%s\": it is for \"add\", \"apply\", \"convert\" and -b",
				     verb->name);
	if (c->family && !verb->family)
		return report_misuse(c,
				     "options \"-4\" and \"-6\" cannot be used with \"%s\": they are for \"list\" and \"senders\"",
				     verb->name);
	return DONE;
}

/* dispatch - run the verb that the next word names */
int dispatch(struct ctl *c, struct words *w, enum p25_kind kind,
	     const struct verb *verbs, size_t n)
{
	const char *word = words_next(w);
	const struct verb *verb = find_verb(word, verbs, n);

	if (!verb)
		return report_not_found(c, word, kind, verbs, n);
	if (c->batch && !verb->changes)
		return report_misuse(c,
				     "command \"%s\" cannot be used in a batch; add, del, flush and set can",
				     verb->name);
	if (verbs == objects && only_allows(c, verb))
		return MISUSED;
	if (wants_help(c, w, verbs))
		return help_on(verb->name);
	if (check_options(c, verb))
		return MISUSED;
	return verb->run(c, w, verb->kind ? verb->kind : kind);
}

/* "add pool" for "pool add": the verb, or NULL. */
static const char *turned_round(const struct words *w)
{
	if (w->n - w->at < 2 ||
	    p25_kind_parse(w->v[w->at + 1]) == P25_KIND_NONE)
		return NULL;
	return kind_verb(w->v[w->at]);
}

/* run_object - run a whole command */
int run_object(struct ctl *c, struct words *w)
{
	const char *verb = turned_round(w);

	if (c->batch && is_word(w->v[w->at], "p25ctl"))
		return report_misuse(c,
				     "unexpected \"p25ctl\": leave it out in a batch");
	if (verb)
		return report_misuse(c, "unexpected %s before the kind; did you mean \"%s %s\"?",
				     quote(w->v[w->at]), w->v[w->at + 1], verb);
	return dispatch(c, w, P25_KIND_NONE, objects, ARRAY_SIZE(objects));
}
