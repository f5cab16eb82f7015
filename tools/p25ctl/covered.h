/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COVERED_H
#define _COVERED_H

#include <stddef.h>

#include "libp25.h"

struct ctl;

void covered_watch(struct ctl *c, const struct p25_entry *entries, size_t n);
void covered_tell(struct ctl *c, int status);

#endif /* _COVERED_H */
