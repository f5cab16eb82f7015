/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A store: entries of one size, each with a number that it keeps.
 *
 *	number = page | slot         directory      pages of entries
 *	         ----   ----         +---+          +--+--+--+--
 *	                             | 0 | -------> |  |  |  |
 *	                             | 1 | ---.     +--+--+--+--
 *	                             |...|    '---> |  |  |  |
 *
 * A number takes half the room of a pointer in the index, and a walk by number
 * can stop anywhere, for any time, without missing an entry that stays.
 *
 * Readers hold rcu_read_lock(), writers hold the policy's lock.
 */
#ifndef _P25_STORE_H
#define _P25_STORE_H

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "entry.h"

/* No entry is smaller than half a cache line. */
#define P25_STORE_SHIFT	(PAGE_SHIFT - 5)
#define P25_STORE_SLOTS	BIT(P25_STORE_SHIFT)

#define P25_STORE_NONE	U32_MAX

struct p25_store_room;

/**
 * struct p25_store_directory - where the pages are
 * @rcu: readers may still be in a directory that has been replaced
 * @size: how many pages it has room for
 * @room: what is free in each page
 * @page: the pages; NULL: none there now
 */
struct p25_store_directory {
	struct rcu_head		rcu;
	u32			size;
	struct p25_store_room	*room;
	void			*page[];
};

/**
 * struct p25_store - a store
 * @directory: where the pages are; NULL: there are none yet
 * @lock: the policy's
 * @entry_size: bytes of an entry
 * @pages: pages that have been there at some time
 * @allocated: pages that are there now
 * @with_room: first of the pages that have room; P25_STORE_NONE: none has
 * @leaving: entries that have been taken out; P25_STORE_NONE: none
 * @left: those of them for which a grace period is under way
 */
struct p25_store {
	struct p25_store_directory __rcu	*directory;
	struct mutex				*lock;	/* the policy's */
	u32					entry_size;
	u32					pages;
	u32					allocated;
	u32					with_room;
	u32					leaving;
	u32					left;
};

void p25_store_init(struct p25_store *store, size_t size, struct mutex *lock);
void p25_store_destroy(struct p25_store *store);
size_t p25_store_memory(const struct p25_store *store);

struct p25_entry *p25_store_alloc(struct p25_store *store);
void p25_store_free(struct p25_store *store, struct p25_entry *entry);
void p25_store_leave(struct p25_store *store);
void p25_store_reclaim(struct p25_store *store);

/* What a walk looks at, whether there are entries or not. */
static inline u64 p25_store_slots(const struct p25_store *store)
{
	return store->pages + (u64)store->allocated * P25_STORE_SLOTS;
}

u32 p25_store_number(const struct p25_store *store,
		     const struct p25_entry *entry);
struct p25_entry *p25_store_next(const struct p25_store *store, u32 *number);

/**
 * p25_store_entry - the entry of a number
 * @store: the store
 * @number: as the index has it
 *
 * Context: any, under rcu_read_lock() or the policy's lock.
 */
static inline struct p25_entry *p25_store_entry(const struct p25_store *store,
						u32 number)
{
	const struct p25_store_directory *directory;

	directory = rcu_dereference_check(store->directory,
					  lockdep_is_held(store->lock));
	return READ_ONCE(directory->page[number >> P25_STORE_SHIFT]) +
	       number % P25_STORE_SLOTS * store->entry_size;
}

#endif /* _P25_STORE_H */
