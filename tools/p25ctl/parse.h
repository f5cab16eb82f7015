/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What single words mean.
 */
#ifndef _PARSE_H
#define _PARSE_H

#include <stdbool.h>

#include "libp25.h"

struct ctl;
struct words;

bool looks_like_prefix(const char *word);
bool is_any_word(const char *word);
int report_bad_prefix(const struct ctl *c, const char *word, const char *why);
int parse_prefix(const struct ctl *c, const char *word,
		 struct p25_prefix *prefix);
int parse_address(const struct ctl *c, const char *word,
		  struct p25_prefix *prefix);
int parse_owner(const struct ctl *c, const char *word,
		char owner[P25_OWNER_MAXLEN + 1]);
/* What stands behind the word "action", for who leaves it out. */
#define ACTION_IS "drop, reject, prohibit or monitor"

int parse_action(const struct ctl *c, const char *word, enum p25_action *action);
int parse_setting(const struct ctl *c, struct words *w,
		  struct p25_settings *set);

#endif /* _PARSE_H */
