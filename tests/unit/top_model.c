// SPDX-License-Identifier: GPL-2.0
/*
 * "p25ctl top" without its screen: samples and rates, columns, keys, the last events.
 */
#include <curses.h>
#include <stdio.h>
#include <string.h>

#include "top_columns.h"
#include "top_log.h"
#include "top_model.h"
#include "top_view.h"
#include "unit.h"

#define SECOND 1000000000ull

static struct top_model model;
static struct top_sample next;

static void add(const char *src, uint64_t attempts, uint64_t error,
		enum p25_kind kind)
{
	struct p25_sender sender = {
		.src = prefix_of(src),
		.dst = prefix_of("203.0.113.25"),
		.prefix = prefix_of("198.51.100.0/24"),
		.kind = kind,
		.attempts = attempts,
		.error = error,
	};

	ck_assert_int_eq(top_sample_add(&next, &sender), 0);
}

/* The next sample has been taken at this second. */
static void take(unsigned int second)
{
	next.when = second * SECOND;
	top_model_take(&model, &next);
}

static double rate_of(const char *src)
{
	struct p25_prefix prefix = prefix_of(src);
	size_t i;

	for (i = 0; i < model.now.n; i++) {
		if (!p25_prefix_cmp(&model.now.v[i].is.src, &prefix))
			return model.now.v[i].rate;
	}
	ck_abort_msg("%s is not there", src);
}

static void clean(void)
{
	top_model_free(&model);
	top_sample_free(&next);
}

START_TEST(test_rates_of_counters)
{
	next.status.counters[P25_COUNTER_DROP_POOL] = 1000;
	next.status.counters[P25_COUNTER_ACCEPT_RELAY] = 50;
	take(10);
	ck_assert(model.rate[P25_COUNTER_DROP_POOL] == TOP_UNKNOWN);
	next.status.counters[P25_COUNTER_DROP_POOL] = 1030;
	next.status.counters[P25_COUNTER_ACCEPT_RELAY] = 50;
	take(14);
	ck_assert(model.rate[P25_COUNTER_DROP_POOL] == 7.5);
	ck_assert(model.rate[P25_COUNTER_ACCEPT_RELAY] == 0);
	/* another module's */
	next.status.counters[P25_COUNTER_DROP_POOL] = 3;
	next.status.counters[P25_COUNTER_ACCEPT_RELAY] = 52;
	take(15);
	ck_assert(model.rate[P25_COUNTER_DROP_POOL] == TOP_UNKNOWN);
	ck_assert(model.rate[P25_COUNTER_ACCEPT_RELAY] == 2);
	/* no time has passed */
	take(15);
	ck_assert(model.rate[P25_COUNTER_ACCEPT_RELAY] == TOP_UNKNOWN);
	clean();
}

START_TEST(test_rates_of_senders)
{
	add("198.51.100.9", 100, 0, P25_KIND_POOL);
	add("198.51.100.7", 10, 2, P25_KIND_POOL);
	add("2001:db8:1::/64", 5, 0, P25_KIND_POOL);
	take(0);
	ck_assert(rate_of("198.51.100.9") == TOP_UNKNOWN);
	add("198.51.100.7", 16, 2, P25_KIND_POOL);
	add("198.51.100.8", 7, 5, P25_KIND_POOL);
	add("198.51.100.9", 100, 0, P25_KIND_POOL);
	add("2001:db8:1::/64", 205, 201, P25_KIND_POOL);
	take(2);
	ck_assert(rate_of("198.51.100.7") == 3);
	ck_assert(rate_of("198.51.100.9") == 0);
	/* Of what it has taken over from a forgotten one, it has made nothing. */
	ck_assert(rate_of("198.51.100.8") == 1);
	ck_assert(rate_of("2001:db8:1::/64") == 2);
	/* flushed */
	add("198.51.100.9", 4, 0, P25_KIND_POOL);
	take(4);
	ck_assert_uint_eq(model.now.n, 1);
	ck_assert(rate_of("198.51.100.9") == 2);
	clean();
}

START_TEST(test_forgotten)
{
	add("198.51.100.9", 100, 0, P25_KIND_POOL);
	take(0);
	top_model_forget(&model);
	ck_assert(!model.valid);
	ck_assert_uint_eq(model.now.n, 0);
	add("198.51.100.9", 120, 0, P25_KIND_POOL);
	take(2);
	ck_assert(rate_of("198.51.100.9") == TOP_UNKNOWN);
	ck_assert(model.rate[P25_COUNTER_DROP_POOL] == TOP_UNKNOWN);
	clean();
}

