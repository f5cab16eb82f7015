/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What "top" shows: the latest sample, and what has changed since the one before it.
 * No kernel, no terminal.
 */
#ifndef _TOP_MODEL_H
#define _TOP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libp25.h"

/* A rate that is not known: there is no earlier sample, or counting began anew. */
#define TOP_UNKNOWN (-1.0)

/**
 * struct top_sender - a sender in a sample
 * @is: the sender
 * @rate: attempts a second since the sample before; TOP_UNKNOWN
 */
struct top_sender {
	struct p25_sender is;
	double rate;
};

/**
 * struct top_sample - all that there was at one moment
 * @when: the moment, in nanoseconds of a clock that isn't set
 * @time: the same, in seconds since 1970-01-01 UTC
 * @status: settings, sizes, counters
 * @v: senders
 * @n: how many
 * @room: how many there is room for
 */
struct top_sample {
	uint64_t when;
	int64_t time;
	struct p25_status status;
	struct top_sender *v;
	size_t n;
	size_t room;
};

/**
 * struct top_model - the latest sample, and rates; all zero: there is none
 * @valid: there is a sample
 * @now: the sample, its senders in the order of their addresses
 * @rate: packets a second, by enum p25_counter; TOP_UNKNOWN
 * @shown: the senders that are to be shown, in the order that they are shown in
 * @n_shown: how many
 */
struct top_model {
	bool valid;
	struct top_sample now;
	double rate[__P25_COUNTER_MAX];
	const struct top_sender **shown;
	size_t n_shown;
};

struct top_view;

int top_sample_add(struct top_sample *sample, const struct p25_sender *sender);
void top_sample_free(struct top_sample *sample);
void top_model_take(struct top_model *model, struct top_sample *next);
void top_model_forget(struct top_model *model);
void top_model_free(struct top_model *model);
int top_model_arrange(struct top_model *model, const struct top_view *view);

/* Is this the kind of an entry that blocks? */
static inline bool top_blocks(enum p25_kind kind)
{
	return kind == P25_KIND_POOL || kind == P25_KIND_BLOCK;
}

#endif /* _TOP_MODEL_H */
