/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guards as words: off, or rates.
 */
#ifndef _GUARD_H
#define _GUARD_H

#include <stdbool.h>

#include "libp25.h"

struct ctl;

/* What stands behind the word "guard", for who leaves it out. */
#define GUARD_IS "off, or rates like 20/60s,1000/1h"

/* Room for a rate, and for as many as a guard can have. */
#define RATE_STRLEN 48
#define GUARD_STRLEN (P25_GUARD_RATES_MAX * RATE_STRLEN)

/* Can entries of this kind have a guard of their own? */
static inline bool can_guard(enum p25_kind kind)
{
	return kind == P25_KIND_STATIC || kind == P25_KIND_OPTOUT;
}

int parse_guard(const struct ctl *c, const char *word, struct p25_guard *guard);
int parse_guard_for(const struct ctl *c, const char *word, uint32_t *seconds);
char *format_rate(char *to, const struct p25_guard_rate *rate);
char *format_guard(char *to, const struct p25_guard *guard);
bool guard_equal(const struct p25_guard *a, const struct p25_guard *b);
bool has_same_guard(const struct p25_entry *a, const struct p25_entry *b);

#endif /* _GUARD_H */
