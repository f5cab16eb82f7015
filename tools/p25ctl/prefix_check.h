/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PREFIX_CHECK_H
#define _PREFIX_CHECK_H

#include <stdbool.h>

#include "libp25.h"

struct ctl;

bool prefix_covers(const struct p25_prefix *outer,
		   const struct p25_prefix *inner);
unsigned int prefix_wide_below(uint8_t family);
const char *prefix_unforwardable(const struct p25_prefix *prefix);
int prefix_check(struct ctl *c, const struct p25_entry *entry);

#endif /* _PREFIX_CHECK_H */
