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
 *	index.c    hash of a prefix -> numbers of entries
 *	store.c    number -> entry
 *
 * A packet that no entry covers costs a cache line for each length, one that
 * an entry covers a second one, where its counters are, too. As nobody knows
 * beforehand which length it will be, the lines of all of them are fetched at
 * once.
 *
 * Readers hold rcu_read_lock(); whoever changes the table holds the policy's
 * lock. A reader finds every entry that was in the table when it started and
 * has not been removed since.
 */
#ifndef _P25_TABLE_H
#define _P25_TABLE_H

#include <linux/xarray.h>

#include "entry.h"
#include "hash.h"
#include "index.h"
#include "store.h"

/* Prefix lengths of an address: 0 to 128. */
#define P25_LENGTHS	129

/* Lookups that are under way at once. */
#define P25_PROBES	16

/**
 * struct p25_table - a prefix table
 * @family: AF_INET or AF_INET6
 * @lengths: bitmap of the prefix lengths in use
 * @key: secret of the hash
 * @index: finds entries by their hash; NULL until there is one
 * @store: has the entries
 * @n: number of entries
 * @entries: entries of each length
 * @comments: comments, by the numbers of their entries
 * @comment_bytes: memory that they take
 */
struct p25_table {
	u8			family;
	DECLARE_BITMAP(lengths, P25_LENGTHS);
	struct p25_hash_key	key;
	struct p25_index __rcu	*index;
	struct p25_store	store;

	unsigned int		n;
	unsigned int		entries[P25_LENGTHS];
	struct xarray		comments;
	size_t			comment_bytes;
};

void p25_table_init(struct p25_table *table, u8 family);
void p25_table_destroy(struct p25_table *table);
size_t p25_table_memory(const struct p25_table *table);

struct p25_entry *p25_table_insert(struct p25_table *table,
				   const struct p25_prefix *prefix,
				   u8 kind, u8 owner, unsigned int more);
void p25_table_remove(struct p25_table *table, struct p25_entry *entry);
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

bool p25_table_needs_upkeep(const struct p25_table *table);
void p25_table_leave(struct p25_table *table);
bool p25_table_upkeep(struct p25_table *table);

/* A walk over all entries, in no order; see store.h. */
static inline struct p25_entry *p25_table_next(const struct p25_table *table,
					       u32 *number)
{
	return p25_store_next(&table->store, number);
}

static inline u32 p25_table_number(const struct p25_table *table,
				   const struct p25_entry *entry)
{
	return p25_store_number(&table->store, entry);
}

static inline struct p25_entry *p25_table_entry(const struct p25_table *table,
						u32 number)
{
	return p25_store_entry(&table->store, number);
}

/* The longest length in use that is at most @len; -1: there is none. */
static inline int p25_table_length(const struct p25_table *table, int len)
{
	int word;

	for (word = len / BITS_PER_LONG; len >= 0; word--) {
		unsigned long in_use = READ_ONCE(table->lengths[word]) &
				       GENMASK(len % BITS_PER_LONG, 0);

		if (in_use)
			return word * BITS_PER_LONG + __fls(in_use);
		len = word * BITS_PER_LONG - 1;
	}
	return -1;
}

struct p25_table_probe {
	u32	hash;
	u8	len;
};

struct p25_table_search {
	const struct p25_table	*table;
	struct p25_prefix	prefix;
	bool			(*see)(struct p25_entry *entry, void *arg);
	void			*arg;
	bool			found;
};

static __always_inline bool p25_table_see(u32 number, void *arg)
{
	struct p25_table_search *search = arg;
	struct p25_entry *entry = p25_table_entry(search->table, number);

	if (p25_entry_is_about(entry, &search->prefix) &&
	    search->see(entry, search->arg))
		search->found = true;
	return false;
}

/* Have the cache lines come for up to P25_PROBES lengths from @len down. */
static __always_inline int p25_table_aim(const struct p25_table *table,
					 const struct p25_index *index,
					 const struct p25_prefix *address,
					 int *len,
					 struct p25_table_probe *probes)
{
	struct p25_prefix prefix = *address;
	int n;

	for (n = 0; n < P25_PROBES; n++) {
		*len = p25_table_length(table, *len);
		if (*len < 0)
			break;
		p25_prefix_cut(&prefix, *len);
		probes[n].len = *len;
		probes[n].hash = p25_hash(&table->key, &prefix);
		p25_index_prefetch(index, probes[n].hash);
		--*len;
	}
	return n;
}

/**
 * p25_table_search - show the entries of the prefixes that cover an address
 * @table: the table
 * @address: the address, full length
 * @see: called for each entry of the longest prefix, then of the next shorter,
 *	and so on; it may be shown one twice. Returns true if the search ends
 *	with this prefix
 * @arg: passed to @see
 *
 * Context: any, under rcu_read_lock().
 */
static __always_inline void
p25_table_search(const struct p25_table *table,
		 const struct p25_prefix *address,
		 bool (*see)(struct p25_entry *entry, void *arg), void *arg)
{
	const struct p25_index *index = rcu_dereference_check(table->index, 1);
	struct p25_table_search search = {
		.table = table,
		.prefix = *address,
		.see = see,
		.arg = arg,
	};
	struct p25_table_probe probes[P25_PROBES];
	int len = address->len;
	int i, n;

	if (!index)
		return;
	while (len >= 0) {
		n = p25_table_aim(table, index, address, &len, probes);
		for (i = 0; i < n; i++) {
			p25_prefix_cut(&search.prefix, probes[i].len);
			p25_index_search(index, probes[i].hash, p25_table_see,
					 &search);
			if (search.found)
				return;
		}
	}
}

#endif /* _P25_TABLE_H */
