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

/* What an entry's options may be, beside timeout, expires and comment. */
enum {
	OPTION_PAST = 1,	/* expires may have passed, or be too far away */
	OPTION_OWNER = 2,
	OPTION_COUNTERS = 4,	/* as "list" prints them: no meaning */
};

bool is_option(const char *word);
bool has_passed(int64_t expires);

static inline bool has_lapsed(const struct p25_entry *entry)
{
	return entry->expires && has_passed(entry->expires);
}

const char *near_option(const char *word);
int parse_options(const struct ctl *c, struct words *w, unsigned int allowed,
		  struct p25_entry *entry);

#endif /* _OPTIONS_H */
