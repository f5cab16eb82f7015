// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl -b FILE: a list of commands, in one transaction.
 */
#include <errno.h>
#include <stdlib.h>

#include "batch_copy.h"
#include "cmd.h"
#include "ctl.h"
#include "dispatch.h"
#include "file.h"
#include "lexer.h"
#include "report.h"
#include "session.h"
#include "warn_covered.h"
#include "warn_isolated.h"
#include "words.h"

static int run_line(struct ctl *c, struct words *w, void *arg)
{
	(void)arg;
	return run_object(c, w);
}

int cmd_batch(struct ctl *c, const char *file)
{
	int status = ctl_begin(c);

	c->batch = true;
	batch_copy_begin(file);
	if (!status)
		status = file_each_line(c, file, run_line, NULL);
	status = ctl_finish(c, status);
	batch_copy_end();
	warn_covered_after(c, status);
	if (!status)
		warn_isolated(c);
	return status;
}

/*
 * report_missing_line - the line at @c->line deletes an entry that is not there
 *
 * The line is run again, but nothing is sent: cmd_kind.c reports the entry where
 * it would delete it.
 */
int report_missing_line(struct ctl *c, char *line)
{
	struct words w = { 0 };
	int status = DONE;
	const char *why;

	c->check_only = true;
	c->missing = true;
	if (!lex(line, &w, &why) && w.n)
		status = run_object(c, &w);
	free(w.v);
	if (status)
		return status;
	return report_error(c, -ENOENT, "%s", p25_error(c->p25));
}
