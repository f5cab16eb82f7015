// SPDX-License-Identifier: GPL-2.0
/*
 * Deleting an entry only if its comment is a given one: a late end of a session must not
 * delete the entry of the next one.
 *
 * Comments, which no packet reads, are replaced when a commit has been published. What a
 * change says must be known to those that follow it in the same commit nevertheless. So
 * if one of these asks for comments, changes that set them are kept by their entry.
 *
 * Everything here is called in process context, under the policy's lock, and may sleep.
 */
#include <linux/string.h>
#include <linux/xarray.h>

#include "change.h"
#include "condition.h"
#include "policy.h"

static unsigned long id_of(const struct p25_change *change,
			   const struct p25_table *table,
			   const struct p25_entry *entry)
{
	return p25_policy_id(p25_policy_table_number(change->kind, table->family),
			     p25_table_number(table, entry));
}

/**
 * p25_condition_note - note what comment an entry will have
 * @changes: the changes of this commit
 * @add: the one that sets it, or has none
 * @table: the entry's table
 * @entry: the entry
 *
 * Return: 0 or -ENOMEM.
 */
int p25_condition_note(struct p25_changes *changes, struct p25_change *add,
		       const struct p25_table *table,
		       const struct p25_entry *entry)
{
	if (!changes->conditional)
		return 0;
	return xa_err(xa_store(&changes->comments, id_of(add, table, entry), add,
			       P25_GFP));
}

/* NULL: it has none. */
static const char *comment_of(struct p25_changes *changes,
			      const struct p25_change *del,
			      const struct p25_table *table,
			      const struct p25_entry *entry)
{
	const struct p25_change *add = xa_load(&changes->comments,
					       id_of(del, table, entry));

	if (!add)
		return p25_table_comment(table, entry);
	return add->flags & P25_CHANGE_COMMENT ? *p25_change_comment(add) : NULL;
}

/**
 * p25_condition_is_met - may an entry be deleted, as its comment is?
 * @changes: the changes of this commit
 * @del: the one that deletes it
 * @table: the entry's table
 * @entry: the entry
 *
 * Return: true if it may.
 */
bool p25_condition_is_met(struct p25_changes *changes, const struct p25_change *del,
			  const struct p25_table *table,
			  const struct p25_entry *entry)
{
	const char *comment;

	if (!(del->flags & P25_CHANGE_COMMENT))
		return true;
	comment = comment_of(changes, del, table, entry);
	return !strcmp(comment ?: "", *p25_change_comment(del));
}
