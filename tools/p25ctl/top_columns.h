/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Columns of the list of senders: what is in them, how it is sorted by them, and which
 * of them a line has room for.
 */
#ifndef _TOP_COLUMNS_H
#define _TOP_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

/* From left to right. */
enum top_column {
	TOP_SENDER,
	TOP_RATE,
	TOP_ATTEMPTS,
	TOP_ERROR,
	TOP_DESTS,
	TOP_PACKETS,
	TOP_KIND,
	TOP_ENTRY,
	TOP_LAST,
	TOP_PORT,
	TOP_DESTINATION,

	TOP_COLUMNS
};

/* Room for what is in a column: a prefix is the longest. */
#define TOP_CELL_STRLEN 64

struct top_sender;
struct top_view;

const char *top_column_title(enum top_column column);
bool top_column_is_left(enum top_column column);
int top_column_of(int letter);
char *top_cell(enum top_column column, const struct top_sender *sender,
	       int64_t now, char text[TOP_CELL_STRLEN]);
int top_compare(const struct top_sender *a, const struct top_sender *b,
		const struct top_view *view);
int top_column_width(enum top_column column);
void top_columns_fit(int width, int widths[TOP_COLUMNS]);

char *top_count(uint64_t count, unsigned int width, char text[TOP_CELL_STRLEN]);
char *top_rate(double rate, char text[TOP_CELL_STRLEN]);

#endif /* _TOP_COLUMNS_H */
