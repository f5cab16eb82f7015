/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deleting an entry only if its comment is a given one.
 */
#ifndef _P25_CONDITION_H
#define _P25_CONDITION_H

#include <linux/types.h>

struct p25_change;
struct p25_changes;
struct p25_entry;
struct p25_table;

int p25_condition_note(struct p25_changes *changes, struct p25_change *add,
		       const struct p25_table *table,
		       const struct p25_entry *entry);
bool p25_condition_is_met(struct p25_changes *changes, const struct p25_change *del,
			  const struct p25_table *table,
			  const struct p25_entry *entry);

#endif /* _P25_CONDITION_H */
