// SPDX-License-Identifier: GPL-2.0
/*
 * How slots and buckets are packed; slot.h and bucket.h.
 */
#include "table_test.h"

/* The picture in slot.h. */
static u32 pack(u32 number, u32 kind, bool more, u32 gens)
{
	return number * 64 + kind * 8 + (more ? 4 : 0) + gens;
}

static void check_state(u32 number, u32 kind, bool more, u32 gens)
{
	u32 state = pack(number, kind, more, gens);
	u32 bit;

	CHECK(p25_state_number(state) == number);
	CHECK(p25_state_kind(state) == kind);
	CHECK(p25_state_has_more(state) == more);
	CHECK(p25_state_is_in_gen(state, 0) == (gens & 1));
	CHECK(p25_state_is_in_gen(state, 1) == gens >> 1);
	for (bit = 0; bit < 32; bit++)
		CHECK(p25_state_is_same_entry(state, state ^ 1U << bit) == (bit < 3));
}

static void test_states(void)
{
	static const u32 numbers[] = {
		0, 1, P25_SLAB_SLOTS - 1, P25_SLAB_SLOTS, 0x2aaaaaa, 0x1555555,
		2 * P25_LIMIT_MAX - 1, P25_SLOT_NUMBERS - 1,
	};
	size_t i;
	u32 j;

	CHECK(P25_SLOT_NUMBERS == 1UL << 26);
	CHECK(p25_state_number(U32_MAX) == P25_SLOT_NUMBERS - 1);
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		for (j = 0; j < 64; j++)
			check_state(numbers[i], j >> 3, j >> 2 & 1, j & 3);
}

static void test_ids(void)
{
	unsigned int nth;

	CHECK(P25_POLICY_TABLES <= 1ULL << (32 - P25_POLICY_ID_SHIFT));
	for (nth = 0; nth < P25_POLICY_TABLES; nth++) {
		u32 id = p25_policy_id(nth, P25_SLOT_NUMBERS - 1);

		CHECK(id >> P25_POLICY_ID_SHIFT == nth);
		CHECK((id & (P25_SLOT_NUMBERS - 1)) == P25_SLOT_NUMBERS - 1);
		CHECK(p25_policy_id(nth, 0) << (32 - P25_POLICY_ID_SHIFT) == 0);
	}
}

/* A hash as the index has it: of a narrow bucket, the upper half counts. */
static u64 random_hash(bool wide)
{
	u64 hash = kernel_random();

	return wide ? hash : hash >> 32 << 32;
}

static void fill(struct p25_bucket *bucket, bool wide, struct p25_slot *slots)
{
	unsigned int i;

	memset(bucket, 0, sizeof(*bucket));
	for (i = 0; i < p25_bucket_slots(wide); i++) {
		slots[i].hash = random_hash(wide);
		slots[i].state = pack(below(P25_SLOT_NUMBERS), 1 + below(5),
				      below(2), below(4));
		p25_bucket_set(bucket, wide, i, slots[i]);
	}
}

static void check_layout(const struct p25_bucket *bucket, bool wide, unsigned int i,
			 struct p25_slot slot)
{
	unsigned int at = wide ? 3 * i : 2 * i;
	const u8 *byte = (const u8 *)bucket;

	CHECK(sizeof(*bucket) == 64);
	CHECK(byte[i] == (slot.hash >> 32 & 0xff));
	CHECK(bucket->word[at] == slot.hash >> 32);
	CHECK(!wide || bucket->word[at + 1] == (u32)slot.hash);
	CHECK(bucket->word[at + (wide ? 2 : 1)] == slot.state);
}

static void check_bucket(bool wide)
{
	struct p25_slot slots[P25_BUCKET_TAGS];
	struct p25_bucket bucket;
	unsigned int n = p25_bucket_slots(wide);
	unsigned int i;

	fill(&bucket, wide, slots);
	for (i = 0; i < n; i++) {
		struct p25_slot slot = p25_bucket_slot(&bucket, wide, i);

		check_layout(&bucket, wide, i, slots[i]);
		CHECK(slot.hash == slots[i].hash && slot.state == slots[i].state);
		CHECK(p25_bucket_read(&bucket, wide, i, slot.hash) == slot.state);
		CHECK(!p25_bucket_read(&bucket, wide, i, slot.hash ^ 1ULL << 32));
		CHECK(!wide || !p25_bucket_read(&bucket, wide, i, slot.hash ^ 1));
	}
	CHECK(!bucket.overflow);
}

static void test_buckets(void)
{
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		check_bucket(false);
		check_bucket(true);
	}
}

