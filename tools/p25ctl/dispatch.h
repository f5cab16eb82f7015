/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a word to the function that does it.
 */
#ifndef _DISPATCH_H
#define _DISPATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "libp25.h"

struct ctl;
struct words;

/**
 * struct verb - a word that says what to do
 * @name: the word
 * @run: does it, with the words that follow
 * @kind: passed to @run; P25_KIND_NONE: as it was
 * @changes: it may stand in a batch
 * @whole: can delete many entries: must be written out, no abbreviation
 * @ownerless: -o means nothing to it
 * @exist: -e means something to it
 * @quiet: so does -q
 * @family: -4 and -6 do
 * @alias: another name, as other programs have it, of a verb in the same table
 * @wide: --wide means something to it
 */
struct verb {
	const char *name;
	int (*run)(struct ctl *c, struct words *w, enum p25_kind kind);
	enum p25_kind kind;
	bool changes;
	bool whole;
	bool ownerless;
	bool exist;
	bool quiet;
	bool family;
	bool alias;
	bool wide;
};

int dispatch(struct ctl *c, struct words *w, enum p25_kind kind,
	     const struct verb *verbs, size_t n);
int run_object(struct ctl *c, struct words *w);

#endif /* _DISPATCH_H */
