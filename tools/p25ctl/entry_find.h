/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ENTRY_FIND_H
#define _ENTRY_FIND_H

#include <stdbool.h>

#include "libp25.h"

struct ctl;

bool entry_find(struct ctl *c, const struct p25_entry *entry,
		struct p25_entry *found);

#endif /* _ENTRY_FIND_H */
