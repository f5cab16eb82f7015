/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A slot of the index: one word, so that a reader has all of it as it was at one time.
 *
 *	63            32 31         6 5     3   2       1       0
 *	+---------------+------------+-------+-------+-------+-------+
 *	| hash          | number     | kind  | soon  | in    | in    |
 *	|               |            |       |       | gen 1 | gen 0 |
 *	+---------------+------------+-------+-------+-------+-------+
 *
 * For IPv4 the hash is a permutation of the prefix, so the slot alone says which entry
 * it is, and a verdict needs no other cache line. Only if the entry may expire soon, in
 * one generation or the other, its expiry has to be read; see policy.h.
 *
 * The lower half is never 0, as no kind is: a slot that is 0 is free.
 */
#ifndef _P25_SLOT_H
#define _P25_SLOT_H

#include <linux/bits.h>
#include <linux/types.h>

#define P25_SLOT_SOON		BIT(2)
#define P25_SLOT_KIND_SHIFT	3
#define P25_SLOT_KIND_MASK	7
#define P25_SLOT_NUMBER_SHIFT	6

/* Numbers of entries are below this. */
#define P25_SLOT_NUMBERS	BIT(32 - P25_SLOT_NUMBER_SHIFT)

/* Which half of a slot in memory is the hash. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define P25_SLOT_HASH_HALF	0
#else
#define P25_SLOT_HASH_HALF	1
#endif

static inline u64 p25_slot(u32 hash, u32 state)
{
	return (u64)hash << 32 | state;
}

static inline u32 p25_slot_hash(u64 slot)
{
	return slot >> 32;
}

/* The lower half: all but the hash. */
static inline u32 p25_slot_state(u64 slot)
{
	return slot;
}

static inline u32 p25_state_number(u32 state)
{
	return state >> P25_SLOT_NUMBER_SHIFT;
}

static inline u8 p25_state_kind(u32 state)
{
	return state >> P25_SLOT_KIND_SHIFT & P25_SLOT_KIND_MASK;
}

static inline bool p25_state_is_in_gen(u32 state, unsigned int gen)
{
	return state & BIT(gen);
}

static inline bool p25_state_expires_soon(u32 state)
{
	return state & P25_SLOT_SOON;
}

#endif /* _P25_SLOT_H */
