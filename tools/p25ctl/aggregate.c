// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of addresses made one where they overlap or touch, if they expire at the
 * same moment.
 */
#include <stdlib.h>
#include <string.h>

#include "aggregate.h"

static int make_room(struct aggregate *all)
{
	size_t room = all->room ? all->room * 2 : 1024;
	struct item *v;

	if (all->n < all->room)
		return 0;
	v = reallocarray(all->v, room, sizeof(*v));
	if (!v)
		return -1;
	all->v = v;
	all->room = room;
	return 0;
}

static int make_text_room(struct aggregate *all, size_t len)
{
	size_t room = all->text_room ? all->text_room * 2 : 65536;
	char *text;

	if (all->text_room - all->text_len >= len)
		return 0;
	if (all->text_len + len > UINT32_MAX)
		return -1;
	text = realloc(all->text, room);
	if (!text)
		return -1;
	all->text = text;
	all->text_room = room;
	return 0;
}

/* The same comment often follows itself. */
static int add_comment(struct aggregate *all, const char *comment,
		       uint32_t *at)
{
	size_t len = strlen(comment) + 1;

	if (make_text_room(all, len + 1))
		return -1;
	if (!all->text_len)
		all->text[all->text_len++] = '\0';
	*at = 0;
	if (len == 1)
		return 0;
	if (all->n) {
		*at = all->v[all->n - 1].comment;
		if (!strcmp(all->text + *at, comment))
			return 0;
	}
	*at = all->text_len;
	memcpy(all->text + all->text_len, comment, len);
	all->text_len += len;
	return 0;
}

/* aggregate_add - add one; @item's comment and order are set here. Return: 0, or -1 */
int aggregate_add(struct aggregate *all, const struct item *item,
		  const char *comment)
{
	uint32_t at;

	if (make_room(all) || add_comment(all, comment, &at))
		return -1;
	all->v[all->n] = *item;
	all->v[all->n].comment = at;
	all->v[all->n].order = all->n;
	all->n++;
	all->holes += item->hole;
	return 0;
}

/*
 * Those that may be merged are neighbours, the wider one first; of two of the same,
 * the later one, as in a policy file the last one counts.
 */
static int by_group(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order;

	if (a->range.family != b->range.family)
		return a->range.family < b->range.family ? -1 : 1;
	if (a->expires != b->expires)
		return a->expires < b->expires ? -1 : 1;
	order = address_cmp(&a->range.first, &b->range.first);
	if (!order)
		order = address_cmp(&b->range.last, &a->range.last);
	if (!order)
		order = a->order < b->order ? 1 : -1;
	return order;
}

static bool is_same(const struct item *a, const struct item *b)
{
	return !address_cmp(&a->range.first, &b->range.first) &&
	       !address_cmp(&a->range.last, &b->range.last);
}

static bool is_hole_in(const struct item *hole, const struct item *item)
{
	return hole->set == item->set &&
	       range_covers(&item->range, &hole->range) && !is_same(hole, item);
}

/* What lies before the hole is added; @item is what lies behind it, if @left. */
static int cut_hole(struct aggregate *all, struct item *item,
		    const struct item *hole, bool *left)
{
	const struct address *begin = &hole->range.first;
	const struct address *end = &hole->range.last;
	struct item before = *item;

	*left = address_cmp(end, &item->range.last) < 0;
	if (address_cmp(begin, &item->range.first) > 0) {
		before.range.last.low = begin->low - 1;
		before.range.last.high = begin->high - !begin->low;
		if (make_room(all))
			return -1;
		all->v[all->n++] = before;
	}
	item->range.first.low = end->low + 1;
	item->range.first.high = end->high + !item->range.first.low;
	return 0;
}

static int by_place(const void *left, const void *right)
{
	const struct item *a = left, *b = right;
	int order;

	if (a->range.family != b->range.family)
		return a->range.family < b->range.family ? -1 : 1;
	order = address_cmp(&a->range.first, &b->range.first);
	return order ? order : address_cmp(&b->range.last, &a->range.last);
}

/* The first hole that is not before the item, or as wide and there. */
static size_t find_hole(const struct item *item, const struct item *holes,
			size_t n)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_place(&holes[middle], item) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The parts of an item around the holes in it, which are in order. */
