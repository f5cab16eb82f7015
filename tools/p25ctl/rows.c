// SPDX-License-Identifier: GPL-2.0
/*
 * Many entries in memory, in less than half of what struct p25_entry takes.
 */
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "libp25.h"
#include "rows.h"

/* Owners of entries: the kernel has 255. */
#define OWNERS_MAX 4096

/* Make room for @more things of @size; NULL if there is no memory. */
static void *grow(void *v, size_t n, size_t more, size_t *room, size_t size)
{
	size_t wanted = *room ? *room : 64;

	if (n + more <= *room)
		return v;
	while (wanted < n + more)
		wanted *= 2;
	v = reallocarray(v, wanted, size);
	if (v)
		*room = wanted;
	return v;
}

static int add_bytes(struct rows *rows, const void *bytes, size_t size, uint32_t *at)
{
	char *all = grow(rows->text, rows->text_len, size, &rows->text_room, 1);

	if (!all)
		return -ENOMEM;
	rows->text = all;
	if (rows->text_len + size > UINT32_MAX)
		return -ENOMEM;
	memcpy(all + rows->text_len, bytes, size);
	*at = rows->text_len;
	rows->text_len += size;
	return 0;
}

/* Most have neither a guard nor a comment, and share the first text, "". */
static int add_text(struct rows *rows, const struct p25_entry *entry, uint32_t *at)
{
	size_t size = strlen(entry->comment) + 1;
	uint32_t comment;

	if (entry->has_guard)
		return add_bytes(rows, &entry->guard, sizeof(entry->guard), at) ||
		       add_bytes(rows, entry->comment, size, &comment) ?
		       -ENOMEM : 0;
	*at = 0;
	if (rows->text_len && size == 1)
		return 0;
	return add_bytes(rows, entry->comment, size, at);
}

/* Owners are few; the last one is the most likely. */
static int add_owner(struct rows *rows, const char *owner, uint16_t *number)
{
	size_t i = rows->owners_n;
	void *all;

	while (i--) {
		if (!strcmp(rows->owners[i], owner)) {
			*number = i;
			return 0;
		}
	}
	all = grow(rows->owners, rows->owners_n, 1, &rows->owners_room,
		   sizeof(*rows->owners));
	if (!all)
		return -ENOMEM;
	rows->owners = all;
	if (rows->owners_n == OWNERS_MAX)
		return -ENOMEM;
	strcpy(rows->owners[rows->owners_n], owner);
	*number = rows->owners_n++;
	return 0;
}

static_assert(P25_KIND_MAX < 1 << 3, "a kind needs more than three bits");
static_assert(P25_ACTION_MAX + 1 < 1 << 3, "an action needs more than three bits");

/* The order of p25_prefix_cmp(), as far as 60 bits go. */
static uint64_t rank_of(const struct p25_entry *entry)
{
	uint64_t first;

	memcpy(&first, entry->prefix.addr, sizeof(first));
	first = be64toh(first) >> 4;
	if (entry->prefix.family == AF_INET6)
		first |= 1ULL << 60;
	return (uint64_t)entry->kind << 61 | first;
}

/* rows_add - append an entry. Return: 0 or -ENOMEM */
int rows_add(struct rows *rows, const struct p25_entry *entry)
{
	struct row *all = grow(rows->v, rows->n, 1, &rows->room, sizeof(*all));
	uint16_t owner;
	uint32_t empty;
	struct row *row;

	if (!all)
		return -ENOMEM;
	rows->v = all;
	row = &all[rows->n];
	if ((!rows->text_len && add_bytes(rows, "", 1, &empty)) ||
	    add_text(rows, entry, &row->text) ||
	    add_owner(rows, *entry->owner ? entry->owner : P25_OWNER_DEFAULT,
		      &owner))
		return -ENOMEM;
	row->rank = rank_of(entry);
	row->owner = owner;
	row->guard = entry->has_guard;
	row->action = entry->has_action ? entry->action + 1 : 0;
	row->prefix = entry->prefix;
	row->timeout = entry->timeout;
	row->expires = entry->expires;
	row->packets = entry->packets;
	row->bytes = entry->bytes;
	row->cookie = entry->cookie;
	rows->n++;
	return 0;
}

