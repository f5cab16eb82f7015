// SPDX-License-Identifier: GPL-2.0
/*
 * Events as text and as JSON.
 */
#include <json-c/linkhash.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "event_print.h"
#include "guard.h"
#include "json.h"
#include "print.h"
#include "settings.h"
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
	char text[SETTING_STRLEN];
	int i;

	for (i = 0; i < SETTINGS_N; i++) {
		if (setting_given(set, i))
			to += sprintf(to, " %s %s", setting_name(i),
				      setting_format(set, i, text));
	}
}

/* Who, which rate, the block, which is the guard's own, and what the sender did. */
static void format_block(char *to, const struct p25_event *event)
{
	const struct p25_entry *block = &event->entry;

	to = stpcpy(to, " ");
	to += strlen(p25_prefix_format(&event->sender.src, to));
	to = format_rate(stpcpy(to, " rate "), &event->rate);
	to = stpcpy(to, " block ");
	to += strlen(p25_prefix_format(&block->prefix, to));
	to = format_options(to, block, PRINT_TIMEOUT | PRINT_EXPIRES);
	sender_format_counts(to, &event->sender);
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
	case P25_EVENT_SENDER:
		sender_format(stpcpy(to, " "), &event->sender);
		break;
	case P25_EVENT_SENDERS_MANY:
		sprintf(to, " %ju more", (uintmax_t)event->n);
		break;
	case P25_EVENT_GUARD:
		format_block(to, event);
		break;
	case P25_EVENT_GUARD_FULL:
		sprintf(to, " %ju not blocked", (uintmax_t)event->n);
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

static void add_block(struct json_object *to, const struct p25_event *event)
{
	const struct p25_entry *block = &event->entry;
	char text[TIMESTAMP_STRLEN];

	json_add(to, "rate", json_rate(&event->rate));
	sender_json(to, &event->sender);
	json_add(to, "block", json_prefix(&block->prefix));
	if (block->expires) {
		json_add(to, "timeout", json_object_new_int64(block->timeout));
		json_add(to, "expires",
			 json_object_new_string(timestamp_format(block->expires,
								 text)));
	}
	if (*block->comment)
		json_add(to, "comment", json_object_new_string(block->comment));
}

/* What the number of an event is of. */
static const char *number_key(enum p25_event_type type)
{
	switch (type) {
	case P25_EVENT_MANY:
		return "entries";
	case P25_EVENT_SENDERS_MANY:
	case P25_EVENT_GUARD_FULL:
		return "senders";
	default:
		return "events";
	}
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
		settings_json(o, &event->settings);
	else if (event->type == P25_EVENT_SENDER)
		sender_json(o, &event->sender);
	else if (event->type == P25_EVENT_GUARD)
		add_block(o, event);
	else if (event->n)
		json_add(o, number_key(event->type),
			 json_object_new_uint64(event->n));
	return o;
}
