/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An entry: what one owner says about one prefix.
 */
#ifndef _P25_ENTRY_H
#define _P25_ENTRY_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/p25.h>
#include <linux/rhashtable-types.h>

#include "clock.h"
#include "prefix.h"

/*
 * For what user space asks for: charged to it, and refused rather than have a
 * process killed for it.
 */
#define P25_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* Kinds that speak of destinations; all others speak of sources. */
#define P25_KINDS_DESTINATION	BIT(P25_KIND_RELAY)
/* Kinds that stop mail. */
#define P25_KINDS_BLOCKED	(BIT(P25_KIND_POOL) | BIT(P25_KIND_BLOCK))

/**
 * struct p25_entry - an entry
 * @node: in its table; entries of the same prefix hang on one another
 * @prefix: the prefix, host bits zero
 * @kind: enum p25_kind
 * @owner: number of the owner's name, see owner.h
 * @touched: the change at hand has to do with this entry
 * @until: expiry in each of the two generations of the policy, see policy.h;
 *	P25_ABSENT if the entry is no part of that generation
 * @packets: packets that it decided on
 * @bytes: their bytes
 * @comment: NULL if there is none; no packet reads it
 * @next_touched: next entry that the change at hand has to do with
 * @rcu: readers may still look at an entry that has left its table
 *
 * Packets read an entry under RCU, everybody else under the policy's lock.
 */
struct p25_entry {
	struct rhlist_head	node;
	struct p25_prefix	prefix;
	u8			kind;
	u8			owner;
	bool			touched;
	u32			until[2];
	atomic64_t		packets;
	atomic64_t		bytes;
	char			*comment;
	union {
		struct p25_entry	*next_touched;
		struct rcu_head		rcu;
	};
};

static inline bool p25_kind_is_blocked(u8 kind)
{
	return BIT(kind) & P25_KINDS_BLOCKED;
}

/* Does the entry count for those who read generation @gen? */
static inline bool p25_entry_counts(const struct p25_entry *entry,
				    unsigned int gen, u32 now)
{
	return READ_ONCE(entry->until[gen]) > now;
}

#endif /* _P25_ENTRY_H */
