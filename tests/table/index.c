// SPDX-License-Identifier: GPL-2.0
/*
 * Random changes to an index and to an array of its slots: a search has to visit the
 * same; index.h.
 */
#include "table_test.h"

#define SLOTS_MAX 600

static struct p25_slot slots[SLOTS_MAX];
static struct p25_index *indexed;
static struct mutex lock;
static unsigned int n;
static bool wide;
static u32 next_number;

/* Few homes, few tags and few classes of overflow: what collides most. */
static u64 random_hash(void)
{
	u64 hash = kernel_random() & 0xf800070300000001;

	return wide ? hash : hash >> 32 << 32;
}

static u32 random_state(u32 number)
{
	return number << P25_SLOT_NUMBER_SHIFT | (1 + below(5)) << P25_SLOT_KIND_SHIFT |
	       below(8);
}

static void make_room(void)
{
	struct p25_index *old = indexed;

	if (n < p25_index_capacity(old)) {
		p25_index_copy(indexed, 1);
		return;
	}
	while (old && p25_index_copy(old, 1))
		;
	indexed = p25_index_alloc(n + n / 5 + 1, wide, &lock);
	p25_index_replace(indexed, old);
}

static void place(void)
{
	make_room();
	slots[n].hash = random_hash();
	slots[n].state = random_state(next_number++);
	p25_index_place(indexed, slots[n++]);
}

static void update(unsigned int i)
{
	slots[i].state ^= below(8);
	p25_index_update(indexed, slots[i]);
}

static void drop(unsigned int i)
{
	p25_index_remove(indexed, slots[i]);
	slots[i] = slots[--n];
}

/* What a search is to visit: states of one hash, as often as they are there. */
struct visits {
	u32		state[2 * SLOTS_MAX];
	unsigned int	n;
};

static bool visit(u32 state, void *arg)
{
	struct visits *visits = arg;

	visits->state[visits->n++] = state;
	return false;
}

static bool is_visited(const struct visits *visits, u32 state)
{
	unsigned int i;

	for (i = 0; i < visits->n; i++)
		if (visits->state[i] == state)
			return true;
	return false;
}

static bool is_there(u64 hash, u32 state)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (slots[i].hash == hash && slots[i].state == state)
			return true;
	return false;
}

/* As packets do: in the home bucket, and elsewhere only if that says so. */
static void search(u64 hash, struct visits *visits)
{
	const struct p25_bucket *home = p25_buckets_home_bucket(&indexed->buckets, hash);

	visits->n = 0;
	if (wide ? p25_index_search_home(indexed, true, hash, home, visit, visits) :
		   p25_index_search_home(indexed, false, hash, home, visit, visits)) {
		if (wide)
			p25_index_search(indexed, true, hash, visit, visits);
		else
			p25_index_search(indexed, false, hash, visit, visits);
	}
}

static void check_hash(u64 hash)
{
	static struct visits visits;
	unsigned int i;

	search(hash, &visits);
	for (i = 0; i < visits.n; i++)
		CHECK(is_there(hash, visits.state[i]));
	for (i = 0; i < n; i++)
		if (slots[i].hash == hash)
			CHECK(is_visited(&visits, slots[i].state));
}

/* The classes of the entries that aren't in bucket @at but behind it. */
static u8 overflow_of(const struct p25_index *index, u32 at)
{
	u32 buckets = index->buckets.n;
	u8 overflow = 0;
	u32 i, j;

	for (i = 0; i < buckets; i++) {
		const struct p25_bucket *bucket = p25_buckets_nth(&index->buckets, i);

		for (j = 0; j < p25_bucket_slots(wide); j++) {
			struct p25_slot slot = p25_bucket_slot(bucket, wide, j);
			u32 home = p25_buckets_home(&index->buckets, slot.hash);

			if (slot.state && (at + buckets - home) % buckets <
					  (i + buckets - home) % buckets)
				overflow |= p25_bucket_overflow_bit(slot.hash);
		}
	}
	return overflow;
}

static void check_overflow(const struct p25_index *index)
{
	u32 at;

	for (at = 0; at < index->buckets.n; at++)
		CHECK(p25_buckets_nth(&index->buckets, at)->overflow ==
		      overflow_of(index, at));
}

static void check_all(void)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		check_hash(slots[i].hash);
	for (i = 0; i < 100; i++)
		check_hash(random_hash());
	check_overflow(indexed);
	if (indexed->old)
		check_overflow(indexed->old);
}

static void step(bool grows)
{
	unsigned int chance = below(10);

	if (n < SLOTS_MAX && chance < (grows ? 6U : 3U))
		place();
	else if (n && chance < 7)
		update(below(n));
	else if (n)
		drop(below(n));
}

static void check_random(bool is_wide)
{
	unsigned int i;

	wide = is_wide;
	indexed = NULL;
	n = 0;
	next_number = 0;
	place();
	for (i = 0; i < 4000; i++) {
		step(i / 1000 % 2 == 0);
		if (i % 50 == 0)
			check_all();
		else if (n)
			check_hash(slots[below(n)].hash);
		if (i % 70 == 0)
			kernel_grace_period();
	}
	p25_index_free(indexed);
}

static void test_narrow(void)
{
	check_random(false);
}

static void test_wide(void)
{
	check_random(true);
}

/* All in one bucket: they go into those behind it, around the end, and out again. */
static void check_chain(bool is_wide)
{
	unsigned int i;

	wide = is_wide;
	next_number = P25_SLOT_NUMBERS - 50;
	indexed = p25_index_alloc(50, wide, &lock);
	for (n = 0; n < 50; n++) {
		slots[n].hash = (~0ULL << (wide ? 0 : 32)) ^ ((u64)n << 40);
		slots[n].state = random_state(next_number++);
		p25_index_place(indexed, slots[n]);
	}
	check_all();
	for (i = 0; i < 50; i++) {
		drop(below(n));
		check_all();
	}
	for (i = 0; i < indexed->buckets.n; i++)
		CHECK(!p25_buckets_nth(&indexed->buckets, i)->overflow);
	p25_index_free(indexed);
}

static void test_chain(void)
{
	check_chain(false);
	check_chain(true);
}

/* While it is copied, an entry is changed or removed in both. */
static void check_copying(bool is_wide)
{
	unsigned int i;

	wide = is_wide;
	indexed = NULL;
	n = 0;
	next_number = 0;
	while (n < 300)
		place();
	while (p25_index_copy(indexed, 1))
		;
	while (n < p25_index_capacity(indexed))
		place();
	place();
	CHECK(indexed->old);
	for (i = 0; indexed->old; i++) {
		check_all();
		if (i % 3 == 0)
			update(below(n));
		else
			drop(below(n));
		p25_index_copy(indexed, 1);
	}
	check_all();
	kernel_grace_period();
	p25_index_free(indexed);
}

static void test_copying(void)
{
	check_copying(false);
	check_copying(true);
}

const struct test index_tests[] = {
	{ test_narrow, "random changes to an index of IPv4" },
	{ test_wide, "random changes to an index of IPv6" },
	{ test_chain, "a full bucket overflows into those behind it" },
	{ test_copying, "an index is changed while it is copied" },
	{ }
};
