// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl monitor [entries|senders|guard|settings ...] [--journal]: what happens, as it
 * happens, until a signal ends it or its output is closed.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "cmd.h"
#include "ctl.h"
#include "event_print.h"
#include "journal.h"
#include "json.h"
#include "quote.h"
#include "report.h"
#include "session.h"
#include "timestamp.h"
#include "words.h"

/* Events that are printed before signals are looked for again. */
#define BATCH 64

/* Kinds of events. */
enum {
	ENTRIES,
	SENDERS,
	GUARD,
	SETTINGS,
};

static const char *const kinds[] = {
	[ENTRIES] = "entries",
	[SENDERS] = "senders",
	[GUARD] = "guard",
	[SETTINGS] = "settings",
};

/**
 * struct watch - what is watched
 * @wanted: kinds of events, a bit each; 0: all
 * @to_journal: --journal
 * @journal: descriptor of the journal
 * @signals: descriptor from which signals are read
 */
struct watch {
	unsigned int wanted;
	bool to_journal;
	int journal;
	int signals;
};

static int take_word(const struct ctl *c, const char *word, struct watch *watch)
{
	size_t i;

	if (!strcmp(word, "--journal")) {
		watch->to_journal = true;
		return DONE;
	}
	if (is_late_option(word))
		return report_late_option(c, word);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (is_word(word, kinds[i])) {
			watch->wanted |= 1 << i;
			return DONE;
		}
	}
	return report_unknown_word(c, word, kinds, ARRAY_SIZE(kinds),
				   "kind of event");
}

static int parse_watch(const struct ctl *c, struct words *w, struct watch *watch)
{
	const char *word;

	while ((word = words_next(w))) {
		if (take_word(c, word, watch))
			return MISUSED;
	}
	if (watch->to_journal && c->json)
		return report_misuse(c,
				     "options \"-j\" and \"--journal\" cannot be used together: the journal prints JSON itself, \"journalctl -t p25 -o json\"");
	return DONE;
}

/* What is about the events themselves is wanted in any case. */
static bool is_wanted(const struct watch *watch, const struct p25_event *event)
{
	switch (event->type) {
	case P25_EVENT_ADDED:
	case P25_EVENT_CHANGED:
	case P25_EVENT_DELETED:
	case P25_EVENT_EXPIRED:
	case P25_EVENT_MANY:
		return !watch->wanted || watch->wanted & 1 << ENTRIES;
	case P25_EVENT_SENDER:
	case P25_EVENT_SENDERS_MANY:
		return !watch->wanted || watch->wanted & 1 << SENDERS;
	case P25_EVENT_GUARD:
	case P25_EVENT_GUARD_FULL:
		return !watch->wanted || watch->wanted & 1 << GUARD;
	case P25_EVENT_SETTINGS:
		return !watch->wanted || watch->wanted & 1 << SETTINGS;
	default:
		return true;
	}
}

static int priority_of(const struct p25_event *event)
{
	switch (event->type) {
	case P25_EVENT_OVERRUN:
	case P25_EVENT_UNLOADED:
	case P25_EVENT_GUARD_FULL:
		return JOURNAL_WARNING;
	case P25_EVENT_GUARD:
		return JOURNAL_NOTICE;
	default:
		return JOURNAL_INFO;
	}
}

static int report_journal(const struct ctl *c)
{
	int err = -errno;

	return report_error(c, err, "the journal of systemd: %s%s", strerror(-err),
			    err == -ENOENT ? "; is systemd-journald running?" : "");
}

static int log_event(const struct ctl *c, const struct watch *watch,
		     const struct p25_event *event)
{
	struct json_object *fields = event_json(event);
	char text[EVENT_STRLEN];
	int status = DONE;

	if (journal_send(watch->journal, priority_of(event),
			 event_format(event, text), fields))
		status = report_journal(c);
	json_object_put(fields);
	return status;
}

static void print_event(const struct ctl *c, const struct p25_event *event)
{
	char text[EVENT_STRLEN], moment[TIMESTAMP_STRLEN];

	if (c->json)
		json_print(event_json(event));
	else
		printf("%s %s\n", timestamp_format(event->time, moment),
		       event_format(event, text));
}

/* Print what there is, but not too much. Returns how much it was, or -1. */
static int print_events(const struct ctl *c, const struct watch *watch)
{
	struct p25_event event;
	int n, got = 0;

	for (n = 0; n < BATCH && !ferror(stdout); n++) {
		got = p25_monitor_read(c->monitor, &event);
		if (got <= 0)
			break;
		if (!is_wanted(watch, &event))
			continue;
		if (!watch->to_journal)
			print_event(c, &event);
		else if (log_event(c, watch, &event))
			return -1;
	}
	if (got >= 0)
		return n;
	report_error(c, got, "%s", p25_monitor_error(c->monitor));
	return -1;
}

static bool is_closed(struct pollfd *output)
{
	return poll(output, 1, 0) > 0 && output->revents & (POLLERR | POLLHUP);
}

/* The reader has closed it, which is no error: what is left to be written goes. */
static int end_output(void)
{
	__fpurge(stdout);
	clearerr(stdout);
	return DONE;
}

static int follow(const struct ctl *c, const struct watch *watch)
{
	struct pollfd fds[] = {
		{ .fd = p25_monitor_fd(c->monitor), .events = POLLIN },
		{ .fd = watch->signals, .events = POLLIN },
		{ .fd = watch->to_journal ? -1 : STDOUT_FILENO },
	};
	int n = 0;

	do {
		/* What has been received already, the descriptor doesn't show. */
		if (poll(fds, ARRAY_SIZE(fds), n == BATCH ? 0 : -1) < 0)
			return report_errno(c);
		if (fds[1].revents)
			return DONE;
		if (!fds[2].revents)
			n = print_events(c, watch);
		if (is_closed(&fds[2]))
			return end_output();
	} while (n >= 0 && !ferror(stdout));
	return FAILED;
}

/* Signals that end it are read like events. What is ignored stays so. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int watch_events(struct ctl *c, struct watch *watch)
{
	int status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	watch->signals = open_signals();
	if (watch->signals < 0)
		return report_errno(c);
	hint(c, "waiting for events");
	status = follow(c, watch);
	close(watch->signals);
	return status;
}

int cmd_monitor(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct watch watch = { 0 };
	int status;

	(void)kind;
	if (parse_watch(c, w, &watch))
		return MISUSED;
	status = ctl_monitor(c);
	if (status || !watch.to_journal)
		return status ? status : watch_events(c, &watch);
	watch.journal = journal_open();
	if (watch.journal < 0)
		return report_journal(c);
	status = watch_events(c, &watch);
	close(watch.journal);
	return status;
}
