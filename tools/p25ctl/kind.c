// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl KIND add|del|list|flush; p25ctl flush.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

/* Owner and options, which all prefixes of a command share. */
static void share(const struct ctl *c, const struct p25_entry *options,
		  struct entries *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		struct p25_entry *entry = &list->v[i];

		if (c->owner)
			strcpy(entry->owner, c->owner);
		entry->timeout = options->timeout;
		entry->expires = options->expires;
		if (*options->comment)
			strcpy(entry->comment, options->comment);
	}
}

static int change(struct ctl *c, struct words *w, struct entries *list,
		  bool add)
{
	int status, err;

	if (c->missing)
		return entry_missing(c, w, list);
	if (only_reads(c))
		return DONE;
	status = ctl_ready(c);
	if (status)
		return status;
	err = add ? p25_add(c->p25, list->v, list->n) :
		    p25_del(c->p25, list->v, list->n, c->exist);
	if (err == -ENOENT && !add && !c->file) {
		c->failure = MISSING;
		return entry_missing(c, w, list);
	}
	return ctl_result(c, w, err);
}

static int run_add(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_entry options = { 0 };
	struct entries list = { 0 };
	int status;

	status = parse_targets(c, w, kind, SIZE_MAX, &list);
	if (!status)
		status = parse_options(c, w, 0, &options);
	if (!status) {
		share(c, &options, &list);
		status = change(c, w, &list, true);
	}
	free(list.v);
	return status;
}

static int run_del(struct ctl *c, struct words *w, enum p25_kind kind)
{
	const struct p25_entry none = { 0 };
	struct entries list = { 0 };
	int status;

	status = parse_targets(c, w, kind, SIZE_MAX, &list);
	if (!status && words_peek(w))
		status = misused(c, "%s: \"del\" takes nothing but prefixes",
				 quote(words_peek(w)));
	if (!status) {
		share(c, &none, &list);
		status = change(c, w, &list, false);
	}
	free(list.v);
	return status;
}

int run_flush(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_filter filter = { .kind = kind, .owner = c->owner };
	int status = words_end(c, w);

	if (status || only_reads(c))
		return status;
	status = ctl_ready(c);
	return status ? status : ctl_result(c, NULL, p25_flush(c->p25, &filter));
}

int run_kind(struct ctl *c, struct words *w, enum p25_kind kind)
{
	static const struct verb verbs[] = {
		{ .name = "add", .run = run_add, .changes = true },
		{ .name = "del", .run = run_del, .changes = true, .exist = true },
		{ .name = "delete", .run = run_del, .changes = true,
		  .exist = true, .alias = true },
		{ .name = "list", .run = run_list, .family = true },
		{ .name = "ls", .run = run_list, .family = true, .alias = true },
		{ .name = "show", .run = run_list, .family = true, .alias = true },
		{ .name = "flush", .run = run_flush, .changes = true },
	};

	if (!words_peek(w))
		return misused(c, "%s what? \"add\", \"del\", \"list\" or \"flush\" is missing",
			       p25_kind_name(kind));
	return dispatch(c, w, kind, verbs, ARRAY_SIZE(verbs));
}
