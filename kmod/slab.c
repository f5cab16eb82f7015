// SPDX-License-Identifier: GPL-2.0
/*
 * Allocating and freeing entries; see the picture in slab.h.
 *
 * An entry that is freed may have readers until a grace period has elapsed, and sums
 * that refer to it (see account.h). Until then it is in a list, linked through the first
 * word of its address, and no lookup finds it any more.
 *
 * Unless it says otherwise, everything here is called in process context.
 */
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "slab.h"

#define PAGES_MIN	8

/**
 * struct p25_slab_page - which slots are free in a page
 * @next: next page of the partial list, if this one is in it
 * @used: entries in it
 * @unused: slots from this one on have never been used
 * @free: list of slots that have been freed: number + 1 of the first; 0: none
 */
struct p25_slab_page {
	u32	next;
	u16	used;
	u16	unused;
	u16	free;
};

/* Lists of entries are linked through this. */
static u32 *link_of(struct p25_entry *entry)
{
	return (__force u32 *)&entry->addr[0];
}

static struct p25_slab_directory *directory_of(const struct p25_slab *slab)
{
	return rcu_dereference_protected(slab->directory,
					 lockdep_is_held(slab->lock));
}

static unsigned int slots_per_page(const struct p25_slab *slab)
{
	return PAGE_SIZE / slab->entry_size;
}

/**
 * p25_slab_init - make an empty slab
 * @slab: the slab
 * @size: bytes of an entry, a multiple of 8, at least 32
 * @lock: the policy's
 */
void p25_slab_init(struct p25_slab *slab, size_t size, struct mutex *lock)
{
	slab->lock = lock;
	slab->entry_size = size;
	RCU_INIT_POINTER(slab->directory, NULL);
	slab->pages = 0;
	slab->allocated = 0;
	slab->partial = P25_SLAB_NONE;
	slab->to_free = P25_SLAB_NONE;
	slab->in_grace = P25_SLAB_NONE;
}

/* p25_slab_destroy - free the slab and all its entries; it has no readers */
void p25_slab_destroy(struct p25_slab *slab)
{
	struct p25_slab_directory *directory = directory_of(slab);
	u32 page;

	lockdep_assert_held(slab->lock);
	for (page = 0; page < slab->pages; page++) {
		free_page((unsigned long)directory->page[page]);
		cond_resched();
	}
	kvfree(directory);
}

static size_t directory_bytes(u32 size)
{
	return sizeof(struct p25_slab_directory) +
	       size * (sizeof(void *) + sizeof(struct p25_slab_page));
}

/* p25_slab_memory - bytes that the slab takes */
size_t p25_slab_memory(const struct p25_slab *slab)
{
	const struct p25_slab_directory *directory = directory_of(slab);

	lockdep_assert_held(slab->lock);
	return slab->allocated * PAGE_SIZE +
	       (directory ? directory_bytes(directory->size) : 0);
}

static int grow_directory(struct p25_slab *slab)
{
	struct p25_slab_directory *old = directory_of(slab);
	struct p25_slab_directory *directory;
	u32 size = max(2 * slab->pages, (u32)PAGES_MIN);

	directory = kvzalloc(directory_bytes(size), P25_GFP);
	if (!directory)
		return -ENOMEM;
	directory->size = size;
	directory->info = (void *)&directory->page[size];
	if (old) {
		memcpy(directory->page, old->page,
		       slab->pages * sizeof(*old->page));
		memcpy(directory->info, old->info,
		       slab->pages * sizeof(*old->info));
	}
	rcu_assign_pointer(slab->directory, directory);
	if (old)
		kvfree_rcu(old, rcu);
	return 0;
}

/* One more number for a page; the page itself is allocated later. */
static int add_page_number(struct p25_slab *slab)
{
	struct p25_slab_directory *directory = directory_of(slab);

	if (slab->pages == P25_SLAB_PAGES_MAX)
		return -ENOMEM;
	if (!directory || slab->pages == directory->size) {
		if (grow_directory(slab))
			return -ENOMEM;
		directory = directory_of(slab);
	}
	directory->info[slab->pages].next = P25_SLAB_NONE;
	slab->partial = slab->pages++;
	return 0;
}

static int alloc_page_for(struct p25_slab *slab, u32 number)
{
	struct p25_slab_directory *directory = directory_of(slab);
	struct page *page = alloc_page(P25_GFP);

	if (!page)
		return -ENOMEM;
	set_page_private(page, number);
	directory->info[number].unused = 0;
	directory->info[number].free = 0;
	WRITE_ONCE(directory->page[number], page_address(page));
	slab->allocated++;
	return 0;
}

