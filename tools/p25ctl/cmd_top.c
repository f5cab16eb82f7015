// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl top [blocked|exempt] [every DURATION]: packets a second, senders and events on
 * a screen, until a key or a signal ends it.
 */
#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "ctl.h"
#include "duration.h"
#include "quote.h"
#include "report.h"
#include "session.h"
#include "top_feed.h"
#include "top_log.h"
#include "top_model.h"
#include "top_screen.h"
#include "top_terminal.h"
#include "top_view.h"
#include "words.h"

/* Events that are read before keys and signals are looked for again. */
#define BATCH 64

/* Milliseconds after which new events are on the screen. */
#define DELAY 100

/* A day: the longest interval. */
#define LONGEST 86400

/**
 * struct top - what runs
 * @c: its run of the command
 * @model: what is shown
 * @next: room for the next sample
 * @view: how it is shown
 * @log: the last events
 * @frozen: those that were the last ones when it was paused
 * @signals: descriptor from which signals are read
 * @timer: descriptor that says when it is time for a sample
 * @late: milliseconds of the monotonic clock at which events have to be on the
 *	screen; 0: none have come
 * @failed: the last try to get a sample has failed: @c->why
 */
struct top {
	struct ctl *c;
	struct top_model model;
	struct top_sample next;
	struct top_view view;
	struct top_log log;
	struct top_log frozen;
	int signals;
	int timer;
	int64_t late;
	bool failed;
};

static int parse_interval(const struct ctl *c, struct words *w,
			  struct top_view *view)
{
	const char *word, *why;

	if (words_value(c, w, "every", "a duration like 5s", &word))
		return MISUSED;
	if (duration_parse(word, &view->interval, &why) ||
	    view->interval > LONGEST)
		return report_misuse(c,
				     "invalid interval %s: write a duration from 1s to 1d",
				     quote(word));
	return DONE;
}

static int parse_words(const struct ctl *c, struct words *w,
		       struct top_view *view)
{
	static const char *const names[] = { "blocked", "exempt", "every" };
	const char *word;

	while ((word = words_next(w))) {
		if (is_word(word, "blocked"))
			view->filter = TOP_BLOCKED;
		else if (is_word(word, "exempt"))
			view->filter = TOP_EXEMPT;
		else if (is_late_option(word))
			return report_late_option(c, word);
		else if (!is_word(word, "every"))
			return report_unknown_word(c, word, names,
						   ARRAY_SIZE(names), "word");
		else if (parse_interval(c, w, view))
			return MISUSED;
	}
	if (c->json)
		return report_misuse(c,
				     "option \"-j\" cannot be used with \"top\"; use \"-j show\", \"-j senders\" or \"-j monitor\"");
	return DONE;
}

static int64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static void draw(struct top *t)
{
	struct top_screen screen = {
		.model = &t->model,
		.view = &t->view,
		.log = t->view.paused ? &t->frozen : &t->log,
		.trouble = t->failed ? t->c->why : NULL,
	};

	/* Without memory it shows no senders. */
	top_model_arrange(&t->model, &t->view);
	top_terminal_fit();
	top_draw(stdscr, &screen);
	refresh();
	t->late = 0;
}

/* From now on, so that a sample that takes long leaves time for keys. */
static void arm(const struct top *t)
{
	const struct itimerspec next = {
		.it_value.tv_sec = t->view.paused ? 0 : t->view.interval,
	};

	timerfd_settime(t->timer, 0, &next, NULL);
}

static void sample(struct top *t)
{
	t->failed = top_feed(t->c, &t->next);
	if (t->failed)
		top_model_forget(&t->model);
	else
		top_model_take(&t->model, &t->next);
	arm(t);
}

static void sample_and_draw(struct top *t)
{
	sample(t);
	draw(t);
}

static void pause_or_go_on(struct top *t)
{
	if (!t->view.paused) {
		sample_and_draw(t);
		return;
	}
	t->frozen = t->log;
	arm(t);
	draw(t);
}

/* Returns false if it is to end. */
static bool take_keys(struct top *t)
{
	int key;

	while ((key = top_terminal_key()) != ERR) {
		switch (top_key(&t->view, key)) {
		case TOP_QUIT:
			return false;
		case TOP_PAUSE:
			pause_or_go_on(t);
			break;
		case TOP_RETIME:
			arm(t);
			draw(t);
			break;
		case TOP_DRAW:
			if (key == ('L' & 0x1f))
				clearok(stdscr, TRUE);
			draw(t);
			break;
		default:
			break;
		}
	}
	return true;
}

