// SPDX-License-Identifier: GPL-2.0
/*
 * Keys of "top": those of top(1), less(1) and htop(1), where these have one.
 */
#include <curses.h>

#include "ctl.h"
#include "top_view.h"

/* What + and - go through. */
static const unsigned int intervals[] = { 1, 2, 5, 10, 30, 60 };

static enum top_answer set_filter(struct top_view *view, enum top_filter filter)
{
	view->filter = filter;
	view->scroll = 0;
	return TOP_DRAW;
}

static enum top_answer set_sort(struct top_view *view, enum top_column column)
{
	view->sort = column;
	view->reverse = false;
	view->scroll = 0;
	return TOP_DRAW;
}

static enum top_answer move_sort(struct top_view *view, int step)
{
	return set_sort(view, (view->sort + step + TOP_COLUMNS) % TOP_COLUMNS);
}

static enum top_answer reverse_sort(struct top_view *view)
{
	view->reverse = !view->reverse;
	view->scroll = 0;
	return TOP_DRAW;
}

static enum top_answer lengthen(struct top_view *view)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(intervals) && intervals[i] <= view->interval)
		i++;
	if (i == ARRAY_SIZE(intervals))
		return TOP_NOTHING;
	view->interval = intervals[i];
	return TOP_RETIME;
}

static enum top_answer shorten(struct top_view *view)
{
	size_t i = ARRAY_SIZE(intervals);

	while (i && intervals[i - 1] >= view->interval)
		i--;
	if (!i)
		return TOP_NOTHING;
	view->interval = intervals[i - 1];
	return TOP_RETIME;
}

/* How far down it goes is known to who draws it. */
static enum top_answer scroll_up(struct top_view *view, size_t by)
{
	view->scroll -= by < view->scroll ? by : view->scroll;
	return TOP_DRAW;
}

static enum top_answer scroll_down(struct top_view *view, size_t by)
{
	view->scroll += by;
	return TOP_DRAW;
}

static enum top_answer toggle(bool *flag, enum top_answer answer)
{
	*flag = !*flag;
	return answer;
}

static enum top_answer sort_letter(struct top_view *view, int key)
{
	int column = top_column_of(key);

	return column < 0 ? TOP_NOTHING : set_sort(view, column);
}

/* top_key - do what a key asks for */
enum top_answer top_key(struct top_view *view, int key)
{
	if (view->help)
		return toggle(&view->help, TOP_DRAW);
	switch (key) {
	case 'q':
		return TOP_QUIT;
	case 'p':
	case ' ':
		return toggle(&view->paused, TOP_PAUSE);
	case 'h':
	case '?':
	case KEY_F(1):
		return toggle(&view->help, TOP_DRAW);
	case 'a':
		return set_filter(view, TOP_ALL);
	case 'b':
		return set_filter(view, TOP_BLOCKED);
	case 'e':
		return set_filter(view, TOP_EXEMPT);
	case 'v':
		return toggle(&view->all_events, TOP_DRAW);
	case '<':
	case KEY_LEFT:
		return move_sort(view, -1);
	case '>':
	case 's':
	case KEY_RIGHT:
		return move_sort(view, 1);
	case 'r':
		return reverse_sort(view);
	case '+':
		return lengthen(view);
	case '-':
		return shorten(view);
	case KEY_UP:
	case 'k':
		return scroll_up(view, 1);
	case KEY_DOWN:
	case 'j':
		return scroll_down(view, 1);
	case KEY_PPAGE:
		return scroll_up(view, view->page);
	case KEY_NPAGE:
		return scroll_down(view, view->page);
	case KEY_HOME:
		return scroll_up(view, view->scroll);
	case 'L' & 0x1f:	/* Ctrl-L */
		return TOP_DRAW;
	default:
		return sort_letter(view, key);
	}
}

/* top_filter_name - "all", "blocked", "exempt" */
const char *top_filter_name(enum top_filter filter)
{
	static const char *const names[] = {
		[TOP_ALL] = "all",
		[TOP_BLOCKED] = "blocked",
		[TOP_EXEMPT] = "exempt",
	};

	return names[filter];
}
