// SPDX-License-Identifier: GPL-2.0
/*
 * Notes on what is easily overlooked when the policy is changed by hand. They are
 * printed on a terminal, or with -v: programs that add many pay nothing for them.
 */
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "duration.h"
#include "entry_find.h"
#include "notes.h"
#include "quote.h"
#include "report.h"
#include "targets.h"

/* By custom the file of the owner who is meant if none is named. */
#define POLICY_FILE "/etc/p25/policy"

/* Is there something that an entry may have had, and will not have any more? */
static bool takes_away(const struct p25_entry *entry)
{
	return (!entry->timeout && !entry->expires) || !entry->has_action ||
	       !entry->has_guard || !*entry->comment;
}

/*
 * notes_before - entries are going to be added
 *
 * For each of them the kernel looks at all entries: of many, the first ones will
 * do.
 */
void notes_before(struct ctl *c, const struct entries *list,
		  struct notes *notes)
{
	struct p25_entry found;
	size_t i;

	for (i = 0; i < list->n && i < NOTES_MAX; i++) {
		const struct p25_entry *entry = &list->v[i];

		notes->timeout[i] = 0;
		notes->action[i] = NULL;
		*notes->guard[i] = '\0';
		*notes->comment[i] = '\0';
		if (!wants_hints(c) || !takes_away(entry) ||
		    !entry_find(c, entry, &found))
			continue;
		if (!entry->timeout && !entry->expires)
			notes->timeout[i] = found.timeout;
		if (!entry->has_action && found.has_action)
			notes->action[i] = p25_action_name(found.action);
		if (!entry->has_guard && found.has_guard)
			format_guard(notes->guard[i], &found.guard);
		if (!*entry->comment)
			strcpy(notes->comment[i], found.comment);
	}
}

/* Is it the policy that this file is for, and the owner? */
static bool has_policy_file(const struct ctl *c)
{
	return !c->owner && !c->netns && !access(POLICY_FILE, F_OK);
}

/* notes_after - they have been added */
void notes_after(const struct ctl *c, const struct entries *list,
		 const struct notes *notes)
{
	char prefix[P25_PREFIX_STRLEN], left[DURATION_STRLEN];
	size_t i;

	for (i = 0; i < list->n && i < NOTES_MAX; i++) {
		const struct p25_entry *entry = &list->v[i];

		if (notes->timeout[i])
			hint(c, "%s %s had a timeout of %s, and has none now",
			     p25_kind_name(entry->kind),
			     p25_prefix_format(&entry->prefix, prefix),
			     duration_format(notes->timeout[i], left));
		if (notes->action[i])
			hint(c, "%s %s had the action %s, and has none of its own now",
			     p25_kind_name(entry->kind),
			     p25_prefix_format(&entry->prefix, prefix),
			     notes->action[i]);
		if (*notes->guard[i])
			hint(c, "%s %s had the guard %s, and has none of its own now",
			     p25_kind_name(entry->kind),
			     p25_prefix_format(&entry->prefix, prefix),
			     notes->guard[i]);
		if (*notes->comment[i])
			hint(c, "%s %s had the comment %s, and has none now",
			     p25_kind_name(entry->kind),
			     p25_prefix_format(&entry->prefix, prefix),
			     quote(notes->comment[i]));
	}
	if (has_policy_file(c))
		hint(c,
		     "entries that are not in %s are deleted when it is next applied: add them there, too, or use \"p25ctl -o OWNER\"",
		     POLICY_FILE);
}

/* notes_set - settings have been changed */
void notes_set(const struct ctl *c)
{
	if (has_policy_file(c))
		hint(c,
		     "settings that %s gives are set again when it is next applied: change them there, too",
		     POLICY_FILE);
}
