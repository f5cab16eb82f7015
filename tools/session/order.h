/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose a prefix was lately, for what comes late.
 */
#ifndef _ORDER_H
#define _ORDER_H

#include <stdbool.h>
#include <stdint.h>

struct p25_prefix;

/* Sets of four; a power of two. 2.6 MB in all. */
#define ORDER_SETS 16384
#define ORDER_WAYS 4

/* A session's identifier isn't used again for so many seconds. */
#define ORDER_ENDED 600

/**
 * struct order - the sessions that prefixes were of lately
 * @key: of the hash: whoever chooses prefixes can't choose what is forgotten
 * @record: a session and its prefix
 */
struct order {
	uint64_t key[2];
	struct order_record {
		uint64_t prefix;
		uint64_t session;
		int64_t begin;
		int64_t ended;
		int64_t seen;
	} record[ORDER_SETS][ORDER_WAYS];
};

int order_init(struct order *order);
bool order_is_late(const struct order *order, const struct p25_prefix *prefix,
		   const char *session, int64_t begin, int64_t now);
void order_begin(struct order *order, const struct p25_prefix *prefix,
		 const char *session, int64_t begin, int64_t now);
void order_end(struct order *order, const struct p25_prefix *prefix,
	       const char *session, int64_t now);

#endif /* _ORDER_H */
