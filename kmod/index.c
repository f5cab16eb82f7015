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
 * Load factor: so many of a bucket's seven slots. With six, an entry in eight would
 * overflow, and runs of full buckets be four times as long.
 */
#define FILL		5
#define BUCKETS_MIN	4

static unsigned int pieces_of(const struct p25_index *index)
{
	return DIV_ROUND_UP(index->n_buckets, BIT(index->shift));
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
 * @lock: the policy's
 *
 * Context: may sleep.
 * Return: the index, or NULL.
 */
struct p25_index *p25_index_alloc(unsigned int entries, struct mutex *lock)
{
	unsigned int n_buckets = max(entries / FILL + 1, BUCKETS_MIN);
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
	index->n_buckets = n_buckets;
	index->order = order;
	index->shift = shift;
	if (alloc_pieces(index)) {
		p25_index_free(index);
		return NULL;
	}
	return index;
}

/* p25_index_capacity - entries that an index, or NULL, has room for */
unsigned int p25_index_capacity(const struct p25_index *index)
{
	return index ? index->n_buckets * FILL : 0;
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

static int free_slot(const struct p25_bucket *bucket)
{
	int i;

	for (i = 0; i < P25_BUCKET_SLOTS; i++)
		if (!atomic64_read(&bucket->slot[i]))
			return i;
	return -1;
}

static u32 next_bucket(const struct p25_index *index, u32 at)
{
	return at + 1 == index->n_buckets ? 0 : at + 1;
}

static void count_overflow(struct p25_bucket *bucket, u32 hash)
{
	bucket->overflow++;
	WRITE_ONCE(bucket->overflow_bits, bucket->overflow_bits | BIT(hash % 32));
}

static void uncount_overflow(struct p25_bucket *bucket)
{
	if (!--bucket->overflow)
		WRITE_ONCE(bucket->overflow_bits, 0);
}

/* Who reads the slot can read the entry as well; pairs with p25_slab_entry(). */
static void set_slot(atomic64_t *slot, u64 value)
{
	/* 5.10 has no atomic64_set_release() on 32 bits. */
	smp_wmb();
	atomic64_set(slot, value);
}

/**
 * p25_index_place - add an entry
 * @index: the index; has fewer entries than its capacity
 * @slot: the entry's slot; the entry can be read already
 */
void p25_index_place(struct p25_index *index, u64 slot)
{
	u32 at = p25_index_home(index, p25_slot_hash(slot));
	struct p25_bucket *bucket = p25_index_bucket(index, at);
	int i;

	lockdep_assert_held(index->lock);
	while ((i = free_slot(bucket)) < 0) {
		count_overflow(bucket, p25_slot_hash(slot));
		at = next_bucket(index, at);
		bucket = p25_index_bucket(index, at);
	}
	set_slot(&bucket->slot[i], slot);
}

/* Are both slots of one entry? */
static bool is_same(u64 a, u64 b)
{
	return p25_slot_hash(a) == p25_slot_hash(b) &&
	       p25_state_number(a) == p25_state_number(b);
}

static int slot_in(const struct p25_bucket *bucket, u64 slot)
{
	int i;

	for (i = 0; i < P25_BUCKET_SLOTS; i++) {
		u64 there = atomic64_read(&bucket->slot[i]);

		if (there && is_same(there, slot))
			return i;
	}
	return -1;
}

/* Where an entry's slot is, in the bucket number @at; NULL: nowhere. */
static atomic64_t *find_slot(struct p25_index *index, u64 slot, u32 *at)
{
	unsigned int left = index->n_buckets;

	for (*at = p25_index_home(index, p25_slot_hash(slot)); left--;
	     *at = next_bucket(index, *at)) {
		struct p25_bucket *bucket = p25_index_bucket(index, *at);
		int i = slot_in(bucket, slot);

		if (i >= 0)
			return &bucket->slot[i];
		if (!bucket->overflow)
			break;
	}
	return NULL;
}

static void update_in(struct p25_index *index, u64 slot)
{
	atomic64_t *there;
	u32 at;

	there = find_slot(index, slot, &at);
	if (there)
		set_slot(there, slot);
}

/**
 * p25_index_update - change the state of an entry's slot
 * @index: the index
 * @slot: the slot as it is to be; the entry is up to date already
 */
void p25_index_update(struct p25_index *index, u64 slot)
{
	lockdep_assert_held(index->lock);
	update_in(index, slot);
	if (index->old)
		update_in(index->old, slot);
}

static void remove_from(struct p25_index *index, u64 slot)
{
	atomic64_t *there;
	u32 at;
	u32 i;

	there = find_slot(index, slot, &at);
	if (!there)
		return;
	atomic64_set(there, 0);
	for (i = p25_index_home(index, p25_slot_hash(slot)); i != at;
	     i = next_bucket(index, i))
		uncount_overflow(p25_index_bucket(index, i));
}

/**
 * p25_index_remove - remove an entry
 * @index: the index
 * @slot: its slot
 */
void p25_index_remove(struct p25_index *index, u64 slot)
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
	unsigned int left = old->n_buckets;
	struct p25_bucket *bucket;
	u32 at = home;
	int i;

	do {
		bucket = p25_index_bucket(old, at);
		for (i = 0; i < P25_BUCKET_SLOTS; i++) {
			u64 slot = atomic64_read(&bucket->slot[i]);

			if (slot && p25_index_home(old, p25_slot_hash(slot)) == home)
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
	while (copied < old->n_buckets && buckets--)
		copy_bucket(index, old, copied++);
	/* Pairs with p25_index_search(): it finds all that has been copied. */
	smp_store_release(&index->copied, copied);
	if (copied < old->n_buckets)
		return true;
	/* Pairs with p25_index_search(), too. */
	smp_store_release(&index->old, NULL);
	p25_index_retire(old);
	return false;
}