static int cut_holes(struct aggregate *all, const struct item *whole,
		     const struct item *holes, size_t n)
{
	struct item item = *whole;
	bool left = true;
	size_t i;

	for (i = find_hole(whole, holes, n); i < n && left; i++) {
		if (address_cmp(&holes[i].range.first, &whole->range.last) > 0)
			break;
		/* A hole in another one has nothing more to take away. */
		if (!is_hole_in(&holes[i], whole) ||
		    !range_covers(&item.range, &holes[i].range))
			continue;
		if (cut_hole(all, &item, &holes[i], &left))
			return -1;
	}
	if (!left)
		return 0;
	if (make_room(all))
		return -1;
	all->v[all->n++] = item;
	return 0;
}

/* Holes are moved to a list of their own. Return: it, NULL: no memory */
static struct item *take_holes(struct aggregate *all, size_t *n)
{
	struct item *holes = reallocarray(NULL, all->holes, sizeof(*holes));
	size_t kept = 0, i;

	if (!holes)
		return NULL;
	*n = 0;
	for (i = 0; i < all->n; i++) {
		if (all->v[i].hole)
			holes[(*n)++] = all->v[i];
		else
			all->v[kept++] = all->v[i];
	}
	all->n = kept;
	qsort(holes, *n, sizeof(*holes), by_place);
	return holes;
}

/* Of what lies in each other, the narrowest decides: a hole is no part of the wider. */
static int remove_holes(struct aggregate *all)
{
	size_t n, n_items, i;
	struct item *holes;
	int err = 0;

	if (!all->holes)
		return 0;
	holes = take_holes(all, &n);
	if (!holes)
		return -1;
	n_items = all->n;
	for (i = 0; i < n_items && !err; i++) {
		struct item item = all->v[i];

		err = cut_holes(all, &item, holes, n);
	}
	memmove(all->v, all->v + n_items, (all->n - n_items) * sizeof(*all->v));
	all->n -= n_items;
	all->holes = 0;
	free(holes);
	return err;
}

/* aggregate_sort - all have been added. Return: 0, or -1: there is no memory */
int aggregate_sort(struct aggregate *all)
{
	if (remove_holes(all))
		return -1;
	if (all->n)
		qsort(all->v, all->n, sizeof(*all->v), by_group);
	return 0;
}

/* Does @next become a part of the run that ends with @run? */
static bool joins(const struct item *run, const struct item *next, bool merge)
{
	if (run->range.family != next->range.family ||
	    run->expires != next->expires)
		return false;
	return merge ? range_reaches(&run->range.last, &next->range.first) :
		       is_same(run, next);
}

/*
 * What lies in it already changes nothing; otherwise they must have the same comment.
 * Return: false if there is none any more
 */
static bool join(const struct aggregate *all, struct item *run,
		 const struct item *next)
{
	if (address_cmp(&next->range.last, &run->range.last) <= 0)
		return true;
	run->range.last = next->range.last;
	if (run->comment == next->comment ||
	    !strcmp(all->text + run->comment, all->text + next->comment))
		return true;
	run->comment = 0;
	return false;
}

/*
 * aggregate_each - call a function for each range, in order, until it returns another
 * value than 0
 * @merge: what overlaps or touches and expires at the same moment is one range;
 *	otherwise only what is the same
 */
struct aggregated
aggregate_each(const struct aggregate *all, bool merge,
	       int (*each)(const struct address_range *range, int64_t expires,
			   const char *comment, void *arg),
	       void *arg)
{
	struct aggregated done = { 0 };
	size_t i = 0;

	while (i < all->n) {
		struct item run = all->v[i++];
		bool same = true;

		for (; i < all->n && joins(&run, &all->v[i], merge); i++) {
			same &= join(all, &run, &all->v[i]);
			done.merged++;
		}
		if (!same)
			run.comment = 0;
		done.uncommented += !same;
		if (each(&run.range, run.expires, all->text + run.comment, arg))
			break;
	}
	return done;
}

/* aggregate_free - all are gone */
void aggregate_free(struct aggregate *all)
{
	free(all->v);
	free(all->text);
	memset(all, 0, sizeof(*all));
}
