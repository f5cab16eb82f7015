// SPDX-License-Identifier: GPL-2.0
/*
 * The last events, for "top".
 */
#include "top_log.h"

static void add(struct top_ring *ring, const struct p25_event *event)
{
	ring->v[ring->n++ % TOP_LOG_EVENTS] = *event;
}

/* Entries come and go with sessions; blocks are the desk's own, or the guard's. */
static bool is_notable(const struct p25_event *event)
{
	switch (event->type) {
	case P25_EVENT_ADDED:
	case P25_EVENT_CHANGED:
	case P25_EVENT_DELETED:
	case P25_EVENT_EXPIRED:
		return event->entry.kind == P25_KIND_BLOCK;
	default:
		return true;
	}
}

void top_log_add(struct top_log *log, const struct p25_event *event)
{
	add(&log->all, event);
	if (is_notable(event))
		add(&log->notable, event);
}

/*
 * top_log_get - one of the last events
 * @all: of all, not of the notable ones
 * @back: how many came after it
 *
 * Return: the event; NULL if there is none.
 */
const struct p25_event *top_log_get(const struct top_log *log, bool all,
				    size_t back)
{
	const struct top_ring *ring = all ? &log->all : &log->notable;

	if (back >= ring->n || back >= TOP_LOG_EVENTS)
		return NULL;
	return &ring->v[(ring->n - 1 - back) % TOP_LOG_EVENTS];
}
