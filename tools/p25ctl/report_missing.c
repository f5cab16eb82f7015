// SPDX-License-Identifier: GPL-2.0
/*
 * An entry that was to be deleted is not there: perhaps another owner keeps it, or it
 * has another comment than the one that it was to be deleted with.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "quote.h"
#include "report.h"
#include "report_missing.h"
#include "targets.h"
#include "words.h"

/**
 * struct keepers - the owners who keep an entry
 * @wanted: the entry
 * @owner: who wanted to delete it
 * @own: @owner is one of them
 * @comment: then the comment of that one
 * @names: the other ones
 * @len: length of @names
 * @more: there are others, for which @names has no room
 */
struct keepers {
	const struct p25_entry *wanted;
	const char *owner;
	bool own;
	char comment[P25_COMMENT_MAXLEN + 1];
	char names[128];
	size_t len;
	bool more;
};

static void add_name(struct keepers *keepers, const char *owner)
{
	size_t room = sizeof(keepers->names) - keepers->len;
	size_t n = snprintf(keepers->names + keepers->len, room, "%s%s",
			    keepers->len ? ", " : "", owner);

	keepers->more = n >= room;
	if (keepers->more)
		keepers->names[keepers->len] = '\0';
	else
		keepers->len += n;
}

static int add_keeper(const struct p25_entry *entry, void *arg)
{
	struct keepers *keepers = arg;

	if (p25_prefix_cmp(&entry->prefix, &keepers->wanted->prefix))
		return 0;
	if (!strcmp(entry->owner, keepers->owner)) {
		keepers->own = true;
		strcpy(keepers->comment, entry->comment);
	} else if (!keepers->more) {
		add_name(keepers, entry->owner);
	}
	return 0;
}

/* Does the owner keep it as it was to be deleted? */
static bool is_there(const struct keepers *keepers)
{
	return keepers->own && (!keepers->wanted->if_comment ||
				!strcmp(keepers->comment,
					keepers->wanted->comment));
}

/*
 * Of the entries that a word or a line stands for, the first one that the owner
 * doesn't keep so; NULL if it has come meanwhile, or goes earlier in the same batch.
 */
static const struct p25_entry *find_missing(struct ctl *c,
					    const struct entries *list,
					    uint32_t cookie,
					    struct keepers *keepers)
{
	struct p25_filter filter = { 0 };
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->v[i].cookie != cookie)
			continue;
		filter.kind = list->v[i].kind;
		filter.prefix = &list->v[i].prefix;
		keepers->wanted = &list->v[i];
		keepers->own = false;
		keepers->more = false;
		keepers->len = 0;
		keepers->names[0] = '\0';
		p25_list(c->p25, &filter, add_keeper, keepers);
		if (!is_there(keepers))
			return &list->v[i];
	}
	return NULL;
}

static const char *other_comment(const struct keepers *keepers)
{
	static char text[2 * P25_COMMENT_MAXLEN + 64];

	if (*keepers->comment)
		snprintf(text, sizeof(text), "the entry's comment is \"%s\"",
			 keepers->comment);
	else
		snprintf(text, sizeof(text), "the entry has no comment");
	return text;
}

/*
 * report_missing_entry - say that an entry is not there, and whose it is
 * @list: what was to be deleted; cookies are the numbers of the words, or of the
 *	line
 */
int report_missing_entry(struct ctl *c, const struct words *w,
			 const struct entries *list)
{
	uint32_t cookie = p25_error_cookie(c->p25);
	struct keepers keepers = {
		.owner = c->owner ? c->owner : P25_OWNER_DEFAULT,
	};
	const struct p25_entry *entry;
	char prefix[P25_PREFIX_STRLEN];
	const char *word = prefix;

	entry = find_missing(c, list, cookie, &keepers);
	if (!c->file && cookie && cookie <= w->n)
		word = w->v[cookie - 1];
	else if (entry)
		p25_prefix_format(&entry->prefix, prefix);
	else
		return report_error(c, -ENOENT, "an earlier line has %s",
				    list->n && list->v->if_comment ?
				    "deleted this entry, or given it another comment" :
				    "already deleted this entry");
	if (keepers.own)
		return report_error(c, -ENOENT, "%s: %s", quote(word),
				    other_comment(&keepers));
	return report_error(c, -ENOENT,
			    "%s: owner \"%s\" has no such entry%s%s%s%s",
			    quote(word), keepers.owner,
			    keepers.len ? "; it is kept by: " : "",
			    keepers.names, keepers.more ? ", ..." : "",
			    keepers.len ? " (use -o)" : "");
}
