/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The prefixes that a command is about.
 */
#ifndef _TARGETS_H
#define _TARGETS_H

#include <stddef.h>

#include "libp25.h"

struct ctl;
struct words;

/**
 * struct entries - an array that grows
 * @v: the entries
 * @n: how many
 * @room: how many @v has room for
 */
struct entries {
	struct p25_entry *v;
	size_t n;
	size_t room;
};

struct p25_entry *entries_new(const struct ctl *c, struct entries *list);
int parse_targets(const struct ctl *c, struct words *w, enum p25_kind kind,
		  size_t most, struct entries *list);

#endif /* _TARGETS_H */
