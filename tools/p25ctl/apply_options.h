/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arguments of apply.
 */
#ifndef _APPLY_OPTIONS_H
#define _APPLY_OPTIONS_H

#include "ctl.h"

struct words;

/**
 * struct apply - the arguments of apply
 * @file: the policy file; "-": standard input
 * @all: it is about the entries of all owners
 * @dry: only say what would change
 * @summary: only say how much
 * @empty: the file may have no entry
 * @force: whatever it deletes is intended
 * @wide: so are prefixes wider than prefix_check.c allows
 * @has_most: @most is given
 * @percent: it is a share of the entries that there are
 * @most: how many entries may be deleted
 */
struct apply {
	const char *file;
	bool all;
	bool dry;
	bool summary;
	bool empty;
	bool force;
	bool wide;
	bool has_most;
	bool percent;
	uint64_t most;
};

/* Whose entries are made those of the file; NULL: all owners' */
static inline const char *apply_owner(const struct ctl *c,
				      const struct apply *apply)
{
	if (apply->all)
		return NULL;
	return c->owner ? c->owner : P25_OWNER_DEFAULT;
}

int apply_parse(const struct ctl *c, struct words *w, struct apply *apply);

#endif /* _APPLY_OPTIONS_H */
