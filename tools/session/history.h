/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last session of each prefix, by which events that arrive out of order are
 * recognised.
 */
#ifndef _HISTORY_H
#define _HISTORY_H

#include <stdbool.h>
#include <stdint.h>

struct p25_prefix;

/* A power of two; 2.6 MB in all. */
#define HISTORY_SETS 16384
#define HISTORY_WAYS 4

/* For so many seconds after its end, a session can't begin again. */
#define HISTORY_ENDED 600

/**
 * struct history - a set-associative cache: prefix to its last session
 * @key: of the hash: whoever chooses prefixes can't choose which of them share a set
 * @record: hashes of a prefix and of its session; when that began, has ended (0: not
 *	yet), and was heard of; all in seconds since 1970-01-01 UTC
 */
struct history {
	uint64_t key[2];
	struct history_record {
		uint64_t prefix;
		uint64_t session;
		int64_t begin;
		int64_t ended;
		int64_t seen;
	} record[HISTORY_SETS][HISTORY_WAYS];
};

int history_init(struct history *history);
bool history_is_stale(const struct history *history, const struct p25_prefix *prefix,
		      const char *session, int64_t begin, int64_t now);
void history_begin(struct history *history, const struct p25_prefix *prefix,
		   const char *session, int64_t begin, int64_t now);
void history_end(struct history *history, const struct p25_prefix *prefix,
		 const char *session, int64_t begin, int64_t now);

#endif /* _HISTORY_H */
