// SPDX-License-Identifier: GPL-2.0
/*
 * Packets a second: a line for each verdict, a column for each reason.
 */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "top_columns.h"
#include "top_model.h"
#include "top_paint.h"
#include "top_rates.h"

/* Columns of the screen: of a verdict's name, and of a rate with a blank before it. */
#define NAME_WIDTH 15
#define RATE_WIDTH 8

enum reason {
	RELAY,
	STATIC,
	OPTOUT,
	NONE,
	POOL,
	BLOCK,

	REASONS
};

static const char *const reasons[] = {
	[RELAY] = "relay",
	[STATIC] = "static",
	[OPTOUT] = "optout",
	[NONE] = "none",
	[POOL] = "pool",
	[BLOCK] = "block",
};

#define BLOCKING(name) { \
	[POOL] = P25_COUNTER_##name##_POOL, \
	[BLOCK] = P25_COUNTER_##name##_BLOCK, \
}

/* Named like their counters; P25_COUNTER_UNSPEC: there is no such counter. */
static const struct {
	const char *name;
	enum p25_counter counters[REASONS];
} verdicts[] = {
	{ "accept", {
		[RELAY] = P25_COUNTER_ACCEPT_RELAY,
		[STATIC] = P25_COUNTER_ACCEPT_STATIC,
		[OPTOUT] = P25_COUNTER_ACCEPT_OPTOUT,
		[NONE] = P25_COUNTER_ACCEPT_NONE,
	} },
	{ "drop", BLOCKING(DROP) },
	{ "reject", BLOCKING(REJECT) },
	{ "prohibit", BLOCKING(PROHIBIT) },
	{ "monitor", BLOCKING(MONITOR) },
	{ "inbound_drop", BLOCKING(INBOUND_DROP) },
	{ "inbound_monitor", BLOCKING(INBOUND_MONITOR) },
};

#define VERDICTS ARRAY_SIZE(verdicts)

static uint64_t count_of(const struct top_model *model, size_t verdict,
			 enum reason reason)
{
	enum p25_counter counter = verdicts[verdict].counters[reason];

	return counter ? model->now.status.counters[counter] : 0;
}

/* The first two are there always; others once they have counted something. */
static bool has_verdict(const struct top_model *model, size_t verdict)
{
	enum reason reason;

	if (verdict < 2)
		return true;
	for (reason = 0; reason < REASONS; reason++) {
		if (count_of(model, verdict, reason))
			return true;
	}
	return false;
}

static bool has_reason(const struct top_model *model, enum reason reason)
{
	size_t i;

	for (i = 0; i < VERDICTS; i++) {
		if (count_of(model, i, reason))
			return true;
	}
	return false;
}

/* top_rates_lines - lines of the table, with that of its titles */
int top_rates_lines(const struct top_model *model)
{
	int n = 1;
	size_t i;

	for (i = 0; i < VERDICTS; i++)
		n += has_verdict(model, i);
	return n;
}

static double rate_of(const struct top_model *model, enum p25_counter counter)
{
	return model->valid ? model->rate[counter] : TOP_UNKNOWN;
}

static double sum_of(const struct top_model *model, size_t verdict)
{
	enum reason reason;
	double sum = 0;

	for (reason = 0; reason < REASONS; reason++) {
		enum p25_counter counter = verdicts[verdict].counters[reason];

		if (!counter)
			continue;
		if (rate_of(model, counter) < 0)
			return TOP_UNKNOWN;
		sum += rate_of(model, counter);
	}
	return sum;
}

static void put_rate(WINDOW *to, int y, int x, double rate)
{
	char text[TOP_CELL_STRLEN];

	top_paint_right(to, y, x, RATE_WIDTH, TOP_PLAIN, top_rate(rate, text));
}

/*
 * The reasons that there is room for: of a narrow window, only those that have
 * counted something. What is left out is in the sum.
 */
static int choose_reasons(const struct top_model *model, int width,
			  enum reason chosen[REASONS])
{
	int room = (width - NAME_WIDTH) / RATE_WIDTH - 1;
	enum reason reason;
	int n = 0;

	for (reason = 0; reason < REASONS; reason++) {
		if (room >= REASONS || (n < room && has_reason(model, reason)))
			chosen[n++] = reason;
	}
	return n;
}

static void draw_titles(WINDOW *to, int y, const enum reason *chosen, int n)
{
	int i, x = NAME_WIDTH;

	top_paint_line(to, y, TOP_HEADER, "PACKETS/s");
	top_paint_right(to, y, x, RATE_WIDTH, TOP_HEADER, "all");
	for (i = 0; i < n; i++) {
		x += RATE_WIDTH;
		top_paint_right(to, y, x, RATE_WIDTH, TOP_HEADER,
				reasons[chosen[i]]);
	}
}

static void draw_verdict(WINDOW *to, int y, const struct top_model *model,
			 size_t verdict, const enum reason *chosen, int n)
{
	int i, x = NAME_WIDTH;

	top_paint(to, y, 0, NAME_WIDTH, TOP_PLAIN, verdicts[verdict].name);
	put_rate(to, y, x, sum_of(model, verdict));
	for (i = 0; i < n; i++) {
		enum p25_counter counter = verdicts[verdict].counters[chosen[i]];

		x += RATE_WIDTH;
		if (counter)
			put_rate(to, y, x, rate_of(model, counter));
	}
}

/* top_rates_draw - the table, from this line on */
void top_rates_draw(WINDOW *to, int y, const struct top_model *model)
{
	enum reason chosen[REASONS];
	size_t i;
	int n;

	n = choose_reasons(model, getmaxx(to), chosen);
	draw_titles(to, y, chosen, n);
	for (i = 0; i < VERDICTS; i++) {
		if (has_verdict(model, i))
			draw_verdict(to, ++y, model, i, chosen, n);
	}
}

/* top_rates_draw_line - in place of the table, its sums on one line */
void top_rates_draw_line(WINDOW *to, int y, const struct top_model *model)
{
	char rate[TOP_CELL_STRLEN], text[VERDICTS * (TOP_CELL_STRLEN + 24)];
	char *at = text;
	size_t i;

	for (i = 0; i < VERDICTS; i++) {
		if (has_verdict(model, i))
			at += sprintf(at, "%s%s %s/s", i ? "  " : "",
				      verdicts[i].name,
				      top_rate(sum_of(model, i), rate));
	}
	top_paint_line(to, y, TOP_PLAIN, text);
}
