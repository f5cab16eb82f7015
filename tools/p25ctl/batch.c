// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl -b FILE: a list of commands, in one transaction.
 */
#include "file.h"

static int command(struct ctl *c, struct words *w, void *arg)
{
	(void)arg;
	return run_object(c, w);
}

int run_batch(struct ctl *c, const char *file)
{
	int status = ctl_begin(c);

	c->batch = true;
	if (!status)
		status = file_each_line(c, file, command, NULL);
	return ctl_finish(c, status);
}
