/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _APPLY_H
#define _APPLY_H

#include "policy.h"

/* dryrun.c: what apply would change */
int dry_run(struct ctl *c, const char *file, bool all);

/* difference.c: apply only what differs */
bool apply_difference(struct ctl *c, const char *file, struct policy *policy,
		      const char *owner, int *status);

#endif /* _APPLY_H */
