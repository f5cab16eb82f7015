/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WARN_COVERED_H
#define _WARN_COVERED_H

#include <stddef.h>

#include "libp25.h"

struct ctl;

void warn_covered_before(struct ctl *c, const struct p25_entry *entries,
			 size_t n);
void warn_covered_after(struct ctl *c, int status);

#endif /* _WARN_COVERED_H */
