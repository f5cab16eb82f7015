/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A slot of the index: the hash of a prefix, and the state of an entry, which is what a
 * verdict needs of it.
 *
 *	state	31         6 5     3   2       1       0
 *		+-----------+-------+-------+-------+-------+
 *		| number    | kind  | more  | in    | in    |
 *		|           |       |       | gen 1 | gen 0 |
 *		+-----------+-------+-------+-------+-------+
 *
 * Only if there is more to know, in one generation or the other, the entry has to be
 * read: it may expire soon, see policy.h, or has an action of its own. A slot with state
 * 0 is free, as no kind is 0.
 */
#ifndef _P25_SLOT_H
#define _P25_SLOT_H

#include <linux/bits.h>
#include <linux/types.h>

#define P25_SLOT_MORE		BIT(2)
#define P25_SLOT_KIND_SHIFT	3
#define P25_SLOT_KIND_MASK	7
#define P25_SLOT_NUMBER_SHIFT	6

/* Numbers of entries are below this. */
#define P25_SLOT_NUMBERS	BIT(32 - P25_SLOT_NUMBER_SHIFT)

/**
 * struct p25_slot - a slot
 * @hash: p25_hash() of the entry's prefix
 * @state: as above
 */
struct p25_slot {
	u64	hash;
	u32	state;
};

static inline u32 p25_state_number(u32 state)
{
	return state >> P25_SLOT_NUMBER_SHIFT;
}

/* Number and kind of an entry don't change. */
static inline bool p25_state_is_same_entry(u32 a, u32 b)
{
	return (a ^ b) < BIT(P25_SLOT_KIND_SHIFT);
}

static inline u8 p25_state_kind(u32 state)
{
	return state >> P25_SLOT_KIND_SHIFT & P25_SLOT_KIND_MASK;
}

static inline bool p25_state_is_in_gen(u32 state, unsigned int gen)
{
	return state & BIT(gen);
}

static inline bool p25_state_has_more(u32 state)
{
	return state & P25_SLOT_MORE;
}

#endif /* _P25_SLOT_H */
