/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What columns and keys of other programs' tables are about.
 */
#ifndef _CONVERT_KEYS_H
#define _CONVERT_KEYS_H

#include "convert.h"

enum key {
	KEY_OTHER,
	KEY_ADDRESS,
	KEY_TIMEOUT,
	KEY_EXPIRES,
	KEY_COMMENT,
};

enum key key_parse(const char *name, unsigned int *rank);
bool key_expiry(enum key key, const char *value, struct found *found);

#endif /* _CONVERT_KEYS_H */
