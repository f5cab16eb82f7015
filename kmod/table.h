/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The prefix table: entries, found by the prefixes that cover an address.
 */
#ifndef _P25_TABLE_H
#define _P25_TABLE_H

#include <linux/rhashtable.h>

#include "entry.h"

/* Prefix lengths of an address: 0 to 128. */
#define P25_LENGTHS	129

/**
 * struct p25_lengths - the prefix lengths that are in use in one family
 * @in_use: bit 128 - length, so that the first bit set is the longest prefix
 * @entries: entries of each length
 */
struct p25_lengths {
	DECLARE_BITMAP(in_use, P25_LENGTHS);
	unsigned int	entries[P25_LENGTHS];
};

/**
 * struct p25_table - a prefix table
 * @prefixes: all entries, hashed by their prefix with a random key
 * @ipv4: lengths of IPv4 prefixes
 * @ipv6: lengths of IPv6 prefixes
 * @n: number of entries
 */
struct p25_table {
	struct rhltable		prefixes;
	struct p25_lengths	ipv4;
	struct p25_lengths	ipv6;
	unsigned int		n;
};

struct p25_table_walk {
	struct rhashtable_iter	iter;
};

int p25_table_init(struct p25_table *table);
void p25_table_destroy(struct p25_table *table,
		       void (*free)(struct p25_entry *entry));

int p25_table_insert(struct p25_table *table, struct p25_entry *entry);
void p25_table_remove(struct p25_table *table, struct p25_entry *entry);
struct p25_entry *p25_table_find(struct p25_table *table,
				 const struct p25_prefix *prefix,
				 u8 kind, u8 owner);

struct p25_entry *p25_table_longest(const struct p25_table *table,
				    struct p25_prefix *prefix);
struct p25_entry *p25_table_shorter(const struct p25_table *table,
				    struct p25_prefix *prefix);
struct p25_entry *p25_table_same(const struct p25_entry *entry);

void p25_table_walk_init(struct p25_table *table, struct p25_table_walk *walk);
void p25_table_walk_exit(struct p25_table_walk *walk);
int p25_table_walk_start(struct p25_table_walk *walk);
void p25_table_walk_stop(struct p25_table_walk *walk);
struct p25_entry *p25_table_walk_peek(struct p25_table_walk *walk);
struct p25_entry *p25_table_walk_next(struct p25_table_walk *walk);

size_t p25_table_memory(struct p25_table *table);

#endif /* _P25_TABLE_H */
