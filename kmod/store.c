// SPDX-License-Identifier: GPL-2.0
/*
 * Keeping entries; see the picture in store.h.
 *
 * An entry that is taken out may still be read until a grace period has gone
 * by. Until then it is in a list, linked through the first word of its address:
 * nobody finds it any more, and it doesn't count for those who have.
 *
 * Unless it says otherwise, everything here is called in process context.
 */
#include <linux/slab.h>

#include "store.h"

#define PAGES_MIN	8

/**
 * struct p25_store_room - what is free in a page
 * @next: next page that has room, if this one has
 * @used: entries in it
 * @fresh: slots from here on have never been used
 * @free: number + 1 of a slot that has been; 0: none
 */
struct p25_store_room {
	u32	next;
	u16	used;
	u16	fresh;
	u16	free;
};

/* Lists of entries are linked through this. */
static u32 *link_of(struct p25_entry *entry)
{
	return (__force u32 *)&entry->addr[0];
}

static struct p25_store_directory *directory_of(const struct p25_store *store)
{
	return rcu_dereference_protected(store->directory,
					 lockdep_is_held(store->lock));
}

static unsigned int slots_per_page(const struct p25_store *store)
{
	return PAGE_SIZE / store->entry_size;
}

/**
 * p25_store_init - make an empty store
 * @store: the store
 * @size: bytes of an entry, a multiple of 8, at least 32
 * @lock: the policy's
 */
void p25_store_init(struct p25_store *store, size_t size, struct mutex *lock)
{
	store->lock = lock;
	store->entry_size = size;
	store->with_room = P25_STORE_NONE;
	store->leaving = P25_STORE_NONE;
	store->left = P25_STORE_NONE;
}

/** p25_store_destroy - free the store and all its entries; it has no readers */
void p25_store_destroy(struct p25_store *store)
{
	struct p25_store_directory *directory = directory_of(store);
	u32 page;

	for (page = 0; page < store->pages; page++) {
		free_page((unsigned long)directory->page[page]);
		cond_resched();
	}
	kvfree(directory);
}

static size_t directory_bytes(u32 size)
{
	return sizeof(struct p25_store_directory) +
	       size * (sizeof(void *) + sizeof(struct p25_store_room));
}

/** p25_store_memory - bytes that the store takes */
size_t p25_store_memory(const struct p25_store *store)
{
	const struct p25_store_directory *directory = directory_of(store);

	return store->allocated * PAGE_SIZE +
	       (directory ? directory_bytes(directory->size) : 0);
}

static int grow_directory(struct p25_store *store)
{
	struct p25_store_directory *old = directory_of(store);
	struct p25_store_directory *directory;
	u32 size = max(2 * store->pages, (u32)PAGES_MIN);

	directory = kvzalloc(directory_bytes(size), P25_GFP);
	if (!directory)
		return -ENOMEM;
	directory->size = size;
	directory->room = (void *)&directory->page[size];
	if (old) {
		memcpy(directory->page, old->page,
		       store->pages * sizeof(*old->page));
		memcpy(directory->room, old->room,
		       store->pages * sizeof(*old->room));
	}
	rcu_assign_pointer(store->directory, directory);
	if (old)
		kvfree_rcu(old, rcu);
	return 0;
}

/* One more number for a page; the page itself comes later. */
static int add_page_number(struct p25_store *store)
{
	struct p25_store_directory *directory = directory_of(store);

	if (!directory || store->pages == directory->size) {
		if (grow_directory(store))
			return -ENOMEM;
		directory = directory_of(store);
	}
	directory->room[store->pages].next = P25_STORE_NONE;
	store->with_room = store->pages++;
	return 0;
}

static int alloc_page_for(struct p25_store *store, u32 number)
{
	struct p25_store_directory *directory = directory_of(store);
	struct page *page = alloc_page(P25_GFP);

	if (!page)
		return -ENOMEM;
	set_page_private(page, number);
	directory->room[number].fresh = 0;
	directory->room[number].free = 0;
	WRITE_ONCE(directory->page[number], page_address(page));
	store->allocated++;
	return 0;
}

