/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _JSON_H
#define _JSON_H

#include <json-c/json_object.h>
#include <stdio.h>

#include "libp25.h"

struct json_object *json_entry(const struct p25_entry *entry,
			       unsigned int what);
struct json_object *json_prefix(const struct p25_prefix *prefix);
struct json_object *json_rate(const struct p25_guard_rate *rate);
struct json_object *json_guard(const struct p25_guard *guard);
struct json_object *json_text(const char *text);
void json_add(struct json_object *to, const char *key,
	      struct json_object *value);
void json_append(struct json_object *to, struct json_object *element);
void json_print_to(FILE *to, struct json_object *object);
void json_print(struct json_object *object);

/* A long array, printed element by element. */
void json_array_begin(void);
void json_array_element(struct json_object *element);
void json_array_entry(const struct p25_entry *entry, unsigned int what);
void json_array_end(void);

#endif /* _JSON_H */
