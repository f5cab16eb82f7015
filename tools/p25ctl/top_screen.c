// SPDX-License-Identifier: GPL-2.0
/*
 * The screen of "top":
 *
 *	title		when, how often, which senders, sorted by what
 *	status		settings and sizes, or what is wrong
 *	rates		packets a second, by verdict and reason
 *	senders		who made attempts
 *	events		what has happened last
 */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "event_print.h"
#include "settings.h"
#include "timestamp.h"
#include "top_columns.h"
#include "top_log.h"
#include "top_model.h"
#include "top_paint.h"
#include "top_rates.h"
#include "top_screen.h"
#include "top_view.h"

/* Lines that the list of senders gets before anything else does but the title. */
#define SENDERS_LEAST 4

/* Lines of a window that has one for the status; for an event; for several. */
#define STATUS_LINES 6
#define EVENT_LINES 8
#define EVENTS_LINES 16

static const char *const help[] = {
	"q          quit",
	"p, Space   pause, go on",
	"b, e, a    senders that are blocked; exempt; all",
	"<, >, s    sort by the column before; by the next one",
	"S N A E D P K I L",
	"           sort by sender, rate now, attempts, error, destinations,",
	"           packets, kind, entry (its prefix), last",
	"r          sort the other way round",
	"Up, Down, PgUp, PgDn, Home",
	"           move along the list",
	"+, -       a longer, a shorter interval",
	"v          events of all entries, not only of blocks",
	"",
	"Columns and counters are explained in p25ctl(8). Any key goes back.",
};

/* top_layout - divide a screen, on which rates would take so many lines */
struct top_layout top_layout(int lines, int rates)
{
	struct top_layout l = { 0 };
	int left = lines - 1;

	l.status = lines >= STATUS_LINES;
	left -= l.status;
	l.events = lines >= EVENT_LINES;
	l.rates = lines >= STATUS_LINES;
	if (left - l.events - rates >= SENDERS_LEAST)
		l.rates = rates;
	left -= l.rates;
	if (lines >= EVENTS_LINES && left / 3 > 1) {
		l.events = left / 3;
		l.events_title = true;
	}
	l.senders = left - l.events;
	return l;
}

static void draw_title(WINDOW *to, const struct top_screen *s)
{
	const char *right = s->view->paused ? " PAUSED " : " h: help ";
	char moment[TIMESTAMP_STRLEN] = "-", text[160];

	if (s->model->valid)
		timestamp_format(s->model->now.time, moment);
	snprintf(text, sizeof(text), "p25ctl top  %s  every %us  %s by %s%s",
		 moment, s->view->interval, top_filter_name(s->view->filter),
		 top_column_title(s->view->sort),
		 s->view->reverse ? ", reversed" : "");
	top_paint(to, 0, 0, getmaxx(to), TOP_PLAIN, text);
	top_paint_right(to, 0, 0, getmaxx(to),
			s->view->paused ? TOP_ALARM : TOP_PLAIN, right);
}

static uint64_t entries_of(const struct p25_status *status)
{
	uint64_t n = 0;
	int kind;

	for (kind = P25_KIND_NONE + 1; kind <= P25_KIND_MAX; kind++)
		n += status->entries[kind];
	return n;
}

static void draw_status(WINDOW *to, int y, const struct top_screen *s)
{
	const struct p25_status *status = &s->model->now.status;
	char guard[SETTING_STRLEN], text[256 + SETTING_STRLEN];

	if (s->trouble) {
		top_paint_line(to, y, TOP_ALARM, s->trouble);
		return;
	}
	if (!s->model->valid)
		return;
	snprintf(text, sizeof(text),
		 "action %s  inbound %s  guard %s  entries %ju of %u  senders %zu of %u",
		 p25_action_name(status->settings.action),
		 status->settings.inbound ? "on" : "off",
		 setting_format(&status->settings, SETTING_GUARD, guard),
		 (uintmax_t)entries_of(status), status->settings.limit,
		 s->model->now.n, status->settings.senders);
	top_paint(to, y, 0, getmaxx(to), TOP_PLAIN, text);
}

static void draw_rates(WINDOW *to, int y, int lines, const struct top_screen *s)
{
	if (lines == 1)
		top_rates_draw_line(to, y, s->model);
	else if (lines)
		top_rates_draw(to, y, s->model);
}

static void draw_cell(WINDOW *to, int y, int x, int width, bool left,
		      enum top_paint paint, const char *text)
{
	if (left)
		top_paint(to, y, x, width, paint, text);
	else
		top_paint_right(to, y, x, width, paint, text);
}

static void draw_titles(WINDOW *to, int y, const int widths[TOP_COLUMNS],
			enum top_column sorted)
{
	int column, x = 0;

