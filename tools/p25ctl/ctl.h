/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of p25ctl share: what the command line said, and where in
 * which file we are, for messages.
 */
#ifndef _CTL_H
#define _CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libp25.h"
#include "words.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))

/* Exit status; functions that run or parse something return it as well. */
enum {
	DONE = 0,	/* or: go on */
	FAILED = 1,	/* the request failed, nothing changed */
	MISUSED = 2,	/* it was not understood */

	/* of "-q check" alone */
	SAYS_DROP = 10,
	SAYS_REJECT = 11,
};

/* Exit status in place of FAILED, where more is known. Scripts rely on these. */
enum {
	MISSING = 3,	/* what was to be deleted is not there */
	UNLOADED = 4,	/* the kernel module is not loaded */
	FORBIDDEN = 5,	/* the right is missing */
	REFUSED = 6,	/* the kernel refused it */
};

/**
 * struct ctl - one run of the command
 * @p25: handle; NULL before ctl_open()
 * @netns: -n, NULL: the caller's
 * @owner: -o, NULL if not given
 * @family: AF_INET with -4, AF_INET6 with -6, 0: both
 * @json: -j
 * @exist: -e
 * @quiet: -q
 * @verbose: -v
 * @wide: --wide: prefixes that take in a good part of the world are meant
 * @batch: the words come from a batch: only changes are allowed
 * @missing: the kernel has missed an entry that a batch deletes: which one?
 * @deaf: there is no kernel to talk to: a file is only read for its errors
 * @why: why ctl_open() or ctl_begin() failed
 * @why_err: likewise, a negative errno value
 * @failure: exit status in place of FAILED; 0: FAILED it is
 * @file: file that is being read, NULL if none
 * @copy: what is read in its place, 0 if nothing is: see file_keep()
 * @line: line in it, 0 if none
 * @read: bytes that have been read of it
 * @bad: lines that have been found to be wrong
 */
struct ctl {
	struct p25 *p25;
	const char *netns;
	const char *owner;
	int family;
	bool json;
	bool exist;
	bool quiet;
	bool verbose;
	bool wide;
	bool batch;
	bool missing;
	bool deaf;
	char why[256];
	int why_err;
	int failure;
	const char *file;
	int copy;
	unsigned long line;
	uint64_t read;
	unsigned long bad;
};

/* Is the file only read for its errors? */
static inline bool only_reads(const struct ctl *c)
{
	return c->deaf || c->bad;
}

/* Lines that are wrong are told one by one, up to so many. */
#define BAD_SHOWN 20

/* report.c: messages on standard error */
int failed(const struct ctl *c, const char *format, ...) __printf(2, 3);
int failed_with(const struct ctl *c, int err, const char *format, ...)
	__printf(3, 4);
int failed_errno(const struct ctl *c);
int misused(const struct ctl *c, const char *format, ...) __printf(2, 3);
void note(const struct ctl *c, const char *format, ...) __printf(2, 3);
bool wants_hints(const struct ctl *c);
void hint(const struct ctl *c, const char *format, ...) __printf(2, 3);

/* session.c: the handle */
int ctl_open(struct ctl *c);
int ctl_ready(struct ctl *c);
int ctl_result(struct ctl *c, const struct words *w, int err);
int ctl_begin(struct ctl *c);
int ctl_finish(struct ctl *c, int status);

/* alone.c */
void warn_if_alone(struct ctl *c);

/* netns.c */
int netns_enter(struct ctl *c, int *before);
int netns_leave(struct ctl *c, int before);

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

/* dispatch.c */
int dispatch(struct ctl *c, struct words *w, enum p25_kind kind,
	     const struct verb *verbs, size_t n);
int run_object(struct ctl *c, struct words *w);

/* kind.c, list.c, set.c, show.c, check.c, save.c, apply.c, offenders.c, help.c */
int run_kind(struct ctl *c, struct words *w, enum p25_kind kind);
int run_list(struct ctl *c, struct words *w, enum p25_kind kind);
int run_flush(struct ctl *c, struct words *w, enum p25_kind kind);
int run_set(struct ctl *c, struct words *w, enum p25_kind kind);
int run_show(struct ctl *c, struct words *w, enum p25_kind kind);
int run_check(struct ctl *c, struct words *w, enum p25_kind kind);
int run_save(struct ctl *c, struct words *w, enum p25_kind kind);
int run_apply(struct ctl *c, struct words *w, enum p25_kind kind);
int run_offenders(struct ctl *c, struct words *w, enum p25_kind kind);
int run_help(struct ctl *c, struct words *w, enum p25_kind kind);
int help_on(const char *object);
void usage_hint(const struct ctl *c);

/* batch.c */
int run_batch(struct ctl *c, const char *file);
int batch_missing(struct ctl *c, char *line);

#endif /* _CTL_H */
