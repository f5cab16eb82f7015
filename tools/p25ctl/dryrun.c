// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl apply --dry-run: the policy as it is and as the file has it, both
 * sorted, side by side.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "apply_options.h"
#include "ctl.h"
#include "deletions.h"
#include "dryrun.h"
#include "fetch.h"
#include "guard.h"
#include "json.h"
#include "options.h"
#include "policy.h"
#include "print.h"
#include "report.h"
#include "rows.h"
#include "session.h"
#include "settings.h"
#include "spool.h"

/**
 * struct diff - what would change
 * @now: settings as they are
 * @then: settings that the file gives
 * @summary: only say how much would change
 * @entries: how many there are, of all owners
 * @before: entries as they are
 * @after: entries that the file gives
 * @added: JSON array, as are @deleted and @changed; NULL without -j
 * @n_added: and so on: how many
 */
struct diff {
	struct p25_settings now, then;
	bool summary;
	uint64_t entries;
	struct rows before, after;
	struct json_object *added, *deleted, *changed;
	size_t n_added, n_deleted, n_changed, n_same;
};

/* Timeouts become moments, which can be compared. */
static int take_entry(struct ctl *c, const struct p25_entry *entry, void *arg)
{
	struct p25_entry copy = *entry;
	struct diff *diff = arg;
	int64_t now = time(NULL);
	int64_t left = copy.expires - now;

	if (copy.timeout)
		copy.expires = now + copy.timeout;
	else if (copy.expires)
		copy.timeout = left < P25_TIMEOUT_MAX ? left : P25_TIMEOUT_MAX;
	if (rows_add(&diff->after, &copy))
		return report_failure(c, "out of memory");
	return DONE;
}

/* A second passes between reading a timeout and reading the clock. */
static bool is_same_entry(const struct p25_entry *a, const struct p25_entry *b)
{
	if (!a->expires != !b->expires)
		return false;
	return llabs(a->expires - b->expires) <= 1 && has_same_action(a, b) &&
	       has_same_guard(a, b) && !strcmp(a->comment, b->comment);
}

static void print_one(char sign, const struct p25_entry *entry,
		      struct json_object *to)
{
	if (to) {
		json_append(to, json_entry(entry, PRINT_TIMEOUT));
		return;
	}
	printf("%c ", sign);
	print_entry(entry, PRINT_TIMEOUT);
	putchar('\n');
}

/* Has it nothing that would be printed? */
static bool is_plain(const struct p25_entry *entry)
{
	return !entry->expires && !*entry->comment && !entry->has_action &&
	       !entry->has_guard;
}

static void print_change(const struct p25_entry *from,
			 const struct p25_entry *to, struct json_object *list)
{
	struct json_object *o;

	if (list) {
		o = json_entry(to, PRINT_TIMEOUT);
		json_add(o, "was", json_entry(from, PRINT_TIMEOUT));
		json_append(list, o);
		return;
	}
	fputs("~ ", stdout);
	print_entry(to, PRINT_TIMEOUT);
	fputs(" (was:", stdout);
	if (is_plain(from))
		printf(" no timeout,%s%s no comment",
		       to->has_action ? " no action," : "",
		       to->has_guard ? " no guard," : "");
	print_options(from, PRINT_TIMEOUT);
	puts(")");
}

static int compare_entry(const struct p25_entry *from,
			 const struct p25_entry *to, void *arg)
{
	struct diff *diff = arg;

	if (!to) {
		diff->n_deleted++;
		if (!diff->summary)
			print_one('-', from, diff->deleted);
	} else if (!from) {
		diff->n_added++;
		if (!diff->summary)
			print_one('+', to, diff->added);
	} else if (is_same_entry(from, to)) {
		diff->n_same++;
	} else {
		diff->n_changed++;
		if (!diff->summary)
			print_change(from, to, diff->changed);
	}
	return DONE;
}

static void compare_entries(struct diff *diff)
{
	rows_compare(&diff->before, &diff->after, compare_entry, diff);
}

static void print_setting(const char *name, const char *from, const char *to,
			  struct json_object *list)
{
	struct json_object *o;

	if (!strcmp(from, to))
		return;
	if (!list) {
		printf("set %s %s -> %s\n", name, from, to);
		return;
	}
	o = json_object_new_object();
	json_add(o, "from", json_object_new_string(from));
	json_add(o, "to", json_object_new_string(to));
	json_add(list, name, o);
}

