/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What follows an entry's prefix.
 */
#ifndef _OPTIONS_H
#define _OPTIONS_H

#include <stdbool.h>

#include "libp25.h"

struct ctl;
struct words;

/* What an entry's options may be, beside timeout, expires, comment, action and guard. */
enum {
	OPTION_PAST = 1,	/* expires may have passed, or be too far away */
	OPTION_OWNER = 2,
	OPTION_COUNTERS = 4,	/* as "list" prints them: no meaning */
};

/* What stands behind the word "comment", for who leaves it out. */
#define COMMENT_IS "a text (in quotes, if it has blanks)"

bool is_option(const char *word);
bool has_passed(int64_t expires);

static inline bool has_lapsed(const struct p25_entry *entry)
{
	return entry->expires && has_passed(entry->expires);
}

/* Can entries of this kind have an action of their own? */
static inline bool can_act(enum p25_kind kind)
{
	return kind == P25_KIND_POOL || kind == P25_KIND_BLOCK;
}

static inline bool has_same_action(const struct p25_entry *a,
				   const struct p25_entry *b)
{
	return a->has_action == b->has_action &&
	       (!a->has_action || a->action == b->action);
}

const char *near_option(const char *word);
int parse_comment(const struct ctl *c, const char *word,
		  struct p25_entry *entry);
int parse_options(const struct ctl *c, struct words *w, unsigned int allowed,
		  struct p25_entry *entry);

#endif /* _OPTIONS_H */
