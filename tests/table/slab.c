// SPDX-License-Identifier: GPL-2.0
/*
 * Numbered entries, against a list of which numbers are in use; slab.h.
 */
#include "table_test.h"

#define ENTRIES 20000

/* By number: the entry, while it is in use. */
static struct p25_entry *entries[2 * ENTRIES * sizeof(u64)];
static struct mutex lock;
static struct p25_slab slab;

static void begin(u8 family)
{
	memset(&slab, 0, sizeof(slab));
	memset(entries, 0, sizeof(entries));
	p25_slab_init(&slab, p25_entry_size(family), &lock);
}

/* All zero, aligned, with a number that no other has. */
static u32 add(void)
{
	static const u8 zero[64];
	struct p25_entry *entry = p25_slab_alloc(&slab);
	u32 number = p25_slab_number(&slab, entry);

	CHECK((uintptr_t)entry % sizeof(u64) == 0);
	CHECK(!memcmp(entry, zero, slab.entry_size));
	CHECK(number < ARRAY_SIZE(entries) && !entries[number]);
	CHECK(p25_slab_entry(&slab, number) == entry);
	memset(entry, 0xff, slab.entry_size);
	entries[number] = entry;
	return number;
}

/* Its number is in use until it has been reclaimed. */
static void drop(u32 number)
{
	p25_slab_free(&slab, entries[number]);
	CHECK(!(entries[number]->flags & P25_ENTRY_LISTED));
}

/* A walk has each entry that is in use, in the order of the numbers. */
static void check_walk(void)
{
	struct p25_entry *entry;
	u32 number = 0;
	u32 n = 0;

	for (; (entry = p25_slab_next(&slab, &number)); number++, n++) {
		for (; n < number; n++)
			CHECK(!entries[n] || !(entries[n]->flags & P25_ENTRY_LISTED));
		CHECK(entries[number] == entry);
	}
	for (; n < ARRAY_SIZE(entries); n++)
		CHECK(!entries[n] || !(entries[n]->flags & P25_ENTRY_LISTED));
}

static void reclaim(void)
{
	u32 number;

	p25_slab_start_grace(&slab);
	kernel_grace_period();
	for (number = 0; number < ARRAY_SIZE(entries); number++)
		if (entries[number] && !(entries[number]->flags & P25_ENTRY_LISTED))
			entries[number] = NULL;
	p25_slab_reclaim(&slab);
}

static void check_random(u8 family)
{
	unsigned int rounds;
	unsigned int i;

	begin(family);
	for (rounds = 0; rounds < 10; rounds++) {
		for (i = 0; i < ENTRIES / 10; i++)
			add();
		check_walk();
		for (i = 0; i < ENTRIES; i++) {
			u32 number = below(ARRAY_SIZE(entries));

			if (entries[number] &&
			    entries[number]->flags & P25_ENTRY_LISTED)
				drop(number);
		}
		check_walk();
		if (rounds % 3)
			reclaim();
	}
	p25_slab_destroy(&slab);
}

static void test_random(void)
{
	check_random(AF_INET);
	check_random(AF_INET6);
}

/* Entries of a page have consecutive numbers; the next page's begin at a round one. */
static void check_numbers(u8 family)
{
	u32 per_page = PAGE_SIZE / p25_entry_size(family);
	u32 i;

	begin(family);
	for (i = 0; i < 3 * per_page; i++)
		CHECK(add() == i / per_page * P25_SLAB_SLOTS + i % per_page);
	CHECK(p25_slab_slots(&slab) == 3 + 3 * P25_SLAB_SLOTS);
	p25_slab_destroy(&slab);
}

static void test_numbers(void)
{
	u32 slots = P25_SLAB_SLOTS;

	CHECK(p25_entry_size(AF_INET) == 32);
	CHECK(p25_entry_size(AF_INET6) == 48);
	CHECK(slots == PAGE_SIZE / 32);
	CHECK(slots * P25_SLAB_PAGES_MAX == P25_SLOT_NUMBERS);
	check_numbers(AF_INET);
	check_numbers(AF_INET6);
}

/* Pages that are empty are given back, and their numbers used again. */
static void test_empty(void)
{
	size_t empty;
	u32 number;

	begin(AF_INET6);
	add();
	empty = p25_slab_memory(&slab) - PAGE_SIZE;
	for (number = 1; number < PAGE_SIZE / 48 * 8; number++)
		add();
	for (number = 0; number < ARRAY_SIZE(entries); number++)
		if (entries[number])
			drop(number);
	CHECK(p25_slab_memory(&slab) > empty);
	reclaim();
	CHECK(p25_slab_memory(&slab) == empty);
	CHECK(add() < 8 * P25_SLAB_SLOTS);
	check_walk();
	p25_slab_destroy(&slab);
}

const struct test slab_tests[] = {
	{ test_numbers, "numbers are pages and slots" },
	{ test_random, "random entries come and go, and keep their numbers" },
	{ test_empty, "pages are given back" },
	{ }
};
