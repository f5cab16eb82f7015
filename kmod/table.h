/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The prefix table: entries of one family, found by the prefixes that cover an
 * address.
 *
 *	198.51.100.7 --> /32? --> /28? --> /24? --> ...
 *	                  |        |        |
 *	                  v        v        v
 *	               one hash lookup for each length that is in use,
 *	               the longest first; other lengths cost nothing
 *
 *	index.c    for each length: hash of a prefix -> slot: number of the entry, and
 *	           what a verdict needs of it
 *	slab.c     number -> entry
 *
 * A packet costs a cache line for each length, down to that of the entry that covers
 * it; if that is IPv6 or expires, its own as well. Which length it will be is not known
 * beforehand, so the lines of all lengths are prefetched at once.
 *
 * An example, followed by hand. The table of IPv4 sources has
 *
 *	number 0	pool 198.51.100.0/24	expires[]: never, never
 *	number 1	optout 198.51.100.7/32	expires[]: 7200, 7200
 *
 * and mail from 198.51.100.7 arrives 7300 seconds after boot; packets read
 * generation 0. Let the key of the hash be start 1, word[0] 0x89abcdef, spread
 * 0x76543211 (of IPv4, their lower halves count), on a little-endian CPU.
 *
 *	address		bytes c6 33 64 07: the word 0x076433c6
 *	lengths		bits 32 and 24 are set: 32 is tried first
 *	hash of /32	sum (1 + 0x076433c6) * 0x89abcdef = 0x38efb1c9
 *			(sum ^ sum >> 16) * spread = 0x15298786
 *	bucket		of the index of /32: 0x15298786 * 4 buckets >> 32 = 0
 *	slot		the one that has the hash: it is in generation 0, and expires
 *	entry		number 1: page 1 >> 7 = 0, slot 1 % 128 = 1, 32 bytes each: at
 *			byte 32 of page 0. Its expires[0] is 7200, which has passed: not
 *			valid, so the search goes on with the next length
 *	hash of /24	sum (1 + 0x006433c6) * 0x89abcdef = 0xafefb1c9
 *			hash 0xcb3c6c86, bucket 3 of the index of /24
 *	slot		in generation 0, never expires, a pool: pools block mail, so the
 *			verdict is that of the action: drop, unless it is set otherwise
 *
 * Readers hold rcu_read_lock(), writers hold the policy's lock. A reader finds
 * every entry that was in the table when it started and has not been removed since.
 */
#ifndef _P25_TABLE_H
#define _P25_TABLE_H

#include <linux/xarray.h>

#include "entry.h"
#include "hash.h"
#include "index.h"
#include "slab.h"

/* Prefix lengths of an address: 0 to 128. */
#define P25_LENGTHS	129

/* Lookups that are under way at once. */
#define P25_PROBES	4

/**
 * struct p25_table - a prefix table
 * @family: AF_INET or AF_INET6
 * @lengths: bitmap of the prefix lengths in use
 * @key: secret of the hash
 * @index: of each length: finds entries by their hash; NULL: there is none
 * @slab: has the entries
 * @lock: the policy's
 * @indexed: bitmap of the lengths that have an index
 * @entries: entries of each length
 * @comments: comments, by the numbers of their entries
 * @comment_bytes: memory that they take
 */
struct p25_table {
	u8			family;
	DECLARE_BITMAP(lengths, P25_LENGTHS);
	struct p25_hash_key	key;
	struct p25_index __rcu	*index[P25_LENGTHS];
	struct p25_slab		slab;

	struct mutex		*lock;	/* the policy's */
	DECLARE_BITMAP(indexed, P25_LENGTHS);
	unsigned int		entries[P25_LENGTHS];
	struct xarray		comments;
	size_t			comment_bytes;
};

void p25_table_init(struct p25_table *table, u8 family, struct mutex *lock);
void p25_table_destroy(struct p25_table *table);
size_t p25_table_memory(const struct p25_table *table);

