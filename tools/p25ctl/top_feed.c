// SPDX-License-Identifier: GPL-2.0
/*
 * Samples of "top", from the kernel. The module may be removed and come back meanwhile:
 * then the handle is of no more use, and another one is opened.
 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "ctl.h"
#include "session.h"
#include "top_feed.h"
#include "top_model.h"

/* Senders change with every packet: what was interrupted so often is good enough. */
#define TRIES 3

static int add_sender(const struct p25_sender *sender, void *arg)
{
	return top_sample_add(arg, sender);
}

static int fetch_senders(struct ctl *c, struct top_sample *sample)
{
	int try, err = -EINTR;

	for (try = 0; err == -EINTR && try < TRIES; try++) {
		sample->n = 0;
		err = p25_senders(c->p25, add_sender, sample);
	}
	return err == -EINTR ? 0 : err;
}

static int fetch(struct ctl *c, struct top_sample *sample)
{
	struct timespec now;
	int err;

	err = p25_show(c->p25, &sample->status);
	if (err)
		return err;
	clock_gettime(CLOCK_BOOTTIME, &now);
	sample->when = now.tv_sec * 1000000000ull + now.tv_nsec;
	sample->time = time(NULL);
	return fetch_senders(c, sample);
}

/* top_feed_close - the handle is of no more use */
void top_feed_close(struct ctl *c)
{
	p25_close(c->p25);
	c->p25 = NULL;
}

/*
 * top_feed - take a sample
 *
 * Return: 0; -1: there is none, and @c->why says why. The next try may have one.
 */
int top_feed(struct ctl *c, struct top_sample *sample)
{
	int try, err = -ENODEV;

	for (try = 0; err == -ENODEV && try < 2; try++) {
		if (ctl_open(c))
			return -1;
		err = fetch(c, sample);
		if (err && err != -ENOMEM)
			snprintf(c->why, sizeof(c->why), "%s", p25_error(c->p25));
		if (err)
			top_feed_close(c);
	}
	if (err == -ENOMEM)
		snprintf(c->why, sizeof(c->why), "out of memory");
	return err ? -1 : 0;
}
