// SPDX-License-Identifier: GPL-2.0
/*
 * What is digested of an entry, byte by byte; struct p25_digest in <linux/p25.h>.
 */
#include "digest.h"
#include "table_test.h"

/* Bytes 0 to 15 of a seed, on a machine with the low byte first. */
static const siphash_key_t seed = { { 0x0706050403020100, 0x0f0e0d0c0b0a0908 } };

static struct p25_policy policy;

static struct p25_entry *add(const char *text, u8 kind, const char *owner,
			     u32 expires, const char *comment)
{
	struct p25_prefix prefix = prefix_of(text);
	struct p25_table *table = p25_policy_table(&policy, kind, prefix.family);
	struct p25_entry *entry;

	entry = p25_table_insert(table, &prefix, kind,
				 p25_owner_get(&policy.owners, owner), 0);
	p25_policy_set_expires(&policy, table, entry, 0, expires);
	if (comment)
		p25_table_set_comment(table, entry, strdup(comment));
	return entry;
}

static u64 digest_of(const struct p25_entry *entry, u8 family)
{
	return p25_digest(&policy, p25_policy_table(&policy, entry->kind, family),
			  entry, &seed);
}

static unsigned int group_of(const struct p25_entry *entry, u8 family)
{
	return p25_digest_group(p25_policy_table(&policy, entry->kind, family),
				entry, &seed);
}

static void begin(void)
{
	memset(&policy, 0, sizeof(policy));
	p25_policy_init(&policy, false);
}

/* All but dates, which are numbers in host byte order, is bytes. */
static void test_known(void)
{
	static const struct {
		const char	*prefix;
		u8		kind;
		const char	*owner;
		const char	*comment;
		u64		digest;
		unsigned int	group;
	} known[] = {
		{ "198.51.100.0/24", P25_KIND_POOL, "admin", NULL,
		  0x15cbb8dd3c6bda61, 752 },
		{ "c633:6400::/24", P25_KIND_POOL, "admin", NULL,
		  0xd462c6a88c9a8547, 3358 },
		{ "198.51.100.7", P25_KIND_STATIC, "radius", NULL,
		  0x9f9e7f3af3ddaf7c, 1222 },
		{ "198.51.100.7", P25_KIND_BLOCK, "radius", "spam",
		  0xd1c0efbef8aae948, 3486 },
		{ "2001:db8:25::/64", P25_KIND_RELAY, "admin",
		  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		  0xce403d53d80981e5, 3489 },
		{ "2001:db8::1", P25_KIND_OPTOUT, "a.b_c-9_a.b_c-9", NULL,
		  0x8390a3f75643f194, 289 },
		{ "0.0.0.0/0", P25_KIND_POOL, "admin", NULL,
		  0xa84b1641f7a2a065, 3067 },
		{ "::/0", P25_KIND_POOL, "admin", NULL,
		  0x97aad32d58747308, 2292 },
	};
	size_t i;

	begin();
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		u8 family = prefix_of(known[i].prefix).family;
		struct p25_entry *entry = add(known[i].prefix, known[i].kind,
					      known[i].owner, P25_NEVER,
					      known[i].comment);

		CHECK(digest_of(entry, family) == known[i].digest);
		CHECK(group_of(entry, family) == known[i].group);
	}
	p25_policy_destroy(&policy);
}

/* The digest of a pool in 203.0.113.0/24 that expires at @date. */
static u64 expected(s64 date)
{
	u8 bytes[48] = {
		[0] = 203, [1] = 0, [2] = 113,
		[16] = P25_KIND_POOL, [17] = 24,
	};

	strcpy((char *)bytes + 20, "radius");
	memcpy(bytes + 40, &date, sizeof(date));
	return p25_siphash(bytes, sizeof(bytes), seed.key);
}

static void check_date(u32 expires, s64 date)
{
	begin();
	CHECK(digest_of(add("203.0.113.0/24", P25_KIND_POOL, "radius", expires,
			    NULL), AF_INET) == expected(date));
	p25_policy_destroy(&policy);
}

static void test_dates(void)
{
	kernel_clocks.boottime = seconds(1000);
	kernel_clocks.real = seconds(1700000000);
	check_date(P25_NEVER, 0);
	check_date(p25_expires_at(P25_EXPIRES_MIN), P25_EXPIRES_MIN);
	check_date(p25_expires_at(P25_EXPIRES_MAX), P25_EXPIRES_MAX);
	check_date(p25_expires_in(99), 1700000100);
}

/* A guard that is off is another one than none; rates follow the comment. */
static void test_guards(void)
{
	struct p25_digest bytes = {
		.addr = { 203, 0, 113 }, .kind = P25_KIND_STATIC, .len = 24,
		.owner = "radius", .guard = 1,
	};
	struct p25_guard *guard = calloc(1, sizeof(*guard));
	struct p25_entry *entry;

	begin();
	entry = add("203.0.113.0/24", P25_KIND_STATIC, "radius", P25_NEVER, "mx");
	memcpy(bytes.comment, "mx", 2);
	p25_table_set_guard(&policy.sources.ipv4, entry, guard);
	CHECK(digest_of(entry, AF_INET) ==
	      p25_siphash(&bytes, offsetof(struct p25_digest, comment) + 2, seed.key));
	guard->n = 2;
	guard->rates[0] = (struct p25_guard_rate) { 20, 60 };
	guard->rates[1] = (struct p25_guard_rate) { 1000, 3600 };
	bytes.guard = 3;
	memcpy(bytes.comment + 2, guard->rates, 16);
	CHECK(digest_of(entry, AF_INET) ==
	      p25_siphash(&bytes, offsetof(struct p25_digest, comment) + 18, seed.key));
	p25_table_set_guard(&policy.sources.ipv4, entry, NULL);
	bytes.guard = 0;
	CHECK(digest_of(entry, AF_INET) ==
	      p25_siphash(&bytes, offsetof(struct p25_digest, comment) + 2, seed.key));
	p25_policy_destroy(&policy);
}

const struct test digest_tests[] = {
	{ test_known, "digests without dates are the same on all machines" },
	{ test_dates, "dates are digested as numbers" },
	{ test_guards, "a guard is digested behind the comment" },
	{ }
};
