// SPDX-License-Identifier: GPL-2.0
/*
 * The guard's history: a table of fixed size, in buckets of four. Where there is no room,
 * the block is forgotten that is to be forgotten first. Everything here is called in process
 * context, under the policy's lock.
 */
#include <linux/jhash.h>
#include <linux/p25.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "entry.h"
#include "history.h"

#define BUCKET		4
#define BUCKETS		(P25_GUARD_ENTRIES_MAX / BUCKET)

/**
 * struct block - the last block of a prefix
 * @prefix: the prefix
 * @timeout: seconds that it was for
 * @forget: who comes back before this, by the boot-time clock, comes back soon: for as
 *	long again as the block was for; 0: there is no block
 */
struct block {
	struct p25_prefix	prefix;
	u32			timeout;
	u32			forget;
};

struct p25_history {
	u32		seed;
	struct block	blocks[BUCKETS][BUCKET];
};

/**
 * p25_history_alloc - make an empty history
 *
 * Context: may sleep.
 * Return: the history, for p25_history_free(), or NULL.
 */
struct p25_history *p25_history_alloc(void)
{
	struct p25_history *history = kvzalloc(sizeof(*history), P25_GFP);

	if (history)
		get_random_bytes(&history->seed, sizeof(history->seed));
	return history;
}

/* p25_history_free - free a history, which may be NULL */
void p25_history_free(struct p25_history *history)
{
	kvfree(history);
}

static unsigned int bucket_of(const struct p25_history *history,
			      const struct p25_prefix *prefix)
{
	return jhash2((__force const u32 *)prefix->addr.s6_addr32, 4,
		      history->seed + prefix->len) % BUCKETS;
}

static bool is_of(const struct block *block, const struct p25_prefix *prefix)
{
	return block->prefix.family == prefix->family &&
	       block->prefix.len == prefix->len &&
	       ipv6_addr_equal(&block->prefix.addr, &prefix->addr);
}

/**
 * p25_history_timeout - how long is a prefix to be blocked for?
 * @history: the history
 * @prefix: the prefix
 * @timeout: seconds, if it was not blocked before; 0: until somebody deletes the entry
 * @now: p25_now()
 *
 * Return: seconds, or 0.
 */
u32 p25_history_timeout(const struct p25_history *history,
			const struct p25_prefix *prefix, u32 timeout, u32 now)
{
	const struct block *blocks = history->blocks[bucket_of(history, prefix)];
	unsigned int i;

	if (!timeout)
		return 0;
	for (i = 0; i < BUCKET; i++)
		if (is_of(&blocks[i], prefix) && now <= blocks[i].forget)
			return clamp(2 * blocks[i].timeout, timeout,
				     P25_GUARD_SECONDS_MAX);
	return timeout;
}

/**
 * p25_history_note - a prefix is blocked from now on
 * @history: the history
 * @prefix: the prefix
 * @timeout: seconds; 0: until somebody deletes the entry, which need not be remembered
 * @now: p25_now()
 */
void p25_history_note(struct p25_history *history, const struct p25_prefix *prefix,
		      u32 timeout, u32 now)
{
	struct block *blocks = history->blocks[bucket_of(history, prefix)];
	struct block *block = blocks;
	unsigned int i;

	if (!timeout)
		return;
	for (i = 0; i < BUCKET; i++) {
		if (is_of(&blocks[i], prefix)) {
			block = &blocks[i];
			break;
		}
		if (blocks[i].forget < block->forget)
			block = &blocks[i];
	}
	*block = (struct block) {
		.prefix = *prefix,
		.timeout = timeout,
		.forget = now + 2 * timeout,
	};
}