struct p25_entry *p25_table_insert(struct p25_table *table,
				   const struct p25_prefix *prefix,
				   u8 kind, u8 owner, unsigned int more);
void p25_table_update(struct p25_table *table, const struct p25_entry *entry);
void p25_table_remove(struct p25_table *table, struct p25_entry *entry);
void p25_table_prefetch(const struct p25_table *table,
			const struct p25_prefix *prefix);
struct p25_entry *p25_table_find(const struct p25_table *table,
				 const struct p25_prefix *prefix,
				 u8 kind, u8 owner);

int p25_table_reserve_comment(struct p25_table *table,
			      const struct p25_entry *entry);
void p25_table_release_comment(struct p25_table *table,
			       const struct p25_entry *entry);
void p25_table_set_comment(struct p25_table *table, struct p25_entry *entry,
			   char *comment);
const char *p25_table_comment(const struct p25_table *table,
			      const struct p25_entry *entry);

bool p25_table_needs_gc(const struct p25_table *table);
void p25_table_start_grace(struct p25_table *table);
bool p25_table_gc(struct p25_table *table);

/* A walk over all entries, in no order; see slab.h. */
static inline struct p25_entry *p25_table_next(const struct p25_table *table,
					       u32 *number)
{
	return p25_slab_next(&table->slab, number);
}

static inline u32 p25_table_number(const struct p25_table *table,
				   const struct p25_entry *entry)
{
	return p25_slab_number(&table->slab, entry);
}

static inline struct p25_entry *p25_table_entry(const struct p25_table *table,
						u32 number)
{
	return p25_slab_entry(&table->slab, number);
}

/**
 * struct p25_table_probe - a lookup of one length
 * @index: the index of that length
 * @hash: of the address's prefix
 * @len: the length
 */
struct p25_table_probe {
	const struct p25_index	*index;
	u32			hash;
	u8			len;
};

/**
 * struct p25_table_cursor - where a search is
 * @probe: lookups whose cache lines have been prefetched, the longest first
 * @n: how many
 * @next: the rest is no longer than this; negative: there is no rest
 */
struct p25_table_cursor {
	struct p25_table_probe	probe[P25_PROBES];
	int			n;
	int			next;
};

/* The longest length in use that is at most @len, which isn't negative; or -1. */
static __always_inline int p25_table_length(const struct p25_table *table,
					    u8 family, int len)
{
	/* For IPv4 on 64 bits, one word and no loop. */
	int word = family == AF_INET && BITS_PER_LONG > 32 ? 0 :
		   len / BITS_PER_LONG;
	unsigned long mask = GENMASK(len % BITS_PER_LONG, 0);

	for (; word >= 0; word--, mask = ~0UL) {
		unsigned long in_use = READ_ONCE(table->lengths[word]) & mask;

		if (in_use)
			return word * BITS_PER_LONG + __fls(in_use);
	}
	return -1;
}

/* Prefetch the home buckets of the next lengths, from @len down. */
static __always_inline void
p25_table_prefetch_lengths(const struct p25_table *table, u8 family,
			   const struct p25_prefix *address, int len,
			   struct p25_table_cursor *cursor)
{
	int n = 0;

	for (; n < P25_PROBES && len >= 0; len--) {
		struct p25_table_probe *probe = &cursor->probe[n];

		len = p25_table_length(table, family, len);
		if (len < 0)
			break;
		probe->index = rcu_dereference(table->index[len]);
		/* Its last entry may have been removed since. */
		if (unlikely(!probe->index))
			continue;
		probe->len = len;
		probe->hash = p25_hash(&table->key, family, address, len);
		p25_index_prefetch(probe->index, probe->hash);
		n++;
	}
	cursor->n = n;
	cursor->next = len;
}

/**
 * p25_table_search_begin - prefetch what a search looks at first
 * @table: the table
 * @family: its family, as a constant
 * @address: the address, full length
 * @cursor: for p25_table_search_end()
 *
 * The cache lines arrive while the caller does something else.
 *
 * Context: any, under rcu_read_lock().
 */
