/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An index: from the hash of a prefix to the slots of its entries, in buckets.
 *
 * Open addressing, by buckets. The home bucket of an entry is the one that the
 * upper bits of its hash say. If that is full, the entry goes into the next one
 * that isn't, and every full bucket on the way has its overflow bit. A lookup
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

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "bucket.h"

struct mutex;

/**
 * struct p25_buckets - where the buckets of an index are
 * @n: how many
 * @mask: BIT(shift) - 1
 * @shift: a piece has BIT(shift) buckets
 * @pieces: the pieces. They are pages of the kernel's direct map, not one large
 *	area of vmalloc, where nearly each lookup would miss the TLB, too
 */
struct p25_buckets {
	u32			n;
	u32			mask;
	u8			shift;
	struct p25_bucket	**pieces;
};

/**
 * struct p25_index - an index
 * @rcu: readers may still be in an index that has been replaced
 * @lock: of the policy, held to change the index
 * @old: the index that is being copied into this one, or NULL
 * @copied: buckets of @old that have been copied
 * @wide: are its buckets wide?
 * @order: of the pages that a piece is
 * @buckets: the buckets
 * @pieces: their pieces
 */
struct p25_index {
	struct rcu_head		rcu;
	struct mutex		*lock;	/* of the policy, held by writers */
	struct p25_index	*old;
	u32			copied;
	bool			wide;
	u8			order;
	struct p25_buckets	buckets;
	struct p25_bucket	*pieces[];
};

struct p25_index *p25_index_alloc(unsigned int entries, bool wide, struct mutex *lock);
void p25_index_free(struct p25_index *index);
void p25_index_retire(struct p25_index *index);
unsigned int p25_index_capacity(const struct p25_index *index);
size_t p25_index_memory(const struct p25_index *index);

void p25_index_place(struct p25_index *index, struct p25_slot slot);
void p25_index_update(struct p25_index *index, struct p25_slot slot);
void p25_index_remove(struct p25_index *index, struct p25_slot slot);
void p25_index_replace(struct p25_index *index, struct p25_index *old);
bool p25_index_copy(struct p25_index *index, unsigned int buckets);

/* The number of a hash's home bucket. */
static inline u32 p25_buckets_home(const struct p25_buckets *buckets, u64 hash)
{
	return (hash >> 32) * buckets->n >> 32;
}

static inline struct p25_bucket *p25_buckets_nth(const struct p25_buckets *buckets,
						 u32 number)
{
	return &buckets->pieces[number >> buckets->shift][number & buckets->mask];
}

/* A hash's home bucket. */
static inline const struct p25_bucket *
p25_buckets_home_bucket(const struct p25_buckets *buckets, u64 hash)
{
	return p25_buckets_nth(buckets, p25_buckets_home(buckets, hash));
}

/* The bucket that is so many behind a hash's home bucket. */
static inline const struct p25_bucket *
p25_buckets_behind(const struct p25_buckets *buckets, u64 hash, u32 distance)
{
	u32 at = p25_buckets_home(buckets, hash) + distance;

	return p25_buckets_nth(buckets, at < buckets->n ? at : at - buckets->n);
}

/**
 * p25_index_search_home - visit the entries of a hash that are in its home bucket
 * @index: the index
 * @wide: are its buckets wide? A constant
 * @hash: the hash
 * @bucket: the home bucket
 * @visit: as of p25_index_search()
 * @arg: passed to @visit
 *
 * Context: any, under rcu_read_lock().
 * Return: false if that are all, true if p25_index_search() may find others.
 */
static __always_inline bool
p25_index_search_home(const struct p25_index *index, bool wide, u64 hash,
		      const struct p25_bucket *bucket,
		      bool (*visit)(u32 state, void *arg), void *arg)
{
	/* Before the bucket; pairs with p25_index_copy(). */
	const struct p25_index *old = smp_load_acquire(&index->old);

	p25_bucket_search(bucket, wide, hash, visit, arg);
	return READ_ONCE(bucket->overflow) & p25_bucket_overflow_bit(hash) || old;
}

/* Calls @visit for what this index has, not the one that it replaces. */
static __always_inline bool
__p25_index_search(const struct p25_index *index, bool wide, u64 hash,
		   bool (*visit)(u32 state, void *arg), void *arg)
{
	const struct p25_bucket *bucket;
	u32 distance = 0;

	do {
		bucket = p25_buckets_behind(&index->buckets, hash, distance);
		if (p25_bucket_search(bucket, wide, hash, visit, arg))
			return true;
	} while (READ_ONCE(bucket->overflow) & p25_bucket_overflow_bit(hash) &&
		 ++distance < index->buckets.n);
	return false;
}

/**
 * p25_index_search - visit all entries of a hash
 * @index: the index
 * @wide: are its buckets wide? A constant
 * @hash: the hash
 * @visit: called with the state of each slot, see slot.h; returns true to end the
 *	search. It may be called for an entry twice
 * @arg: passed to @visit
 *
 * Context: any, under rcu_read_lock().
 * Return: true if @visit has returned true.
 */
static __always_inline bool
p25_index_search(const struct p25_index *index, bool wide, u64 hash,
		 bool (*visit)(u32 state, void *arg), void *arg)
{
	const struct p25_index *old;
	u32 copied;

	/* Both before the search; pairs with p25_index_copy(). */
	old = smp_load_acquire(&index->old);
	copied = smp_load_acquire(&index->copied);	/* pairs with the same */
	if (__p25_index_search(index, wide, hash, visit, arg))
		return true;
	return old && p25_buckets_home(&old->buckets, hash) >= copied &&
	       __p25_index_search(old, wide, hash, visit, arg);
}

#endif /* _P25_INDEX_H */
