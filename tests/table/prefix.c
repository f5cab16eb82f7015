// SPDX-License-Identifier: GPL-2.0
/*
 * Masks and prefixes, against loops over their bits; prefix.h.
 */
#include "table_test.h"

static bool mask_has(unsigned int len, unsigned int bit)
{
	__be32 mask = p25_prefix_mask(len, bit / 32);

	return ntohl(mask) >> (31 - bit % 32) & 1;
}

static void test_masks(void)
{
	unsigned int len;
	unsigned int bit;

	for (len = 0; len <= 128; len++)
		for (bit = 0; bit < 128; bit++)
			CHECK(mask_has(len, bit) == (bit < len));
}

static void test_cut(u8 family)
{
	unsigned int len;

	for (len = 0; len <= p25_family_bits(family); len++) {
		struct p25_prefix address = random_address(family);
		struct p25_prefix expected = cut(address, len);

		p25_prefix_cut(&address, len);
		CHECK(is_same(&address, &expected));
		CHECK(p25_prefix_is_canonical(&address));
		if (len < p25_family_bits(family)) {
			flip_bit(&address, len);
			CHECK(!p25_prefix_is_canonical(&address));
		}
	}
}

static void test_cuts(void)
{
	test_cut(AF_INET);
	test_cut(AF_INET6);
}

static void check_overlaps(u8 family, unsigned int a_len, unsigned int b_len)
{
	struct p25_prefix address = random_address(family);
	struct p25_prefix a = cut(address, a_len);
	struct p25_prefix b = cut(address, b_len);
	unsigned int shorter = min(a_len, b_len);

	CHECK(p25_prefix_overlaps(&a, &b));
	if (!shorter)
		return;
	flip_bit(&a, below(shorter));
	CHECK(!p25_prefix_overlaps(&a, &b));
}

static void test_overlaps(void)
{
	unsigned int i;

	for (i = 0; i < 10000; i++) {
		check_overlaps(AF_INET, below(33), below(33));
		check_overlaps(AF_INET6, below(129), below(129));
	}
}

const struct test prefix_tests[] = {
	{ test_masks, "masks of all lengths" },
	{ test_cuts, "prefixes of all lengths are cut and canonical" },
	{ test_overlaps, "prefixes overlap if the shorter one's bits are the same" },
	{ }
};
