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

/* A power of two; 3.1 MB in all. */
#define HISTORY_SETS 16384
#define HISTORY_WAYS 4

/* For so many seconds after it has lost a prefix, a session can't have it again. */
#define HISTORY_ENDED 600

/**
 * struct history - two set-associative caches: a prefix's last session, and which
 *	sessions have lost a prefix
 * @key: of the hash: whoever chooses prefixes can't choose which of them share a set
 * @last: hashes of a prefix and of its session; when that began, and was heard of; all
 *	in seconds since 1970-01-01 UTC
 * @over: hash of a prefix and a session together; when the prefix was no longer that
 *	session's: it had ended, or another one had begun
 */
struct history {
	uint64_t key[2];
	struct history_last {
		uint64_t prefix;
		uint64_t session;
		int64_t begin;
		int64_t seen;
	} last[HISTORY_SETS][HISTORY_WAYS];
	struct history_over {
		uint64_t both;
		int64_t since;
	} over[HISTORY_SETS][HISTORY_WAYS];
};

int history_init(struct history *history);
bool history_is_stale(const struct history *history, const struct p25_prefix *prefix,
		      const char *session, int64_t begin, int64_t now);
void history_begin(struct history *history, const struct p25_prefix *prefix,
		   const char *session, int64_t begin, int64_t now);
void history_end(struct history *history, const struct p25_prefix *prefix,
		 const char *session, int64_t begin, int64_t now);

#endif /* _HISTORY_H */
