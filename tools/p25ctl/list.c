// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl list [PREFIX]; p25ctl KIND list [PREFIX].
 */
#include <stdio.h>
#include <sys/socket.h>

#include "parse.h"
#include "print.h"
#include "rows.h"

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

/*
 * parse_scope - what a list is about: "[PREFIX]" is all that it takes, and -4, -6
 * @room: for the prefix
 * @prefix: set to it; or to the /0 of a family; or to NULL: all
 */
int parse_scope(const struct ctl *c, struct words *w, struct p25_prefix *room,
		const struct p25_prefix **prefix)
{
	const char *word = words_peek(w);

	*room = (struct p25_prefix){ .family = c->family };
	*prefix = c->family ? room : NULL;
	if (!word || is_late_option(word))
		return words_end(c, w);
	if (is_word(word, "owner"))
		return misused(c, "unexpected argument %s; give it before the object: \"p25ctl -o OWNER ...\"",
			       quote(word));
	if (parse_prefix(c, words_next(w), room))
		return MISUSED;
	if (c->family && room->family != c->family)
		return misused(c, "invalid prefix %s: not IPv%d, but \"-%d\" is given",
			       quote(word), c->family == AF_INET ? 4 : 6,
			       c->family == AF_INET ? 4 : 6);
	*prefix = room;
	return words_end(c, w);
}

int run_list(struct ctl *c, struct words *w, enum p25_kind kind)
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
