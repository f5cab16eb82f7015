/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is said about a session: names and values, from whichever program.
 */
#ifndef _ATTRIBUTES_H
#define _ATTRIBUTES_H

#include <stdbool.h>
#include <stddef.h>

#define ATTRIBUTES_MAX 128
#define ATTRIBUTES_ROOM 16384

/**
 * struct attributes - names as in FreeRADIUS' environment: FRAMED_IP_ADDRESS
 * @n: how many
 * @used: bytes of @text
 * @name: points into a table of the names that are known
 * @value: points into @text
 * @text: the values
 */
struct attributes {
	size_t n;
	size_t used;
	const char *name[ATTRIBUTES_MAX];
	const char *value[ATTRIBUTES_MAX];
	char text[ATTRIBUTES_ROOM];
};

bool attribute_is_known(const char *name, size_t len);
void attributes_add(struct attributes *a, const char *name, size_t name_len,
		    const char *value, size_t len);
void attributes_environment(struct attributes *a, char *const *environment);
void attributes_quoted(struct attributes *a, const char *text, size_t len);
int attributes_file(struct attributes *a, const char *path);
const char *attributes_next(const struct attributes *a, const char *name,
			    size_t *at);
const char *attributes_get(const struct attributes *a, const char *name);
bool attributes_number(const struct attributes *a, const char *name,
		       unsigned int *number);

#endif /* _ATTRIBUTES_H */
