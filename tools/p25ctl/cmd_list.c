// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl list [PREFIX]; p25ctl KIND list [PREFIX].
 */
#include <stdio.h>

#include "cmd.h"
#include "ctl.h"
#include "fetch.h"
#include "json.h"
#include "print.h"
#include "rows.h"
#include "scope.h"
#include "session.h"
#include "words.h"

#define LISTED (PRINT_TIMEOUT | PRINT_EXPIRES | PRINT_COUNTERS)

static void print_text(const struct rows *rows)
{
	struct p25_entry entry;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		rows_get(rows, i, &entry);
		print_entry(&entry, LISTED);
		putchar('\n');
	}
}

static void print_json(const struct rows *rows)
{
	struct p25_entry entry;
	size_t i;

	json_array_begin();
	for (i = 0; i < rows->n; i++) {
		rows_get(rows, i, &entry);
		json_array_entry(&entry, LISTED);
	}
	json_array_end();
}

int cmd_list(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_filter filter = { .kind = kind, .owner = c->owner };
	struct p25_prefix prefix;
	struct rows rows = { 0 };
	int status;

	if (parse_scope(c, w, &prefix, &filter.prefix))
		return MISUSED;
	status = ctl_ready(c);
	if (!status)
		status = rows_fetch(c, &filter, false, &rows);
	if (status != FAILED && c->json)
		print_json(&rows);
	else if (status != FAILED)
		print_text(&rows);
	rows_free(&rows);
	return status == INCOMPLETE ? FAILED : status;
}
