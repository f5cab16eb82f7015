/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists of other programs on their way into a policy file.
 *
 * A reader is given a file's lines and says what it has found in them; what is then
 * kept is decided in one place, convert_found.c.
 */
#ifndef _CONVERT_H
#define _CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "aggregate.h"
#include "convert_options.h"
#include "report.h"

struct ctl;

/* Sets of a file that are told apart. */
#define SETS_MAX 64
#define SET_NAME_ROOM 80

/**
 * struct found - an element of a list
 * @word: an address, a prefix, or a range; is written to, and is as it was afterwards
 * @comment: any bytes; NULL: none
 * @set: name of the set that it is in; NULL: there are no sets
 * @timeout: seconds that it has left, if @has_timeout
 * @has_timeout: it has a timeout
 * @expires: when it expires, in seconds since 1970-01-01 UTC; 0: never
 * @netmask: a single address stands for a prefix of that length; 0: for itself
 * @hole: it is an exception from what it lies in
 * @bad: something of it was not understood, and has been reported
 */
struct found {
	char *word;
	const char *comment;
	const char *set;
	uint64_t timeout;
	bool has_timeout;
	int64_t expires;
	unsigned int netmask;
	bool hole;
	bool bad;
};

/**
 * struct convert - a list on its way
 * @c: the run of the command
 * @options: what the command line said
 * @now: when timeouts count from, in seconds since 1970-01-01 UTC
 * @all: the addresses
 * @text: of a policy file, the lines of the new one; NULL: not yet
 * @text_bytes: these lines
 * @text_len: length of them
 * @sets: names of sets that had elements
 * @n_sets: how many
 * @more_sets: there were still more of them
 * @stopped: why nothing more is read; NULL: it is
 * @kept: elements that were kept
 * @masked: of these, those that had host bits, which were cleared
 * @mapped: of these, those that were IPv4-mapped IPv6 addresses
 * @cut: of these, those whose comment did not fit
 * @bad: elements that were not understood, or may not be
 * @expired: elements whose time was up
 * @disabled: elements that are switched off where they come from
 * @others: elements of sets that are not meant
 */
struct convert {
	struct ctl *c;
	const struct convert_options *options;
	int64_t now;
	struct aggregate all;
	FILE *text;
	char *text_bytes;
	size_t text_len;
	char sets[SETS_MAX][SET_NAME_ROOM];
	unsigned int n_sets;
	bool more_sets;
	const char *stopped;
	unsigned long kept;
	unsigned long masked;
	unsigned long mapped;
	unsigned long cut;
	unsigned long bad;
	unsigned long expired;
	unsigned long disabled;
	unsigned long others;
};

/**
 * struct format - what a list may look like
 * @name: its name on the command line
 * @what: what it is, for messages
 * @state_size: bytes that @line and @end keep between lines, all zero in the beginning
 * @is: is this line of such a list, and of no other?
 * @line: read a line, which may be written to; it has no newline
 * @end: the last line has been read; NULL: nothing is left to do then
 * @free: free what the state has; NULL: nothing
 */
struct format {
	const char *name;
	const char *what;
	size_t state_size;
	bool (*is)(const char *line);
	void (*line)(struct convert *cv, void *state, char *line);
	void (*end)(struct convert *cv, void *state);
	void (*free)(void *state);
};

/* Each in its own file. */
extern const struct format format_policy, format_ipset, format_nft, format_mikrotik,
	format_json, format_csv, format_list;

/* convert_found.c */
void convert_found(struct convert *cv, const struct found *found);
bool convert_wants(struct convert *cv, const char *set);
bool convert_range(struct convert *cv, char *word, unsigned int netmask,
		   struct address_range *range, unsigned int *how);
void convert_bad(struct convert *cv, const char *format, ...) __printf(2, 3);
void convert_stop(struct convert *cv, const char *why);

#endif /* _CONVERT_H */
