// SPDX-License-Identifier: GPL-2.0
/*
 * JSON, by json-c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "parse.h"
#include "print.h"

#define FORMAT (JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)

static size_t elements;

/* Half a document is worse than none. */
static void check(const void *made)
{
	if (made)
		return;
	fputs("p25ctl: out of memory\n", stderr);
	exit(FAILED);
}

void json_add(struct json_object *to, const char *key,
	      struct json_object *value)
{
	check(to);
	check(value);
	if (json_object_object_add(to, key, value))
		check(NULL);
}

void json_append(struct json_object *to, struct json_object *element)
{
	check(to);
	check(element);
	if (json_object_array_add(to, element))
		check(NULL);
}

struct json_object *json_prefix(const struct p25_prefix *prefix)
{
	char text[P25_PREFIX_STRLEN];

	return json_object_new_string(p25_prefix_format(prefix, text));
}

struct json_object *json_entry(const struct p25_entry *entry,
			       unsigned int what)
{
	struct json_object *o = json_object_new_object();
	char text[TIMESTAMP_STRLEN];

	json_add(o, "kind", json_object_new_string(p25_kind_name(entry->kind)));
	json_add(o, "prefix", json_prefix(&entry->prefix));
	json_add(o, "owner", json_object_new_string(*entry->owner ?
						    entry->owner :
						    P25_OWNER_DEFAULT));
	if (what & PRINT_TIMEOUT && (entry->expires || entry->timeout))
		json_add(o, "timeout", json_object_new_int64(entry->timeout));
	if (what & PRINT_EXPIRES && entry->expires)
		json_add(o, "expires",
			 json_object_new_string(timestamp_format(entry->expires,
								 text)));
	if (*entry->comment)
		json_add(o, "comment", json_object_new_string(entry->comment));
	if (what & PRINT_COUNTERS) {
		json_add(o, "packets", json_object_new_uint64(entry->packets));
		json_add(o, "bytes", json_object_new_uint64(entry->bytes));
	}
	return o;
}

static void print(struct json_object *object)
{
	const char *text = json_object_to_json_string_ext(object, FORMAT);

	check(text);
	fputs(text, stdout);
}

/* json_print - print a document, and free it */
void json_print(struct json_object *object)
{
	print(object);
	putchar('\n');
	json_object_put(object);
}

void json_array_begin(void)
{
	elements = 0;
	putchar('[');
}

/* json_array_element - print an element, and free it */
void json_array_element(struct json_object *element)
{
	if (elements++)
		fputs(",\n", stdout);
	print(element);
	json_object_put(element);
}

void json_array_end(void)
{
	fputs("]\n", stdout);
}
