// SPDX-License-Identifier: GPL-2.0
/*
 * Columns of the list of senders.
 */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "duration.h"
#include "top_columns.h"
#include "top_model.h"
#include "top_view.h"

/* Blanks between two columns. */
#define GAP 1

/* An IPv4 address, and what a cut IPv6 address is still of use with. */
#define ADDRESS_WIDTH 15

/**
 * struct column - a column
 * @title: its title
 * @width: of what is in it; of addresses, the least
 * @left: what is in it begins at its left edge
 * @letter: key that sorts by it; 0: none
 */
struct column {
	const char *title;
	int width;
	bool left;
	char letter;
};

static const struct column columns[] = {
	[TOP_SENDER] = { "SENDER", ADDRESS_WIDTH, true, 'S' },
	[TOP_RATE] = { "RATE/s", 7, false, 'N' },
	[TOP_ATTEMPTS] = { "ATTEMPTS", 8, false, 'A' },
	[TOP_ERROR] = { "ERROR", 6, false, 'E' },
	[TOP_DESTS] = { "DESTS", 5, false, 'D' },
	[TOP_PACKETS] = { "PACKETS", 9, false, 'P' },
	[TOP_KIND] = { "KIND", 6, true, 'K' },
	[TOP_ENTRY] = { "ENTRY", ADDRESS_WIDTH + 3, true, 'I' },
	[TOP_LAST] = { "LAST", 6, false, 'L' },
	[TOP_PORT] = { "PORT", 5, false, 0 },
	[TOP_DESTINATION] = { "DESTINATION", ADDRESS_WIDTH, true, 0 },
};

/* The most important ones first: a narrow line has only these. */
static const enum top_column importance[] = {
	TOP_SENDER, TOP_RATE, TOP_ATTEMPTS, TOP_DESTS, TOP_KIND, TOP_LAST,
	TOP_DESTINATION, TOP_PORT, TOP_PACKETS, TOP_ENTRY, TOP_ERROR,
};

const char *top_column_title(enum top_column column)
{
	return columns[column].title;
}

bool top_column_is_left(enum top_column column)
{
	return columns[column].left;
}

/* top_column_of - the column that this key sorts by, -1 if there is none */
int top_column_of(int letter)
{
	int i;

	for (i = 0; i < TOP_COLUMNS; i++) {
		if (letter && columns[i].letter == letter)
			return i;
	}
	return -1;
}

/* top_count - write a number into so many columns, by thousands if it has to be */
char *top_count(uint64_t count, unsigned int width, char text[TOP_CELL_STRLEN])
{
	static const char units[] = " kMGTPE";
	size_t unit = 0;

	sprintf(text, "%ju", (uintmax_t)count);
	while (strlen(text) > width && units[unit + 1]) {
		count /= 1000;
		unit++;
		sprintf(text, "%ju%c", (uintmax_t)count, units[unit]);
	}
	return text;
}

/* top_rate - write a rate; "-" if it isn't known */
char *top_rate(double rate, char text[TOP_CELL_STRLEN])
{
	if (rate < 0)
		return strcpy(text, "-");
	if (rate == 0)
		return strcpy(text, "0");
	if (rate < 99.95) {
		sprintf(text, rate < 0.995 ? "%.2f" : "%.1f", rate);
		return text;
	}
	return top_count(rate + 0.5, columns[TOP_RATE].width, text);
}

/* top_cell - write what a sender has in a column, "now" being this time */
char *top_cell(enum top_column column, const struct top_sender *sender,
	       int64_t now, char text[TOP_CELL_STRLEN])
{
	const struct p25_sender *is = &sender->is;
	int width = columns[column].width;

	switch (column) {
	case TOP_SENDER:
		return p25_prefix_format(&is->src, text);
	case TOP_RATE:
		return top_rate(sender->rate, text);
	case TOP_ATTEMPTS:
		return top_count(is->attempts, width, text);
	case TOP_ERROR:
		return top_count(is->error, width, text);
	case TOP_DESTS:
		return top_count(is->destinations, width, text);
	case TOP_PACKETS:
		return top_count(is->packets, width, text);
	case TOP_KIND:
		return strcpy(text, p25_kind_name(is->kind));
	case TOP_ENTRY:
		return p25_prefix_format(&is->prefix, text);
	case TOP_LAST:
		return age_format(is->last, now, text);
	case TOP_PORT:
		return top_count(is->sport, width, text);
	default:
		return p25_prefix_format(&is->dst, text);
	}
}

/* The larger one first. */
static int by_number(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

static int by_rate(double a, double b)
{
	return (a < b) - (a > b);
}

static int by_column(const struct top_sender *a, const struct top_sender *b,
		     enum top_column column)
{
	switch (column) {
	case TOP_SENDER:
		return p25_prefix_cmp(&a->is.src, &b->is.src);
	case TOP_RATE:
		return by_rate(a->rate, b->rate);
	case TOP_ATTEMPTS:
		return by_number(a->is.attempts, b->is.attempts);
	case TOP_ERROR:
		return by_number(a->is.error, b->is.error);
	case TOP_DESTS:
		return by_number(a->is.destinations, b->is.destinations);
	case TOP_PACKETS:
		return by_number(a->is.packets, b->is.packets);
	case TOP_KIND:
		return by_number(b->is.kind, a->is.kind);
	case TOP_ENTRY:
		return p25_prefix_cmp(&a->is.prefix, &b->is.prefix);
	case TOP_LAST:
		return (a->is.last < b->is.last) - (a->is.last > b->is.last);
	case TOP_PORT:
		return by_number(a->is.sport, b->is.sport);
	default:
		return p25_prefix_cmp(&a->is.dst, &b->is.dst);
	}
}

/*
 * top_compare - which of two senders goes first, as this view has it?
 *
 * Those that are alike in its column are sorted by attempts, then by address, so
 * that they don't change places for no reason.
 */
int top_compare(const struct top_sender *a, const struct top_sender *b,
		const struct top_view *view)
{
	int order = by_column(a, b, view->sort);

	if (order)
		return view->reverse ? -order : order;
	order = by_column(a, b, TOP_ATTEMPTS);
	return order ? order : by_column(a, b, TOP_SENDER);
}

/* top_column_width - of its title and what is in it; of addresses, the least */
int top_column_width(enum top_column column)
{
	int title = strlen(columns[column].title);

	return title > columns[column].width ? title : columns[column].width;
}

/*
 * top_columns_fit - which columns a line has room for
 * @width: of the line
 * @widths: what each of them would take; becomes 0 of those that there is no room for
 *
 * What is left over goes to the last column: what is in it has to be cut otherwise.
 */
void top_columns_fit(int width, int widths[TOP_COLUMNS])
{
	int got[TOP_COLUMNS] = { 0 };
	int wanted = widths[TOP_DESTINATION];
	size_t i;

	widths[TOP_DESTINATION] = ADDRESS_WIDTH;
	for (i = 0; i < ARRAY_SIZE(importance); i++) {
		enum top_column column = importance[i];
		int takes = widths[column] + (i ? GAP : 0);

		if (!i && takes > width)
			takes = width;
		if (takes > width)
			continue;
		got[column] = takes - (i ? GAP : 0);
		width -= takes;
	}
	if (got[TOP_DESTINATION] && wanted > ADDRESS_WIDTH)
		got[TOP_DESTINATION] += width < wanted - ADDRESS_WIDTH ?
						width : wanted - ADDRESS_WIDTH;
	memcpy(widths, got, sizeof(got));
}
