// SPDX-License-Identifier: GPL-2.0
/*
 * Changing an index; see the picture in index.h. Everything here is called in
 * process context.
 */
#include <linux/build_bug.h>
#include <linux/lockdep.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "entry.h"
#include "index.h"

/*
 * Load factor: so many entries in four buckets, of 28 slots or of 16. With six in seven
 * slots, an entry in eight would overflow, and runs of full buckets be four times as long.
 */
#define FILL_NARROW	20
#define FILL_WIDE	10

static unsigned int fill(bool wide)
{
	return wide ? FILL_WIDE : FILL_NARROW;
}

static unsigned int pieces_of(const struct p25_index *index)
{
	return DIV_ROUND_UP(index->buckets.n, BIT(index->buckets.shift));
}

/**
 * p25_index_free - free an index, or NULL, that has no readers
 * @index: the index
 *
 * Context: any.
 */
void p25_index_free(struct p25_index *index)
{
	unsigned int i;

	if (!index)
		return;
	p25_index_free(index->old);
	for (i = 0; i < pieces_of(index); i++)
		free_pages((unsigned long)index->pieces[i], index->order);
	kvfree(index);
}

static void free_retired(struct rcu_head *rcu)
{
	p25_index_free(container_of(rcu, struct p25_index, rcu));
}

/* p25_index_retire - free an index that no new reader finds, after a grace period */
void p25_index_retire(struct p25_index *index)
{
	call_rcu(&index->rcu, free_retired);
}