static void compare_settings(const struct diff *diff, struct json_object *list)
{
	char from[SETTING_STRLEN], to[SETTING_STRLEN];
	int i;

	for (i = 0; i < SETTINGS_N; i++) {
		if (setting_given(&diff->then, i))
			print_setting(setting_name(i),
				      setting_format(&diff->now, i, from),
				      setting_format(&diff->then, i, to), list);
	}
}

static void print_text(struct diff *diff)
{
	compare_settings(diff, NULL);
	compare_entries(diff);
	printf("%zu added, %zu changed, %zu deleted, %zu unchanged\n",
	       diff->n_added, diff->n_changed, diff->n_deleted, diff->n_same);
}

static void print_json(struct diff *diff)
{
	struct json_object *settings = json_object_new_object();
	struct json_object *o = json_object_new_object();

	diff->added = json_object_new_array();
	diff->changed = json_object_new_array();
	diff->deleted = json_object_new_array();
	json_add(o, "settings", settings);
	json_add(o, "added", diff->added);
	json_add(o, "changed", diff->changed);
	json_add(o, "deleted", diff->deleted);
	compare_settings(diff, settings);
	compare_entries(diff);
	json_add(o, "unchanged", json_object_new_uint64(diff->n_same));
	json_print(o);
}

/* Numbers, where there are arrays otherwise. */
static void print_json_summary(struct diff *diff)
{
	struct json_object *settings = json_object_new_object();
	struct json_object *o = json_object_new_object();

	compare_settings(diff, settings);
	compare_entries(diff);
	json_add(o, "settings", settings);
	json_add(o, "added", json_object_new_uint64(diff->n_added));
	json_add(o, "changed", json_object_new_uint64(diff->n_changed));
	json_add(o, "deleted", json_object_new_uint64(diff->n_deleted));
	json_add(o, "unchanged", json_object_new_uint64(diff->n_same));
	json_print(o);
}

static void print_diff(const struct ctl *c, struct diff *diff)
{
	if (!c->json)
		print_text(diff);
	else if (diff->summary)
		print_json_summary(diff);
	else
		print_json(diff);
}

static int fetch_policy(struct ctl *c, const struct apply *apply,
			struct diff *diff)
{
	struct p25_filter filter = { .owner = apply_owner(c, apply) };
	struct p25_status answer;
	int status = ctl_show(c, &answer), kind;

	if (status)
		return status;
	diff->now = answer.settings;
	for (kind = 0; kind < __P25_KIND_MAX; kind++)
		diff->entries += answer.entries[kind];
	return rows_fetch(c, &filter, true, &diff->before);
}

/*
 * Entries of other owners stay, unless the file is of all owners. The number of all
 * was asked for before the owner's were listed, which may be more by then.
 */
static int check_limit(const struct ctl *c, const struct diff *diff)
{
	uint64_t limit = diff->then.has_limit ? diff->then.limit :
						diff->now.limit;
	uint64_t n = diff->after.n;

	if (diff->entries > diff->before.n)
		n += diff->entries - diff->before.n;
	if (n <= limit)
		return DONE;
	return report_failure(c, "there would be %llu entries; the limit is %llu",
			      (unsigned long long)n, (unsigned long long)limit);
}

static int check_deletions(const struct ctl *c, const struct apply *apply,
			   const struct policy *policy, const struct diff *diff)
{
	struct deletions deletions = {
		.had = diff->before.n,
		.deleted = diff->n_deleted,
		.left = diff->after.n,
	};

	return deletions_check(c, apply, policy, &deletions);
}

int dry_run(struct ctl *c, const struct apply *apply)
{
	struct diff diff = { .summary = apply->summary };
	struct policy policy = {
		.entry = take_entry,
		.arg = &diff,
		.all = apply->all,
	};
	bool again;
	int status = spool_file(c, apply->file, &again);

	if (!status)
		status = policy_read(c, apply->file, &policy);
	c->file = NULL;
	diff.then = policy.given;
	if (!status) {
		rows_sort(&diff.after);
		rows_unique(&diff.after);
		status = fetch_policy(c, apply, &diff);
	}
	if (!status) {
		print_diff(c, &diff);
		c->file = apply->file;
		status = check_limit(c, &diff);
	}
	if (!status)
		status = check_deletions(c, apply, &policy, &diff);
	rows_free(&diff.before);
	rows_free(&diff.after);
	return status;
}
