/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The screen of "top": a model, drawn into a window of any size.
 */
#ifndef _TOP_SCREEN_H
#define _TOP_SCREEN_H

#include <curses.h>
#include <stdint.h>

struct top_log;
struct top_model;
struct top_view;

/**
 * struct top_layout - lines of the screen, from its top to its bottom
 * @status: of settings and sizes: 0 or 1
 * @rates: of packets a second; 1: their sums on one line
 * @senders: of the list of senders, with its titles
 * @events: of events
 * @events_title: is the first of these their title?
 */
struct top_layout {
	int status;
	int rates;
	int senders;
	int events;
	bool events_title;
};

/**
 * struct top_screen - what is drawn
 * @model: the model, its senders arranged
 * @view: how; what scrolls is kept within its bounds
 * @log: the last events
 * @trouble: why there is nothing new; NULL: there is
 */
struct top_screen {
	const struct top_model *model;
	struct top_view *view;
	const struct top_log *log;
	const char *trouble;
};

struct top_layout top_layout(int lines, int rates);
void top_draw(WINDOW *to, const struct top_screen *screen);

#endif /* _TOP_SCREEN_H */
