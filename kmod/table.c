// SPDX-License-Identifier: GPL-2.0
/*
 * Changing the prefix table; see the picture in table.h. Everything here is
 * called in process context.
 */
#include <linux/bitmap.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "table.h"

/*
 * Buckets that each insertion copies from an index that was full to its successor.
 * That has room for a fifth more entries, so all are copied long before it is full.
 */
#define COPY_STEP	8
/* The same in deferred work. */
#define COPY_GC	4096

/* Entries that an index may have room for besides twice those that it has. */
#define SPARE_MAX	1024

/**
 * p25_table_init - make an empty table
 * @table: the table, all zero
 * @family: AF_INET or AF_INET6
 * @lock: the policy's
 */
void p25_table_init(struct p25_table *table, u8 family, struct mutex *lock)
{
	table->lock = lock;
	table->family = family;
	p25_hash_key_init(&table->key);
	p25_slab_init(&table->slab, p25_entry_size(family), lock);
	xa_init_flags(&table->comments, XA_FLAGS_ACCOUNT);
	xa_init_flags(&table->guards, XA_FLAGS_ACCOUNT);
}

static struct p25_levels *levels_of(const struct p25_table *table)
{
	return rcu_dereference_protected(table->levels,
					 lockdep_is_held(table->lock));
}

/* What is kept beside entries, by their numbers. */
static void destroy_beside(struct xarray *beside)
{
	unsigned long number;
	void *object;

	xa_for_each(beside, number, object) {
		kfree(object);
		cond_resched();
	}
	xa_destroy(beside);
}

/* p25_table_destroy - free the table and its entries; it has no readers */
void p25_table_destroy(struct p25_table *table)
{
	unsigned int len;

	lockdep_assert_held(table->lock);
	destroy_beside(&table->comments);
	destroy_beside(&table->guards);
	for_each_set_bit(len, table->indexed, P25_LENGTHS)
		p25_index_free(table->index[len]);
	kfree(levels_of(table));
	p25_slab_destroy(&table->slab);
}

/**
 * p25_table_hide - let packets find no entry any more
 * @table: the table; to be emptied by p25_table_clear() after a grace period
 */
void p25_table_hide(struct p25_table *table)
{
	struct p25_levels *former = levels_of(table);

	rcu_assign_pointer(table->levels, NULL);
	if (former)
		kfree_rcu(former, rcu);
}

/**
 * p25_table_clear - free all entries of a table at once
 * @table: the table, which is hidden, has no readers, and no sum refers to its entries
 *
 * Context: may sleep.
 */
void p25_table_clear(struct p25_table *table)
{
	p25_table_destroy(table);
	bitmap_zero(table->indexed, P25_LENGTHS);
	memset(table->index, 0, sizeof(table->index));
	memset(table->entries, 0, sizeof(table->entries));
	table->beside_bytes = 0;
	/* The key stays: packets may have read it, and find the next levels with it. */
	p25_slab_init(&table->slab, p25_entry_size(table->family), table->lock);
}

/* p25_table_memory - bytes that the table takes */
size_t p25_table_memory(const struct p25_table *table)
{
	size_t bytes = p25_slab_memory(&table->slab) + table->beside_bytes +
		       bitmap_weight(table->indexed, P25_LENGTHS) *
		       sizeof(struct p25_level);
	unsigned int len;

	lockdep_assert_held(table->lock);
	for_each_set_bit(len, table->indexed, P25_LENGTHS)
		bytes += p25_index_memory(table->index[len]);
	return bytes;
}

static void fill_levels(const struct p25_table *table, struct p25_levels *levels)
{
	int len;

	for (len = P25_LENGTHS - 1; len >= 0; len--)
		if (table->index[len])
			levels->level[levels->n++] = (struct p25_level) {
				.index = table->index[len],
				.buckets = table->index[len]->buckets,
				.len = len,
			};
}

/*
 * Let a length have another index, which may be NULL, and packets know. Packets may read
 * the former one until a grace period has elapsed.
 */
static int set_index(struct p25_table *table, u8 len, struct p25_index *index)
{
	struct p25_levels *former = levels_of(table);
	struct p25_levels *levels = NULL;
	unsigned int n;

	n = bitmap_weight(table->indexed, P25_LENGTHS) +
	    !!index - !!table->index[len];
	if (n) {
		levels = kzalloc(struct_size(levels, level, n), P25_GFP);
		if (!levels)
			return -ENOMEM;
	}
	table->index[len] = index;
	__assign_bit(len, table->indexed, index);
	if (levels)
		fill_levels(table, levels);
	rcu_assign_pointer(table->levels, levels);
	if (former)
		kfree_rcu(former, rcu);
	return 0;
}

