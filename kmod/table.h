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
 * it; if that is longer than an IPv6 /64 or may expire soon, its own as well. Which length
 * it will be is not known beforehand, so the lines of all lengths are prefetched at once.
 *
 * An example, followed by hand. The table of IPv4 sources has
 *
 *	number 0	pool 198.51.100.0/24	expires[]: never, never
 *	number 1	optout 198.51.100.7/32	expires[]: 7200, 7200
 *
 * and mail from 198.51.100.7 arrives 7300 seconds after boot; packets read
 * generation 0. Let the key of the hash be start 1, word[0] 0x89abcdef, spread
 * 0x76543211 (of IPv4, their lower halves count).
 *
 *	address		0xc6336407
 *	levels		/32 and /24: /32 is tried first
 *	hash of /32	sum (1 + 0xc6336407) * 0x89abcdef = 0x4a6ccb78
 *			(sum ^ sum >> 16) * spread = 0xb4fa7a54
 *	bucket		of the index of /32: 0xb4fa7a54 * 4 buckets >> 32 = 2
 *	slot		the one that has tag 0x54, and that hash: it is in generation 0,
 *			and may expire soon
 *	entry		number 1: page 1 >> 7 = 0, slot 1 % 128 = 1, 32 bytes each: at
 *			byte 32 of page 0. Its expires[0] is 7200, which has passed: not
 *			valid, so the search goes on with the next level
 *	hash of /24	sum (1 + 0xc63364) * 0x89abcdef = 0xd1a8dc4b
 *			hash 0xef5b4213, bucket 3 of the index of /24
 *	slot		tag 0x13; in generation 0, never expires, a pool: pools block mail,
 *			so the verdict is that of the action: drop, unless set otherwise
 *
 * Readers hold rcu_read_lock(), writers hold the policy's lock. A reader finds
 * every entry that was in the table when it started and has not been removed since.
 */
#ifndef _P25_TABLE_H
#define _P25_TABLE_H

#include <linux/prefetch.h>
#include <linux/xarray.h>

#include "entry.h"
#include "hash.h"
#include "index.h"
#include "rate.h"
#include "slab.h"

/* Prefix lengths of an address: 0 to 128. */
#define P25_LENGTHS	129

/* Lookups that are under way at once. */
#define P25_PROBES	8

/**
 * struct p25_level - a prefix length that is in use
 * @index: finds its entries
 * @buckets: the index's
 * @len: the length
 */
struct p25_level {
	const struct p25_index	*index;
	struct p25_buckets	buckets;
	u8			len;
};

/**
 * struct p25_levels - the prefix lengths that packets look up
 * @rcu: packets may still read those that have been replaced
 * @n: how many
 * @level: the longest length first
 */
struct p25_levels {
	struct rcu_head		rcu;
	unsigned int		n;
	struct p25_level	level[];
};

/**
 * struct p25_table - a prefix table
 * @levels: the prefix lengths in use, one at least; NULL: there are none
 * @key: secret of the hash
 * @slab: has the entries
 * @lock: the policy's
 * @family: AF_INET or AF_INET6
 * @indexed: bitmap of the lengths that have an index
 * @index: of each length: finds entries by their hash; NULL: there is none
 * @entries: entries of each length
 * @comments: comments, by the numbers of their entries
 * @guards: entries' own guards, by the same
 * @beside_bytes: memory that comments and guards take
 */
struct p25_table {
	/* Read by packets */
	struct p25_levels __rcu	*levels;
	struct p25_hash_key	key;
	struct p25_slab		slab;

	struct mutex		*lock;	/* the policy's */
	u8			family;
	DECLARE_BITMAP(indexed, P25_LENGTHS);
	struct p25_index	*index[P25_LENGTHS];
	unsigned int		entries[P25_LENGTHS];
	struct xarray		comments;
	struct xarray		guards;
	size_t			beside_bytes;
};

void p25_table_init(struct p25_table *table, u8 family, struct mutex *lock);
void p25_table_destroy(struct p25_table *table);
void p25_table_hide(struct p25_table *table);
void p25_table_clear(struct p25_table *table);
size_t p25_table_memory(const struct p25_table *table);

struct p25_entry *p25_table_insert(struct p25_table *table,
				   const struct p25_prefix *prefix,
				   u8 kind, u8 owner, unsigned int more);
void p25_table_update(struct p25_table *table, const struct p25_entry *entry);
void p25_table_remove(struct p25_table *table, struct p25_entry *entry);
void p25_table_prefetch(const struct p25_table *table,
			const struct p25_prefix *prefix);
