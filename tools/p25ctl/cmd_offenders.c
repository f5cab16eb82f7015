// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl offenders [list [PREFIX]|flush]: who tried to send blocked mail most recently.
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
#include "session.h"
#include "timestamp.h"
#include "words.h"

#define TRIES 10

/**
 * struct offenders - an array that grows
 * @within: only those in this prefix; NULL: all
 */
struct offenders {
	const struct p25_prefix *within;
	struct p25_offender *v;
	size_t n;
	size_t room;
};

static int add_offender(const struct p25_offender *offender, void *arg)
{
	struct offenders *list = arg;
	size_t room = list->room ? list->room * 2 : 64;
	struct p25_offender *v = list->v;

	if (list->within && !prefix_covers(list->within, &offender->src))
		return 0;
	if (list->n == list->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return -ENOMEM;
		list->v = v;
		list->room = room;
	}
	v[list->n++] = *offender;
	return 0;
}

/* The most recent one first. */
static int by_last(const void *left, const void *right)
{
	const struct p25_offender *a = left, *b = right;

	if (a->last != b->last)
		return a->last < b->last ? 1 : -1;
	return p25_prefix_cmp(&a->src, &b->src);
}

/*
 * They change with every packet: a list that was interrupted is as good as any
 * other.
 */
static int fetch_offenders(struct ctl *c, struct offenders *list)
{
	unsigned int try;
	int err = -EINTR;

	for (try = 0; err == -EINTR && try < TRIES; try++) {
		list->n = 0;
		err = p25_offenders(c->p25, add_offender, list);
	}
	if (err == -ENOMEM)
		return report_error(c, err, "out of memory");
	if (err && err != -EINTR)
		return ctl_result(c, NULL, err);
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_last);
	return DONE;
}

static void print_time(const char *name, int64_t then)
{
	char moment[TIMESTAMP_STRLEN], age[DURATION_STRLEN];

	printf(" %s %s (%s ago)", name, timestamp_format(then, moment),
	       age_format(then, time(NULL), age));
}

static void print_text(const struct p25_offender *one)
{
	char src[P25_PREFIX_STRLEN], dst[P25_PREFIX_STRLEN];

	printf("%s dst %s reason %s packets %ju",
	       p25_prefix_format(&one->src, src),
	       p25_prefix_format(&one->dst, dst), p25_kind_name(one->reason),
	       (uintmax_t)one->packets);
	print_time("first", one->first);
	print_time("last", one->last);
	putchar('\n');
}

static void print_json(const struct p25_offender *one)
{
	struct json_object *o = json_object_new_object();
	char text[TIMESTAMP_STRLEN];

	json_add(o, "src", json_prefix(&one->src));
	json_add(o, "dst", json_prefix(&one->dst));
	json_add(o, "reason",
		 json_object_new_string(p25_kind_name(one->reason)));
	json_add(o, "packets", json_object_new_uint64(one->packets));
	json_add(o, "first",
		 json_object_new_string(timestamp_format(one->first, text)));
	json_add(o, "last",
		 json_object_new_string(timestamp_format(one->last, text)));
	json_array_element(o);
}

static int run_offenders_list(struct ctl *c, struct words *w,
			      enum p25_kind kind)
{
	struct offenders list = { 0 };
	struct p25_prefix room;
	int status;
	size_t i;

	(void)kind;
	if (parse_scope(c, w, &room, &list.within))
		return MISUSED;
	status = ctl_ready(c);
	if (!status)
		status = fetch_offenders(c, &list);
	if (!status && c->json)
		json_array_begin();
	for (i = 0; i < list.n && !status; i++) {
		if (c->json)
			print_json(&list.v[i]);
		else
			print_text(&list.v[i]);
	}
	if (!status && c->json)
		json_array_end();
	free(list.v);
	return status;
}

static int run_offenders_flush(struct ctl *c, struct words *w,
			       enum p25_kind kind)
{
	int status;

	(void)kind;
	if (words_end(c, w))
		return MISUSED;
	status = ctl_ready(c);
	return status ? status :
			ctl_result(c, NULL, p25_offenders_flush(c->p25));
}

int cmd_offenders(struct ctl *c, struct words *w, enum p25_kind kind)
{
	static const struct verb verbs[] = {
		{ .name = "list", .run = run_offenders_list, .family = true },
		{ .name = "ls", .run = run_offenders_list, .family = true,
		  .alias = true },
		{ .name = "show", .run = run_offenders_list, .family = true,
		  .alias = true },
		{ .name = "flush", .run = run_offenders_flush, .whole = true },
	};

	if (!words_peek(w) || looks_like_prefix(words_peek(w)))
		return run_offenders_list(c, w, kind);
	return dispatch(c, w, kind, verbs, ARRAY_SIZE(verbs));
}
