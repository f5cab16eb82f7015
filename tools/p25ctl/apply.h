/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _APPLY_H
#define _APPLY_H

#include "policy.h"

/**
 * struct apply - what apply is told
 * @file: the policy file; "-": standard input
 * @all: it is about the entries of all owners
 * @dry: only say what would change
 * @summary: only say how much
 * @empty: the file may have no entry
 * @force: whatever it deletes is meant
 * @wide: so are prefixes that take in a good part of the world
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

/* apply_options.c */
int apply_parse(const struct ctl *c, struct words *w, struct apply *apply);

/* dryrun.c: what apply would change */
int dry_run(struct ctl *c, const struct apply *apply);

/* difference.c: apply only what differs */
bool apply_difference(struct ctl *c, const struct apply *apply,
		      struct policy *policy, int *status);

/**
 * struct deletions - what of the owner's entries goes
 * @had: entries that there are
 * @deleted: those of them that the file has not
 * @left: entries that there would be
 */
struct deletions {
	uint64_t had;
	uint64_t deleted;
	uint64_t left;
};

/* deletions.c: is that meant? */
int deletions_check(const struct ctl *c, const struct apply *apply,
		    const struct policy *policy,
		    const struct deletions *deletions);

#endif /* _APPLY_H */