void p25_table_prefetch_entry(const struct p25_table *table,
			      const struct p25_entry *entry);
void p25_table_visit(const struct p25_table *table, const struct p25_prefix *prefix,
		     bool (*found)(struct p25_entry *entry, void *arg), void *arg);
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

int p25_table_reserve_guard(struct p25_table *table,
			    const struct p25_entry *entry);
void p25_table_release_guard(struct p25_table *table, const struct p25_entry *entry);
void p25_table_set_guard(struct p25_table *table, struct p25_entry *entry,
			 struct p25_guard *guard);
const struct p25_guard *p25_table_guard(const struct p25_table *table,
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
 * struct p25_table_search - a search for the prefixes that cover an address
 * @table: the table
 * @address: the address, full length
 * @len: the length that is looked up
 * @found: set by the visitor to end the search with this length
 */
struct p25_table_search {
	const struct p25_table	*table;
	const struct p25_prefix	*address;
	u8			len;
	bool			found;
};

/**
 * struct p25_table_probe - a lookup of one length
 * @index: of that length
 * @hash: of the address's prefix
 * @bucket: its home bucket, which is on its way into the cache
 */
struct p25_table_probe {
	const struct p25_index	*index;
	u64			hash;
	const struct p25_bucket	*bucket;
};

static __always_inline void
p25_table_prefetch_level(const struct p25_table_search *search, u8 family,
			 const struct p25_level *level,
			 struct p25_table_probe *probe)
{
	probe->index = level->index;
	probe->hash = p25_hash(&search->table->key, family, search->address,
			       level->len);
	probe->bucket = p25_buckets_home_bucket(&level->buckets, probe->hash);
	prefetch(probe->bucket);
}

/*
 * A search is going to begin: prefetch what it looks at first. The longest prefixes are
 * single addresses, of which there may be a million; of others there are fewer.
 */
static __always_inline void p25_table_prefetch_first(const struct p25_table *table,
						     u8 family,
						     const struct p25_prefix *address)
{
	const struct p25_levels *levels = rcu_dereference(table->levels);
	const struct p25_level *level;

	if (!levels)
		return;
	level = levels->level;
	prefetch(p25_buckets_home_bucket(&level->buckets,
					 p25_hash(&table->key, family, address,
						  level->len)));
}

/* Is the entry's prefix one that is searched for? Called when the hash is the same. */
static __always_inline bool
p25_table_has_prefix(const struct p25_table_search *search, u8 family, u32 state)
{
	return p25_hash_is_exact(family, search->len) ||
	       p25_entry_matches(p25_table_entry(search->table,
						 p25_state_number(state)),
				 family, search->address, search->len);
}

/**
 * p25_table_search - visit what may be entries of the prefixes that cover an address
 * @search: table and address
 * @family: the address's, a constant
 * @visit: called with the state (see slot.h) of each entry that may be of the longest
 *	prefix, then of the next shorter, and so on, possibly twice for the same entry.
 *	See p25_table_has_prefix()
 * @search_index: calls p25_index_search() with @visit; seldom needed, so that its code
 *	should be out of the way
 * @arg: passed to both
 *
 * Context: any, under rcu_read_lock().
 */
static __always_inline void
p25_table_search(struct p25_table_search *search, u8 family,
		 bool (*visit)(u32 state, void *arg),
		 void (*search_index)(const struct p25_index *index, u64 hash,
				      void *arg),
		 void *arg)
{
	const struct p25_levels *levels = rcu_dereference(search->table->levels);
	struct p25_table_probe probes[P25_PROBES] __uninitialized;
	const struct p25_table_probe *probe;
	const struct p25_level *level;
	unsigned int left;
	unsigned int n;
	unsigned int i;

	if (!levels)
		return;
	level = levels->level;
	for (left = levels->n; left; left -= n, level += n) {
		n = min_t(unsigned int, left, P25_PROBES);
		for (i = 0; i < n; i++)
			p25_table_prefetch_level(search, family, &level[i],
						 &probes[i]);
		for (i = 0; i < n; i++) {
			probe = &probes[i];
			search->len = level[i].len;
			if (unlikely(p25_index_search_home(probe->index,
							   family == AF_INET6,
							   probe->hash, probe->bucket,
							   visit, arg)))
				search_index(probe->index, probe->hash, arg);
			if (search->found)
				return;
		}
	}
}

#endif /* _P25_TABLE_H */