static __always_inline void
p25_table_search_begin(const struct p25_table *table, u8 family,
		       const struct p25_prefix *address,
		       struct p25_table_cursor *cursor)
{
	p25_table_prefetch_lengths(table, family, address,
				   p25_family_bits(family), cursor);
}

/**
 * struct p25_table_search - a search that is under way
 * @table: the table
 * @address: the address
 * @family: its family
 * @len: the length that is looked up
 * @visit: called for what is found
 * @arg: passed to @visit
 * @found: has @visit returned true?
 */
struct p25_table_search {
	const struct p25_table	*table;
	const struct p25_prefix	*address;
	u8			family;
	u8			len;
	bool			(*visit)(u32 state, void *arg);
	void			*arg;
	bool			found;
};

/* Equal hash, equal prefix: that is so in IPv4 only. */
static __always_inline bool
p25_table_has_prefix(const struct p25_table_search *search, u32 state)
{
	return search->family == AF_INET ||
	       p25_entry_matches(p25_table_entry(search->table,
						 p25_state_number(state)),
				 search->family, search->address, search->len);
}

static __always_inline bool p25_table_visit(u32 state, void *arg)
{
	struct p25_table_search *search = arg;

	if (p25_table_has_prefix(search, state) &&
	    search->visit(state, search->arg))
		search->found = true;
	return false;
}

/**
 * p25_table_search - visit the entries of the prefixes that cover an address
 * @table: the table
 * @family: its family, as a constant
 * @address: the address, full length
 * @visit: called with the state (see slot.h) of each entry of the longest prefix, then
 *	of the next shorter, and so on, possibly twice for the same entry. Returns true
 *	to end the search with this prefix
 * @arg: passed to @visit
 *
 * Context: any, under rcu_read_lock().
 */
static __always_inline void
p25_table_search(const struct p25_table *table, u8 family,
		 const struct p25_prefix *address,
		 bool (*visit)(u32 state, void *arg), void *arg)
{
	struct p25_table_search search = {
		.table = table,
		.address = address,
		.family = family,
		.visit = visit,
		.arg = arg,
	};
	int len;

	for (len = p25_family_bits(family); len >= 0 && !search.found; len--) {
		const struct p25_index *index;

		len = p25_table_length(table, family, len);
		if (len < 0)
			return;
		index = rcu_dereference(table->index[len]);
		/* Its last entry may have been removed since. */
		if (unlikely(!index))
			continue;
		search.len = len;
		p25_index_search(index,
				 p25_hash(&table->key, family, address, len),
				 p25_table_visit, &search);
	}
}

/**
 * p25_table_search_end - p25_table_search() of what is being prefetched
 * @table: the table
 * @family: its family, as a constant
 * @address: the address, full length
 * @cursor: from p25_table_search_begin()
 * @visit: as there
 * @arg: passed to @visit
 *
 * Context: any, under rcu_read_lock().
 */
static __always_inline void
p25_table_search_end(const struct p25_table *table, u8 family,
		     const struct p25_prefix *address,
		     struct p25_table_cursor *cursor,
		     bool (*visit)(u32 state, void *arg), void *arg)
{
	struct p25_table_search search = {
		.table = table,
		.address = address,
		.family = family,
		.visit = visit,
		.arg = arg,
	};
	int i;

	while (cursor->n) {
		for (i = 0; i < cursor->n; i++) {
			const struct p25_table_probe *probe = &cursor->probe[i];

			search.len = probe->len;
			p25_index_search(probe->index, probe->hash,
					 p25_table_visit, &search);
			if (search.found)
				return;
		}
		if (cursor->next < 0)
			return;
		p25_table_prefetch_lengths(table, family, address,
					   cursor->next, cursor);
	}
}

#endif /* _P25_TABLE_H */
