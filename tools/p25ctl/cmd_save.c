// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl save: the whole policy, as a policy file; with -j, as one JSON
 * document. With -o, one owner's entries, and no settings, which have no owner.
 */
#include <stdio.h>
#include <time.h>

#include "cmd.h"
#include "ctl.h"
#include "fetch.h"
#include "json.h"
#include "print.h"
#include "rows.h"
#include "session.h"
#include "settings.h"
#include "timestamp.h"
#include "words.h"

static void print_text(const struct ctl *c, const struct p25_settings *set,
		       const struct rows *rows)
{
	char now[TIMESTAMP_STRLEN];
	char text[SETTING_STRLEN];
	struct p25_entry entry;
	size_t i;

	printf("# p25 policy%s%s, saved %s\n", c->owner ? " of " : "",
	       c->owner ? c->owner : "", timestamp_format(time(NULL), now));
	for (i = 0; i < SETTINGS_N && !c->owner; i++) {
		if (setting_given(set, i))
			printf("%s %s\n", setting_name(i),
			       setting_format(set, i, text));
	}
	for (i = 0; i < rows->n; i++) {
		rows_get(rows, i, &entry);
		print_entry(&entry, PRINT_EXPIRES);
		putchar('\n');
	}
}

static void print_json_settings(const struct p25_settings *set)
{
	struct json_object *o = json_object_new_object();

	settings_json(o, set);
	json_print(o);
}

/* As one document, but never the whole of it in memory. */
static void print_json(const struct ctl *c, const struct p25_settings *set,
		       const struct rows *rows)
{
	struct p25_entry entry;
	size_t i;

	putchar('{');
	if (!c->owner) {
		fputs("\"settings\":", stdout);
		print_json_settings(set);
		putchar(',');
	}
	fputs("\"entries\":", stdout);
	json_array_begin();
	for (i = 0; i < rows->n; i++) {
		rows_get(rows, i, &entry);
		json_array_entry(&entry, PRINT_EXPIRES);
	}
	json_array_end();
	puts("}");
}

int cmd_save(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_filter filter = { .owner = c->owner };
	struct p25_status answer = { 0 };
	struct rows rows = { 0 };
	int status;

	(void)kind;
	if (words_end(c, w))
		return MISUSED;
	status = ctl_show(c, &answer);
	if (!status)
		status = rows_fetch(c, &filter, true, &rows);
	if (!status && c->json)
		print_json(c, &answer.settings, &rows);
	else if (!status)
		print_text(c, &answer.settings, &rows);
	rows_free(&rows);
	return status;
}
