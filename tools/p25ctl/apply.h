/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _APPLY_H
#define _APPLY_H

#include "ctl.h"

/* dryrun.c: what apply would change */
int dry_run(struct ctl *c, const char *file, bool all);

#endif /* _APPLY_H */