/* The terminal has another size, or it is to end: then it returns false. */
static bool take_signals(struct top *t)
{
	struct signalfd_siginfo signal;

	while (read(t->signals, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo != SIGWINCH)
			return false;
		draw(t);
	}
	return true;
}

static void take_event(struct top *t, const struct p25_event *event)
{
	top_log_add(&t->log, event);
	if (t->view.paused)
		return;
	if (event->type == P25_EVENT_UNLOADED ||
	    event->type == P25_EVENT_LOADED)
		sample_and_draw(t);
	else if (!t->late)
		t->late = milliseconds() + DELAY;
}

/* Returns how many there were, or a negative errno value: no more will come. */
static int take_events(struct top *t)
{
	struct p25_event event;
	int n, got = 0;

	for (n = 0; n < BATCH; n++) {
		got = p25_monitor_read(t->c->monitor, &event);
		if (got <= 0)
			break;
		take_event(t, &event);
	}
	return got < 0 ? got : n;
}

/* Milliseconds to wait. What has been received already, no descriptor shows. */
static int patience(const struct top *t, int n)
{
	int64_t left = t->late - milliseconds();

	if (n == BATCH)
		return 0;
	if (!t->late)
		return -1;
	return left > 0 ? left : 0;
}

/* Returns 0 to go on, 1 to end, or a negative errno value. */
static int step(struct top *t, struct pollfd fds[4], int *n)
{
	uint64_t ticks;

	if (poll(fds, 4, patience(t, *n)) < 0)
		return errno == EINTR ? 0 : -errno;
	if (fds[0].revents && !take_signals(t))
		return 1;
	if (fds[1].revents & (POLLERR | POLLHUP))
		return 1;
	if (fds[1].revents && !take_keys(t))
		return 1;
	if (fds[2].revents &&
	    read(t->timer, &ticks, sizeof(ticks)) == sizeof(ticks))
		sample_and_draw(t);
	*n = take_events(t);
	if (t->late && milliseconds() >= t->late)
		draw(t);
	return *n < 0 ? *n : 0;
}

static int run(struct top *t)
{
	struct pollfd fds[] = {
		{ .fd = t->signals, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = t->timer, .events = POLLIN },
		{ .fd = p25_monitor_fd(t->c->monitor), .events = POLLIN },
	};
	int n = 0, result = 0;

	sample_and_draw(t);
	while (!result)
		result = step(t, fds, &n);
	return result;
}

/* Signals are read like events, so that none of them finds the terminal taken. */
static int open_signals(void)
{
	static const int wanted[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < ARRAY_SIZE(wanted); i++)
		sigaddset(&set, wanted[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int report_end(struct ctl *c, int err)
{
	const char *why = p25_monitor_error(c->monitor);

	return report_error(c, err, "%s", *why ? why : strerror(-err));
}

static int show(struct top *t)
{
	int status, result;

	status = top_terminal_open(t->c);
	if (status)
		return status;
	result = run(t);
	top_terminal_close();
	return result < 0 ? report_end(t->c, result) : DONE;
}

static int open_all(struct top *t)
{
	int status;

	status = ctl_ready(t->c);
	if (!status)
		status = ctl_monitor(t->c);
	if (status)
		return status;
	t->signals = open_signals();
	t->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return t->signals < 0 || t->timer < 0 ? report_errno(t->c) : DONE;
}

static void close_all(struct top *t)
{
	if (t->timer >= 0)
		close(t->timer);
	if (t->signals >= 0)
		close(t->signals);
	top_model_free(&t->model);
	top_sample_free(&t->next);
}

int cmd_top(struct ctl *c, struct words *w, enum p25_kind kind)
{
	static struct top t = {
		.view = { .sort = TOP_RATE, .interval = TOP_INTERVAL },
		.signals = -1,
		.timer = -1,
	};
	int status;

	(void)kind;
	t.c = c;
	if (parse_words(c, w, &t.view))
		return MISUSED;
	status = top_terminal_check(c);
	if (!status)
		status = open_all(&t);
	if (!status)
		status = show(&t);
	close_all(&t);
	return status;
}
