/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An index: from the hash of a prefix to the slots of its entries, see slot.h.
 *
 *	bucket, one cache line
 *	+-----------------------------------+
 *	| 7 slots        | overflow         |    overflow: entries of this bucket,
 *	|                | overflow_bits    |    or of one before, that are in
 *	+-----------------------------------+    one behind it
 *
 * Open addressing, by buckets. The home bucket of an entry is the one that the
 * upper bits of its hash say. If that is full, the entry goes into the next one
 * that isn't, and every full bucket on the way counts it as overflow. A lookup
 * ends at the first bucket whose overflow can't have the hash: nearly always the
 * home bucket. Removing an entry leaves no tombstone.
 *
 * A full index is replaced by a larger one, into which the entries are copied
 * some buckets at a time while both are in use:
 *
 *	old  | copied | not yet |      copied entries stay in the old one
 *	     '--------+---------'
 *	new  |  readers look here; and in the old one, if its bucket
 *	     |  has not been copied yet
 *
 * Readers hold rcu_read_lock(), writers hold the policy's lock.
 */
#ifndef _P25_INDEX_H
#define _P25_INDEX_H

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/prefetch.h>
#include <linux/types.h>

#include "slot.h"

struct mutex;

#define P25_BUCKET_SLOTS	7

struct p25_bucket {
	atomic64_t	slot[P25_BUCKET_SLOTS];
	u32		overflow;
	u32		overflow_bits;	/* BIT(hash % 32) of each of the overflow */
};

/**
 * struct p25_index - an index
 * @rcu: readers may still be in an index that has been replaced
 * @lock: the policy's
 * @old: the index that is being copied into this one, or NULL
 * @copied: buckets of @old that have been copied
 * @n_buckets: number of buckets
 * @order: of the pages that the buckets are in
 * @shift: a piece of pages has BIT(shift) buckets
 * @pieces: the pieces. They are pages of the kernel's direct map, not one large
 *	area of vmalloc, where nearly each lookup would miss the TLB, too
 */
struct p25_index {
	struct rcu_head		rcu;
	struct mutex		*lock;	/* the policy's */
	struct p25_index	*old;
	u32			copied;
	u32			n_buckets;
	u8			order;
	u8			shift;
	struct p25_bucket	*pieces[];
};

struct p25_index *p25_index_alloc(unsigned int entries, struct mutex *lock);
void p25_index_free(struct p25_index *index);
void p25_index_retire(struct p25_index *index);
unsigned int p25_index_capacity(const struct p25_index *index);
size_t p25_index_memory(const struct p25_index *index);

void p25_index_place(struct p25_index *index, u64 slot);
void p25_index_update(struct p25_index *index, u64 slot);
void p25_index_remove(struct p25_index *index, u64 slot);
void p25_index_replace(struct p25_index *index, struct p25_index *old);
bool p25_index_copy(struct p25_index *index, unsigned int buckets);

/* The number of a hash's home bucket. */
static inline u32 p25_index_home(const struct p25_index *index, u32 hash)
{
	return (u64)hash * index->n_buckets >> 32;
}

static inline struct p25_bucket *p25_index_bucket(const struct p25_index *index,
						  u32 number)
{
	return &index->pieces[number >> index->shift]
			     [number & (BIT(index->shift) - 1)];
}

static inline void p25_index_prefetch(const struct p25_index *index, u32 hash)
{
	prefetch(p25_index_bucket(index, p25_index_home(index, hash)));
}

static __always_inline unsigned int
p25_slot_matches(const struct p25_bucket *bucket, unsigned int slot, u32 hash)
{
	const u32 *halves = (const u32 *)&bucket->slot[slot];

	return (READ_ONCE(halves[P25_SLOT_HASH_HALF]) == hash) << slot;
}

/*
 * BIT(slot) for each slot with that hash. Without a branch for each: which slot
 * it is can't be predicted.
 */
static __always_inline unsigned int
p25_bucket_matches(const struct p25_bucket *bucket, u32 hash)
{
	BUILD_BUG_ON(P25_BUCKET_SLOTS != 7);
	return p25_slot_matches(bucket, 0, hash) |
	       p25_slot_matches(bucket, 1, hash) |
	       p25_slot_matches(bucket, 2, hash) |
	       p25_slot_matches(bucket, 3, hash) |
	       p25_slot_matches(bucket, 4, hash) |
	       p25_slot_matches(bucket, 5, hash) |
	       p25_slot_matches(bucket, 6, hash);
}

/* Calls @visit for what this index has, not the one that it replaces. */
static __always_inline bool
__p25_index_search(const struct p25_index *index, u32 hash,
		   bool (*visit)(u32 state, void *arg), void *arg)
{
	u32 at = p25_index_home(index, hash);
	u32 left = index->n_buckets;

	while (left--) {
		const struct p25_bucket *bucket = p25_index_bucket(index, at);
		unsigned int matches = p25_bucket_matches(bucket, hash);

		for (; matches; matches &= matches - 1) {
			u64 slot = atomic64_read(&bucket->slot[__ffs(matches)]);

			/* It may have been freed and taken meanwhile. */
			if (p25_slot_hash(slot) == hash && p25_slot_state(slot) &&
			    visit(p25_slot_state(slot), arg))
				return true;
		}
		if (likely(!(READ_ONCE(bucket->overflow_bits) & BIT(hash % 32))))
			break;
		if (++at == index->n_buckets)
			at = 0;
	}
	return false;
}

/**
 * p25_index_search - visit all entries of a hash
 * @index: the index
 * @hash: the hash
 * @visit: called with the state of each slot, see slot.h; returns true to end the
 *	search. It may be called for an entry twice
 * @arg: passed to @visit
 *
 * Context: any, under rcu_read_lock().
 * Return: true if @visit has returned true.
 */
static __always_inline bool
p25_index_search(const struct p25_index *index, u32 hash,
		 bool (*visit)(u32 state, void *arg), void *arg)
{
	const struct p25_index *old;
	u32 copied;

	/* Both before the search; pairs with p25_index_copy(). */
	old = smp_load_acquire(&index->old);
	copied = smp_load_acquire(&index->copied);	/* pairs, as above */
	if (__p25_index_search(index, hash, visit, arg))
		return true;
	return unlikely(old) && p25_index_home(old, hash) >= copied &&
	       __p25_index_search(old, hash, visit, arg);
}

#endif /* _P25_INDEX_H */
