// SPDX-License-Identifier: GPL-2.0
/*
 * SipHash-2-4 against its authors' test vectors, and the digests made of it.
 */
#include <string.h>

#include "siphash.h"
#include "unit.h"

/* Of the bytes 0, 1, 2 ... under the key of bytes 0 to 15. */
START_TEST(siphash_vectors)
{
	static const struct {
		size_t size;
		uint64_t hash;
	} vectors[] = {
		{ 0, 0x726fdb47dd0e0e31 },
		{ 1, 0x74f839c593dc67fd },
		{ 7, 0xab0200f58b01d137 },
		{ 8, 0x93f5f5799a932462 },
		{ 15, 0xa129ca6149be45e5 },
	};
	const uint64_t key[2] = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
	uint8_t bytes[16];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = i;
	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		ck_assert_uint_eq(p25_siphash(bytes, vectors[i].size, key),
				  vectors[i].hash);
}

static struct p25_entry entry_of(const char *prefix)
{
	struct p25_entry e = {
		.kind = P25_KIND_STATIC,
		.prefix = prefix_of(prefix),
	};

	return e;
}

/* Digests of one entry, under a seed that is the same each time. */
static struct p25_digests digests_of(const struct p25_entry *entry)
{
	struct p25_digests d = { .seed = "0123456789abcde" };

	p25_digests_add(&d, entry);
	return d;
}

static bool same(const struct p25_entry *a, const struct p25_entry *b)
{
	struct p25_digests left = digests_of(a), right = digests_of(b);

	return !memcmp(left.group, right.group, sizeof(left.group));
}

START_TEST(everything_counts)
{
	struct p25_entry a = entry_of("198.51.100.0/28");
	struct p25_entry b = a;

	ck_assert(same(&a, &b));
	b.kind = P25_KIND_POOL;
	ck_assert(!same(&a, &b));
	b = entry_of("198.51.100.0/29");
	ck_assert(!same(&a, &b));
	b = entry_of("198.51.100.16/28");
	ck_assert(!same(&a, &b));
	b = a;
	strcpy(b.owner, "radius");
	ck_assert(!same(&a, &b));
	b = a;
	strcpy(b.comment, "x");
	ck_assert(!same(&a, &b));
	b = a;
	b.expires = 1;
	ck_assert(!same(&a, &b));
	b = a;
	b.has_action = true;
	ck_assert(!same(&a, &b));
	a = b;
	b.action = P25_ACTION_MONITOR;
	ck_assert(!same(&a, &b));
}

/* None is not off; and what a rate has in common with a comment does not matter. */
START_TEST(guards_count)
{
	struct p25_entry a = entry_of("198.51.100.0/28");
	struct p25_entry b = a;

	b.has_guard = true;
	ck_assert(!same(&a, &b));
	a = b;
	b.guard.n = 1;
	b.guard.rate[0] = (struct p25_guard_rate){ 20, 60 };
	ck_assert(!same(&a, &b));
	a = b;
	ck_assert(same(&a, &b));
	b.guard.rate[0].seconds = 61;
	ck_assert(!same(&a, &b));
	b = a;
	b.guard.n = 2;
	b.guard.rate[1] = (struct p25_guard_rate){ 1000, 3600 };
	ck_assert(!same(&a, &b));
	a = b;
	a.guard.rate[0] = b.guard.rate[1];
	a.guard.rate[1] = b.guard.rate[0];
	ck_assert(!same(&a, &b));
	a = b;
	a.guard.n = 1;
	a.guard.rate[0] = (struct p25_guard_rate){ 0x41414141, 0x41414141 };
	b.guard.n = 0;
	strcat(b.comment, "AAAAAAAA");
	ck_assert(!same(&a, &b));
}

