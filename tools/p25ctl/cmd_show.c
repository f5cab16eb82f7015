// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl show: settings, entries per kind and owner, memory, counters, and whether packets
 * are seen.
 */
#include <stdio.h>

#include "cmd.h"
#include "ctl.h"
#include "json.h"
#include "session.h"
#include "settings.h"
#include "timestamp.h"
#include "words.h"

static void print_memory(uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double size = bytes / 1024.0;
	size_t unit = 0;

	if (bytes < 1024) {
		printf("memory   %ju bytes\n", (uintmax_t)bytes);
		return;
	}
	while (size >= 1024 && unit < ARRAY_SIZE(units) - 1) {
		size /= 1024;
		unit++;
	}
	printf("memory   %.1f %s (%ju bytes)\n", size, units[unit],
	       (uintmax_t)bytes);
}

/* What an older module does not tell. */
static void print_health(const struct p25_status *status)
{
	size_t i;

	if (!status->has_hooked)
		return;
	printf("hook     %s\n", status->hooked ? "on" : "off");
	puts("owners");
	for (i = 0; i < status->n_owners; i++)
		printf("  %-22s %u\n", status->owners[i].owner,
		       status->owners[i].entries);
	printf("guard\n  %-22s %ju\n  %-22s %ju\n", "blocks",
	       (uintmax_t)status->guard_blocks, "missed",
	       (uintmax_t)status->guard_missed);
}

static void print_since(const struct p25_status *status)
{
	char text[TIMESTAMP_STRLEN];

	if (status->since)
		printf("counters (packets since %s)\n",
		       timestamp_format(status->since, text));
	else
		puts("counters (packets)");
}

static void print_text(const struct p25_status *status)
{
	const struct p25_settings *set = &status->settings;
	char text[SETTING_STRLEN];
	int i;

	for (i = 0; i < SETTINGS_N; i++) {
		if (setting_given(set, i))
			printf("%-8s %s\n", setting_name(i),
			       setting_format(set, i, text));
	}
	print_memory(status->memory);
	print_health(status);
	puts("entries");
	for (i = P25_KIND_NONE + 1; i <= P25_KIND_MAX; i++)
		printf("  %-22s %u\n", p25_kind_name(i),
		       status->entries[i]);
	print_since(status);
	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++)
		printf("  %-22s %ju\n", p25_counter_name(i),
		       (uintmax_t)status->counters[i]);
}

static void add_health(struct json_object *o, const struct p25_status *status)
{
	struct json_object *owners = json_object_new_object();
	char text[TIMESTAMP_STRLEN];
	size_t i;

	for (i = 0; i < status->n_owners; i++)
		json_add(owners, status->owners[i].owner,
			 json_object_new_int64(status->owners[i].entries));
	json_add(o, "hook", json_object_new_string(status->hooked ? "on" : "off"));
	if (status->counted)
		json_add(o, "counted",
			 json_object_new_string(timestamp_format(status->counted, text)));
	json_add(o, "guard_blocks", json_object_new_uint64(status->guard_blocks));
	json_add(o, "guard_missed", json_object_new_uint64(status->guard_missed));
	json_add(o, "owners", owners);
}

static void print_json(const struct p25_status *status)
{
	struct json_object *o = json_object_new_object();
	struct json_object *entries = json_object_new_object();
	struct json_object *counters = json_object_new_object();
	char text[TIMESTAMP_STRLEN];
	int i;

	for (i = P25_KIND_NONE + 1; i <= P25_KIND_MAX; i++)
		json_add(entries, p25_kind_name(i),
			 json_object_new_int64(status->entries[i]));
	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++)
		json_add(counters, p25_counter_name(i),
			 json_object_new_uint64(status->counters[i]));
	settings_json(o, &status->settings);
	json_add(o, "entries", entries);
	json_add(o, "memory", json_object_new_uint64(status->memory));
	if (status->since)
		json_add(o, "since",
			 json_object_new_string(timestamp_format(status->since,
								 text)));
	json_add(o, "counters", counters);
	if (status->has_hooked)
		add_health(o, status);
	json_print(o);
}

int cmd_show(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_status answer;
	int status;

	(void)kind;
	if (words_end(c, w))
		return MISUSED;
	status = ctl_show(c, &answer);
	if (status)
		return status;
	if (c->json)
		print_json(&answer);
	else
		print_text(&answer);
	return DONE;
}
