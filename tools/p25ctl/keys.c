// SPDX-License-Identifier: GPL-2.0
/*
 * Which of an owner's entries are in a file as well?
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "keys.h"
#include "report.h"
#include "session.h"

/* Slots of an empty set. */
#define ROOM_MIN 64

/* A collision gains an attacker nothing, so there is no key. */
static uint64_t hash(const struct p25_entry *entry)
{
	const char *owner = *entry->owner ? entry->owner : P25_OWNER_DEFAULT;
	uint64_t words[5] = { 0 }, sum = 0;
	size_t i;

	memcpy(words, entry->prefix.addr, sizeof(entry->prefix.addr));
	words[2] = (uint64_t)entry->prefix.family << 16 |
		   entry->prefix.len << 8 | entry->kind;
	strcpy((char *)&words[3], owner);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		sum = (sum ^ words[i]) * 0x9e3779b97f4a7c15;
		sum ^= sum >> 32;
	}
	return sum ? sum : 1;
}

/* The slot that has the hash, or the free one where it belongs. */
static size_t find_slot(const struct keys *keys, uint64_t hash)
{
	size_t i = hash & (keys->room - 1);

	while (keys->v[i] && keys->v[i] != hash)
		i = (i + 1) & (keys->room - 1);
	return i;
}

static int grow(struct keys *keys)
{
	struct keys before = *keys;
	size_t i;

	keys->room = before.room ? 2 * before.room : ROOM_MIN;
	keys->v = calloc(keys->room, sizeof(*keys->v));
	if (!keys->v) {
		*keys = before;
		return -ENOMEM;
	}
	for (i = 0; i < before.room; i++) {
		if (before.v[i])
			keys->v[find_slot(keys, before.v[i])] = before.v[i];
	}
	free(before.v);
	return 0;
}

static int add_key(const struct p25_entry *entry, void *arg)
{
	struct keys *keys = arg;
	uint64_t key = hash(entry);
	size_t i;

	if (keys->n >= keys->room / 4 * 3 && grow(keys))
		return -ENOMEM;
	i = find_slot(keys, key);
	keys->n += !keys->v[i];
	keys->v[i] = key;
	return 0;
}

/*
 * keys_fetch - those of an owner's entries, or of all
 *
 * If others change several entries meanwhile, some may be missing. Return: DONE
 * or FAILED
 */
int keys_fetch(struct ctl *c, const char *owner, struct keys *keys)
{
	struct p25_filter filter = { .owner = owner };
	int err = p25_list(c->p25, &filter, add_key, keys);

	if (!err || err == -EINTR) {
		keys->marks = calloc(keys->room / 8 + 1, 1);
		err = keys->marks ? 0 : -ENOMEM;
	}
	if (err == -ENOMEM)
		return report_failure(c, "out of memory");
	return ctl_result(c, NULL, err);
}

/* keys_mark - mark this entry, if it is one of them */
void keys_mark(struct keys *keys, const struct p25_entry *entry)
{
	size_t i;

	if (!keys->n)
		return;
	i = find_slot(keys, hash(entry));
	if (keys->v[i])
		keys->marks[i / 8] |= 1 << i % 8;
}

void keys_unmark(struct keys *keys)
{
	if (keys->n)
		memset(keys->marks, 0, keys->room / 8 + 1);
}

size_t keys_marked(const struct keys *keys)
{
	size_t n = 0, i;

	for (i = 0; keys->n && i < keys->room / 8 + 1; i++)
		n += __builtin_popcount(keys->marks[i]);
	return n;
}

void keys_free(struct keys *keys)
{
	free(keys->v);
	free(keys->marks);
	memset(keys, 0, sizeof(*keys));
}
