/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SPOOL_H
#define _SPOOL_H

#include <stdbool.h>

struct ctl;

int spool_file(struct ctl *c, const char *file, bool *again);

#endif /* _SPOOL_H */
