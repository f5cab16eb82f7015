/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A bucket of the index: one cache line of slots.
 *
 *	          8 bytes              56 bytes
 *	narrow    | 7 tags   overflow | 7 x hash, state                  |
 *	wide      | 4 tags   overflow | 4 x hash, rest of it, state |    |
 *
 * An IPv4 hash has 32 bits, an IPv6 hash 64. A tag is eight bits of it, so that one word
 * says which slots are worth a look. Overflow: a bit for each entry of this bucket, or of
 * one before, that is in one behind it.
 *
 * A reader must not take one slot's hash and another's state for a pair, though a slot
 * may be freed and taken while it is read:
 *
 *	writer		reader
 *	state = 0	state	(acquire)
 *	(wmb)		hash
 *	hash		(rmb)
 *	state (release)	state: of the same entry?
 *
 * The number of an entry that is removed is not used again before a grace period. So if
 * the state is the same entry's before and after, the slot was that entry's meanwhile.
 */
#ifndef _P25_BUCKET_H
#define _P25_BUCKET_H

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/types.h>

#include "slot.h"

#define P25_BUCKET_TAGS		7

/**
 * struct p25_bucket - a bucket
 * @tags: of the slots
 * @overflow: p25_bucket_overflow_bit() of each entry that is in a bucket behind
 * @word: slots
 */
struct p25_bucket {
	u8	tags[P25_BUCKET_TAGS];
	u8	overflow;
	u32	word[14];
} __aligned(sizeof(u64));

static __always_inline unsigned int p25_bucket_slots(bool wide)
{
	return wide ? 4 : 7;
}

/* Where the words of a slot begin; the state is the last one. */
static __always_inline unsigned int p25_bucket_at(bool wide, unsigned int i)
{
	return wide ? 3 * i : 2 * i;
}

static __always_inline const u32 *
p25_bucket_state(const struct p25_bucket *bucket, bool wide, unsigned int i)
{
	return &bucket->word[p25_bucket_at(wide, i) + (wide ? 2 : 1)];
}

static __always_inline u64 p25_bucket_hash(const struct p25_bucket *bucket,
					   bool wide, unsigned int i)
{
	const u32 *word = &bucket->word[p25_bucket_at(wide, i)];
	u64 hash = (u64)READ_ONCE(word[0]) << 32;

	return wide ? hash | READ_ONCE(word[1]) : hash;
}

/* The home bucket is a matter of the hash's highest bits, tags and overflow are not. */
static inline u8 p25_bucket_tag(u64 hash)
{
	return hash >> 32;
}

static inline u8 p25_bucket_overflow_bit(u64 hash)
{
	return BIT(hash >> 40 & 7);
}

/*
 * A word with the highest bit of byte i set if slot i has the tag, and sometimes where it
 * has not.
 */
static __always_inline u64 p25_bucket_candidates(const struct p25_bucket *bucket,
						 bool wide, u64 hash)
{
	const u64 ones = 0x0101010101010101;
	const u64 slots = wide ? 0x80808080 : 0x80808080808080;
	u64 tags = le64_to_cpu(READ_ONCE(*(const __le64 *)bucket->tags));
	u64 differ = tags ^ ones * p25_bucket_tag(hash);

	return (differ - ones) & ~differ & slots;
}

/* The state in a slot, or 0: the slot has another hash. */
static __always_inline u32 p25_bucket_read(const struct p25_bucket *bucket,
					   bool wide, unsigned int i, u64 hash)
{
	const u32 *at = p25_bucket_state(bucket, wide, i);
	u32 before = smp_load_acquire(at);	/* pairs with p25_bucket_set_state() */
	bool same = p25_bucket_hash(bucket, wide, i) == hash;
	u32 state;

	smp_rmb();	/* pairs with p25_bucket_set() */
	state = READ_ONCE(*at);
	return same && p25_state_is_same_entry(before, state) ? state : 0;
}

/**
 * p25_bucket_search - visit the slots of a bucket that have a hash
 * @bucket: the bucket
 * @wide: is it wide? A constant
 * @hash: the hash
 * @visit: called with the state of each, which is never 0; returns true to end the search
 * @arg: passed to @visit
 *
 * Context: any, under rcu_read_lock().
 * Return: true if @visit has returned true.
 */
static __always_inline bool
p25_bucket_search(const struct p25_bucket *bucket, bool wide, u64 hash,
		  bool (*visit)(u32 state, void *arg), void *arg)
{
	u64 candidates = p25_bucket_candidates(bucket, wide, hash);

	for (; candidates; candidates &= candidates - 1) {
		u32 state = p25_bucket_read(bucket, wide, __ffs64(candidates) / 8,
					    hash);

		if (likely(state) && visit(state, arg))
			return true;
	}
	return false;
}

/* The other functions are for writers, one at a time. */

static inline struct p25_slot p25_bucket_slot(const struct p25_bucket *bucket,
					      bool wide, unsigned int i)
{
	return (struct p25_slot) {
		.hash = p25_bucket_hash(bucket, wide, i),
		.state = *p25_bucket_state(bucket, wide, i),
	};
}

/* A reader of the state finds hash and entry as they were written before. */
static inline void p25_bucket_set_state(struct p25_bucket *bucket, bool wide,
					unsigned int i, u32 state)
{
	/* Pairs with p25_bucket_read(), and with p25_slab_entry(). */
	smp_store_release((u32 *)p25_bucket_state(bucket, wide, i), state);
}

/* Take a free slot. */
static inline void p25_bucket_set(struct p25_bucket *bucket, bool wide,
				  unsigned int i, struct p25_slot slot)
{
	u32 *word = &bucket->word[p25_bucket_at(wide, i)];

	smp_wmb();	/* that it is free; pairs with p25_bucket_read() */
	WRITE_ONCE(bucket->tags[i], p25_bucket_tag(slot.hash));
	WRITE_ONCE(word[0], slot.hash >> 32);
	if (wide)
		WRITE_ONCE(word[1], slot.hash);
	p25_bucket_set_state(bucket, wide, i, slot.state);
}

#endif /* _P25_BUCKET_H */
