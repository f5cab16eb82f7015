// SPDX-License-Identifier: GPL-2.0
/*
 * Counting changes, and the marks that user space gets; sequence.h.
 */
#include "sequence.h"
#include "table_test.h"

static struct p25_policy policy;

static void begin(u32 sequence)
{
	memset(&policy, 0, sizeof(policy));
	policy.sequence = sequence;
	p25_sequence_note_owner(&policy, P25_OWNER_ANY);
	p25_sequence_advance(&policy);
}

static void change(u8 owner)
{
	p25_sequence_note_owner(&policy, owner);
	p25_sequence_advance(&policy);
}

static void test_packing(void)
{
	begin(0x89abcdee);
	CHECK(p25_sequence_mark(&policy, 0) == 0x89abcdef);
	CHECK(p25_sequence_mark(&policy, P25_OWNERS_MAX - 1) == 0xfe89abcdefULL);
	CHECK(p25_sequence_mark(&policy, P25_OWNER_ANY) == 0xff89abcdefULL);
}

/* A change of one owner's entries is one to that owner, and to all together. */
static void check_owners(u32 sequence)
{
	u64 one, other, all;

	begin(sequence);
	one = p25_sequence_mark(&policy, 1);
	other = p25_sequence_mark(&policy, 254);
	all = p25_sequence_mark(&policy, P25_OWNER_ANY);
	CHECK(!p25_sequence_has_changed(&policy, one, 1));
	CHECK(!p25_sequence_has_changed(&policy, all, P25_OWNER_ANY));
	change(254);
	CHECK(!p25_sequence_has_changed(&policy, one, 1));
	CHECK(p25_sequence_has_changed(&policy, other, 254));
	CHECK(p25_sequence_has_changed(&policy, all, P25_OWNER_ANY));
	CHECK(!p25_sequence_has_changed(&policy, p25_sequence_mark(&policy, 254),
					254));
	change(P25_OWNER_ANY);
	CHECK(p25_sequence_has_changed(&policy, one, 1));
	/* The mark of an owner whose number has been given to another. */
	CHECK(p25_sequence_has_changed(&policy, p25_sequence_mark(&policy, 2), 1));
}

static void test_owners(void)
{
	check_owners(1);
	check_owners(INT32_MAX - 1);
	check_owners(INT32_MAX);
	check_owners(U32_MAX - 1);
	check_owners(U32_MAX);
}

/* No number is 0, which says "none yet". */
static void test_wrap(void)
{
	begin(U32_MAX);
	CHECK(policy.sequence == 1);
	CHECK(policy.changed[7] == 1);
}

/* A revision has 64 bits, and doesn't come to their end. */
static void test_revision(void)
{
	begin(0);
	policy.revision = U32_MAX;
	policy.bulk_revision = U32_MAX;
	p25_sequence_advance_revision(&policy, false);
	CHECK(policy.revision == 1ULL << 32);
	CHECK(policy.bulk_revision == U32_MAX);
	p25_sequence_advance_revision(&policy, true);
	CHECK(policy.revision == (1ULL << 32) + 1);
	CHECK(policy.bulk_revision == policy.revision);
}

const struct test sequence_tests[] = {
	{ test_packing, "a mark is packed the same on all machines" },
	{ test_owners, "marks tell whose entries have changed" },
	{ test_wrap, "numbers begin again at 1" },
	{ test_revision, "a revision goes on beyond 32 bits" },
	{ }
};
