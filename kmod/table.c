// SPDX-License-Identifier: GPL-2.0
/*
 * The prefix table.
 *
 *	198.51.100.7 --> /32? --> /28? --> /24? --> ...
 *	                  |        |        |
 *	                  v        v        v
 *	               one hash lookup for each length that is in use,
 *	               the longest first; other lengths cost nothing
 *
 * All prefixes are in one hash table, keyed by address, family and length.
 * Entries of the same prefix (several kinds, several owners) hang on one
 * another. The hash is keyed with a random seed, because subscribers choose
 * their IPv6 addresses.
 *
 * Readers hold rcu_read_lock(); whoever changes the table holds the policy's
 * lock. A reader finds every entry that was in the table when it started and
 * has not been removed since.
 */
#include <linux/delay.h>

#include "table.h"

static const struct rhashtable_params params = {
	.head_offset		= offsetof(struct p25_entry, node),
	.key_offset		= offsetof(struct p25_entry, prefix),
	.key_len		= sizeof(struct p25_prefix),
	.automatic_shrinking	= true,
};

/**
 * p25_table_init - make an empty table
 * @table: the table
 *
 * Context: process; may sleep.
 * Return: 0 or -ENOMEM.
 */
int p25_table_init(struct p25_table *table)
{
	return rhltable_init(&table->prefixes, &params);
}

static void free_entry(void *entry, void *free)
{
	((void (*)(struct p25_entry *))free)(entry);
}

/**
 * p25_table_destroy - give every entry to @free, then free the table
 * @table: the table
 * @free: called for each entry; may be NULL if there are none
 *
 * Context: process; may sleep. There are no readers any more.
 */
void p25_table_destroy(struct p25_table *table,
		       void (*free)(struct p25_entry *entry))
{
	rhltable_free_and_destroy(&table->prefixes, free_entry, free);
}

static struct p25_lengths *lengths(struct p25_table *table, u8 family)
{
	return family == AF_INET ? &table->ipv4 : &table->ipv6;
}

static unsigned int length_bit(unsigned int len)
{
	return P25_LENGTHS - 1 - len;
}

/*
 * The hash table grows in a worker. Whoever inserts faster than that worker can
 * go is told -EBUSY, and waits for it; ten seconds are no bound of ours, but of
 * a machine that is past help.
 */
static int insert_patiently(struct rhltable *prefixes, struct rhlist_head *node)
{
	int tries = 10000;
	int err;

	while ((err = rhltable_insert(prefixes, node, params)) == -EBUSY &&
	       --tries)
		usleep_range(500, 1000);
	return err;
}

/**
 * p25_table_insert - add an entry
 * @table: the table
 * @entry: the entry, with its prefix set; there may be others on that prefix
 *
 * Context: process, under the policy's lock; may sleep.
 * Return: 0 or a negative errno value, -ENOMEM as a rule.
 */
int p25_table_insert(struct p25_table *table, struct p25_entry *entry)
{
	struct p25_lengths *l = lengths(table, entry->prefix.family);
	unsigned int len = entry->prefix.len;
	int err;

	err = insert_patiently(&table->prefixes, &entry->node);
	if (err)
		return err;
	table->n++;
	if (!l->entries[len]++)
		set_bit(length_bit(len), l->in_use);
	return 0;
}

/**
 * p25_table_remove - take an entry out; readers may still see it for a while
 * @table: the table
 * @entry: an entry of this table; free it after a grace period
 *
 * Context: process, under the policy's lock.
 */
void p25_table_remove(struct p25_table *table, struct p25_entry *entry)
{
	struct p25_lengths *l = lengths(table, entry->prefix.family);
	unsigned int len = entry->prefix.len;

	if (!--l->entries[len])
		clear_bit(length_bit(len), l->in_use);
	table->n--;
	rhltable_remove(&table->prefixes, &entry->node, params);
}

/* First entry of exactly this prefix; the caller holds rcu_read_lock(). */
static struct p25_entry *first_of(const struct p25_table *table,
				  const struct p25_prefix *prefix)
{
	/* The lookup writes nothing, though its type does not say so. */
	struct rhltable *prefixes = (struct rhltable *)&table->prefixes;
	struct rhlist_head *node = rhltable_lookup(prefixes, prefix, params);

	return node ? container_of(node, struct p25_entry, node) : NULL;
}

/**
 * p25_table_find - find one entry by all that identifies it
 * @table: the table
 * @prefix: the prefix
 * @kind: enum p25_kind
 * @owner: number of the owner
 *
 * Context: process, under the policy's lock.
 * Return: the entry, or NULL.
 */
