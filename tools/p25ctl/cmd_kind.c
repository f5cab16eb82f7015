// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl KIND add|del|list|flush; p25ctl flush.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ctl.h"
#include "dispatch.h"
#include "notes.h"
#include "options.h"
#include "prefix_check.h"
#include "quote.h"
#include "report.h"
#include "report_missing.h"
#include "session.h"
#include "targets.h"
#include "warn_covered.h"
#include "warn_isolated.h"
#include "words.h"

/* Owner and options, which all prefixes of a command share. */
static void copy_options(const struct ctl *c, const struct p25_entry *options,
			 struct entries *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct p25_entry *entry = &list->v[i];

		if (c->owner)
			strcpy(entry->owner, c->owner);
		entry->timeout = options->timeout;
		entry->expires = options->expires;
		entry->has_action = options->has_action;
		entry->action = options->action;
		entry->has_guard = options->has_guard;
		entry->guard = options->guard;
		entry->if_comment = options->if_comment;
		if (*options->comment || options->if_comment)
			strcpy(entry->comment, options->comment);
	}
}

static int change_entries(struct ctl *c, struct words *w, struct entries *list,
			  bool add)
{
	int status, err;

	if (c->missing)
		return report_missing_entry(c, w, list);
	if (only_checks(c))
		return DONE;
	status = ctl_ready(c);
	if (status)
		return status;
	err = add ? p25_add(c->p25, list->v, list->n) :
		    p25_del(c->p25, list->v, list->n, c->exist);
	if (err == -ENOENT && !add && !c->file) {
		c->failure = MISSING;
		return report_missing_entry(c, w, list);
	}
	return ctl_result(c, w, err);
}

static int check_prefixes(struct ctl *c, const struct entries *list)
{
	int status = DONE;
	size_t i;

	for (i = 0; i < list->n && !status; i++)
		status = prefix_check(c, &list->v[i]);
	return status;
}

/* A command, not a line of a batch. */
static int add_command(struct ctl *c, struct words *w, struct entries *list)
{
	struct notes notes;
	int status;

	notes_before(c, list, &notes);
	status = change_entries(c, w, list, true);
	warn_covered_after(c, status);
	if (!status) {
		notes_after(c, list, &notes);
		warn_isolated(c);
	}
	return status;
}

static int add_entries(struct ctl *c, struct words *w, struct entries *list)
{
	int status = check_prefixes(c, list);

	if (status)
		return status;
	if (!only_checks(c))
		warn_covered_before(c, list->v, list->n);
	return c->batch ? change_entries(c, w, list, true) :
			  add_command(c, w, list);
}

static int run_add(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_entry options = { .kind = kind };
	struct entries list = { 0 };
	int status;

	status = parse_targets(c, w, kind, SIZE_MAX, &list);
	if (!status)
		status = parse_options(c, w, 0, &options);
	if (!status) {
		copy_options(c, &options, &list);
		status = add_entries(c, w, &list);
	}
	free(list.v);
	return status;
}

/* Behind the prefixes: the comment that the entries must have. */
static int parse_condition(const struct ctl *c, struct words *w,
			   struct p25_entry *condition)
{
	const char *word = words_peek(w), *text;

	if (word && is_word(word, "comment")) {
		words_next(w);
		if (words_value(c, w, word, COMMENT_IS, &text) ||
		    parse_comment(c, text, condition))
			return MISUSED;
		condition->if_comment = true;
		word = words_peek(w);
	}
	if (word && condition->if_comment)
		return report_misuse(c, "unexpected argument %s; quote a comment of several words",
				     quote(word));
	if (word)
		return report_misuse(c,
				     "unexpected argument %s: \"del\" takes only prefixes, and the comment that they must have",
				     quote(word));
	return DONE;
}

static int run_del(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_entry condition = { .kind = kind };
	struct entries list = { 0 };
	int status;

	status = parse_targets(c, w, kind, SIZE_MAX, &list);
	if (!status)
		status = parse_condition(c, w, &condition);
	if (!status) {
		copy_options(c, &condition, &list);
		status = change_entries(c, w, &list, false);
	}
	free(list.v);
	return status;
}

/* Whose entries are deleted must be said, and which. */
static int parse_flush(const struct ctl *c, struct words *w,
		       enum p25_kind kind)
{
	const char *object = kind ? w->v[w->at - 2] : NULL;
	bool all = words_peek(w) && !strcmp(words_peek(w), "--all");

	w->at += all;
	if (!kind && words_peek(w) && !strcmp(words_peek(w), "all"))
		return report_misuse(c,
				     "unexpected argument \"all\"; did you mean \"flush --all\"?");
	if (words_end(c, w))
		return MISUSED;
	if (object && strcmp(object, p25_kind_name(kind)))
		return report_misuse(c,
				     "abbreviated kind %s: write \"%s flush\" out; it can delete many entries",
				     quote(object), p25_kind_name(kind));
	if (all && c->owner)
		return report_misuse(c,
				     "options \"-o\" and \"--all\" cannot be used together: --all is about every owner");
	if (!all && !c->owner && !kind)
		return report_misuse(c,
				     "\"flush\" requires an argument: \"flush --all\" deletes every owner's entries, \"p25ctl -o OWNER flush\" those of one");
	return DONE;
}

int cmd_flush(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_filter filter = { .kind = kind, .owner = c->owner };
	int status = parse_flush(c, w, kind);

	if (status || only_checks(c))
		return status;
	status = ctl_ready(c);
	return status ? status : ctl_result(c, NULL, p25_flush(c->p25, &filter));
}

int cmd_kind(struct ctl *c, struct words *w, enum p25_kind kind)
{
	static const struct verb verbs[] = {
		{ .name = "add", .run = run_add, .changes = true, .wide = true },
		{ .name = "del", .run = run_del, .changes = true, .exist = true },
		{ .name = "delete", .run = run_del, .changes = true,
		  .exist = true, .alias = true },
		{ .name = "list", .run = cmd_list, .family = true },
		{ .name = "ls", .run = cmd_list, .family = true, .alias = true },
		{ .name = "show", .run = cmd_list, .family = true, .alias = true },
		{ .name = "flush", .run = cmd_flush, .changes = true,
		  .whole = true },
	};

	if (!words_peek(w))
		return report_misuse(c, "\"%s\" requires a command: add, del, list or flush",
				     p25_kind_name(kind));
	return dispatch(c, w, kind, verbs, ARRAY_SIZE(verbs));
}
