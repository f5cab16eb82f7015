// SPDX-License-Identifier: GPL-2.0
/*
 * Prefixes of all lengths in a table, hashes that collide, and a table that grows and
 * shrinks; table.h.
 */
#include "judge.h"
#include "packet.h"
#include "table_test.h"

static struct p25_policy policy;

static void begin(void)
{
	memset(&policy, 0, sizeof(policy));
	p25_policy_init(&policy, false);
}

static struct p25_table *sources(u8 family)
{
	return p25_policy_table(&policy, P25_KIND_POOL, family);
}

static struct p25_entry *add(const struct p25_prefix *prefix, u8 kind)
{
	struct p25_table *table = sources(prefix->family);
	struct p25_entry *entry = p25_table_insert(table, prefix, kind, 0, 0);

	p25_policy_set_expires(&policy, table, entry, 0, P25_NEVER);
	p25_policy_set_expires(&policy, table, entry, 1, P25_NEVER);
	return entry;
}

static void drop(struct p25_entry *entry, u8 family)
{
	struct p25_table *table = sources(family);

	p25_policy_set_expires(&policy, table, entry, 0, P25_NOT_IN_GEN);
	p25_policy_set_expires(&policy, table, entry, 1, P25_NOT_IN_GEN);
	p25_table_remove(table, entry);
}

static struct p25_entry *find(const struct p25_prefix *prefix, u8 kind)
{
	return p25_table_find(sources(prefix->family), prefix, kind, 0);
}

/* The entry that decides on mail from an address, or NULL. */
static struct p25_entry *decides(const struct p25_prefix *src)
{
	const struct p25_packet packet = {
		.class = P25_PACKET_TO_25 | P25_PACKET_NO_DST,
		.src = *src,
	};
	struct p25_view view = p25_policy_view(&policy);
	struct p25_judgement judgement;

	p25_judge(&view, &packet, &judgement);
	return judgement.reason ? p25_policy_entry(&policy, judgement.entry) : NULL;
}

static void gc(void)
{
	struct p25_table *table;
	unsigned int i;

	p25_for_each_table(table, &policy, i) {
		while (p25_table_needs_gc(table)) {
			p25_table_start_grace(table);
			kernel_grace_period();
			p25_table_gc(table);
		}
	}
}

/* The prefix's addresses are found, and those that one bit of it takes out aren't. */
static void check_length(u8 family, unsigned int len)
{
	struct p25_prefix address = random_address(family);
	struct p25_prefix prefix = cut(address, len);
	struct p25_entry *entry;
	unsigned int bit;

	begin();
	entry = add(&prefix, P25_KIND_POOL);
	CHECK(find(&prefix, P25_KIND_POOL) == entry);
	CHECK(!find(&prefix, P25_KIND_BLOCK));
	CHECK(decides(&address) == entry);
	for (bit = 0; bit < p25_family_bits(family); bit++) {
		struct p25_prefix other = address;

		flip_bit(&other, bit);
		CHECK(decides(&other) == (bit < len ? NULL : entry));
		other = cut(other, len);
		CHECK(find(&other, P25_KIND_POOL) == (bit < len ? NULL : entry));
	}
	drop(entry, family);
	CHECK(!decides(&address) && !find(&prefix, P25_KIND_POOL));
	gc();
	p25_policy_destroy(&policy);
}

static void test_lengths(void)
{
	unsigned int len;

	for (len = 0; len <= 32; len++)
		check_length(AF_INET, len);
	for (len = 0; len <= 128; len++)
		check_length(AF_INET6, len);
}

/* All lengths at once: the longest decides, until it is removed. */
static void check_nested(u8 family)
{
	struct p25_prefix address = random_address(family);
	struct p25_entry *entries[P25_LENGTHS];
	unsigned int bits = p25_family_bits(family);
	struct p25_prefix prefix;
	int len;

	begin();
	for (len = 0; len <= (int)bits; len++) {
		prefix = cut(address, len);
		entries[len] = add(&prefix, P25_KIND_STATIC);
		CHECK(decides(&address) == entries[len]);
	}
	for (len = bits - 1; len >= 0; len--) {
		prefix = address;
		flip_bit(&prefix, len);
		CHECK(decides(&prefix) == entries[len]);
	}
	for (len = bits; len >= 0; len--) {
		CHECK(decides(&address) == entries[len]);
		drop(entries[len], family);
		if (len % 3 == 0)
			gc();
	}
	CHECK(!decides(&address));
	p25_policy_destroy(&policy);
}