/* As the contract has it, for the kernel does the same. */
START_TEST(layout)
{
	struct p25_entry a = entry_of("198.51.100.7");
	struct p25_digest digest = {
		.addr = { 198, 51, 100, 7 },
		.kind = a.kind,
		.len = 32,
		.owner = P25_OWNER_DEFAULT,
		.guard = 3,
	};
	struct p25_digests digests;
	unsigned int group;
	uint64_t key[2];
	size_t size;

	*a.owner = '\0';
	a.expires = 0;
	strcpy(a.comment, "call 0815");
	a.has_guard = true;
	a.guard.n = 2;
	a.guard.rate[0] = (struct p25_guard_rate){ 20, 60 };
	a.guard.rate[1] = (struct p25_guard_rate){ 1000, 3600 };
	strcpy(digest.comment, a.comment);
	memcpy(digest.comment + strlen(a.comment), a.guard.rate, 16);
	size = offsetof(struct p25_digest, comment) + strlen(a.comment) + 16;
	ck_assert_int_eq(p25_digests_init(&digests), 0);
	memcpy(key, digests.seed, sizeof(key));
	group = p25_digests_add(&digests, &a);
	ck_assert_uint_eq(digests.group[group], p25_siphash(&digest, size, key));
	ck_assert_uint_eq(group, p25_siphash(&digest, P25_DIGEST_NAMELEN, key) %
				 P25_DIGEST_GROUPS);
}

/* As the kernel keeps them. */
START_TEST(moments_out_of_range)
{
	struct p25_entry a = entry_of("198.51.100.0/28");
	struct p25_entry b = a;

	a.expires = P25_EXPIRES_MIN;
	b.expires = INT64_MIN;
	ck_assert(same(&a, &b));
	b.expires = P25_EXPIRES_MIN + 1;
	ck_assert(!same(&a, &b));
	a.expires = P25_EXPIRES_MAX;
	b.expires = INT64_MAX;
	ck_assert(same(&a, &b));
	b.expires = P25_EXPIRES_MAX - 1;
	ck_assert(!same(&a, &b));
	b.expires = 0;
	ck_assert(!same(&a, &b));
}

START_TEST(what_is_not_of_the_policy_does_not)
{
	struct p25_entry a = entry_of("2001:db8::/32");
	struct p25_entry b = a;

	strcpy(b.owner, P25_OWNER_DEFAULT);
	b.packets = 1;
	b.bytes = 2;
	b.cookie = 3;
	b.action = P25_ACTION_MONITOR;	/* says nothing without has_action */
	b.if_comment = true;
	b.guard.n = 1;		/* nor this without has_guard */
	ck_assert(same(&a, &b));
}

START_TEST(families_differ)
{
	struct p25_entry a = entry_of("198.51.100.0/24");
	struct p25_entry b = entry_of("c633:6400::/24");

	ck_assert_mem_eq(a.prefix.addr, b.prefix.addr, 4);
	ck_assert(!same(&a, &b));
}

/* The group says where, whatever else an entry has; and order is nothing. */
START_TEST(groups_and_order)
{
	struct p25_entry a = entry_of("198.51.100.7");
	struct p25_entry b = entry_of("203.0.113.9");
	struct p25_digests left, right;
	unsigned int group;

	ck_assert_int_eq(p25_digests_init(&left), 0);
	right = left;
	group = p25_digests_add(&left, &a);
	p25_digests_add(&left, &b);
	p25_digests_add(&right, &b);
	ck_assert_uint_eq(p25_digests_add(&right, &a), group);
	ck_assert_mem_eq(left.group, right.group, sizeof(left.group));
	strcpy(a.comment, "another comment");
	strcpy(a.owner, "radius");
	a.has_action = true;
	ck_assert_uint_eq(p25_digests_add(&right, &a), group);
	ck_assert_uint_lt(group, P25_DIGEST_GROUPS);
}

START_TEST(seeds_differ)
{
	struct p25_digests a, b;

	ck_assert_int_eq(p25_digests_init(&a), 0);
	ck_assert_int_eq(p25_digests_init(&b), 0);
	ck_assert_mem_ne(a.seed, b.seed, sizeof(a.seed));
}

void *digest_suite(void)
{
	void *tests;
	void *suite = suite_new("digest", &tests);

	tcase_add_test(tests, siphash_vectors);
	tcase_add_test(tests, everything_counts);
	tcase_add_test(tests, guards_count);
	tcase_add_test(tests, layout);
	tcase_add_test(tests, moments_out_of_range);
	tcase_add_test(tests, what_is_not_of_the_policy_does_not);
	tcase_add_test(tests, families_differ);
	tcase_add_test(tests, groups_and_order);
	tcase_add_test(tests, seeds_differ);
	return suite;
}
