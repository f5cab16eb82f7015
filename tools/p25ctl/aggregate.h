/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ranges of addresses, many of them, made one where they overlap or touch.
 */
#ifndef _AGGREGATE_H
#define _AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address_range.h"

/**
 * struct item - a range with what is known of it
 * @range: the addresses
 * @hole: they are none of those of wider ranges that they lie in, of the same set
 * @set: number of the set that it is of
 * @comment: where its comment begins in the text
 * @order: which one it was, to tell two of the same apart
 * @expires: when it expires, in seconds since 1970-01-01 UTC; 0: never
 */
struct item {
	struct address_range range;
	bool hole;
	uint8_t set;
	uint32_t comment;
	uint32_t order;
	int64_t expires;
};

/**
 * struct aggregate - many of them; all zero: none
 * @v: the items
 * @holes: how many of them are holes
 * @text: their comments, each with a NUL; the first one is ""
 */
struct aggregate {
	struct item *v;
	size_t n, room;
	size_t holes;
	char *text;
	size_t text_len, text_room;
};

/* Exceptions of a set: each of them may lie in as many others as an address has bits. */
#define AGGREGATE_HOLES_MAX 4096

/**
 * struct aggregated - what has become of them
 * @merged: so many are a part of another one
 * @uncommented: so many ranges have no comment because those in them differed
 */
struct aggregated {
	size_t merged;
	size_t uncommented;
};

int aggregate_add(struct aggregate *all, const struct item *item,
		  const char *comment);
int aggregate_sort(struct aggregate *all);
struct aggregated
aggregate_each(const struct aggregate *all, bool merge,
	       int (*each)(const struct address_range *range, int64_t expires,
			   const char *comment, void *arg),
	       void *arg);
void aggregate_free(struct aggregate *all);

#endif /* _AGGREGATE_H */