static void test_nested(void)
{
	check_nested(AF_INET);
	check_nested(AF_INET6);
}

/* Two /64 are never taken for each other, whichever bit it is that differs. */
static void test_networks(void)
{
	struct p25_prefix address = random_address(AF_INET6);
	struct p25_entry *entries[64];
	struct p25_prefix network;
	unsigned int bit;

	begin();
	for (bit = 0; bit < 64; bit++) {
		network = cut(address, 64);
		flip_bit(&network, bit);
		entries[bit] = add(&network, P25_KIND_POOL);
	}
	CHECK(!decides(&address));
	for (bit = 0; bit < 64; bit++) {
		flip_bit(&address, bit);
		CHECK(decides(&address) == entries[bit]);
		flip_bit(&address, bit);
	}
	p25_policy_destroy(&policy);
}

#define COLLIDING 200

/* Beyond /64, hashes may be the same: here they are, of all addresses of a /64. */
static void test_collisions(void)
{
	struct p25_prefix base = random_address(AF_INET6);
	struct p25_entry *entries[COLLIDING];
	struct p25_prefix address = base;
	unsigned int i;

	begin();
	sources(AF_INET6)->key.word[2] = 0;
	sources(AF_INET6)->key.word[3] = 0;
	for (i = 0; i < COLLIDING; i++) {
		address.addr.s6_addr[8] = i;
		entries[i] = add(&address, P25_KIND_OPTOUT);
	}
	for (i = 0; i < COLLIDING; i++) {
		address.addr.s6_addr[8] = i;
		CHECK(find(&address, P25_KIND_OPTOUT) == entries[i]);
		CHECK(decides(&address) == entries[i]);
		flip_bit(&address, 127);
		CHECK(!decides(&address));
		flip_bit(&address, 127);
	}
	p25_policy_destroy(&policy);
}

/* Of entries of one prefix, that of the highest rank decides. */
static void check_ranks(const char *text)
{
	static const u8 kinds[] = {
		P25_KIND_STATIC, P25_KIND_POOL, P25_KIND_BLOCK, P25_KIND_OPTOUT,
	};
	struct p25_prefix prefix = prefix_of(text);
	struct p25_entry *entry;
	unsigned int i;

	begin();
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		add(&prefix, kinds[i]);
	prefix.len = p25_family_bits(prefix.family);
	for (i = 0; (entry = decides(&prefix)); i++) {
		CHECK(entry->kind == (i == 0 ? P25_KIND_BLOCK :
				      i == 1 ? P25_KIND_STATIC :
				      i == 2 ? P25_KIND_OPTOUT : P25_KIND_POOL));
		drop(entry, prefix.family);
	}
	CHECK(i == 4);
	p25_policy_destroy(&policy);
}

static void test_ranks(void)
{
	check_ranks("198.51.100.7/32");
	check_ranks("2001:db8::/64");
	check_ranks("2001:db8::7/128");
}

struct seen {
	u32	number;
	u32	state;
};

static bool see(u32 state, void *arg)
{
	struct seen *seen = arg;

	if (p25_state_number(state) != seen->number)
		return false;
	seen->state = state;
	return true;
}

/* What the index has of an entry. */
static u32 state_of(struct p25_table *table, const struct p25_entry *entry)
{
	struct p25_index *index = table->index[entry->len];
	struct seen seen = { .number = p25_table_number(table, entry) };
	struct p25_prefix prefix;
	u64 hash;

	p25_entry_prefix(entry, table->family, &prefix);
	hash = p25_hash(&table->key, table->family, &prefix, prefix.len);
	if (table->family == AF_INET)
		p25_index_search(index, false, hash, see, &seen);
	else
		p25_index_search(index, true, hash, see, &seen);
	return seen.state;
}

