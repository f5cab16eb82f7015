// SPDX-License-Identifier: GPL-2.0
/*
 * Events as text and as JSON.
 */
#include <json-c/linkhash.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "event_print.h"
#include "json.h"
#include "print.h"
#include "timestamp.h"

static bool is_entry(const struct p25_event *event)
{
	return event->type >= P25_EVENT_ADDED && event->type <= P25_EVENT_EXPIRED;
}

/* Of what is there, until when; of what was there, what it did. */
static unsigned int what_of(const struct p25_event *event)
{
	if (event->type == P25_EVENT_ADDED || event->type == P25_EVENT_CHANGED)
		return PRINT_TIMEOUT | PRINT_EXPIRES;
	return PRINT_EXPIRES | PRINT_COUNTERS;
}

static void format_settings(char *to, const struct p25_settings *set)
{
	sprintf(to, " action %s inbound %s limit %u",
		p25_action_name(set->action), set->inbound ? "on" : "off",
		set->limit);
}

/* event_format - write what has happened, without the time. Return: @text */
char *event_format(const struct p25_event *event, char text[EVENT_STRLEN])
{
	char *to = stpcpy(text, p25_event_name(event->type));

	switch (event->type) {
	case P25_EVENT_MANY:
		sprintf(to, " %ju entries", (uintmax_t)event->n);
		break;
	case P25_EVENT_SETTINGS:
		format_settings(to, &event->settings);
		break;
	case P25_EVENT_OVERRUN:
		if (event->n)
			sprintf(to, " %ju", (uintmax_t)event->n);
		break;
	case P25_EVENT_UNLOADED:
	case P25_EVENT_LOADED:
		strcpy(to, " p25 kernel module");
		break;
	default:
		if (is_entry(event))
			entry_format(stpcpy(to, " "), &event->entry,
				     what_of(event));
	}
	return text;
}

static void add_entry(struct json_object *to, const struct p25_event *event)
{
	struct json_object *entry = json_entry(&event->entry, what_of(event));

	json_object_object_foreach(entry, key, value)
		json_add(to, key, json_object_get(value));
	json_object_put(entry);
}

static void add_settings(struct json_object *to, const struct p25_settings *set)
{
	json_add(to, "action",
		 json_object_new_string(p25_action_name(set->action)));
	json_add(to, "inbound",
		 json_object_new_string(set->inbound ? "on" : "off"));
	json_add(to, "limit", json_object_new_int64(set->limit));
}

/* event_json - the event as an object */
struct json_object *event_json(const struct p25_event *event)
{
	struct json_object *o = json_object_new_object();
	char text[TIMESTAMP_STRLEN];

	json_add(o, "time",
		 json_object_new_string(timestamp_format(event->time, text)));
	json_add(o, "event",
		 json_object_new_string(p25_event_name(event->type)));
	if (event->revision)
		json_add(o, "revision",
			 json_object_new_uint64(event->revision));
	if (is_entry(event))
		add_entry(o, event);
	else if (event->type == P25_EVENT_SETTINGS)
		add_settings(o, &event->settings);
	else if (event->n)
		json_add(o, event->type == P25_EVENT_MANY ? "entries" : "events",
			 json_object_new_uint64(event->n));
	return o;
}
