/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A slab of numbered slots: entries of one size, each with a number that it keeps.
 *
 *	number = page | slot         directory      pages of entries
 *	         ----   ----         +---+          +--+--+--+--
 *	                             | 0 | -------> |  |  |  |
 *	                             | 1 | ---.     +--+--+--+--
 *	                             |...|    '---> |  |  |  |
 *
 * A number takes half the memory of a pointer in the index, and a walk by number
 * can stop anywhere, for any time, and still visit each entry that stays.
 *
 * Readers hold rcu_read_lock(), writers hold the policy's lock.
 */
#ifndef _P25_SLAB_H
#define _P25_SLAB_H

#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "entry.h"
#include "slot.h"

/* No entry is smaller than 32 bytes. */
#define P25_SLAB_SHIFT	(PAGE_SHIFT - 5)
#define P25_SLAB_SLOTS	BIT(P25_SLAB_SHIFT)

/* A slot of the index has no room for larger numbers. */
#define P25_SLAB_PAGES_MAX	(P25_SLOT_NUMBERS >> P25_SLAB_SHIFT)

#define P25_SLAB_NONE	U32_MAX

struct p25_slab_page;

/**
 * struct p25_slab_directory - where the pages are
 * @rcu: readers may still be in a directory that has been replaced
 * @size: pages that fit into it
 * @info: which slots are free in each page
 * @page: the pages; NULL: none there now
 */
struct p25_slab_directory {
	struct rcu_head		rcu;
	u32			size;
	struct p25_slab_page	*info;
	void			*page[];
};

/**
 * struct p25_slab - a slab
 * @directory: where the pages are; NULL: there are none yet
 * @lock: the policy's
 * @entry_size: bytes of an entry
 * @pages: numbers of pages that are in use
 * @allocated: those of them that have a page now
 * @partial: list of the pages with free slots: the first one; P25_SLAB_NONE: none
 * @to_free: list of entries to be freed; P25_SLAB_NONE: none
 * @in_grace: list of entries to be freed whose grace period is running
 */
struct p25_slab {
	struct p25_slab_directory __rcu	*directory;
	struct mutex				*lock;	/* the policy's */
	u32					entry_size;
	u32					pages;
	u32					allocated;
	u32					partial;
	u32					to_free;
	u32					in_grace;
};

void p25_slab_init(struct p25_slab *slab, size_t size, struct mutex *lock);
void p25_slab_destroy(struct p25_slab *slab);
size_t p25_slab_memory(const struct p25_slab *slab);

struct p25_entry *p25_slab_alloc(struct p25_slab *slab);
void p25_slab_free(struct p25_slab *slab, struct p25_entry *entry);
void p25_slab_start_grace(struct p25_slab *slab);
void p25_slab_reclaim(struct p25_slab *slab);

/* Slots that a walk visits, free or not. */
static inline u64 p25_slab_slots(const struct p25_slab *slab)
{
	return slab->pages + (u64)slab->allocated * P25_SLAB_SLOTS;
}

u32 p25_slab_number(const struct p25_slab *slab,
		    const struct p25_entry *entry);
struct p25_entry *p25_slab_next(const struct p25_slab *slab, u32 *number);

/**
 * p25_slab_entry - the entry of a number
 * @slab: the slab
 * @number: as the index has it
 *
 * Context: any, under rcu_read_lock() or the policy's lock.
 * Return: the entry.
 */
static inline struct p25_entry *p25_slab_entry(const struct p25_slab *slab,
					       u32 number)
{
	const struct p25_slab_directory *directory;

	smp_rmb();	/* the number first; pairs with p25_bucket_set_state() */
	directory = rcu_dereference_check(slab->directory,
					  lockdep_is_held(slab->lock));
	return READ_ONCE(directory->page[number >> P25_SLAB_SHIFT]) +
	       number % P25_SLAB_SLOTS * slab->entry_size;
}

#endif /* _P25_SLAB_H */
