/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which of many entries are in a file as well? Eleven to 22 bytes for each of them: a
 * hash table of hashes.
 */
#ifndef _KEYS_H
#define _KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "libp25.h"

struct ctl;

/**
 * struct keys - hashes of kind, prefix and owner; all zero: none
 * @v: the hashes, each in the first slot that was free where it belongs; 0: free
 * @n: how many
 * @room: slots, a power of two
 * @marks: a bit for each slot: it has been marked
 */
struct keys {
	uint64_t *v;
	size_t n, room;
	uint8_t *marks;
};

int keys_fetch(struct ctl *c, const char *owner, struct keys *keys);
void keys_mark(struct keys *keys, const struct p25_entry *entry);
void keys_unmark(struct keys *keys);
size_t keys_marked(const struct keys *keys);
void keys_free(struct keys *keys);

#endif /* _KEYS_H */
