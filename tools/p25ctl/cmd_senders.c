// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl senders [blocked|exempt] [list] [PREFIX]; p25ctl senders flush; and
 * p25ctl offenders, which is the same as "senders blocked".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "ctl.h"
#include "dispatch.h"
#include "duration.h"
#include "json.h"
#include "parse.h"
#include "prefix_check.h"
#include "report.h"
#include "scope.h"
#include "sender_print.h"
#include "session.h"
#include "timestamp.h"
#include "words.h"

/* Which of them are listed. */
enum which {
	ALL,
	BLOCKED,
	EXEMPT,
};

/**
 * struct senders - an array that grows
 * @which: those that are in it
 * @within: only those that overlap this prefix; NULL: all
 */
struct senders {
	enum which which;
	const struct p25_prefix *within;
	struct p25_sender *v;
	size_t n;
	size_t room;
};

/* A prefix may be longer than that of a sender: a single address of IPv6 is. */
static bool is_listed(const struct senders *list, const struct p25_sender *sender)
{
	enum which which = is_exempt(sender) ? EXEMPT : BLOCKED;

	if (list->which != ALL && list->which != which)
		return false;
	return !list->within || prefix_covers(list->within, &sender->src) ||
	       prefix_covers(&sender->src, list->within);
}

static int add_sender(const struct p25_sender *sender, void *arg)
{
	struct senders *list = arg;
	size_t room = list->room ? list->room * 2 : 64;
	struct p25_sender *v = list->v;

	if (!is_listed(list, sender))
		return 0;
	if (list->n == list->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return -ENOMEM;
		list->v = v;
		list->room = room;
	}
	v[list->n++] = *sender;
	return 0;
}

/* Most attempts first; of the same number, the most recent one. */
static int by_attempts(const void *left, const void *right)
{
	const struct p25_sender *a = left, *b = right;

	if (a->attempts != b->attempts)
		return a->attempts < b->attempts ? 1 : -1;
	if (a->last != b->last)
		return a->last < b->last ? 1 : -1;
	return p25_prefix_cmp(&a->src, &b->src);
}

static int fetch_senders(struct ctl *c, struct senders *list)
{
	int err = p25_senders(c->p25, add_sender, list);

	if (err == -ENOMEM)
		return report_error(c, err, "out of memory");
	if (!err && list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_attempts);
	return ctl_result(c, NULL, err);
}

static void print_time(const char *name, int64_t then)
{
	char moment[TIMESTAMP_STRLEN], age[DURATION_STRLEN];

	printf(" %s %s (%s ago)", name, timestamp_format(then, moment),
	       age_format(then, time(NULL), age));
}

static void print_text(const struct p25_sender *sender)
{
	char text[SENDER_STRLEN];

	sender_format(text, sender);
	fputs(text, stdout);
	print_time("first", sender->first);
	print_time("last", sender->last);
	putchar('\n');
}

static void print_json(const struct p25_sender *sender)
{
	struct json_object *o = json_object_new_object();

	sender_json(o, sender);
	json_array_element(o);
}

static void print_senders(const struct ctl *c, const struct senders *list)
{
	size_t i;

	if (c->json)
		json_array_begin();
	for (i = 0; i < list->n; i++) {
		if (c->json)
			print_json(&list->v[i]);
		else
			print_text(&list->v[i]);
	}
	if (c->json)
		json_array_end();
}

static int list_senders(struct ctl *c, struct words *w, enum which which)
{
	struct senders list = { .which = which };
	struct p25_prefix room;
	int status;

	if (parse_scope(c, w, &room, &list.within))
		return MISUSED;
	status = ctl_ready(c);
	if (!status)
		status = fetch_senders(c, &list);
	if (!status)
		print_senders(c, &list);
	free(list.v);
	return status;
}

static int run_all(struct ctl *c, struct words *w, enum p25_kind kind)
{
	(void)kind;
	return list_senders(c, w, ALL);
}

static int run_blocked(struct ctl *c, struct words *w, enum p25_kind kind)
{
	(void)kind;
	return list_senders(c, w, BLOCKED);
}

static int run_exempt(struct ctl *c, struct words *w, enum p25_kind kind)
{
	(void)kind;
	return list_senders(c, w, EXEMPT);
}

static int run_flush(struct ctl *c, struct words *w, enum p25_kind kind)
{
	int status;

	(void)kind;
	if (words_end(c, w))
		return MISUSED;
	status = ctl_ready(c);
	return status ? status : ctl_result(c, NULL, p25_senders_flush(c->p25));
}

#define LIST(word, function) { .name = word, .run = function, .family = true }
#define ALIAS(word, function) \
	{ .name = word, .run = function, .family = true, .alias = true }
#define FLUSH { .name = "flush", .run = run_flush, .whole = true }

/* Nothing but a prefix, or nothing at all: it is listed. */
static bool is_bare(const struct words *w)
{
	return !words_peek(w) || looks_like_prefix(words_peek(w));
}

/* "senders blocked" and "offenders" */
int cmd_offenders(struct ctl *c, struct words *w, enum p25_kind kind)
{
	static const struct verb verbs[] = {
		LIST("list", run_blocked),
		ALIAS("ls", run_blocked),
		ALIAS("show", run_blocked),
		FLUSH,
	};

	return is_bare(w) ? run_blocked(c, w, kind) :
			    dispatch(c, w, kind, verbs, ARRAY_SIZE(verbs));
}

static int cmd_exempt(struct ctl *c, struct words *w, enum p25_kind kind)
{
	static const struct verb verbs[] = {
		LIST("list", run_exempt),
		ALIAS("ls", run_exempt),
		ALIAS("show", run_exempt),
	};

	return is_bare(w) ? run_exempt(c, w, kind) :
			    dispatch(c, w, kind, verbs, ARRAY_SIZE(verbs));
}

int cmd_senders(struct ctl *c, struct words *w, enum p25_kind kind)
{
	static const struct verb verbs[] = {
		LIST("blocked", cmd_offenders),
		LIST("exempt", cmd_exempt),
		LIST("list", run_all),
		ALIAS("ls", run_all),
		ALIAS("show", run_all),
		FLUSH,
	};

	return is_bare(w) ? run_all(c, w, kind) :
			    dispatch(c, w, kind, verbs, ARRAY_SIZE(verbs));
}
