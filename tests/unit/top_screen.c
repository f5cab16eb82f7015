// SPDX-License-Identifier: GPL-2.0
/*
 * The screen of "p25ctl top": drawn into windows of a terminal whose output nobody
 * sees, and read from them.
 */
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "top_log.h"
#include "top_model.h"
#include "top_paint.h"
#include "top_screen.h"
#include "top_view.h"
#include "unit.h"

/* The largest window. */
#define LINES_MAX 60
#define COLUMNS_MAX 220

static SCREEN *terminal;
static FILE *sink, *source;
static struct top_model model;
static struct top_log events;
static struct top_view view;
static struct top_screen screen;

static void add(struct top_sample *sample, const char *src, const char *dst,
		uint64_t attempts, enum p25_kind kind)
{
	struct p25_sender sender = {
		.src = prefix_of(src),
		.dst = prefix_of(dst),
		.prefix = prefix_of("198.51.100.0/24"),
		.kind = kind,
		.attempts = attempts,
		.packets = attempts * 2,
		.destinations = attempts / 2,
		.sport = 40000,
		.last = 1767225590,
	};

	ck_assert_int_eq(top_sample_add(sample, &sender), 0);
}

static void take(unsigned int second, unsigned int n)
{
	struct top_sample sample = {
		.when = second * 1000000000ull,
		.time = 1767225600,
		.status.settings = {
			.action = P25_ACTION_REJECT,
			.limit = 1000,
			.senders = 65536,
			.guard = { .n = 1, .rate = { { 20, 60 } } },
		},
		.status.entries[P25_KIND_POOL] = 7,
		.status.counters[P25_COUNTER_ACCEPT_STATIC] = 10 * n,
		.status.counters[P25_COUNTER_REJECT_POOL] = 300 * n,
		.status.counters[P25_COUNTER_REJECT_BLOCK] = 100 * n,
	};

	add(&sample, "198.51.100.7", "203.0.113.25", 40 * n, P25_KIND_POOL);
	add(&sample, "198.51.100.65", "203.0.113.26", 10 * n, P25_KIND_STATIC);
	add(&sample, "2001:db8:100:64::/64", "2001:db8:203:1234:5678:9abc:def0:25",
	    20 * n, P25_KIND_BLOCK);
	top_model_take(&model, &sample);
	top_sample_free(&sample);
}

static void happen(enum p25_event_type type, const char *comment)
{
	struct p25_event event = {
		.type = type,
		.time = 1767225601,
		.entry = {
			.kind = P25_KIND_BLOCK,
			.prefix = prefix_of("198.51.100.7"),
			.owner = "guard",
		},
	};

	strcpy(event.entry.comment, comment);
	top_log_add(&events, &event);
}

static void set_up(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("LINES", "60", 1);
	setenv("COLUMNS", "220", 1);
	sink = fopen("/dev/null", "we");
	source = fopen("/dev/null", "re");
	terminal = newterm("vt100", sink, source);
	ck_assert_ptr_nonnull(terminal);
	view = (struct top_view){ .sort = TOP_RATE, .interval = 2 };
	screen = (struct top_screen){
		.model = &model, .view = &view, .log = &events,
	};
}

static void tear_down(void)
{
	endwin();
	delscreen(terminal);
	fclose(sink);
	fclose(source);
	top_model_free(&model);
	memset(&events, 0, sizeof(events));
}

/* What a window of this size shows: lines without the blanks at their ends. */
static const char *drawn(int lines, int columns)
{
	static char text[LINES_MAX * (COLUMNS_MAX * 4 + 2)];
	WINDOW *window = newwin(lines, columns, 0, 0);
	char *at = text;
	int y;

	ck_assert_ptr_nonnull(window);
	ck_assert_int_eq(top_model_arrange(&model, &view), 0);
	top_draw(window, &screen);
	for (y = 0; y < lines; y++) {
		int n = mvwinnstr(window, y, 0, at, columns * 4);

		while (n > 0 && at[n - 1] == ' ')
			n--;
		at += n > 0 ? n : 0;
		*at++ = '\n';
	}
	*at = '\0';
	delwin(window);
	return text;
}

static void ck_has(const char *text, const char *what)
{
	ck_assert_msg(strstr(text, what), "no \"%s\" in:\n%s", what, text);
}

static void ck_lacks(const char *text, const char *what)
{
	ck_assert_msg(!strstr(text, what), "\"%s\" in:\n%s", what, text);
}

static const char whole[] =
"p25ctl top  2026-01-01T00:00:00Z  every 2s  all by RATE/s               h: help\n"
"action reject  inbound off  guard 20/1m  entries 7 of 1000  senders 3 of 65536\n"
"PACKETS/s           all   relay  static  optout    none    pool   block\n"
"accept              5.0       0     5.0       0       0\n"
"drop                  0                                       0       0\n"
"reject              200                                     150    50.0\n"
"SENDER                RATE/s ATTEMPTS DESTS KIND     LAST  PORT DESTINATION\n"
"198.51.100.7            20.0       80    40 pool      10s 40000 203.0.113.25\n"
"2001:db8:100:64::/64    10.0       40    20 block     10s 40000 2001:db8:203:12+\n"
"198.51.100.65            5.0       20    10 static    10s 40000 203.0.113.26\n"
"\n\n\n\n\n\n\n\n"
"EVENTS (v: all)\n"
"\n\n\n\n"
"00:00:01Z added block 198.51.100.7 owner guard comment \"21 attempts in 60s\"\n";

