/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The arguments of convert.
 */
#ifndef _CONVERT_OPTIONS_H
#define _CONVERT_OPTIONS_H

#include "libp25.h"

struct ctl;
struct format;
struct words;

/* Sets that may be named. */
#define CONVERT_SETS_MAX 16

/**
 * struct convert_options - the arguments of convert
 * @kind: what the entries are to be
 * @file: the list; "-": standard input
 * @format: what it is; NULL: that shows
 * @sets: the sets that are meant
 * @n_sets: how many; none: the only one
 * @no_merge: entries are not made one
 * @wide: prefixes wider than prefix_check.c allows are intended
 */
struct convert_options {
	enum p25_kind kind;
	const char *file;
	const struct format *format;
	const char *sets[CONVERT_SETS_MAX];
	unsigned int n_sets;
	bool no_merge;
	bool wide;
};

int convert_parse_options(const struct ctl *c, struct words *w,
			  struct convert_options *options);

#endif /* _CONVERT_OPTIONS_H */