/* rows_get - unpack the @i-th entry */
void rows_get(const struct rows *rows, size_t i, struct p25_entry *entry)
{
	const struct row *row = &rows->v[i];
	const char *text = rows->text + row->text;

	memset(entry, 0, sizeof(*entry));
	entry->kind = row->rank >> 61;
	entry->prefix = row->prefix;
	entry->has_action = row->action;
	entry->action = row->action ? row->action - 1 : 0;
	entry->timeout = row->timeout;
	entry->expires = row->expires;
	entry->packets = row->packets;
	entry->bytes = row->bytes;
	entry->cookie = row->cookie;
	strcpy(entry->owner, rows->owners[row->owner]);
	entry->has_guard = row->guard;
	if (row->guard) {
		memcpy(&entry->guard, text, sizeof(entry->guard));
		text += sizeof(entry->guard);
	}
	strcpy(entry->comment, text);
}

static int by_key(const void *left, const void *right, void *arg)
{
	const struct row *a = left, *b = right;
	const struct rows *rows = arg;
	int order;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	order = p25_prefix_cmp(&a->prefix, &b->prefix);
	if (order || a->owner == b->owner)
		return order;
	return strcmp(rows->owners[a->owner], rows->owners[b->owner]);
}

static int by_key_and_age(const void *left, const void *right, void *arg)
{
	const struct row *a = left, *b = right;
	int order = by_key(left, right, arg);

	if (order)
		return order;
	return a->cookie < b->cookie ? -1 : a->cookie > b->cookie;
}

/* rows_cmp - the order of rows_sort(), of entries */
int rows_cmp(const struct p25_entry *a, const struct p25_entry *b)
{
	int order;

	if (a->kind != b->kind)
		return (int)a->kind - (int)b->kind;
	order = p25_prefix_cmp(&a->prefix, &b->prefix);
	return order ? order : strcmp(a->owner, b->owner);
}

/* rows_sort - by kind, prefix, owner; of two of the same, the first one first */
void rows_sort(struct rows *rows)
{
	if (rows->n)
		qsort_r(rows->v, rows->n, sizeof(*rows->v), by_key_and_age,
			rows);
}

/* rows_unique - of sorted rows, keep the last one of the same */
void rows_unique(struct rows *rows)
{
	size_t n = 0, i;

	for (i = 0; i < rows->n; i++) {
		if (n && !by_key(&rows->v[n - 1], &rows->v[i], rows))
			n--;
		rows->v[n++] = rows->v[i];
	}
	rows->n = n;
}

/*
 * rows_compare - go through two sorted rows side by side
 * @each: called with an entry of @before and the same one of @after; NULL stands
 *	for one that isn't there. What it returns, if not 0, ends it
 */
int rows_compare(const struct rows *before, const struct rows *after,
		 int (*each)(const struct p25_entry *from,
			     const struct p25_entry *to, void *arg),
		 void *arg)
{
	struct p25_entry from, to;
	int err = 0, order;
	size_t i = 0, j = 0;

	while (!err && (i < before->n || j < after->n)) {
		if (i < before->n)
			rows_get(before, i, &from);
		if (j < after->n)
			rows_get(after, j, &to);
		order = i == before->n ? 1 : j == after->n ? -1 :
			rows_cmp(&from, &to);
		i += order <= 0;
		j += order >= 0;
		err = each(order <= 0 ? &from : NULL, order >= 0 ? &to : NULL,
			   arg);
	}
	return err;
}

void rows_free(struct rows *rows)
{
	free(rows->v);
	free(rows->text);
	free(rows->owners);
	memset(rows, 0, sizeof(*rows));
}