static const char small[] =
"p25ctl top  2026-01-01T00:00:00 h: help\n"
"action reject  inbound off  guard 20/1m\n"
"accept 5.0/s  drop 0/s  reject 200/s\n"
"SENDER                RATE/s ATTEMPTS\n"
"198.51.100.7            20.0       80\n"
"2001:db8:100:64::/64    10.0       40\n"
"198.51.100.65            5.0       20\n"
"\n\n"
"00:00:01Z added block 198.51.100.7 owner\n";

START_TEST(test_whole)
{
	take(0, 1);
	take(2, 2);
	happen(P25_EVENT_ADDED, "21 attempts in 60s");
	ck_assert_str_eq(drawn(24, 80), whole);
}

START_TEST(test_small)
{
	take(0, 1);
	take(2, 2);
	happen(P25_EVENT_ADDED, "21 attempts in 60s");
	ck_assert_str_eq(drawn(10, 40), small);
	view.paused = true;
	ck_has(drawn(3, 20), "PAUSED");
}

START_TEST(test_nothing_yet)
{
	const char *text = drawn(24, 80);

	ck_has(text, "p25ctl top  -  every 2s");
	ck_has(text, "accept                -       -       -");
	screen.trouble = "the p25 kernel module is not loaded";
	ck_has(drawn(24, 80), "the p25 kernel module is not loaded\n");
	ck_has(drawn(2, 30), "the p25 kernel module is not l\n");
}

START_TEST(test_wide)
{
	const char *text;

	take(0, 1);
	happen(P25_EVENT_ADDED, "x");
	text = drawn(50, 200);
	ck_has(text, "ERROR");
	ck_has(text, "PACKETS");
	ck_has(text, "198.51.100.0/24");
	ck_has(text, "40000 2001:db8:203:1234:5678:9abc:def0:25\n");
	ck_has(text, "\n2026-01-01T00:00:01Z added");
}

/* No size makes it crash, or write outside of its window. */
START_TEST(test_sizes)
{
	int lines, columns;

	take(0, 1);
	take(2, 1000000000);
	happen(P25_EVENT_ADDED, "x");
	for (lines = 1; lines <= LINES_MAX; lines += 1 + lines / 30) {
		for (columns = 1; columns <= COLUMNS_MAX;
		     columns += 1 + columns / 30) {
			view.help = false;
			drawn(lines, columns);
			view.help = true;
			drawn(lines, columns);
		}
	}
}

START_TEST(test_layouts)
{
	int lines, rates;

	for (lines = 1; lines < 300; lines++) {
		for (rates = 3; rates < 9; rates++) {
			struct top_layout l = top_layout(lines, rates);

			ck_assert_int_eq(1 + l.status + l.rates + l.senders +
					 l.events, lines);
			ck_assert_int_ge(l.senders, 0);
			ck_assert_int_ge(l.events, l.events_title ? 2 : 0);
			if (lines > 7)
				ck_assert_int_ge(l.senders, 4);
		}
	}
}

START_TEST(test_scrolled)
{
	take(0, 1);
	view.scroll = 1000;
	ck_has(drawn(8, 80), "198.51.100.65");
	ck_assert_uint_eq(view.page, 3);
	ck_assert_uint_eq(view.scroll, 0);
	view.scroll = 1;
	ck_lacks(drawn(6, 80), "198.51.100.7 ");
	ck_assert_uint_eq(view.scroll, 1);
}

/* Whatever is in a comment, nothing but text gets to the terminal. */
START_TEST(test_comments)
{
	const char *text;

	happen(P25_EVENT_ADDED, "a\033]0;x\007b\x9b[2Jc\xe2\x80\xae~d\nf\tg");
	text = drawn(24, 80);
	ck_has(text, "comment \"a?]0;x?b?[2Jc?~d?f?g\"");
	happen(P25_EVENT_ADDED, "M\xc3\xbcller");
	text = drawn(24, 80);
	if (!strcmp(nl_langinfo(CODESET), "UTF-8"))
		ck_has(text, "comment \"M\xc3\xbcller\"");
	else
		ck_has(text, "comment \"M?ller\"");
}

START_TEST(test_wide_characters)
{
	WINDOW *window = newwin(1, 10, 0, 0);

	if (!strcmp(nl_langinfo(CODESET), "UTF-8")) {
		/* one that doesn't fit isn't written in half */
		ck_assert_int_eq(top_paint(window, 0, 0, 5, TOP_PLAIN,
					   "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"), 4);
	}
	ck_assert_int_eq(top_paint(window, 0, 0, 5, TOP_PLAIN, "abcdefgh"), 5);
	delwin(window);
	setlocale(LC_CTYPE, "C");
	window = newwin(1, 10, 0, 0);
	ck_assert_int_eq(top_paint(window, 0, 0, 5, TOP_PLAIN, "\xc3\xbc\xc3\xbc"), 2);
	delwin(window);
}

START_TEST(test_help)
{
	take(0, 1);
	view.help = true;
	ck_has(drawn(24, 80), "q          quit\n");
	ck_has(drawn(24, 80), "Any key goes back.\n");
}

void *top_screen_suite(void)
{
	void *tests;
	void *suite = suite_new("top_screen", &tests);

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, test_whole);
	tcase_add_test(tests, test_small);
	tcase_add_test(tests, test_nothing_yet);
	tcase_add_test(tests, test_wide);
	tcase_add_test(tests, test_sizes);
	tcase_add_test(tests, test_layouts);
	tcase_add_test(tests, test_scrolled);
	tcase_add_test(tests, test_comments);
	tcase_add_test(tests, test_wide_characters);
	tcase_add_test(tests, test_help);
	return suite;
}