/* Replace the index of a length, if it has one, by one with room for @entries. */
static int resize(struct p25_table *table, u8 len, unsigned int entries)
{
	struct p25_index *old = table->index[len];
	struct p25_index *index;

	index = p25_index_alloc(entries, table->family == AF_INET6, table->lock);
	if (!index)
		return -ENOMEM;
	while (old && p25_index_copy(old, COPY_GC))
		cond_resched();
	p25_index_replace(index, old);
	if (set_index(table, len, index)) {
		p25_index_replace(index, NULL);
		p25_index_free(index);
		return -ENOMEM;
	}
	return 0;
}

/* Make room for one entry; if the index has to grow, for some of @more, too. */
static int make_room(struct p25_table *table, u8 len, unsigned int more)
{
	struct p25_index *index = table->index[len];
	unsigned int n = table->entries[len];

	if (n >= p25_index_capacity(index))
		return resize(table, len, n + 1 + clamp(more, n / 5, n));
	p25_index_copy(index, COPY_STEP);
	return 0;
}

static u32 state_of(const struct p25_table *table, const struct p25_entry *entry)
{
	u32 state = p25_table_number(table, entry) << P25_SLOT_NUMBER_SHIFT |
		    entry->kind << P25_SLOT_KIND_SHIFT;
	unsigned int gen;

	for (gen = 0; gen < 2; gen++)
		if (entry->expires[gen] != P25_NOT_IN_GEN)
			state |= BIT(gen);
	if (entry->flags & P25_ENTRY_SOON || p25_entry_has_action(entry))
		state |= P25_SLOT_MORE;
	return state;
}

static struct p25_slot slot_of(const struct p25_table *table,
			       const struct p25_entry *entry)
{
	struct p25_prefix prefix;

	p25_entry_prefix(entry, table->family, &prefix);
	return (struct p25_slot) {
		.hash = p25_hash(&table->key, table->family, &prefix, prefix.len),
		.state = state_of(table, entry),
	};
}

/**
 * p25_table_insert - add an entry
 * @table: the table
 * @prefix: its prefix; there may be other entries on it
 * @kind: enum p25_kind
 * @owner: number of the owner
 * @more: how many are about to follow, at the most
 *
 * Context: may sleep.
 * Return: the entry, which is in neither generation yet, or NULL: no memory.
 */
struct p25_entry *p25_table_insert(struct p25_table *table,
				   const struct p25_prefix *prefix,
				   u8 kind, u8 owner, unsigned int more)
{
	struct p25_entry *entry;

	BUILD_BUG_ON(__P25_KIND_MAX - 1 > P25_SLOT_KIND_MASK);
	BUILD_BUG_ON(2ULL * P25_LIMIT_MAX > P25_SLOT_NUMBERS);
	lockdep_assert_held(table->lock);
	if (make_room(table, prefix->len, more))
		return NULL;
	entry = p25_slab_alloc(&table->slab);
	if (!entry)
		return NULL;
	entry->kind = kind;
	entry->owner = owner;
	entry->len = prefix->len;
	entry->flags = P25_ENTRY_LISTED;
	memcpy(entry->addr, &prefix->addr, p25_family_bits(table->family) / 8);

	p25_index_place(table->index[entry->len], slot_of(table, entry));
	table->entries[prefix->len]++;
	return entry;
}

/* p25_table_update - an entry's expiry, flags or action have changed: let packets know */
void p25_table_update(struct p25_table *table, const struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	p25_index_update(table->index[entry->len], slot_of(table, entry));
}

static size_t size_of(const void *object)
{
	return object ? ksize(object) : 0;
}

/* Store an object, or reserve its place if there is none. */
static void store_beside(struct p25_table *table, struct xarray *beside,
			 const struct p25_entry *entry, void *object)
{
	void *old = xa_store(beside, p25_table_number(table, entry),
			     object ? object : XA_ZERO_ENTRY, 0);

	table->beside_bytes += size_of(object) - size_of(old);
	kfree(old);
}

static void erase_beside(struct p25_table *table, struct xarray *beside,
			 const struct p25_entry *entry)
{
	void *old;

	if (xa_empty(beside))
		return;
	old = xa_erase(beside, p25_table_number(table, entry));
	table->beside_bytes -= size_of(old);
	kfree(old);
}

/* The lookup writes nothing, though its type does not say so. */
static const void *load_beside(const struct p25_table *table,
			       const struct xarray *beside,
			       const struct p25_entry *entry)
{
	return xa_load((struct xarray *)beside, p25_table_number(table, entry));
}

/**
 * p25_table_remove - remove an entry; it is freed after a grace period
 * @table: the table
 * @entry: an entry of this table that is in neither generation
 */
