// SPDX-License-Identifier: GPL-2.0
/*
 * The hash of a prefix: where it is a permutation, it is undone here, step by step;
 * hash.h.
 */
#include "table_test.h"

/* The example that is followed by hand in table.h. */
static void test_example(void)
{
	const struct p25_hash_key key = {
		.start = 1, .word[0] = 0x89abcdef, .spread = 0x76543211,
	};
	struct p25_prefix address = prefix_of("198.51.100.7");
	struct p25_buckets buckets = { .n = 4 };
	u64 hash;

	hash = p25_hash(&key, AF_INET, &address, 32);
	CHECK(hash == 0xb4fa7a54ULL << 32);
	CHECK(p25_buckets_home(&buckets, hash) == 2);
	CHECK(p25_bucket_tag(hash) == 0x54);
	hash = p25_hash(&key, AF_INET, &address, 24);
	CHECK(hash == 0xef5b4213ULL << 32);
	CHECK(p25_buckets_home(&buckets, hash) == 3);
	CHECK(p25_bucket_tag(hash) == 0x13);
}

/* Known ones of IPv6 networks: the byte order makes no difference. */
static void test_networks(void)
{
	const struct p25_hash_key key = {
		.start = 1, .word[0] = 0x123456789abcdef, .spread = 0xfedcba9876543211,
	};
	static const struct {
		const char	*address;
		unsigned int	len;
		u64		hash;
	} known[] = {
		{ "2001:db8::1", 0, 0xfef17106385ba108 },
		{ "2001:db8::1", 1, 0xfef17106385ba108 },
		{ "2001:db8::1", 32, 0xe2acf8f9047aee6e },
		{ "2001:db8:100::1", 40, 0xe260981ffc6c6c67 },
		{ "2001:db8:102:304::1", 64, 0x7839924573777eeb },
		{ "ffff:ffff:ffff:ffff::", 64, 0x0000000000000000 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		struct p25_prefix address = prefix_of(known[i].address);

		CHECK(p25_hash(&key, AF_INET6, &address, known[i].len) ==
		      known[i].hash);
	}
}

/* What an odd number has to be multiplied by to give 1: each step doubles the bits. */
static u64 inverse(u64 odd)
{
	u64 x = odd;
	int i;

	for (i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

static u32 undo_ipv4(const struct p25_hash_key *key, u64 hash)
{
	u32 x = (u32)(hash >> 32) * (u32)inverse(key->spread);

	x ^= x >> 16;
	return x * (u32)inverse(key->word[0]) - (u32)key->start;
}

static u64 undo_network(const struct p25_hash_key *key, u64 hash)
{
	u64 x = hash * inverse(key->spread);

	x ^= x >> 32;
	return x * inverse(key->word[0]) - key->start;
}

/* The first @len bits of an address as a number, bit by bit. */
static u64 number_of(const struct p25_prefix *address, unsigned int len)
{
	u64 number = 0;
	unsigned int i;

	for (i = 0; i < len; i++)
		number = number << 1 | bit_of(address, i);
	return number;
}

static void check_undone(const struct p25_hash_key *key, unsigned int len)
{
	struct p25_prefix address = random_address(AF_INET6);

	CHECK(p25_hash_is_exact(AF_INET6, len));
	CHECK(undo_network(key, p25_hash(key, AF_INET6, &address, len)) ==
	      number_of(&address, len));
	if (len > 32)
		return;
	address = random_address(AF_INET);
	CHECK(p25_hash_is_exact(AF_INET, len));
	CHECK(undo_ipv4(key, p25_hash(key, AF_INET, &address, len)) ==
	      number_of(&address, len));
	CHECK(!(u32)p25_hash(key, AF_INET, &address, len));
}

static void test_undone(void)
{
	struct p25_hash_key key;
	unsigned int len;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		p25_hash_key_init(&key);
		for (len = 0; len <= 64; len++)
			check_undone(&key, len);
	}
	CHECK(!p25_hash_is_exact(AF_INET6, 65));
}

static int by_size(const void *a, const void *b)
{
	u64 left = *(const u64 *)a;
	u64 right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

/* Of all prefixes of some lengths, no two have one hash. */
static void test_distinct(void)
{
	struct p25_prefix address = { .family = AF_INET };
	static u64 hashes[1 << 16];
	struct p25_hash_key key;
	unsigned int len;
	u32 i;

	p25_hash_key_init(&key);
	for (len = 1; len <= 16; len++) {
		for (i = 0; i < 1U << len; i++) {
			address.addr.s6_addr32[0] = htonl(i << (32 - len));
			hashes[i] = p25_hash(&key, AF_INET, &address, len);
		}
		qsort(hashes, 1U << len, sizeof(*hashes), by_size);
		for (i = 1; i < 1U << len; i++)
			CHECK(hashes[i - 1] < hashes[i]);
	}
}

/* A bit within the length makes another hash, a bit behind it doesn't. */
static void check_bits(const struct p25_hash_key *key, u8 family, unsigned int len)
{
	struct p25_prefix address = random_address(family);
	struct p25_prefix prefix = cut(address, len);
	u64 hash = p25_hash(key, family, &address, len);
	unsigned int bit;

	CHECK(p25_hash(key, family, &prefix, len) == hash);
	for (bit = 0; bit < p25_family_bits(family); bit++) {
		flip_bit(&address, bit);
		CHECK((p25_hash(key, family, &address, len) == hash) == (bit >= len));
		flip_bit(&address, bit);
	}
}

static void test_bits(void)
{
	struct p25_hash_key key;
	unsigned int len;
	unsigned int i;

	for (i = 0; i < 20; i++) {
		p25_hash_key_init(&key);
		for (len = 0; len <= 32; len++)
			check_bits(&key, AF_INET, len);
		for (len = 0; len <= 128; len++)
			check_bits(&key, AF_INET6, len);
	}
}

const struct test hash_tests[] = {
	{ test_example, "the hashes of the example in table.h" },
	{ test_networks, "hashes of IPv6 networks are the same on all machines" },
	{ test_undone, "hashes up to /32 and /64 can be undone" },
	{ test_distinct, "no two of all prefixes of a length have one hash" },
	{ test_bits, "each bit of a prefix counts, and none behind it" },
	{ }
};
