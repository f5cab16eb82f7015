/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An entry: a prefix, with a kind, of one owner.
 */
#ifndef _P25_ENTRY_H
#define _P25_ENTRY_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/p25.h>
#include <linux/string.h>

#include "expiry.h"
#include "prefix.h"

/*
 * For memory that user space asks for: charged to its control group, and the request
 * fails before the OOM killer is called.
 */
#define P25_GFP	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* Kinds that match destinations; all others match sources. */
#define P25_KINDS_DESTINATION	BIT(P25_KIND_RELAY)
/* Kinds that block mail. */
#define P25_KINDS_BLOCKED	(BIT(P25_KIND_POOL) | BIT(P25_KIND_BLOCK))
/* Kinds that exempt their sources from that. */
#define P25_KINDS_EXEMPT	(BIT(P25_KIND_STATIC) | BIT(P25_KIND_OPTOUT))

#define P25_ENTRY_LISTED	BIT(0)	/* in its table, not only in memory */
#define P25_ENTRY_COMMENTED	BIT(1)	/* its table has a comment for it */
#define P25_ENTRY_PASSED	BIT(2)	/* its date had passed at the last sweep, too */
#define P25_ENTRY_SOON		BIT(3)	/* it may expire soon, see policy.h */
#define P25_ENTRY_LAPSED	BIT(4)	/* it is kept, readers know it as expired */

#define P25_ENTRY_ACTION_BITS	3
#define P25_ENTRY_ACTION_MASK	(BIT(P25_ENTRY_ACTION_BITS) - 1)
#define P25_ENTRY_GUARDED	BIT(6)	/* its table has a guard for it */
#define P25_ENTRY_TOUCHED	BIT(7)	/* the present commit is about it */

/**
 * struct p25_entry - an entry
 * @packets: packets that it decided on
 * @bytes: their bytes
 * @expires: expiry in each of the two generations of the policy, see policy.h;
 *	P25_NOT_IN_GEN if the entry is no part of that generation
 * @kind: enum p25_kind
 * @flags: P25_ENTRY_*; no packet reads them
 * @owner: number of the owner's name, see owner.h
 * @len: length of its prefix
 * @actions: its own action in each of the two generations, P25_ENTRY_ACTION_BITS each,
 *	see p25_entry_action(); and P25_ENTRY_GUARDED and P25_ENTRY_TOUCHED, for which
 *	@flags has no room
 * @addr: address of its prefix, host bits zero: one word for IPv4, four for
 *	IPv6; the table has one family
 *
 * There may be millions: an IPv4 entry is 32 bytes, half a cache line. Packets
 * read an entry under RCU, all else reads and writes it under the policy's lock.
 */
struct p25_entry {
	atomic64_t	packets;
	atomic64_t	bytes;
	u32		expires[2];
	u8		kind:3;
	u8		flags:5;
	u8		owner;
	u8		len;
	u8		actions;
	__be32		addr[];
};

static inline bool p25_kind_is_exempt(u8 kind)
{
	return BIT(kind) & P25_KINDS_EXEMPT;
}

static inline bool p25_kind_is_blocked(u8 kind)
{
	return BIT(kind) & P25_KINDS_BLOCKED;
}

/* Does an action answer the sender? */
static inline bool p25_action_answers(u8 action)
{
	return action == P25_ACTION_REJECT || action == P25_ACTION_PROHIBIT;
}

/*
 * An entry's own action in generation @gen, plus one, as digests have it: 0 means that it
 * has none, but the policy's.
 */
static inline u8 p25_entry_action(const struct p25_entry *entry, unsigned int gen)
{
	return READ_ONCE(entry->actions) >> P25_ENTRY_ACTION_BITS * gen &
	       P25_ENTRY_ACTION_MASK;
}

/* Has it an action of its own in either generation? */
static inline bool p25_entry_has_action(const struct p25_entry *entry)
{
	return p25_entry_action(entry, 0) || p25_entry_action(entry, 1);
}

/* See p25_policy_set_action(). */
static inline void p25_entry_set_action(struct p25_entry *entry, unsigned int gen,
					u8 action)
{
	unsigned int shift = P25_ENTRY_ACTION_BITS * gen;

	BUILD_BUG_ON(P25_ACTION_MAX + 1 > P25_ENTRY_ACTION_MASK);
	WRITE_ONCE(entry->actions,
		   (entry->actions & ~(P25_ENTRY_ACTION_MASK << shift)) |
		   action << shift);
}

static inline bool p25_entry_is_guarded(const struct p25_entry *entry)
{
	return entry->actions & P25_ENTRY_GUARDED;
}

static inline void p25_entry_set_guarded(struct p25_entry *entry, bool guarded)
{
	u8 others = entry->actions & ~P25_ENTRY_GUARDED;

	WRITE_ONCE(entry->actions, others | (guarded ? P25_ENTRY_GUARDED : 0));
}

static inline void p25_entry_touch(struct p25_entry *entry)
{
	WRITE_ONCE(entry->actions, entry->actions | P25_ENTRY_TOUCHED);
}

/* Returns whether it was touched. */
static inline bool p25_entry_untouch(struct p25_entry *entry)
{
	bool touched = entry->actions & P25_ENTRY_TOUCHED;

	WRITE_ONCE(entry->actions, entry->actions & ~P25_ENTRY_TOUCHED);
	return touched;
}

/* Has it an action in generation @gen that answers the sender? */
static inline bool p25_entry_answers(const struct p25_entry *entry, unsigned int gen)
{
	u8 action = p25_entry_action(entry, gen);

	return action && p25_action_answers(action - 1);
}

/*
 * Is the entry in generation @gen, and valid or kept? Entries whose date has passed
 * are kept, see expire.c; those whose timeout has passed are not.
 */
static inline bool p25_entry_is_kept(const struct p25_entry *entry,
				     unsigned int gen, u32 now)
{
	return READ_ONCE(entry->expires[gen]) > now;
}

/* Is the entry in generation @gen, and has it not expired? */
static inline bool p25_entry_is_valid(const struct p25_entry *entry,
				      unsigned int gen, u32 now)
{
	return p25_not_expired(READ_ONCE(entry->expires[gen]), now);
}

static inline size_t p25_entry_size(u8 family)
{
	return ALIGN(offsetof(struct p25_entry, addr) +
		     p25_family_bits(family) / 8, sizeof(u64));
}

static __always_inline __be32 p25_entry_differs(const struct p25_entry *entry,
						const struct p25_prefix *address,
						unsigned int word)
{
	return (READ_ONCE(entry->addr[word]) ^ address->addr.s6_addr32[word]) &
	       p25_prefix_mask(entry->len, word);
}

/* Is its prefix the first @len bits of @address? Both are of @family. */
static __always_inline bool p25_entry_matches(const struct p25_entry *entry,
					      u8 family,
					      const struct p25_prefix *address,
					      unsigned int len)
{
	if (entry->len != len || p25_entry_differs(entry, address, 0))
		return false;
	return family == AF_INET || !(p25_entry_differs(entry, address, 1) |
				      p25_entry_differs(entry, address, 2) |
				      p25_entry_differs(entry, address, 3));
}

/* The prefix of an entry of a table of @family. */
static inline void p25_entry_prefix(const struct p25_entry *entry, u8 family,
				    struct p25_prefix *prefix)
{
	*prefix = (struct p25_prefix) { .family = family, .len = entry->len };
	memcpy(&prefix->addr, entry->addr, p25_family_bits(family) / 8);
}

#endif /* _P25_ENTRY_H */
