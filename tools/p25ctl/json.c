// SPDX-License-Identifier: GPL-2.0
/*
 * JSON, by json-c; but for entries, of which there may be millions: an object
 * of each would take most of the time of a long listing.
 */
#include <json-c/json_tokener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "json.h"
#include "print.h"
#include "timestamp.h"
#include "utf8.h"

#define FORMAT (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

/* Room for an entry, were every letter of its comment written as a number. */
#define JSON_ENTRY_STRLEN 1024

static size_t elements;

/* Half a document is worse than none. */
static void check_memory(const void *made)
{
	if (made)
		return;
	fputs("p25ctl: out of memory\n", stderr);
	exit(FAILED);
}

void json_add(struct json_object *to, const char *key,
	      struct json_object *value)
{
	check_memory(to);
	check_memory(value);
	if (json_object_object_add(to, key, value))
		check_memory(NULL);
}

void json_append(struct json_object *to, struct json_object *element)
{
	check_memory(to);
	check_memory(element);
	if (json_object_array_add(to, element))
		check_memory(NULL);
}

struct json_object *json_prefix(const struct p25_prefix *prefix)
{
	char text[P25_PREFIX_STRLEN];

	return json_object_new_string(p25_prefix_format(prefix, text));
}

/* json_rate - how many attempts within how many seconds */
struct json_object *json_rate(const struct p25_guard_rate *rate)
{
	struct json_object *o = json_object_new_object();

	json_add(o, "attempts", json_object_new_int64(rate->attempts));
	json_add(o, "seconds", json_object_new_int64(rate->seconds));
	return o;
}

/* json_guard - an array of rates; without any: it is off */
struct json_object *json_guard(const struct p25_guard *guard)
{
	struct json_object *rates = json_object_new_array();
	unsigned int i;

	for (i = 0; i < guard->n; i++)
		json_append(rates, json_rate(&guard->rate[i]));
	return rates;
}

/* json_text - a string, whatever bytes are in it */
struct json_object *json_text(const char *text)
{
	size_t len = strlen(text);
	char *copy = malloc(P25_UTF8_REPAIR_ROOM(len));
	struct json_object *o;

	if (!copy)
		check_memory(NULL);
	p25_utf8_repair(copy, text, len);
	o = json_object_new_string(copy);
	free(copy);
	return o;
}

static char *format_string(char *to, const char *text)
{
	*to++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		/* The kernel refuses such a comment; the output is JSON in any case. */
		if (*text > 0 && *text < 0x20)
			to += sprintf(to, "\\u%04x", *text);
		else
			*to++ = *text;
	}
	return stpcpy(to, "\"");
}

static char *format_expiry(char *to, const struct p25_entry *entry,
			   unsigned int what)
{
	char text[TIMESTAMP_STRLEN];

	if (what & PRINT_TIMEOUT && (entry->expires || entry->timeout)) {
		to = stpcpy(to, ",\"timeout\":");
		to = format_number(to, entry->timeout);
	}
	if (what & PRINT_EXPIRES && entry->expires) {
		to = stpcpy(to, ",\"expires\":");
		to = format_string(to, timestamp_format(entry->expires, text));
	}
	return to;
}

static char *format_guard_json(char *to, const struct p25_guard *guard)
{
	unsigned int i;

	*to++ = '[';
	for (i = 0; i < guard->n; i++) {
		to = stpcpy(to, i ? ",{\"attempts\":" : "{\"attempts\":");
		to = format_number(to, guard->rate[i].attempts);
		to = stpcpy(to, ",\"seconds\":");
		to = format_number(to, guard->rate[i].seconds);
		*to++ = '}';
	}
	return stpcpy(to, "]");
}

static void format_entry(char *to, const struct p25_entry *entry,
			 unsigned int what)
{
	char prefix[P25_PREFIX_STRLEN];

	to = stpcpy(to, "{\"kind\":");
	to = format_string(to, p25_kind_name(entry->kind));
	to = stpcpy(to, ",\"prefix\":");
	to = format_string(to, p25_prefix_format(&entry->prefix, prefix));
	to = stpcpy(to, ",\"owner\":");
	to = format_string(to, *entry->owner ? entry->owner :
					       P25_OWNER_DEFAULT);
	to = format_expiry(to, entry, what);
	if (entry->has_action) {
		to = stpcpy(to, ",\"action\":");
		to = format_string(to, p25_action_name(entry->action));
	}
	if (entry->has_guard)
		to = format_guard_json(stpcpy(to, ",\"guard\":"), &entry->guard);
	if (*entry->comment) {
		to = stpcpy(to, ",\"comment\":");
		to = format_string(to, entry->comment);
	}
	if (what & PRINT_COUNTERS) {
		to = stpcpy(to, ",\"packets\":");
		to = format_number(to, entry->packets);
		to = stpcpy(to, ",\"bytes\":");
		to = format_number(to, entry->bytes);
	}
	stpcpy(to, "}");
}

/* json_entry - an entry as an object, to be put into another one */
struct json_object *json_entry(const struct p25_entry *entry,
			       unsigned int what)
{
	char text[JSON_ENTRY_STRLEN];
	struct json_object *o;

	format_entry(text, entry, what);
	o = json_tokener_parse(text);
	check_memory(o);
	return o;
}

static void print_object(FILE *to, struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, FORMAT);

	check_memory(text);
	fputs(text, to);
}

/* json_print_to - print a document on a line of its own, and free it */
void json_print_to(FILE *to, struct json_object *object)
{
	print_object(to, object);
	putc('\n', to);
	json_object_put(object);
}

/* json_print - the same, to standard output */
void json_print(struct json_object *object)
{
	json_print_to(stdout, object);
}

void json_array_begin(void)
{
	elements = 0;
	putchar('[');
}

static void print_separator(void)
{
	if (elements++)
		fputs(",\n", stdout);
}

/* json_array_element - print an element, and free it */
void json_array_element(struct json_object *element)
{
	print_separator();
	print_object(stdout, element);
	json_object_put(element);
}

/* json_array_entry - print an entry as the next element */
void json_array_entry(const struct p25_entry *entry, unsigned int what)
{
	char text[JSON_ENTRY_STRLEN];

	print_separator();
	format_entry(text, entry, what);
	fputs(text, stdout);
}

void json_array_end(void)
{
	fputs("]\n", stdout);
}
