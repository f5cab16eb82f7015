/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DELETIONS_H
#define _DELETIONS_H

#include <stdint.h>

struct apply;
struct ctl;
struct policy;

/**
 * struct deletions - which of the owner's entries are deleted
 * @had: entries that there are
 * @deleted: those of them that the file has not
 * @left: entries that there would be
 */
struct deletions {
	uint64_t had;
	uint64_t deleted;
	uint64_t left;
};

int deletions_check(const struct ctl *c, const struct apply *apply,
		    const struct policy *policy,
		    const struct deletions *deletions);

#endif /* _DELETIONS_H */
