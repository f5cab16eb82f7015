/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How "top" shows its model, and the keys that change that.
 */
#ifndef _TOP_VIEW_H
#define _TOP_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "top_columns.h"

enum top_filter {
	TOP_ALL,
	TOP_BLOCKED,
	TOP_EXEMPT,
};

/**
 * struct top_view - how it is shown
 * @filter: which senders
 * @sort: the column that they are sorted by
 * @reverse: the other way round
 * @scroll: senders above the first one on the screen
 * @page: senders that the screen has room for
 * @all_events: also those of entries that come and go all the time
 * @paused: the screen stays as it is
 * @help: the keys are explained in its place
 * @interval: seconds between samples
 */
struct top_view {
	enum top_filter filter;
	enum top_column sort;
	bool reverse;
	size_t scroll;
	size_t page;
	bool all_events;
	bool paused;
	bool help;
	unsigned int interval;
};

#define TOP_INTERVAL 2

/* What a key leads to. */
enum top_answer {
	TOP_NOTHING,
	TOP_DRAW,
	TOP_PAUSE,	/* draw; it was paused, or goes on */
	TOP_RETIME,	/* draw; the interval is another one */
	TOP_QUIT,
};

enum top_answer top_key(struct top_view *view, int key);
const char *top_filter_name(enum top_filter filter);

#endif /* _TOP_VIEW_H */
