// SPDX-License-Identifier: GPL-2.0
/*
 * The handle: opened in the right namespace, and its errors reported
 * with the way out.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "ctl.h"
#include "file.h"
#include "lines.h"
#include "module.h"
#include "netns.h"
#include "quote.h"
#include "report.h"
#include "session.h"
#include "words.h"

#define NOT_PERMITTED \
	"not permitted: this needs root, or CAP_NET_ADMIN over the network namespace"

/* Why there is no handle, or no monitor. */
static int note_why(struct ctl *c, int err, const char *error)
{
	if (err == -ENOENT)
		module_why_unloaded(c->why, sizeof(c->why));
	else if (err)
		snprintf(c->why, sizeof(c->why), "%s",
			 err == -EPERM ? NOT_PERMITTED : error);
	c->why_err = err == -ENOENT ? -ENODEV : err;
	return err ? FAILED : DONE;
}

static int open_handle(struct ctl *c)
{
	c->p25 = p25_open();
	if (!c->p25)
		return note_why(c, -ENOMEM, "out of memory");
	return note_why(c, p25_ready(c->p25), p25_error(c->p25));
}

static int open_monitor(struct ctl *c)
{
	c->monitor = p25_monitor_open();
	if (!c->monitor)
		return note_why(c, -ENOMEM, "out of memory");
	return note_why(c, p25_monitor_ready(c->monitor),
			p25_monitor_error(c->monitor));
}

/* In the network namespace that -n names. */
static int open_there(struct ctl *c, int (*open)(struct ctl *c))
{
	int before, status;

	status = netns_enter(c, &before);
	if (status)
		return status;
	status = open(c);
	return netns_leave(c, before) ? FAILED : status;
}

/* ctl_open - open the handle; if that fails, @c->why has the reason */
int ctl_open(struct ctl *c)
{
	int status;

	if (c->p25)
		return DONE;
	status = open_there(c, open_handle);
	/* The next try must not take it for one that works. */
	if (status) {
		p25_close(c->p25);
		c->p25 = NULL;
	}
	return status;
}

/* The exit status that an error leads to; @other: one that has none of its own. */
static int exit_status(int err, int other)
{
	switch (err) {
	case -ENODEV:
		return UNLOADED;
	case -EPERM:
	case -EACCES:
		return FORBIDDEN;
	default:
		return other;
	}
}

static int report_not_open(struct ctl *c)
{
	c->failure = exit_status(c->why_err, c->p25 ? REFUSED : 0);
	return report_error(c, c->why_err, "%s", c->why);
}

/* ctl_ready - open the handle, and report it if that fails */
int ctl_ready(struct ctl *c)
{
	return ctl_open(c) ? report_not_open(c) : DONE;
}

/* ctl_monitor - open the monitor, and report it if that fails */
int ctl_monitor(struct ctl *c)
{
	return open_there(c, open_monitor) ? report_not_open(c) : DONE;
}

static const char *explain(struct ctl *c, int err)
{
	return err == -EPERM ? NOT_PERMITTED : p25_error(c->p25);
}

/*
 * The refused entry is known by its cookie: the number of its line in a file, the
 * number of its word on the command line.
 */
static int report_refusal(struct ctl *c, const struct words *w, int err)
{
	uint32_t cookie = p25_error_cookie(c->p25);
	const char *why = explain(c, err);
	static char line[LINE_MAXLEN + 1];

	c->failure = exit_status(err, err == -ENOENT && cookie ? MISSING :
								 REFUSED);
	if (!c->file) {
		if (w && cookie && cookie <= w->n)
			return report_error(c, err, "%s: %s",
					    quote(w->v[cookie - 1]), why);
		return report_error(c, err, "%s", why);
	}
	if (!cookie)
		return report_error(c, err, "%s", why);
	c->line = cookie;
	if (file_line(c, cookie, line, sizeof(line)))
		return report_error(c, err, "%s", why);
	if (c->failure == MISSING && c->batch)
		return report_missing_line(c, line);
	return report_error(c, err, "%s: %s", quote(line), why);
}

/*
 * ctl_result - report the result of a call on the handle
 * @w: the command's words, NULL if none belongs to the call
 */
int ctl_result(struct ctl *c, const struct words *w, int err)
{
	return err ? report_refusal(c, w, err) : DONE;
}

/* ctl_show - open the handle and get the status, and report it if that fails */
int ctl_show(struct ctl *c, struct p25_status *status)
{
	int err = ctl_ready(c);

	return err ? err : ctl_result(c, NULL, p25_show(c->p25, status));
}

/*
 * ctl_begin - open the transaction for a file's changes
 *
 * If that fails, the file is still read to its end, as errors in it are reported
 * first. So this doesn't fail; ctl_finish() does.
 */
int ctl_begin(struct ctl *c)
{
	int err;

	c->check_only = ctl_open(c);
	if (c->check_only)
		return DONE;
	err = p25_begin(c->p25);
	if (err)
		snprintf(c->why, sizeof(c->why), "%s", explain(c, err));
	c->why_err = err;
	c->check_only = err;
	return DONE;
}

/* ctl_finish - make the changes, unless @status says that there was an error */
int ctl_finish(struct ctl *c, int status)
{
	c->line = 0;
	if (!status && c->check_only) {
		c->file = NULL;
		return report_not_open(c);
	}
	if (!status)
		status = ctl_result(c, NULL, p25_commit(c->p25));
	if (status && !c->check_only)
		p25_abort(c->p25);
	return status;
}
