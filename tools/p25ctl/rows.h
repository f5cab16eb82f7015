/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many entries in memory: a policy of millions is listed in order, and compared
 * with another.
 */
#ifndef _ROWS_H
#define _ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "libp25.h"

/**
 * struct row - an entry, packed
 * @rank: kind (3 bits), family (1 bit) and the first 60 bits of the prefix: most
 *	rows are put in order by this number alone
 * @text: where its own guard, if it has one, and its comment begin in the rows' text
 * @owner: number of its owner
 * @action: its own action, plus one; 0: it has none
 * @guard: it has a guard of its own
 * @cookie: number of its line, to tell two of the same apart
 */
struct row {
	uint64_t rank;
	uint64_t packets;
	uint64_t bytes;
	int64_t expires;
	uint32_t timeout;
	uint32_t text;
	uint32_t cookie;
	struct p25_prefix prefix;
	uint16_t owner : 12;
	uint16_t action : 3;
	uint16_t guard : 1;
};

/**
 * struct rows - many of them; all zero: none
 * @v: the rows
 * @text: their comments, each with a NUL, behind the guards of those that have one; the
 *	first comment is ""
 * @owners: their owners
 */
struct rows {
	struct row *v;
	size_t n, room;
	char *text;
	size_t text_len, text_room;
	char (*owners)[P25_OWNER_MAXLEN + 1];
	size_t owners_n, owners_room;
};

int rows_add(struct rows *rows, const struct p25_entry *entry);
void rows_get(const struct rows *rows, size_t i, struct p25_entry *entry);
int rows_cmp(const struct p25_entry *a, const struct p25_entry *b);
void rows_sort(struct rows *rows);
void rows_unique(struct rows *rows);
int rows_compare(const struct rows *before, const struct rows *after,
		 int (*each)(const struct p25_entry *from,
			     const struct p25_entry *to, void *arg),
		 void *arg);
void rows_free(struct rows *rows);

#endif /* _ROWS_H */