/* One that was listed twice is there once; there are more than there was room for. */
START_TEST(test_many)
{
	char text[32];
	int i;

	for (i = 999; i >= 0; i--) {
		snprintf(text, sizeof(text), "192.0.%d.%d", i / 250, i % 250);
		add(text, i, 0, P25_KIND_POOL);
		if (i % 100 == 0)
			add(text, i, 0, P25_KIND_POOL);
	}
	take(0);
	ck_assert_uint_eq(model.now.n, 1000);
	for (i = 1; i < 1000; i++)
		ck_assert_int_lt(p25_prefix_cmp(&model.now.v[i - 1].is.src,
						&model.now.v[i].is.src), 0);
	clean();
}

static void ck_shown(const struct top_view *view, const char *want)
{
	char text[256] = "", prefix[P25_PREFIX_STRLEN];
	size_t i;

	ck_assert_int_eq(top_model_arrange(&model, view), 0);
	for (i = 0; i < model.n_shown; i++) {
		strcat(text, i ? " " : "");
		strcat(text, p25_prefix_format(&model.shown[i]->is.src, prefix));
	}
	ck_assert_str_eq(text, want);
}

START_TEST(test_arranged)
{
	struct top_view view = { .sort = TOP_ATTEMPTS };

	ck_shown(&view, "");
	add("192.0.2.4", 5, 0, P25_KIND_STATIC);
	add("192.0.2.1", 9, 0, P25_KIND_POOL);
	add("192.0.2.3", 5, 0, P25_KIND_BLOCK);
	add("192.0.2.2", 7, 0, P25_KIND_OPTOUT);
	take(0);
	ck_shown(&view, "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4");
	view.reverse = true;
	ck_shown(&view, "192.0.2.3 192.0.2.4 192.0.2.2 192.0.2.1");
	view.sort = TOP_SENDER;
	ck_shown(&view, "192.0.2.4 192.0.2.3 192.0.2.2 192.0.2.1");
	view.reverse = false;
	view.filter = TOP_BLOCKED;
	ck_shown(&view, "192.0.2.1 192.0.2.3");
	view.filter = TOP_EXEMPT;
	ck_shown(&view, "192.0.2.2 192.0.2.4");
	/* Rates aren't known: attempts decide. */
	view.sort = TOP_RATE;
	ck_shown(&view, "192.0.2.2 192.0.2.4");
	clean();
}

/* By each column, the one that is larger, or as an address lower, goes first. */
START_TEST(test_compare)
{
	struct top_sender a = { .is = {
		.src = prefix_of("192.0.2.1"), .dst = prefix_of("192.0.2.1"),
		.prefix = prefix_of("192.0.2.0/25"), .sport = 9,
		.kind = P25_KIND_POOL, .attempts = 1, .error = 9,
		.packets = 9, .destinations = 9, .last = 9,
	}, .rate = 9 };
	struct top_sender b = { .is = {
		.src = prefix_of("192.0.2.2"), .dst = prefix_of("192.0.2.2"),
		.prefix = prefix_of("192.0.2.0/26"), .sport = 8,
		.kind = P25_KIND_BLOCK, .attempts = 0, .error = 8,
		.packets = 8, .destinations = 8, .last = 8,
	}, .rate = 8 };
	struct top_view view = { .sort = _i };

	ck_assert_int_lt(top_compare(&a, &b, &view), 0);
	ck_assert_int_gt(top_compare(&b, &a, &view), 0);
	ck_assert_int_eq(top_compare(&a, &a, &view), 0);
	view.reverse = true;
	ck_assert_int_gt(top_compare(&a, &b, &view), 0);
}

START_TEST(test_cells)
{
	static const char *const want[] = {
		"2001:db8:1::/64", "0.25", "12345678", "0", "4294M", "123456k",
		"optout", "2001:db8::/32", "1m5s", "465", "2001:db8:2::25",
	};
	struct top_sender sender = { .is = {
		.src = prefix_of("2001:db8:1::/64"),
		.dst = prefix_of("2001:db8:2::25"),
		.prefix = prefix_of("2001:db8::/32"), .sport = 465,
		.kind = P25_KIND_OPTOUT, .attempts = 12345678,
		.packets = 123456789, .destinations = UINT32_MAX, .last = 935,
	}, .rate = 0.25 };
	char text[TOP_CELL_STRLEN];

	/* "packets" has nine columns */
	sender.is.packets = _i == TOP_PACKETS ? 1234567890 : 0;
	top_cell(_i, &sender, 1000, text);
	ck_assert_str_eq(text, _i == TOP_PACKETS ? "1234567k" : want[_i]);
}

static const struct {
	double rate;
	const char *text;
} rates[] = {
	{ TOP_UNKNOWN, "-" }, { 0, "0" }, { 1 / 60.0, "0.02" }, { 0.5, "0.50" },
	{ 0.994, "0.99" }, { 0.996, "1.0" }, { 12.34, "12.3" },
	{ 99.94, "99.9" }, { 99.96, "100" }, { 9999999.4, "9999999" },
	{ 10000000, "10000k" }, { 1e18, "1000P" },
};

