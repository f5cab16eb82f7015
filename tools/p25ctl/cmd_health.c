// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl health [idle DURATION] [ignore bridge|flowtable]...: in one line, whether mail of the
 * pools is being judged; exit status 0 or 1.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd.h"
#include "ctl.h"
#include "duration.h"
#include "health.h"
#include "json.h"
#include "quote.h"
#include "report.h"
#include "timestamp.h"
#include "words.h"

static const char *const options[] = { "idle", "ignore" };

/* Checks that may be wrong where they are right: only the operator knows the network. */
static const char *const ignorable[] = { "bridge", "flowtable" };

static int parse_idle(const struct ctl *c, struct words *w, struct health *health)
{
	const char *word, *why;

	if (words_value(c, w, "idle", "the longest time without mail", &word))
		return MISUSED;
	if (duration_parse(word, &health->idle, &why))
		return report_misuse(c, "invalid duration %s: %s", quote(word), why);
	return DONE;
}

static int parse_ignore(const struct ctl *c, struct words *w, struct health *health)
{
	const char *word;

	if (words_value(c, w, "ignore", "bridge or flowtable", &word))
		return MISUSED;
	if (is_word(word, health_name(HEALTH_BRIDGE)))
		health->ignored |= 1 << HEALTH_BRIDGE;
	else if (is_word(word, health_name(HEALTH_FLOWTABLE)))
		health->ignored |= 1 << HEALTH_FLOWTABLE;
	else
		return report_unknown_word(c, word, ignorable, ARRAY_SIZE(ignorable),
					   "check");
	return DONE;
}

static int parse_options(const struct ctl *c, struct words *w, struct health *health)
{
	const char *word;
	int status = DONE;

	while (!status && (word = words_next(w))) {
		if (is_word(word, options[0]))
			status = parse_idle(c, w, health);
		else if (is_word(word, options[1]))
			status = parse_ignore(c, w, health);
		else
			status = report_unknown_word(c, word, options, ARRAY_SIZE(options),
						     "option");
	}
	return status;
}

static void print_healthy(const struct p25_status *status)
{
	unsigned int pools = status->entries[P25_KIND_POOL];
	char age[DURATION_STRLEN];

	printf("ok: mail of %u pool%s is judged", pools, pools == 1 ? "" : "s");
	if (status->settings.action == P25_ACTION_MONITOR)
		fputs(", and passes (action monitor)", stdout);
	if (status->counted)
		printf("; some came %s ago", age_format(status->counted, time(NULL), age));
	else if (status->has_hooked)
		fputs("; none has come yet", stdout);
	putchar('\n');
}

static void print_text(const struct health *health)
{
	const char *separator = "not ok: ";
	int i;

	if (health->healthy) {
		print_healthy(&health->status);
		return;
	}
	for (i = 0; i < HEALTH_CHECKS; i++) {
		if (!health->wrong[i])
			continue;
		printf("%s%s", separator, health->why[i]);
		separator = "; ";
	}
	putchar('\n');
}

static void add_status(struct json_object *o, const struct p25_status *status)
{
	char text[TIMESTAMP_STRLEN];

	json_add(o, "pools", json_object_new_int64(status->entries[P25_KIND_POOL]));
	json_add(o, "action",
		 json_object_new_string(p25_action_name(status->settings.action)));
	if (status->counted)
		json_add(o, "counted",
			 json_object_new_string(timestamp_format(status->counted, text)));
}

static void print_json(const struct health *health)
{
	struct json_object *o = json_object_new_object();
	struct json_object *problems = json_object_new_array();
	int i;

	for (i = 0; i < HEALTH_CHECKS; i++) {
		struct json_object *problem;

		if (!health->wrong[i])
			continue;
		problem = json_object_new_object();
		json_add(problem, "check", json_object_new_string(health_name(i)));
		json_add(problem, "message", json_text(health->why[i]));
		json_append(problems, problem);
	}
	json_add(o, "healthy", json_object_new_boolean(health->healthy));
	json_add(o, "problems", problems);
	if (health->answers)
		add_status(o, &health->status);
	json_print(o);
}

int cmd_health(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct health health = { 0 };

	(void)kind;
	if (parse_options(c, w, &health))
		return MISUSED;
	health_examine(c, &health);
	if (c->json)
		print_json(&health);
	else
		print_text(&health);
	return health.healthy ? DONE : FAILED;
}
