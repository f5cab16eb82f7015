/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last events, for "top".
 */
#ifndef _TOP_LOG_H
#define _TOP_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "libp25.h"

/* Events that are kept: more than a screen has room for. */
#define TOP_LOG_EVENTS 64

/**
 * struct top_ring - the last events of some sort; all zero: none
 * @v: the events
 * @n: how many there have been in all
 */
struct top_ring {
	struct p25_event v[TOP_LOG_EVENTS];
	size_t n;
};

/**
 * struct top_log - the last events; all zero: none
 * @all: of all
 * @notable: of those that an abuse desk wants to know of. Where sessions come and go,
 *	there would be no place for them among all
 */
struct top_log {
	struct top_ring all;
	struct top_ring notable;
};

void top_log_add(struct top_log *log, const struct p25_event *event);
const struct p25_event *top_log_get(const struct top_log *log, bool all,
				    size_t back);

#endif /* _TOP_LOG_H */
