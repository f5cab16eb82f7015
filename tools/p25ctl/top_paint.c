// SPDX-License-Identifier: GPL-2.0
/*
 * Text in a window of ncurses.
 */
#include <langinfo.h>
#include <string.h>
#include <wchar.h>

#include "ctl.h"
#include "top_paint.h"
#include "utf8.h"

/* A line that is longer is cut: no terminal is so wide. */
#define LINE_ROOM 1024

/* Nothing is told by a colour alone. */
static attr_t looks[TOP_PAINTS] = {
	[TOP_HEADER] = A_REVERSE,
	[TOP_SORTED] = A_REVERSE | A_BOLD | A_UNDERLINE,
	[TOP_ALARM] = A_STANDOUT,
};

/* top_paint_colours - use colours, which the terminal has */
void top_paint_colours(void)
{
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_BLACK, COLOR_CYAN);
	init_pair(3, COLOR_WHITE, COLOR_RED);
	looks[TOP_RED] = COLOR_PAIR(1);
	looks[TOP_HEADER] = COLOR_PAIR(2);
	looks[TOP_SORTED] = COLOR_PAIR(2) | A_BOLD | A_UNDERLINE;
	looks[TOP_ALARM] = COLOR_PAIR(3) | A_BOLD;
}

static bool has_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* The character at @text as it may be shown, and its size there. */
static wchar_t take_character(const char *text, size_t left, size_t *size)
{
	uint32_t code;

	*size = p25_utf8_decode(text, left, &code);
	if (!*size || !p25_utf8_printable(text, *size)) {
		*size += !*size;
		return '?';
	}
	return code < 0x80 || has_utf8() ? (wchar_t)code : '?';
}

/* Returns the columns that it takes; *n characters are in @to. */
static int convert(wchar_t to[LINE_ROOM], size_t *n, int width, const char *text)
{
	size_t left = strlen(text), size;
	int columns = 0;

	for (*n = 0; left && *n < LINE_ROOM; text += size, left -= size) {
		wchar_t character = take_character(text, left, &size);
		int wide = wcwidth(character);

		/* One that this C library doesn't know yet. */
		if (wide < 0) {
			character = '?';
			wide = 1;
		}
		if (columns + wide > width)
			break;
		columns += wide;
		to[(*n)++] = character;
	}
	return columns;
}

static void put(WINDOW *to, int y, int x, enum top_paint paint,
		const wchar_t *text, size_t n)
{
	if (!n)
		return;
	wattrset(to, (int)looks[paint]);
	/* An error says that the cursor can't go behind the last column of all. */
	mvwaddnwstr(to, y, x, text, n);
	wattrset(to, A_NORMAL);
}

/* top_paint - write it, cut after @width columns. Return: columns that it takes */
int top_paint(WINDOW *to, int y, int x, int width, enum top_paint paint,
	      const char *text)
{
	wchar_t wide[LINE_ROOM];
	int columns;
	size_t n;

	columns = convert(wide, &n, width, text);
	put(to, y, x, paint, wide, n);
	return columns;
}

/* top_paint_right - the same, at the right edge of these columns */
void top_paint_right(WINDOW *to, int y, int x, int width, enum top_paint paint,
		     const char *text)
{
	wchar_t wide[LINE_ROOM];
	int columns;
	size_t n;

	columns = convert(wide, &n, width, text);
	put(to, y, x + width - columns, paint, wide, n);
}

/* top_paint_line - a whole line, which looks the same up to its end */
void top_paint_line(WINDOW *to, int y, enum top_paint paint, const char *text)
{
	int width = getmaxx(to);
	int x = top_paint(to, y, 0, width, paint, text);

	wattrset(to, (int)looks[paint]);
	for (; x < width; x++)
		mvwaddch(to, y, x, ' ');
	wattrset(to, A_NORMAL);
}
