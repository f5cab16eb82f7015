/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _REACH_H
#define _REACH_H

#include <stdbool.h>

#include "libp25.h"

struct ctl;

bool prefix_covers(const struct p25_prefix *outer,
		   const struct p25_prefix *inner);
const char *prefix_is_nowhere(const struct p25_prefix *prefix);
int reach_check(struct ctl *c, const struct p25_entry *entry);

#endif /* _REACH_H */