START_TEST(test_rate_text)
{
	char text[TOP_CELL_STRLEN];

	top_rate(rates[_i].rate, text);
	ck_assert_str_eq(text, rates[_i].text);
}

/* The columns that a line of this width has, with IPv6 addresses in it. */
static void ck_columns(int width, const char *want)
{
	char text[160] = "";
	int widths[TOP_COLUMNS], i;

	for (i = 0; i < TOP_COLUMNS; i++)
		widths[i] = top_column_width(i);
	widths[TOP_SENDER] = 24;
	widths[TOP_DESTINATION] = 39;
	top_columns_fit(width, widths);
	for (i = 0; i < TOP_COLUMNS; i++) {
		char one[32];

		snprintf(one, sizeof(one), "%s%s %d", *text ? ", " : "",
			 top_column_title(i), widths[i]);
		strcat(text, widths[i] ? one : "");
	}
	ck_assert_str_eq(text, want);
}

START_TEST(test_columns)
{
	ck_columns(80, "SENDER 24, RATE/s 7, ATTEMPTS 8, DESTS 5, KIND 6, LAST 6, DESTINATION 18");
	ck_columns(41, "SENDER 24, RATE/s 7, ATTEMPTS 8");
	ck_columns(40, "SENDER 24, RATE/s 7, DESTS 5");
	ck_columns(10, "SENDER 10");
	ck_columns(0, "");
}

/* A wide one has all of them, and nothing is cut. */
START_TEST(test_columns_wide)
{
	int widths[TOP_COLUMNS], i;

	for (i = 0; i < TOP_COLUMNS; i++)
		widths[i] = top_column_width(i);
	widths[TOP_DESTINATION] = 39;
	top_columns_fit(200, widths);
	for (i = 0; i < TOP_COLUMNS; i++)
		ck_assert_int_ge(widths[i], top_column_width(i));
	ck_assert_int_eq(widths[TOP_DESTINATION], 39);
}

/* In no line are there more columns than it has. */
START_TEST(test_columns_fit)
{
	int width, i;

	for (width = 0; width < 300; width++) {
		int widths[TOP_COLUMNS], used = 0, n = 0;

		for (i = 0; i < TOP_COLUMNS; i++)
			widths[i] = top_column_width(i) + width % 7;
		top_columns_fit(width, widths);
		for (i = 0; i < TOP_COLUMNS; i++) {
			used += widths[i];
			n += widths[i] > 0;
		}
		ck_assert_int_le(used + n - (n > 0), width);
	}
}

static const struct {
	const char *keys;
	struct top_view view;
} keys[] = {
	{ "b", { .filter = TOP_BLOCKED, .sort = TOP_RATE, .interval = 2 } },
	{ "be", { .filter = TOP_EXEMPT, .sort = TOP_RATE, .interval = 2 } },
	{ "ba", { .sort = TOP_RATE, .interval = 2 } },
	{ "p", { .paused = true, .sort = TOP_RATE, .interval = 2 } },
	{ "p ", { .sort = TOP_RATE, .interval = 2 } },
	{ "v", { .all_events = true, .sort = TOP_RATE, .interval = 2 } },
	{ ">", { .sort = TOP_ATTEMPTS, .interval = 2 } },
	{ "<", { .sort = TOP_SENDER, .interval = 2 } },
	{ "<<", { .sort = TOP_DESTINATION, .interval = 2 } },
	{ "<<s", { .sort = TOP_SENDER, .interval = 2 } },
	{ "L", { .sort = TOP_LAST, .interval = 2 } },
	{ "Lr", { .sort = TOP_LAST, .reverse = true, .interval = 2 } },
	{ "LrD", { .sort = TOP_DESTS, .interval = 2 } },
	{ "+", { .sort = TOP_RATE, .interval = 5 } },
	{ "++++++++", { .sort = TOP_RATE, .interval = 60 } },
	{ "-", { .sort = TOP_RATE, .interval = 1 } },
	{ "---", { .sort = TOP_RATE, .interval = 1 } },
	{ "jj", { .sort = TOP_RATE, .scroll = 2, .interval = 2 } },
	{ "jjk", { .sort = TOP_RATE, .scroll = 1, .interval = 2 } },
	{ "kk", { .sort = TOP_RATE, .interval = 2 } },
	{ "jjb", { .filter = TOP_BLOCKED, .sort = TOP_RATE, .interval = 2 } },
	{ "h", { .help = true, .sort = TOP_RATE, .interval = 2 } },
	/* a key that ends the help does nothing else */
	{ "?q", { .sort = TOP_RATE, .interval = 2 } },
	{ "z\n\t", { .sort = TOP_RATE, .interval = 2 } },
};