/* Candidates are all that have the tag, and none that isn't a slot. */
static void check_candidates(bool wide, u8 tag, u8 overflow)
{
	struct p25_slot slots[P25_BUCKET_TAGS];
	struct p25_bucket bucket;
	u64 candidates;
	unsigned int i;

	fill(&bucket, wide, slots);
	bucket.overflow = overflow;
	bucket.tags[below(p25_bucket_slots(wide))] = tag;
	candidates = p25_bucket_candidates(&bucket, wide, (u64)tag << 32);
	for (i = 0; i < 8; i++) {
		u8 byte = candidates >> 8 * i;

		CHECK(!(byte & 0x7f));
		if (i >= p25_bucket_slots(wide))
			CHECK(!byte);
		else if (bucket.tags[i] == tag)
			CHECK(byte);
		else if (!(candidates & ((1ULL << 8 * i) - 1)))
			CHECK(!byte);	/* only behind one that has it */
	}
}

static void test_candidates(void)
{
	unsigned int tag;

	for (tag = 0; tag < 256; tag++) {
		check_candidates(false, tag, tag);
		check_candidates(true, tag, ~tag);
	}
}

static bool note(u32 state, void *arg)
{
	*(u32 *)arg = state;
	return true;
}

/* What is found is the slot with the hash; a slot that is free is not. */
static void check_search(bool wide)
{
	struct p25_slot slots[P25_BUCKET_TAGS];
	struct p25_bucket bucket;
	unsigned int i;
	u32 found;

	fill(&bucket, wide, slots);
	for (i = 0; i < p25_bucket_slots(wide); i++) {
		found = 0;
		CHECK(p25_bucket_search(&bucket, wide, slots[i].hash, note, &found));
		CHECK(found == slots[i].state);
		p25_bucket_set_state(&bucket, wide, i, 0);
		CHECK(!p25_bucket_search(&bucket, wide, slots[i].hash, note, &found));
	}
}

static void test_searches(void)
{
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		check_search(false);
		check_search(true);
	}
}

/* Tag, class of overflow and home bucket are of different bits. */
static void test_hash_bits(void)
{
	struct p25_buckets buckets = { .n = 4 };
	unsigned int bit;

	for (bit = 32; bit < 64; bit++) {
		u64 hash = 1ULL << bit;
		u8 overflow = p25_bucket_overflow_bit(hash);

		CHECK(p25_bucket_tag(hash) == (bit < 40 ? 1U << (bit - 32) : 0));
		CHECK(overflow == (bit == 40 ? 2 : bit == 41 ? 4 : bit == 42 ? 16 : 1));
		CHECK(p25_buckets_home(&buckets, hash) ==
		      (bit < 62 ? 0 : 1U << (bit - 62)));
	}
}

static void test_homes(void)
{
	struct p25_buckets buckets;
	unsigned int i;

	for (i = 0; i < 10000; i++) {
		buckets.n = 1 + (kernel_random() >> (33 + below(31)));
		CHECK(p25_buckets_home(&buckets, 0) == 0);
		CHECK(p25_buckets_home(&buckets, ~0ULL) == buckets.n - 1);
		CHECK(p25_buckets_home(&buckets, kernel_random()) < buckets.n);
	}
}

/* All in one byte of an entry. */
static void test_actions(void)
{
	struct p25_entry entry = { .kind = P25_KIND_POOL };
	u8 a, b;

	for (a = 0; a <= P25_ACTION_MAX + 1; a++) {
		for (b = 0; b <= P25_ACTION_MAX + 1; b++) {
			p25_entry_set_action(&entry, 0, a);
			p25_entry_touch(&entry);
			p25_entry_set_action(&entry, 1, b);
			CHECK(p25_entry_action(&entry, 0) == a);
			CHECK(p25_entry_action(&entry, 1) == b);
			CHECK(p25_entry_has_action(&entry) == (a || b));
			CHECK(p25_entry_untouch(&entry));
			CHECK(!p25_entry_untouch(&entry));
			CHECK(p25_entry_action(&entry, 0) == a);
			CHECK(p25_entry_action(&entry, 1) == b);
		}
	}
}

const struct test slot_tests[] = {
	{ test_states, "a state is packed as pictured, up to the highest number" },
	{ test_ids, "a number has room beside that of its table" },
	{ test_buckets, "a bucket is packed as pictured, narrow and wide" },
	{ test_candidates, "tags say which slots are worth a look" },
	{ test_searches, "a bucket's slots are found by their hashes" },
	{ test_hash_bits, "tag, overflow and home are of different bits of a hash" },
	{ test_actions, "an entry's own actions, in both generations" },
	{ test_homes, "a home bucket is one of those that there are" },
	{ }
};