static void free_page_of(struct p25_store *store, u32 number)
{
	void **page = &directory_of(store)->page[number];

	set_page_private(virt_to_page(*page), 0);
	free_page((unsigned long)*page);
	WRITE_ONCE(*page, NULL);
	store->allocated--;
}

static void *slot_in(const struct p25_store *store, u32 page, u32 slot)
{
	return directory_of(store)->page[page] + slot * store->entry_size;
}

/**
 * p25_store_alloc - make an entry, all zero
 * @store: the store
 *
 * Context: process; may sleep.
 * Return: the entry, or NULL.
 */
struct p25_entry *p25_store_alloc(struct p25_store *store)
{
	struct p25_store_room *room;
	struct p25_entry *entry;
	u32 page;

	lockdep_assert_held(store->lock);
	if (store->with_room == P25_STORE_NONE && add_page_number(store))
		return NULL;
	page = store->with_room;
	if (!directory_of(store)->page[page] && alloc_page_for(store, page))
		return NULL;
	room = &directory_of(store)->room[page];
	if (room->free) {
		entry = slot_in(store, page, room->free - 1);
		room->free = *link_of(entry);
	} else {
		entry = slot_in(store, page, room->fresh++);
	}
	if (++room->used == slots_per_page(store))
		store->with_room = room->next;
	memset(entry, 0, store->entry_size);
	return entry;
}

/**
 * p25_store_number - the number of an entry
 * @store: the store
 * @entry: one of its entries
 */
u32 p25_store_number(const struct p25_store *store,
		     const struct p25_entry *entry)
{
	return page_private(virt_to_page(entry)) << P25_STORE_SHIFT |
	       offset_in_page(entry) / store->entry_size;
}

/**
 * p25_store_free - free an entry some day
 * @store: the store
 * @entry: the entry, which nobody can find any more
 *
 * Its memory is as it was until p25_store_reclaim(); but it has no flag set,
 * and its address is gone.
 */
void p25_store_free(struct p25_store *store, struct p25_entry *entry)
{
	lockdep_assert_held(store->lock);
	entry->flags = 0;
	WRITE_ONCE(*link_of(entry), store->leaving);
	store->leaving = p25_store_number(store, entry);
}

/**
 * p25_store_leave - a grace period begins for all that has been freed
 * @store: the store; p25_store_reclaim() has followed the last such call
 */
void p25_store_leave(struct p25_store *store)
{
	lockdep_assert_held(store->lock);
	store->left = store->leaving;
	store->leaving = P25_STORE_NONE;
}

static void give_back(struct p25_store *store, struct p25_entry *entry)
{
	u32 page = page_private(virt_to_page(entry));
	struct p25_store_room *room = &directory_of(store)->room[page];

	*link_of(entry) = room->free;
	room->free = offset_in_page(entry) / store->entry_size + 1;
	if (room->used-- == slots_per_page(store)) {
		room->next = store->with_room;
		store->with_room = page;
	}
	if (!room->used)
		free_page_of(store, page);
}

/** p25_store_reclaim - the grace period that p25_store_leave() began is over */
void p25_store_reclaim(struct p25_store *store)
{
	lockdep_assert_held(store->lock);
	while (store->left != P25_STORE_NONE) {
		struct p25_entry *entry = p25_store_entry(store, store->left);

		store->left = *link_of(entry);
		give_back(store, entry);
		cond_resched();
	}
}

/**
 * p25_store_next - walk: the next entry that is in its table
 * @store: the store
 * @number: where to begin; then the entry's number
 *
 * Return: the entry; NULL: there is none.
 */
struct p25_entry *p25_store_next(const struct p25_store *store, u32 *number)
{
	const struct p25_store_directory *directory = directory_of(store);
	u32 page = *number >> P25_STORE_SHIFT;
	u32 slot = *number % P25_STORE_SLOTS;

	for (; page < store->pages; page++, slot = 0) {
		if (!directory->page[page])
			continue;
		for (; slot < directory->room[page].fresh; slot++) {
			struct p25_entry *entry = slot_in(store, page, slot);

			if (!(entry->flags & P25_ENTRY_LISTED))
				continue;
			*number = page << P25_STORE_SHIFT | slot;
			return entry;
		}
	}
	return NULL;
}