void p25_table_remove(struct p25_table *table, struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	table->entries[entry->len]--;
	erase_beside(table, &table->comments, entry);
	erase_beside(table, &table->guards, entry);
	p25_index_remove(table->index[entry->len], slot_of(table, entry));
	p25_slab_free(&table->slab, entry);
}

/**
 * struct visit - a visit of the entries on one prefix
 * @table: the table
 * @prefix: the prefix
 * @found: called with each of them; if it returns true, that was the last one
 * @arg: passed to it
 */
struct visit {
	const struct p25_table	*table;
	const struct p25_prefix	*prefix;
	bool			(*found)(struct p25_entry *entry, void *arg);
	void			*arg;
};

static bool visit_state(u32 state, void *arg)
{
	const struct visit *visit = arg;
	struct p25_entry *entry = p25_table_entry(visit->table,
						  p25_state_number(state));

	return p25_entry_matches(entry, visit->table->family, visit->prefix,
				 visit->prefix->len) &&
	       visit->found(entry, visit->arg);
}

static void visit_index(const struct p25_index *index, u64 hash, struct visit *visit)
{
	if (index->wide)
		p25_index_search(index, true, hash, visit_state, visit);
	else
		p25_index_search(index, false, hash, visit_state, visit);
}

/**
 * p25_table_visit - visit the entries on a prefix: of all kinds, owners and generations
 * @table: the table
 * @prefix: the prefix
 * @found: called with each of them; if it returns true, that was the last one
 * @arg: passed to it
 */
void p25_table_visit(const struct p25_table *table, const struct p25_prefix *prefix,
		     bool (*found)(struct p25_entry *entry, void *arg), void *arg)
{
	const struct p25_index *index = table->index[prefix->len];
	struct visit visit = {
		.table = table,
		.prefix = prefix,
		.found = found,
		.arg = arg,
	};

	lockdep_assert_held(table->lock);
	if (index)
		visit_index(index, p25_hash(&table->key, table->family, prefix,
					    prefix->len), &visit);
}

/*
 * Inlined, as gcc leaves out a call of a function in the same file that does nothing but
 * prefetch.
 */
static __always_inline void prefetch_slot(const struct p25_table *table,
					  const struct p25_prefix *prefix)
{
	const struct p25_index *index = table->index[prefix->len];

	lockdep_assert_held(table->lock);
	if (index)
		prefetchw(p25_buckets_home_bucket(&index->buckets,
						  p25_hash(&table->key, table->family,
							   prefix, prefix->len)));
}

/* p25_table_prefetch - the entry on this prefix will be found or changed soon */
void p25_table_prefetch(const struct p25_table *table,
			const struct p25_prefix *prefix)
{
	prefetch_slot(table, prefix);
}

/* p25_table_prefetch_entry - the entry will be changed soon, and with it its slot */
void p25_table_prefetch_entry(const struct p25_table *table,
			      const struct p25_entry *entry)
{
	struct p25_prefix prefix;

	p25_entry_prefix(entry, table->family, &prefix);
	prefetch_slot(table, &prefix);
}

/* What identifies an entry on a prefix, and the entry that has it. */
struct identity {
	u8			kind;
	u8			owner;
	struct p25_entry	*entry;
};

static bool has_identity(struct p25_entry *entry, void *arg)
{
	struct identity *identity = arg;

	if (entry->kind != identity->kind || entry->owner != identity->owner)
		return false;
	identity->entry = entry;
	return true;
}

/**
 * p25_table_find - find one entry by all that identifies it
 * @table: the table
 * @prefix: the prefix
 * @kind: enum p25_kind
 * @owner: number of the owner
 *
 * Return: the entry, or NULL.
 */
struct p25_entry *p25_table_find(const struct p25_table *table,
				 const struct p25_prefix *prefix,
				 u8 kind, u8 owner)
{
	struct identity identity = { .kind = kind, .owner = owner };

	p25_table_visit(table, prefix, has_identity, &identity);
	return identity.entry;
}

/**
 * p25_table_reserve_comment - allocate what p25_table_set_comment() needs
 * @table: the table
 * @entry: one of its entries
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int p25_table_reserve_comment(struct p25_table *table,
			      const struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	return xa_reserve(&table->comments, p25_table_number(table, entry),
			  P25_GFP);
}

/* p25_table_release_comment - release a reserved place that has no comment */
void p25_table_release_comment(struct p25_table *table,
			       const struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	if (!xa_empty(&table->comments) &&
	    !(entry->flags & P25_ENTRY_COMMENTED))
		xa_release(&table->comments, p25_table_number(table, entry));
}

