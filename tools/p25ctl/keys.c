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
#include "siphash.h"

/* A collision gains an attacker nothing, so the key is no secret. */
static uint64_t hash(const struct p25_entry *entry)
{
	static const uint64_t key[2];
	struct {
		struct p25_prefix prefix;
		uint8_t kind;
		char owner[P25_OWNER_MAXLEN + 1];
	} name = { .prefix = entry->prefix, .kind = entry->kind };

	strcpy(name.owner, *entry->owner ? entry->owner : P25_OWNER_DEFAULT);
	return p25_siphash(&name, sizeof(name), key);
}

static int add_key(const struct p25_entry *entry, void *arg)
{
	struct keys *keys = arg;
	size_t room = keys->room ? keys->room * 2 : 64;
	uint64_t *v = keys->v;

	if (keys->n == keys->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return -ENOMEM;
		keys->v = v;
		keys->room = room;
	}
	v[keys->n++] = hash(entry);
	return 0;
}

static int by_number(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
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
		keys->marks = calloc(keys->n / 8 + 1, 1);
		err = keys->marks ? 0 : -ENOMEM;
	}
	if (err == -ENOMEM)
		return report_failure(c, "out of memory");
	if (!err && keys->n)
		qsort(keys->v, keys->n, sizeof(*keys->v), by_number);
	return ctl_result(c, NULL, err);
}

/* keys_mark - mark this entry, if it is one of them */
void keys_mark(struct keys *keys, const struct p25_entry *entry)
{
	uint64_t key, *found;
	size_t i;

	if (!keys->n)
		return;
	key = hash(entry);
	found = bsearch(&key, keys->v, keys->n, sizeof(key), by_number);
	if (!found)
		return;
	i = found - keys->v;
	keys->marks[i / 8] |= 1 << i % 8;
}

void keys_unmark(struct keys *keys)
{
	if (keys->n)
		memset(keys->marks, 0, keys->n / 8 + 1);
}

size_t keys_marked(const struct keys *keys)
{
	size_t n = 0, i;

	for (i = 0; keys->n && i < keys->n / 8 + 1; i++)
		n += __builtin_popcount(keys->marks[i]);
	return n;
}

void keys_free(struct keys *keys)
{
	free(keys->v);
	free(keys->marks);
	memset(keys, 0, sizeof(*keys));
}