START_TEST(test_keys)
{
	struct top_view view = { .sort = TOP_RATE, .interval = 2 };
	const char *key;

	for (key = keys[_i].keys; *key; key++)
		ck_assert_int_ne(top_key(&view, *key), TOP_QUIT);
	ck_assert_int_eq(view.filter, keys[_i].view.filter);
	ck_assert_int_eq(view.sort, keys[_i].view.sort);
	ck_assert_int_eq(view.reverse, keys[_i].view.reverse);
	ck_assert_uint_eq(view.scroll, keys[_i].view.scroll);
	ck_assert_int_eq(view.all_events, keys[_i].view.all_events);
	ck_assert_int_eq(view.paused, keys[_i].view.paused);
	ck_assert_int_eq(view.help, keys[_i].view.help);
	ck_assert_uint_eq(view.interval, keys[_i].view.interval);
}

START_TEST(test_answers)
{
	struct top_view view = { .interval = 7, .page = 10 };

	ck_assert_int_eq(top_key(&view, 'q'), TOP_QUIT);
	ck_assert_int_eq(top_key(&view, 'p'), TOP_PAUSE);
	ck_assert_int_eq(top_key(&view, '+'), TOP_RETIME);
	ck_assert_uint_eq(view.interval, 10);
	ck_assert_int_eq(top_key(&view, 'x'), TOP_NOTHING);
	ck_assert_int_eq(top_key(&view, 'L' & 0x1f), TOP_DRAW);
	ck_assert_int_eq(top_key(&view, KEY_NPAGE), TOP_DRAW);
	ck_assert_uint_eq(view.scroll, 10);
	ck_assert_int_eq(top_key(&view, KEY_DOWN), TOP_DRAW);
	ck_assert_int_eq(top_key(&view, KEY_PPAGE), TOP_DRAW);
	ck_assert_uint_eq(view.scroll, 1);
	ck_assert_int_eq(top_key(&view, KEY_HOME), TOP_DRAW);
	ck_assert_uint_eq(view.scroll, 0);
	view.interval = 86400;
	ck_assert_int_eq(top_key(&view, '+'), TOP_NOTHING);
	ck_assert_int_eq(top_key(&view, '-'), TOP_RETIME);
	ck_assert_uint_eq(view.interval, 60);
}

static struct top_log events;

static void happen(enum p25_event_type type, enum p25_kind kind, uint64_t n)
{
	struct p25_event event = {
		.type = type,
		.entry.kind = kind,
		.n = n,
	};

	top_log_add(&events, &event);
}

START_TEST(test_log)
{
	unsigned int i;

	ck_assert_ptr_null(top_log_get(&events, true, 0));
	happen(P25_EVENT_GUARD, 0, 1);
	happen(P25_EVENT_ADDED, P25_KIND_BLOCK, 2);
	for (i = 0; i < TOP_LOG_EVENTS; i++)
		happen(P25_EVENT_EXPIRED, P25_KIND_OPTOUT, 100 + i);
	for (i = 0; i < TOP_LOG_EVENTS; i++)
		ck_assert_uint_eq(top_log_get(&events, true, i)->n,
				  100 + TOP_LOG_EVENTS - 1 - i);
	ck_assert_ptr_null(top_log_get(&events, true, i));
	/* Sessions that come and go leave room for these. */
	ck_assert_uint_eq(top_log_get(&events, false, 0)->n, 2);
	ck_assert_uint_eq(top_log_get(&events, false, 1)->n, 1);
	ck_assert_ptr_null(top_log_get(&events, false, 2));
}

void *top_model_suite(void)
{
	void *tests;
	void *suite = suite_new("top_model", &tests);

	tcase_add_test(tests, test_rates_of_counters);
	tcase_add_test(tests, test_rates_of_senders);
	tcase_add_test(tests, test_forgotten);
	tcase_add_test(tests, test_many);
	tcase_add_test(tests, test_arranged);
	tcase_add_loop_test(tests, test_compare, 0, TOP_COLUMNS);
	tcase_add_loop_test(tests, test_cells, 0, TOP_COLUMNS);
	tcase_add_loop_test(tests, test_rate_text, 0, ARRAY_SIZE(rates));
	tcase_add_test(tests, test_columns);
	tcase_add_test(tests, test_columns_wide);
	tcase_add_test(tests, test_columns_fit);
	tcase_add_loop_test(tests, test_keys, 0, ARRAY_SIZE(keys));
	tcase_add_test(tests, test_answers);
	tcase_add_test(tests, test_log);
	return suite;
}
