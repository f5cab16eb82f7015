/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One run of the command: what the command line said, and where in which file
 * we are, for messages.
 */
#ifndef _CTL_H
#define _CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libp25.h"
#include "module.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Exit status; functions that run or parse something return it as well. */
enum {
	DONE = 0,	/* or: go on */
	FAILED = 1,	/* the request failed, nothing changed */
	MISUSED = 2,	/* malformed command line or file */

	/* of "-q check" alone */
	SAYS_DROP = 10,
	SAYS_REJECT = 11,
	SAYS_PROHIBIT = 12,
};

/* Exit status in place of FAILED, where more is known. Scripts rely on these. */
enum {
	MISSING = 3,	/* what was to be deleted is not there */
	UNLOADED = 4,	/* the kernel module is not loaded */
	FORBIDDEN = 5,	/* the right is missing */
	REFUSED = 6,	/* the kernel refused it */
};

/* Exit status of "convert" alone: something was left out, the rest has been written. */
enum {
	PARTLY = 7,
};

/**
 * struct ctl - one run of the command
 * @p25: handle; NULL before ctl_open()
 * @monitor: that of "monitor"; NULL before ctl_monitor()
 * @netns: -n, NULL: the caller's
 * @owner: -o, NULL if not given
 * @family: AF_INET with -4, AF_INET6 with -6, 0: both
 * @json: -j
 * @exist: -e
 * @quiet: -q
 * @verbose: -v
 * @wide: --wide: prefixes wider than prefix_check.c allows are intended
 * @only: --only: a bit for each kind that a batch may be about; 0: everything
 * @batch: the words come from a batch: only changes are allowed
 * @missing: an entry that a batch deletes is not there: report which one, send nothing
 * @check_only: there is no kernel to send to: a file is only checked for errors
 * @why: why ctl_open() or ctl_begin() failed
 * @why_err: the same, as a negative errno value
 * @failure: exit status in place of FAILED; 0: FAILED it is
 * @file: file that is being read, NULL if none
 * @copy: what is read in its place, 0 if nothing is: see spool_file()
 * @line: line in it, 0 if none
 * @read: bytes that have been read of it
 * @bad: malformed lines so far
 */
struct ctl {
	struct p25 *p25;
	struct p25_monitor *monitor;
	const char *netns;
	const char *owner;
	int family;
	bool json;
	bool exist;
	bool quiet;
	bool verbose;
	bool wide;
	unsigned int only;
	bool batch;
	bool missing;
	bool check_only;
	char why[MODULE_WHY_ROOM];
	int why_err;
	int failure;
	const char *file;
	int copy;
	unsigned long line;
	uint64_t read;
	unsigned long bad;
};

/* Is the file only checked for errors? */
static inline bool only_checks(const struct ctl *c)
{
	return c->check_only || c->bad;
}

#endif /* _CTL_H */