static void free_page_of(struct p25_slab *slab, u32 number)
{
	void **page = &directory_of(slab)->page[number];

	set_page_private(virt_to_page(*page), 0);
	free_page((unsigned long)*page);
	WRITE_ONCE(*page, NULL);
	slab->allocated--;
}

static void *slot_in(const struct p25_slab *slab, u32 page, u32 slot)
{
	return directory_of(slab)->page[page] + slot * slab->entry_size;
}

/**
 * p25_slab_alloc - make an entry, all zero
 * @slab: the slab
 *
 * Context: process; may sleep.
 * Return: the entry, or NULL.
 */
struct p25_entry *p25_slab_alloc(struct p25_slab *slab)
{
	struct p25_slab_page *info;
	struct p25_entry *entry;
	u32 page;

	lockdep_assert_held(slab->lock);
	if (slab->partial == P25_SLAB_NONE && add_page_number(slab))
		return NULL;
	page = slab->partial;
	if (!directory_of(slab)->page[page] && alloc_page_for(slab, page))
		return NULL;
	info = &directory_of(slab)->info[page];
	if (info->free) {
		entry = slot_in(slab, page, info->free - 1);
		info->free = *link_of(entry);
	} else {
		entry = slot_in(slab, page, info->unused++);
	}
	if (++info->used == slots_per_page(slab))
		slab->partial = info->next;
	memset(entry, 0, slab->entry_size);
	return entry;
}

/**
 * p25_slab_number - the number of an entry
 * @slab: the slab
 * @entry: one of its entries
 *
 * Context: any.
 * Return: the number.
 */
u32 p25_slab_number(const struct p25_slab *slab,
		    const struct p25_entry *entry)
{
	return page_private(virt_to_page(entry)) << P25_SLAB_SHIFT |
	       offset_in_page(entry) / slab->entry_size;
}

/**
 * p25_slab_free - free an entry after a grace period
 * @slab: the slab
 * @entry: the entry, which no lookup finds any more
 *
 * Until p25_slab_reclaim(), readers may read it. Its flags are cleared, and the
 * first word of its address is overwritten.
 */
void p25_slab_free(struct p25_slab *slab, struct p25_entry *entry)
{
	lockdep_assert_held(slab->lock);
	entry->flags = 0;
	WRITE_ONCE(*link_of(entry), slab->to_free);
	slab->to_free = p25_slab_number(slab, entry);
}

/**
 * p25_slab_start_grace - a grace period begins for all entries to be freed
 * @slab: the slab; p25_slab_reclaim() has followed the last such call
 */
void p25_slab_start_grace(struct p25_slab *slab)
{
	lockdep_assert_held(slab->lock);
	slab->in_grace = slab->to_free;
	slab->to_free = P25_SLAB_NONE;
}

static void free_slot_of(struct p25_slab *slab, struct p25_entry *entry)
{
	u32 page = page_private(virt_to_page(entry));
	struct p25_slab_page *info = &directory_of(slab)->info[page];

	*link_of(entry) = info->free;
	info->free = offset_in_page(entry) / slab->entry_size + 1;
	if (info->used-- == slots_per_page(slab)) {
		info->next = slab->partial;
		slab->partial = page;
	}
	if (!info->used)
		free_page_of(slab, page);
}

/* p25_slab_reclaim - the grace period that p25_slab_start_grace() began is over */
void p25_slab_reclaim(struct p25_slab *slab)
{
	lockdep_assert_held(slab->lock);
	while (slab->in_grace != P25_SLAB_NONE) {
		struct p25_entry *entry = p25_slab_entry(slab, slab->in_grace);

		slab->in_grace = *link_of(entry);
		free_slot_of(slab, entry);
		cond_resched();
	}
}

/**
 * p25_slab_next - walk: the next entry that is in its table
 * @slab: the slab
 * @number: where to begin; then the entry's number
 *
 * Return: the entry; NULL: there is none.
 */
struct p25_entry *p25_slab_next(const struct p25_slab *slab, u32 *number)
{
	const struct p25_slab_directory *directory = directory_of(slab);
	u32 page = *number >> P25_SLAB_SHIFT;
	u32 slot = *number % P25_SLAB_SLOTS;

	lockdep_assert_held(slab->lock);
	for (; page < slab->pages; page++, slot = 0) {
		if (!directory->page[page])
			continue;
		for (; slot < directory->info[page].unused; slot++) {
			struct p25_entry *entry = slot_in(slab, page, slot);

			if (!(entry->flags & P25_ENTRY_LISTED))
				continue;
			*number = page << P25_SLAB_SHIFT | slot;
			return entry;
		}
	}
	return NULL;
}