/* An entry's state says what the entry does, in either generation. */
static void check_states(u8 family)
{
	static const u32 expiries[] = {
		P25_NOT_IN_GEN, P25_NEVER, 1001 + P25_SOON, 1000 + P25_SOON, 1001,
		P25_WALL_CLOCK, P25_NEVER - 1,
	};
	struct p25_table *table = sources(family);
	struct p25_prefix prefix = random_address(family);
	struct p25_entry *entry = add(&prefix, P25_KIND_STATIC);
	unsigned int i, j;

	kernel_clocks.boottime = seconds(1000);
	for (i = 0; i < ARRAY_SIZE(expiries); i++) {
		for (j = 0; j < ARRAY_SIZE(expiries); j++) {
			u32 state;

			policy.soon = P25_NEVER;
			p25_policy_set_expires(&policy, table, entry, 0, expiries[i]);
			p25_policy_set_expires(&policy, table, entry, 1, expiries[j]);
			state = state_of(table, entry);
			CHECK(state == (p25_table_number(table, entry) * 64 +
					P25_KIND_STATIC * 8 +
					(i >= 3 || j >= 3) * 4 + !!j * 2 + !!i));
			CHECK((i != 2 && j != 2) || policy.soon == 1061);
		}
	}
	p25_policy_set_expires(&policy, table, entry, 0, P25_NOT_IN_GEN);
	p25_policy_set_expires(&policy, table, entry, 1, P25_NOT_IN_GEN);
	p25_table_remove(table, entry);
}

static void test_states(void)
{
	begin();
	check_states(AF_INET);
	check_states(AF_INET6);
	p25_policy_destroy(&policy);
}

#define MANY 20000

static struct p25_prefix nth_prefix(u8 family, u32 i)
{
	struct p25_prefix prefix = prefix_of(family == AF_INET ? "10.0.0.0" :
					     "2001:db8::");

	prefix.addr.s6_addr32[family == AF_INET ? 0 : 3] |= htonl(i);
	return prefix;
}

/* An index grows with its entries, some buckets at a time; gc makes it small again. */
static void check_growth(u8 family)
{
	struct p25_table *table = sources(family);
	size_t empty = p25_policy_memory(&policy);
	struct p25_prefix prefix;
	u32 i;

	for (i = 0; i < MANY; i++) {
		prefix = nth_prefix(family, i);
		add(&prefix, P25_KIND_POOL);
		CHECK(p25_index_capacity(table->index[prefix.len]) > i);
		prefix = nth_prefix(family, below(i + 1));
		CHECK(decides(&prefix));
		prefix = nth_prefix(family, i + 1);
		CHECK(!decides(&prefix));
	}
	gc();
	for (i = 0; i < MANY; i++) {
		prefix = nth_prefix(family, i);
		drop(find(&prefix, P25_KIND_POOL), family);
		CHECK(!decides(&prefix));
		prefix = nth_prefix(family, MANY - 1);
		CHECK(!!decides(&prefix) == (i < MANY - 1));
		if (i % 2000 == 0)
			gc();
	}
	gc();
	CHECK(bitmap_weight(table->indexed, P25_LENGTHS) == 0);
	CHECK(p25_policy_memory(&policy) < empty + 16384);
}

static void test_growth(void)
{
	begin();
	check_growth(AF_INET);
	check_growth(AF_INET6);
	p25_policy_destroy(&policy);
}

/* All of it at once: nothing is found any more, and a key that packets have stays. */
static void check_clear(u8 family)
{
	struct p25_table *table = sources(family);
	struct p25_hash_key key = table->key;
	struct p25_prefix prefix;
	u32 i;

	for (i = 0; i < 1000; i++) {
		prefix = nth_prefix(family, i);
		add(&prefix, P25_KIND_POOL);
	}
	p25_table_hide(table);
	CHECK(!decides(&prefix));
	kernel_grace_period();
	p25_table_clear(table);
	CHECK(!decides(&prefix) && !find(&prefix, P25_KIND_POOL));
	CHECK(!memcmp(&table->key, &key, sizeof(key)));
	add(&prefix, P25_KIND_BLOCK);
	CHECK(decides(&prefix)->kind == P25_KIND_BLOCK);
}

static void test_clear(void)
{
	begin();
	check_clear(AF_INET);
	check_clear(AF_INET6);
	p25_policy_destroy(&policy);
}

const struct test table_tests[] = {
	{ test_lengths, "prefixes of all lengths, each by itself" },
	{ test_nested, "prefixes of all lengths, one in the other" },
	{ test_networks, "no /64 is taken for another" },
	{ test_collisions, "addresses with one hash are told apart" },
	{ test_ranks, "of one prefix, the highest rank decides" },
	{ test_states, "a slot says what its entry does in both generations" },
	{ test_growth, "an index grows and shrinks" },
	{ test_clear, "a table is emptied at once" },
	{ }
};
