/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An index: from the hash of a prefix to the numbers of its entries.
 *
 *	bucket, one cache line                    hash: 0 1 2 3 4 5 6
 *	+-----------------------------------+
 *	| 7 hashes       | spilled          |    spilled: of those that belong
 *	| 7 entries      | spill_bits       |    here, how many stand further on
 *	+-----------------------------------+
 *
 * An entry belongs to the bucket that the upper bits of its hash say. If that
 * is full, it goes into the next one that isn't, and every full bucket on the
 * way counts it as spilled. So a lookup ends at the first bucket from which
 * nothing has spilled that could be what it looks for, which is nearly always
 * the first one, and nothing that is removed leaves a mark behind.
 *
 * A full index is replaced by a larger one, into which the entries are copied
 * some buckets at a time while both are in use:
 *
 *	old  | copied | not yet |      no entry leaves the old one for that
 *	     '--------+---------'
 *	new  |  readers look here; and in the old one, if its bucket
 *	     |  has not been copied yet
 *
 * Readers hold rcu_read_lock(). Whoever changes the index holds the policy's
 * lock.
 */
#ifndef _P25_INDEX_H
#define _P25_INDEX_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/prefetch.h>
#include <linux/types.h>

#define P25_BUCKET_SLOTS	7

struct p25_bucket {
	u32	hash[P25_BUCKET_SLOTS];		/* 0: the slot is free */
	u32	spilled;
	u32	entry[P25_BUCKET_SLOTS];
	u32	spill_bits;	/* of what has spilled: BIT(hash % 32) */
};

/**
 * struct p25_index - an index
 * @rcu: readers may still be in an index that has been replaced
 * @old: the index that is being copied into this one, or NULL
 * @copied: buckets of @old that have been copied
 * @n_buckets: number of buckets
 * @buckets: the buckets
 */
struct p25_index {
	struct rcu_head		rcu;
	struct p25_index	*old;
	u32			copied;
	u32			n_buckets;
	u64			fill_line[4];	/* buckets are cache lines */
	struct p25_bucket	buckets[];
};

struct p25_index *p25_index_alloc(unsigned int entries);
void p25_index_free(struct p25_index *index);
unsigned int p25_index_capacity(const struct p25_index *index);
size_t p25_index_memory(const struct p25_index *index);

void p25_index_place(struct p25_index *index, u32 hash, u32 entry);
void p25_index_remove(struct p25_index *index, u32 hash, u32 entry);
void p25_index_replace(struct p25_index *index, struct p25_index *old);
bool p25_index_copy(struct p25_index *index, unsigned int buckets);

static inline u32 p25_index_bucket(const struct p25_index *index, u32 hash)
{
	return (u64)hash * index->n_buckets >> 32;
}

static inline void p25_index_prefetch(const struct p25_index *index, u32 hash)
{
	prefetch(&index->buckets[p25_index_bucket(index, hash)]);
}

/* Shows @see what stands in this index alone. */
static __always_inline bool
__p25_index_search(const struct p25_index *index, u32 hash,
		   bool (*see)(u32 entry, void *arg), void *arg)
{
	u32 at = p25_index_bucket(index, hash);
	u32 left = index->n_buckets;
	int i;

	while (left--) {
		const struct p25_bucket *bucket = &index->buckets[at];

		for (i = 0; i < P25_BUCKET_SLOTS; i++) {
			if (likely(READ_ONCE(bucket->hash[i]) != hash))
				continue;
			/* Pairs with p25_index_place(). */
			smp_rmb();
			if (see(READ_ONCE(bucket->entry[i]), arg))
				return true;
		}
		if (likely(!(READ_ONCE(bucket->spill_bits) & BIT(hash % 32))))
			break;
		if (++at == index->n_buckets)
			at = 0;
	}
	return false;
}

/**
 * p25_index_search - show all entries of a hash
 * @index: the index
 * @hash: the hash
 * @see: called with each entry's number; true: that was it. It may be shown an
 *	entry twice, and one that has another prefix
 * @arg: passed to @see
 *
 * Context: any, under rcu_read_lock().
 * Return: true if @see has returned true.
 */
static __always_inline bool
p25_index_search(const struct p25_index *index, u32 hash,
		 bool (*see)(u32 entry, void *arg), void *arg)
{
	const struct p25_index *old;
	u32 copied;

	/* Both before looking; pairs with p25_index_copy(). */
	old = smp_load_acquire(&index->old);
	copied = smp_load_acquire(&index->copied);	/* likewise */
	if (__p25_index_search(index, hash, see, arg))
		return true;
	return unlikely(old) && p25_index_bucket(old, hash) >= copied &&
	       __p25_index_search(old, hash, see, arg);
}

#endif /* _P25_INDEX_H */
