// SPDX-License-Identifier: GPL-2.0
/*
 * One entry as it is in force.
 */
#include "ctl.h"
#include "entry_find.h"
#include "session.h"

struct wanted {
	const struct p25_prefix *prefix;
	struct p25_entry *found;
};

static int take_found(const struct p25_entry *entry, void *arg)
{
	struct wanted *wanted = arg;

	if (p25_prefix_cmp(&entry->prefix, wanted->prefix))
		return 0;
	if (wanted->found)
		*wanted->found = *entry;
	return 1;
}

/*
 * entry_find - is this owner's entry of this kind on this prefix in force?
 * @found: gets it, if it is not NULL
 *
 * The kernel looks at all entries, so this is not for each line of a file. It
 * sends only those of one group of the digests: a wide prefix overlaps many.
 */
bool entry_find(struct ctl *c, const struct p25_entry *entry,
		struct p25_entry *found)
{
	static struct p25_digests digests;
	struct wanted wanted = { .prefix = &entry->prefix, .found = found };
	uint8_t groups[P25_DIGEST_GROUPS / 8] = { 0 };
	struct p25_filter filter = {
		.kind = entry->kind,
		.owner = *entry->owner ? entry->owner : P25_OWNER_DEFAULT,
		.prefix = &entry->prefix,
		.groups = groups,
		.seed = digests.seed,
	};
	unsigned int group = p25_digests_add(&digests, entry);

	groups[group / 8] = 1 << group % 8;
	return !ctl_open(c) &&
	       p25_list(c->p25, &filter, take_found, &wanted) == 1;
}