static int alloc_pieces(struct p25_index *index)
{
	unsigned int i;

	for (i = 0; i < pieces_of(index); i++) {
		index->pieces[i] = (void *)__get_free_pages(P25_GFP |
							    __GFP_ZERO,
							    index->order);
		if (!index->pieces[i])
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/**
 * p25_index_alloc - make an empty index
 * @entries: how many it must have room for
 * @wide: do hashes have 64 bits? Else 32
 * @lock: the policy's
 *
 * Context: may sleep.
 * Return: the index, or NULL.
 */
struct p25_index *p25_index_alloc(unsigned int entries, bool wide,
				  struct mutex *lock)
{
	unsigned int n_buckets = 4 * (entries / fill(wide) + 1);
	unsigned int order = min(get_order(n_buckets *
					   sizeof(struct p25_bucket)),
				 PAGE_ALLOC_COSTLY_ORDER);
	unsigned int shift = PAGE_SHIFT + order -
			     ilog2(sizeof(struct p25_bucket));
	struct p25_index *index;

	BUILD_BUG_ON(sizeof(struct p25_bucket) != 64);
	index = kvzalloc(struct_size(index, pieces,
				     DIV_ROUND_UP(n_buckets, BIT(shift))),
			 P25_GFP);
	if (!index)
		return NULL;
	index->lock = lock;
	index->wide = wide;
	index->order = order;
	index->buckets = (struct p25_buckets) {
		.n = n_buckets,
		.shift = shift,
		.mask = BIT(shift) - 1,
		.pieces = index->pieces,
	};
	if (alloc_pieces(index)) {
		p25_index_free(index);
		return NULL;
	}
	return index;
}

/* p25_index_capacity - entries that an index, or NULL, has room for */
unsigned int p25_index_capacity(const struct p25_index *index)
{
	return index ? index->buckets.n / 4 * fill(index->wide) : 0;
}

/* p25_index_memory - bytes that an index, or NULL, takes */
size_t p25_index_memory(const struct p25_index *index)
{
	if (!index)
		return 0;
	lockdep_assert_held(index->lock);
	return struct_size(index, pieces, pieces_of(index)) +
	       pieces_of(index) * (PAGE_SIZE << index->order) +
	       p25_index_memory(index->old);
}

/* The slot of a bucket that is free, or -1. */
static int free_slot(const struct p25_index *index, const struct p25_bucket *bucket)
{
	unsigned int i;

	for (i = 0; i < p25_bucket_slots(index->wide); i++)
		if (!p25_bucket_slot(bucket, index->wide, i).state)
			return i;
	return -1;
}

static u32 next_bucket(const struct p25_index *index, u32 at)
{
	return at + 1 == index->buckets.n ? 0 : at + 1;
}

static void add_overflow(struct p25_bucket *bucket, u64 hash)
{
	WRITE_ONCE(bucket->overflow,
		   bucket->overflow | p25_bucket_overflow_bit(hash));
}

/**
 * p25_index_place - add an entry
 * @index: the index; has fewer entries than its capacity
 * @slot: the entry's slot; the entry can be read already
 */
void p25_index_place(struct p25_index *index, struct p25_slot slot)
{
	u32 at = p25_buckets_home(&index->buckets, slot.hash);
	struct p25_bucket *bucket = p25_buckets_nth(&index->buckets, at);
	int i;

	lockdep_assert_held(index->lock);
	while ((i = free_slot(index, bucket)) < 0) {
		add_overflow(bucket, slot.hash);
		at = next_bucket(index, at);
		bucket = p25_buckets_nth(&index->buckets, at);
	}
	p25_bucket_set(bucket, index->wide, i, slot);
}

/* Are both slots of one entry? */
static bool is_same(struct p25_slot a, struct p25_slot b)
{
	return a.hash == b.hash &&
	       p25_state_number(a.state) == p25_state_number(b.state);
}

/* The slot of a bucket that has the entry of @slot, or -1. */
static int slot_in(const struct p25_index *index, const struct p25_bucket *bucket,
		   struct p25_slot slot)
{
	unsigned int i;

	for (i = 0; i < p25_bucket_slots(index->wide); i++) {
		struct p25_slot there = p25_bucket_slot(bucket, index->wide, i);

		if (there.state && is_same(there, slot))
			return i;
	}
	return -1;
}

/*
 * Set the state of the slot that has the entry of @slot. Returns the bucket that it is
 * in, or the home bucket if there is no such slot.
 */
static u32 set_state(struct p25_index *index, struct p25_slot slot, u32 state)
{
	u32 home = p25_buckets_home(&index->buckets, slot.hash);
	unsigned int left = index->buckets.n;
	u32 at;

	for (at = home; left--; at = next_bucket(index, at)) {
		struct p25_bucket *bucket = p25_buckets_nth(&index->buckets, at);
		int i = slot_in(index, bucket, slot);

		if (i >= 0) {
			p25_bucket_set_state(bucket, index->wide, i, state);
			return at;
		}
		if (!bucket->overflow)
			break;
	}
	return home;
}

/**
 * p25_index_update - change the state of an entry's slot
 * @index: the index
 * @slot: the slot as it is to be; the entry is up to date already
 */
void p25_index_update(struct p25_index *index, struct p25_slot slot)
{
	lockdep_assert_held(index->lock);
	set_state(index, slot, slot.state);
	if (index->old)
		set_state(index->old, slot, slot.state);
}

/* Buckets that an entry in bucket @at is away from its home bucket. */
static u32 distance(const struct p25_index *index, u32 at, u64 hash)
{
	u32 home = p25_buckets_home(&index->buckets, hash);

	return at >= home ? at - home : at + index->buckets.n - home;
}

/* The overflow bits of a bucket, by the entries that are in the buckets behind it. */
static u8 overflow_of(const struct p25_index *index, u32 number)
{
	u32 at = number;
	u8 overflow = 0;
	u32 behind;
	unsigned int i;

	for (behind = 1; p25_buckets_nth(&index->buckets, at)->overflow &&
	     behind < index->buckets.n; behind++) {
		at = next_bucket(index, at);
		for (i = 0; i < p25_bucket_slots(index->wide); i++) {
			struct p25_slot slot =
				p25_bucket_slot(p25_buckets_nth(&index->buckets, at),
						index->wide, i);

			if (slot.state &&
			    distance(index, at, slot.hash) >= behind)
				overflow |= p25_bucket_overflow_bit(slot.hash);
		}
	}
	return overflow;
}

static void remove_from(struct p25_index *index, struct p25_slot slot)
{
	u32 at = set_state(index, slot, 0);
	u32 i;

	for (i = p25_buckets_home(&index->buckets, slot.hash); i != at;
	     i = next_bucket(index, i))
		WRITE_ONCE(p25_buckets_nth(&index->buckets, i)->overflow,
			   overflow_of(index, i));
}

/**
 * p25_index_remove - remove an entry
 * @index: the index
 * @slot: its slot
 */
void p25_index_remove(struct p25_index *index, struct p25_slot slot)
{
	lockdep_assert_held(index->lock);
	remove_from(index, slot);
	if (index->old)
		remove_from(index->old, slot);
}

/**
 * p25_index_replace - begin to replace an index
 * @index: the new one, empty, with room for all that is in @old; to be published
 *	afterwards
 * @old: the old one, itself not being copied into; p25_index_copy() frees it
 */
void p25_index_replace(struct p25_index *index, struct p25_index *old)
{
	lockdep_assert_held(index->lock);
	index->copied = 0;
	index->old = old;
}

/* Copy the entries of a home bucket, from whichever buckets they are in. */
static void copy_bucket(struct p25_index *index, struct p25_index *old,
			u32 home)
{
	unsigned int left = old->buckets.n;
	struct p25_bucket *bucket;
	u32 at = home;
	unsigned int i;

	do {
		bucket = p25_buckets_nth(&old->buckets, at);
		for (i = 0; i < p25_bucket_slots(old->wide); i++) {
			struct p25_slot slot = p25_bucket_slot(bucket, old->wide, i);

			if (slot.state && p25_buckets_home(&old->buckets, slot.hash) == home)
				p25_index_place(index, slot);
		}
		at = next_bucket(old, at);
	} while (bucket->overflow && --left);
}

/**
 * p25_index_copy - copy some of the old index, and free it once all is copied
 * @index: the new one
 * @buckets: how many of the old one's buckets to copy at the most
 *
 * Return: true if there is more to copy.
 */
bool p25_index_copy(struct p25_index *index, unsigned int buckets)
{
	struct p25_index *old = index->old;
	u32 copied = index->copied;

	lockdep_assert_held(index->lock);
	if (!old)
		return false;
	while (copied < old->buckets.n && buckets--)
		copy_bucket(index, old, copied++);
	/* Pairs with p25_index_search(): its reader finds all that is copied. */
	smp_store_release(&index->copied, copied);
	if (copied < old->buckets.n)
		return true;
	/* The same; pairs with p25_index_search_home(), too. */
	smp_store_release(&index->old, NULL);
	p25_index_retire(old);
	return false;
}
