// SPDX-License-Identifier: GPL-2.0
/*
 * Senders as text and as JSON.
 */
#include <string.h>

#include "json.h"
#include "print.h"
#include "sender_print.h"
#include "timestamp.h"

static char *put_number(char *to, const char *name, uint64_t number)
{
	return format_number(stpcpy(to, name), number);
}

static char *put_prefix(char *to, const struct p25_prefix *prefix)
{
	return to + strlen(p25_prefix_format(prefix, to));
}

/* sender_format_counts - what it did. Return: where its NUL is */
char *sender_format_counts(char *to, const struct p25_sender *sender)
{
	to = put_number(to, " attempts ", sender->attempts);
	if (sender->error)
		to = put_number(to, " error ", sender->error);
	to = put_number(to, " packets ", sender->packets);
	to = put_number(to, " destinations ", sender->destinations);
	to = put_prefix(stpcpy(to, " dst "), &sender->dst);
	to = put_number(to, " sport ", sender->sport);
	to = stpcpy(stpcpy(to, " reason "), p25_kind_name(sender->kind));
	return put_prefix(stpcpy(to, " "), &sender->prefix);
}

/* sender_format - who it is, and what it did. Return: where its NUL is */
char *sender_format(char *to, const struct p25_sender *sender)
{
	return sender_format_counts(put_prefix(to, &sender->src), sender);
}

static void add_time(struct json_object *to, const char *key, int64_t time)
{
	char text[TIMESTAMP_STRLEN];

	json_add(to, key, json_object_new_string(timestamp_format(time, text)));
}

/* sender_json - add what is known of it to an object */
void sender_json(struct json_object *to, const struct p25_sender *sender)
{
	json_add(to, "src", json_prefix(&sender->src));
	json_add(to, "attempts", json_object_new_uint64(sender->attempts));
	json_add(to, "error", json_object_new_uint64(sender->error));
	json_add(to, "packets", json_object_new_uint64(sender->packets));
	json_add(to, "destinations", json_object_new_int64(sender->destinations));
	json_add(to, "dst", json_prefix(&sender->dst));
	json_add(to, "sport", json_object_new_int(sender->sport));
	json_add(to, "reason",
		 json_object_new_string(p25_kind_name(sender->kind)));
	json_add(to, "prefix", json_prefix(&sender->prefix));
	add_time(to, "first", sender->first);
	add_time(to, "last", sender->last);
}