	top_paint_line(to, y, TOP_HEADER, "");
	for (column = 0; column < TOP_COLUMNS; column++) {
		if (!widths[column])
			continue;
		draw_cell(to, y, x, widths[column], top_column_is_left(column),
			  column == (int)sorted ? TOP_SORTED : TOP_HEADER,
			  top_column_title(column));
		x += widths[column] + 1;
	}
}

/* An address that is cut must not be taken for a whole one. */
static void mark_cut(char *text, int width)
{
	if ((int)strlen(text) > width)
		strcpy(text + width - 1, "+");
}

static void draw_sender(WINDOW *to, int y, const int widths[TOP_COLUMNS],
			const struct top_sender *sender, int64_t now)
{
	enum top_paint paint = top_blocks(sender->is.kind) ? TOP_RED : TOP_PLAIN;
	char text[TOP_CELL_STRLEN];
	int column, x = 0;

	for (column = 0; column < TOP_COLUMNS; column++) {
		if (!widths[column])
			continue;
		mark_cut(top_cell(column, sender, now, text), widths[column]);
		draw_cell(to, y, x, widths[column], top_column_is_left(column),
			  paint, text);
		x += widths[column] + 1;
	}
}

/* Addresses differ much in length: those that are shown say how wide they are. */
static void measure(int widths[TOP_COLUMNS], const struct top_screen *s,
		    size_t end)
{
	static const enum top_column addresses[] = {
		TOP_SENDER, TOP_ENTRY, TOP_DESTINATION
	};
	char text[TOP_CELL_STRLEN];
	int column, takes;
	size_t i, at;

	for (column = 0; column < TOP_COLUMNS; column++)
		widths[column] = top_column_width(column);
	for (at = s->view->scroll; at < end; at++) {
		for (i = 0; i < ARRAY_SIZE(addresses); i++) {
			takes = strlen(top_cell(addresses[i],
						s->model->shown[at], 0, text));
			if (takes > widths[addresses[i]])
				widths[addresses[i]] = takes;
		}
	}
}

static void keep_in_bounds(struct top_view *view, size_t n)
{
	size_t most = n > view->page ? n - view->page : 0;

	if (view->scroll > most)
		view->scroll = most;
}

static void draw_senders(WINDOW *to, int y, int lines, const struct top_screen *s)
{
	int widths[TOP_COLUMNS];
	size_t i, end;

	if (lines < 1)
		return;
	s->view->page = lines - 1;
	keep_in_bounds(s->view, s->model->n_shown);
	end = s->view->scroll + s->view->page;
	if (end > s->model->n_shown)
		end = s->model->n_shown;
	measure(widths, s, end);
	top_columns_fit(getmaxx(to), widths);
	draw_titles(to, y, widths, s->view->sort);
	for (i = s->view->scroll; i < end; i++)
		draw_sender(to, ++y, widths, s->model->shown[i],
			    s->model->now.time);
}

/* Of a narrow screen, without the day. */
static void draw_event(WINDOW *to, int y, const struct p25_event *event)
{
	char text[TIMESTAMP_STRLEN + EVENT_STRLEN], *at;

	timestamp_format(event->time, text);
	at = text + strlen(text);
	*at++ = ' ';
	event_format(event, at);
	at = getmaxx(to) < 100 ? strchr(text, 'T') : NULL;
	top_paint(to, y, 0, getmaxx(to),
		  event->type == P25_EVENT_GUARD ? TOP_RED : TOP_PLAIN,
		  at ? at + 1 : text);
}

/* The last one is the lowest. */
static void draw_events(WINDOW *to, int y, const struct top_layout *l,
			const struct top_screen *s)
{
	int lines = l->events - l->events_title, i;
	const struct p25_event *event;

	if (l->events_title)
		top_paint_line(to, y++, TOP_HEADER, s->view->all_events ?
			       "EVENTS" : "EVENTS (v: all)");
	for (i = 0; i < lines; i++) {
		event = top_log_get(s->log, s->view->all_events, i);
		if (event)
			draw_event(to, y + lines - 1 - i, event);
	}
}

static void draw_help(WINDOW *to)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(help) && (int)i < getmaxy(to); i++)
		top_paint(to, i, 0, getmaxx(to), TOP_PLAIN, help[i]);
}

/* top_draw - draw all of the screen anew */
void top_draw(WINDOW *to, const struct top_screen *s)
{
	struct top_layout l = top_layout(getmaxy(to), top_rates_lines(s->model));
	int y = 1;

	werase(to);
	if (s->view->help) {
		draw_help(to);
		return;
	}
	draw_title(to, s);
	if (l.status)
		draw_status(to, y, s);
	else if (s->trouble)
		top_paint_line(to, 0, TOP_ALARM, s->trouble);
	y += l.status;
	draw_rates(to, y, l.rates, s);
	y += l.rates;
	draw_senders(to, y, l.senders, s);
	draw_events(to, y + l.senders, &l, s);
}
