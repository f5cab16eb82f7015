/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KEEP_H
#define _KEEP_H

#include <stdbool.h>

struct ctl;

int file_keep(struct ctl *c, const char *file, bool *again);

#endif /* _KEEP_H */
