/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text in a window of ncurses: no more than there is room for, and nothing that a
 * terminal could take for a command, wherever the text comes from.
 */
#ifndef _TOP_PAINT_H
#define _TOP_PAINT_H

#include <curses.h>
#include <stdbool.h>

/* What a text is; how that looks depends on what the terminal can do. */
enum top_paint {
	TOP_PLAIN,
	TOP_HEADER,
	TOP_SORTED,	/* the title of the column that is sorted by */
	TOP_RED,	/* of who is blocked */
	TOP_ALARM,

	TOP_PAINTS
};

void top_paint_colours(void);
int top_paint(WINDOW *to, int y, int x, int width, enum top_paint paint,
	      const char *text);
void top_paint_right(WINDOW *to, int y, int x, int width, enum top_paint paint,
		     const char *text);
void top_paint_line(WINDOW *to, int y, enum top_paint paint, const char *text);

#endif /* _TOP_PAINT_H */
