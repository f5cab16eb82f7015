// SPDX-License-Identifier: GPL-2.0
/*
 * Samples of "top", and rates: the difference of two samples by the time between them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "top_columns.h"
#include "top_model.h"
#include "top_view.h"

int top_sample_add(struct top_sample *sample, const struct p25_sender *sender)
{
	size_t room = sample->room ? sample->room * 2 : 64;
	struct top_sender *v = sample->v;

	if (sample->n == sample->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return -ENOMEM;
		sample->v = v;
		sample->room = room;
	}
	v[sample->n++] = (struct top_sender){
		.is = *sender,
		.rate = TOP_UNKNOWN,
	};
	return 0;
}

void top_sample_free(struct top_sample *sample)
{
	free(sample->v);
	*sample = (struct top_sample){ 0 };
}

static int by_address(const void *left, const void *right)
{
	const struct top_sender *a = left, *b = right;

	return p25_prefix_cmp(&a->is.src, &b->is.src);
}

/* One that was forgotten and came again meanwhile may have been listed twice. */
static void sort_sample(struct top_sample *sample)
{
	size_t i, n = 0;

	if (sample->n)
		qsort(sample->v, sample->n, sizeof(*sample->v), by_address);
	for (i = 0; i < sample->n; i++) {
		if (n && !by_address(&sample->v[n - 1], &sample->v[i]))
			n--;
		sample->v[n++] = sample->v[i];
	}
	sample->n = n;
}

/*
 * Attempts since the sample before. Of who is new, or was forgotten and has come
 * again, only those that it has made itself since then.
 */
static uint64_t new_attempts(const struct p25_sender *now,
			     const struct p25_sender *before)
{
	if (before && before->error == now->error &&
	    before->attempts <= now->attempts)
		return now->attempts - before->attempts;
	return now->attempts > now->error ? now->attempts - now->error : 0;
}

static void rate_senders(struct top_sample *next, const struct top_sample *last,
			 double seconds)
{
	size_t i, at = 0;

	for (i = 0; i < next->n; i++) {
		const struct p25_sender *now = &next->v[i].is, *before = NULL;

		while (at < last->n &&
		       p25_prefix_cmp(&last->v[at].is.src, &now->src) < 0)
			at++;
		if (at < last->n && !p25_prefix_cmp(&last->v[at].is.src, &now->src))
			before = &last->v[at].is;
		next->v[i].rate = new_attempts(now, before) / seconds;
	}
}

/* A counter that has gone down has been another one's: of a new module, say. */
static double rate_counter(uint64_t now, uint64_t before, double seconds)
{
	return now < before ? TOP_UNKNOWN : (now - before) / seconds;
}

static void rate_all(struct top_model *model, struct top_sample *next)
{
	bool known = model->valid && next->when > model->now.when;
	double seconds = (next->when - model->now.when) / 1e9;
	size_t i;

	for (i = 0; i < __P25_COUNTER_MAX; i++)
		model->rate[i] = !known ? TOP_UNKNOWN :
			rate_counter(next->status.counters[i],
				     model->now.status.counters[i], seconds);
	if (known)
		rate_senders(next, &model->now, seconds);
}

/*
 * top_model_take - take the next sample
 * @next: the sample; the room of the one before is left in it, for the one after it
 */
void top_model_take(struct top_model *model, struct top_sample *next)
{
	struct top_sample before = model->now;

	sort_sample(next);
	rate_all(model, next);
	model->now = *next;
	model->valid = true;
	model->n_shown = 0;
	*next = (struct top_sample){ .v = before.v, .room = before.room };
}

/* top_model_forget - there is nothing to compare the next sample with */
void top_model_forget(struct top_model *model)
{
	model->valid = false;
	model->now.n = 0;
	model->n_shown = 0;
}

void top_model_free(struct top_model *model)
{
	top_sample_free(&model->now);
	free(model->shown);
	*model = (struct top_model){ 0 };
}

static bool is_shown(const struct top_sender *sender,
		     const struct top_view *view)
{
	switch (view->filter) {
	case TOP_BLOCKED:
		return top_blocks(sender->is.kind);
	case TOP_EXEMPT:
		return !top_blocks(sender->is.kind);
	default:
		return true;
	}
}

static int by_view(const void *left, const void *right, void *arg)
{
	const struct top_sender *const *a = left, *const *b = right;

	return top_compare(*a, *b, arg);
}

/*
 * top_model_arrange - choose the senders that are shown, and sort them
 *
 * Return: 0, or -ENOMEM.
 */
int top_model_arrange(struct top_model *model, const struct top_view *view)
{
	const struct top_sender **shown;
	size_t i;

	model->n_shown = 0;
	if (!model->now.n)
		return 0;
	shown = reallocarray(model->shown, model->now.n, sizeof(*shown));
	if (!shown)
		return -ENOMEM;
	model->shown = shown;
	for (i = 0; i < model->now.n; i++) {
		if (is_shown(&model->now.v[i], view))
			shown[model->n_shown++] = &model->now.v[i];
	}
	qsort_r(shown, model->n_shown, sizeof(*shown), by_view, (void *)view);
	return 0;
}
