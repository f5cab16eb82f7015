// SPDX-License-Identifier: GPL-2.0
/*
 * A consistent listing: one that a change interrupted is made again.
 */
#include <errno.h>
#include <time.h>

#include "ctl.h"
#include "fetch.h"
#include "report.h"
#include "rows.h"
#include "session.h"

#define TRIES 10

static int add_row(const struct p25_entry *entry, void *arg)
{
	return rows_add(arg, entry);
}

/* Longer each time: 10 ms, 20 ms, ... up to about a second. */
static void pause_before(unsigned int try)
{
	struct timespec t = { .tv_nsec = 10000000L << (try < 6 ? try : 6) };

	nanosleep(&t, NULL);
}

/*
 * rows_fetch - list entries, sorted
 * @strict: fail rather than return a listing that may be incomplete
 *
 * Return: DONE; FAILED. Without @strict, also INCOMPLETE: there are rows, but
 * some may be missing, which has been reported.
 */
int rows_fetch(struct ctl *c, const struct p25_filter *filter, bool strict,
	       struct rows *rows)
{
	unsigned int try;
	int err = -EINTR;

	for (try = 0; err == -EINTR && try < TRIES; try++) {
		if (try)
			pause_before(try - 1);
		rows_free(rows);
		err = p25_list(c->p25, filter, add_row, rows);
	}
	if (err == -EINTR && strict)
		return report_error(c, err,
				    "the policy changed each time it was read; try again");
	if (err == -ENOMEM)
		return report_error(c, err, "out of memory");
	if (err && err != -EINTR)
		return ctl_result(c, NULL, err);
	rows_sort(rows);
	if (!err)
		return DONE;
	note(c, "the policy changed meanwhile: entries may be missing or listed twice");
	return INCOMPLETE;
}