struct p25_entry *p25_table_find(struct p25_table *table,
				 const struct p25_prefix *prefix,
				 u8 kind, u8 owner)
{
	struct p25_entry *entry;

	rcu_read_lock();
	for (entry = first_of(table, prefix); entry;
	     entry = p25_table_same(entry))
		if (entry->kind == kind && entry->owner == owner)
			break;
	rcu_read_unlock();
	return entry;
}

/* The longest prefix in use that has bit @bit or a later one in the map. */
static struct p25_entry *lookup_from(const struct p25_table *table,
				     struct p25_prefix *prefix,
				     unsigned int bit)
{
	const struct p25_lengths *l = prefix->family == AF_INET ?
				      &table->ipv4 : &table->ipv6;
	struct p25_entry *entry;

	for_each_set_bit_from(bit, l->in_use, P25_LENGTHS) {
		p25_prefix_cut(prefix, length_bit(bit));
		entry = first_of(table, prefix);
		if (entry)
			return entry;
	}
	return NULL;
}

/**
 * p25_table_longest - find the longest prefix that covers an address
 * @table: the table
 * @prefix: the address, full length; cut down to the prefix that was found
 *
 * Context: any, under rcu_read_lock().
 * Return: first entry of that prefix, or NULL.
 */
struct p25_entry *p25_table_longest(const struct p25_table *table,
				    struct p25_prefix *prefix)
{
	return lookup_from(table, prefix, length_bit(prefix->len));
}

/**
 * p25_table_shorter - find the next shorter prefix
 * @table: the table
 * @prefix: what p25_table_longest() or this function has left in it
 *
 * Context: any, under rcu_read_lock().
 * Return: first entry of that prefix, or NULL.
 */
struct p25_entry *p25_table_shorter(const struct p25_table *table,
				    struct p25_prefix *prefix)
{
	return lookup_from(table, prefix, length_bit(prefix->len) + 1);
}

/**
 * p25_table_same - next entry of the same prefix
 * @entry: an entry
 *
 * Context: any, under rcu_read_lock().
 * Return: the entry, or NULL.
 */
struct p25_entry *p25_table_same(const struct p25_entry *entry)
{
	struct rhlist_head *next = rcu_dereference(entry->node.next);

	return next ? container_of(next, struct p25_entry, node) : NULL;
}

/**
 * p25_table_walk_init - prepare to walk over all entries, in no order
 * @table: the table
 * @walk: the walk
 *
 * A walk may be interrupted by p25_table_walk_stop() and taken up again by
 * p25_table_walk_start(); entries that come and go meanwhile may be missed or
 * seen twice. Between start and stop the caller is under rcu_read_lock().
 *
 * Context: process. p25_table_walk_exit() must follow some day.
 */
void p25_table_walk_init(struct p25_table *table, struct p25_table_walk *walk)
{
	rhltable_walk_enter(&table->prefixes, &walk->iter);
}

/** p25_table_walk_exit - end a walk that is stopped */
void p25_table_walk_exit(struct p25_table_walk *walk)
{
	rhashtable_walk_exit(&walk->iter);
}

/**
 * p25_table_walk_start - start or resume a walk
 * @walk: the walk
 *
 * Return: 0; -EAGAIN if the table was resized while the walk was stopped: it
 * starts anew.
 */
int p25_table_walk_start(struct p25_table_walk *walk)
	__acquires(RCU)
{
	int err = rhashtable_walk_start_check(&walk->iter);

	/* Older kernels leave the entry at hand here, which may be gone. */
	if (err)
		walk->iter.p = NULL;
	return err;
}

/** p25_table_walk_stop - interrupt a walk */
void p25_table_walk_stop(struct p25_table_walk *walk)
	__releases(RCU)
{
	rhashtable_walk_stop(&walk->iter);
}

/**
 * p25_table_walk_peek - the entry at hand; the first one at the start
 * @walk: the walk, started
 *
 * Return: the entry; NULL at the end; ERR_PTR(-EAGAIN) if the table was resized
 * and the walk starts anew.
 */
struct p25_entry *p25_table_walk_peek(struct p25_table_walk *walk)
{
	return rhashtable_walk_peek(&walk->iter);
}

/** p25_table_walk_next - step to the next entry; returns as walk_peek() does */
struct p25_entry *p25_table_walk_next(struct p25_table_walk *walk)
{
	return rhashtable_walk_next(&walk->iter);
}

/**
 * p25_table_memory - bytes that the entries and the hash table take
 * @table: the table
 *
 * Context: process, under the policy's lock.
 */
size_t p25_table_memory(struct p25_table *table)
{
	struct bucket_table *buckets;
	size_t size;

	rcu_read_lock();
	buckets = rht_dereference_rcu(table->prefixes.ht.tbl,
				      &table->prefixes.ht);
	size = struct_size(buckets, buckets, buckets->size);
	rcu_read_unlock();
	return size + table->n * sizeof(struct p25_entry);
}