/**
 * p25_table_set_comment - set, replace or delete an entry's comment
 * @table: the table
 * @entry: one of its entries; a place for a comment has been reserved
 * @comment: allocated; belongs to the table from now on; or NULL. Then the
 *	place stays reserved
 */
void p25_table_set_comment(struct p25_table *table, struct p25_entry *entry,
			   char *comment)
{
	lockdep_assert_held(table->lock);
	store_beside(table, &table->comments, entry, comment);
	entry->flags &= ~P25_ENTRY_COMMENTED;
	if (comment)
		entry->flags |= P25_ENTRY_COMMENTED;
}

/* p25_table_comment - comment of an entry, or NULL */
const char *p25_table_comment(const struct p25_table *table,
			      const struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	if (!(entry->flags & P25_ENTRY_COMMENTED))
		return NULL;
	return load_beside(table, &table->comments, entry);
}

/**
 * p25_table_reserve_guard - allocate what p25_table_set_guard() needs
 * @table: the table
 * @entry: one of its entries
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int p25_table_reserve_guard(struct p25_table *table, const struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	return xa_reserve(&table->guards, p25_table_number(table, entry), P25_GFP);
}

/* p25_table_release_guard - release a reserved place that has no guard */
void p25_table_release_guard(struct p25_table *table, const struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	if (!xa_empty(&table->guards) && !p25_entry_is_guarded(entry))
		xa_release(&table->guards, p25_table_number(table, entry));
}

/**
 * p25_table_set_guard - set, replace or delete an entry's own guard
 * @table: the table
 * @entry: one of its entries; a place for a guard has been reserved
 * @guard: allocated; belongs to the table from now on; or NULL. Then the place stays
 *	reserved
 */
void p25_table_set_guard(struct p25_table *table, struct p25_entry *entry,
			 struct p25_guard *guard)
{
	lockdep_assert_held(table->lock);
	store_beside(table, &table->guards, entry, guard);
	p25_entry_set_guarded(entry, guard);
}

/* p25_table_guard - an entry's own guard, or NULL */
const struct p25_guard *p25_table_guard(const struct p25_table *table,
					const struct p25_entry *entry)
{
	lockdep_assert_held(table->lock);
	if (!p25_entry_is_guarded(entry))
		return NULL;
	return load_beside(table, &table->guards, entry);
}

static bool is_oversized(const struct p25_table *table, u8 len)
{
	return p25_index_capacity(table->index[len]) >
	       2 * table->entries[len] + SPARE_MAX;
}

static bool index_needs_gc(const struct p25_table *table, u8 len)
{
	return !table->entries[len] || table->index[len]->old ||
	       is_oversized(table, len);
}

/**
 * p25_table_needs_gc - is there memory to be freed?
 * @table: the table
 *
 * Return: true if there is, by p25_table_start_grace(), a grace period and
 * p25_table_gc().
 */
bool p25_table_needs_gc(const struct p25_table *table)
{
	unsigned int len;

	lockdep_assert_held(table->lock);
	for_each_set_bit(len, table->indexed, P25_LENGTHS)
		if (index_needs_gc(table, len))
			return true;
	return table->slab.to_free != P25_SLAB_NONE;
}

/* p25_table_start_grace - a grace period begins for entries that were removed */
void p25_table_start_grace(struct p25_table *table)
{
	lockdep_assert_held(table->lock);
	p25_slab_start_grace(&table->slab);
}

/* If there is no memory, an empty index stays. */
static void free_index(struct p25_table *table, u8 len)
{
	struct p25_index *index = table->index[len];

	if (!set_index(table, len, NULL))
		p25_index_retire(index);
}

/* Returns true if there is more to do. */
static bool gc_index(struct p25_table *table, u8 len)
{
	if (!table->entries[len]) {
		free_index(table, len);
		return false;
	}
	p25_index_copy(table->index[len], COPY_GC);
	/* If there is no memory for a smaller one, the large one will do. */
	if (is_oversized(table, len) && !table->index[len]->old)
		resize(table, len, table->entries[len] + table->entries[len] / 5);
	return table->index[len]->old;
}

/**
 * p25_table_gc - the grace period has elapsed: free memory
 * @table: the table
 *
 * Context: may sleep.
 * Return: true if there is more to do, after another grace period.
 */
bool p25_table_gc(struct p25_table *table)
{
	unsigned int len;
	bool more = false;

	lockdep_assert_held(table->lock);
	p25_slab_reclaim(&table->slab);
	for_each_set_bit(len, table->indexed, P25_LENGTHS)
		more |= gc_index(table, len);
	return more || table->slab.to_free != P25_SLAB_NONE;
}
