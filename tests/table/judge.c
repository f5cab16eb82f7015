// SPDX-License-Identifier: GPL-2.0
/*
 * A random policy, and an array of its entries: packets have to get the same verdict by
 * both, before and after each commit, whatever the clocks show.
 *
 * What commit.c and expire.c do to the table is done here in few words: prepare, publish
 * and settle, or undo; and walk through all entries to mark those that expire soon.
 */
#include "judge.h"
#include "packet.h"
#include "table_test.h"

#define ENTRIES_MAX	300
#define CHANGES_MAX	12
#define OWNERS		3

struct item {
	struct p25_prefix	prefix;
	u8			kind;
	u8			owner;
	u32			expires[2];
	struct p25_entry	*entry;
	bool			changed;
};

static struct item items[ENTRIES_MAX];
static struct p25_policy policy;
static unsigned int n;

/* Near one of a few, so that prefixes cover one another, and addresses meet them. */
static struct p25_prefix some_address(u8 family)
{
	static const char *const near[2][4] = {
		{ "198.51.100.0", "198.51.100.255", "203.0.113.7", "192.0.2.128" },
		{ "2001:db8::", "2001:db8::ffff:0:0:1", "2001:db8:ff::",
		  "2001:db8:0:1::" },
	};
	struct p25_prefix address = prefix_of(near[family == AF_INET6][below(4)]);
	unsigned int flips = below(3);

	while (flips--)
		flip_bit(&address, below(address.len));
	return address;
}

static u8 some_family(void)
{
	return below(2) ? AF_INET : AF_INET6;
}

static u32 some_expiry(void)
{
	switch (below(5)) {
	case 0:
		return p25_expires_at(ktime_get_real_seconds() + below(400) - 100);
	case 1:
		return p25_expires_in(1 + below(2 * P25_SOON));
	case 2:
		return p25_expires_in(1 + below(1000));
	default:
		return P25_NEVER;
	}
}

static struct p25_table *table_of(const struct item *item)
{
	return p25_policy_table(&policy, item->kind, item->prefix.family);
}

static struct item *find(const struct item *wanted)
{
	struct item *item;

	for (item = items; item < items + n; item++)
		if (item->kind == wanted->kind && item->owner == wanted->owner &&
		    is_same(&item->prefix, &wanted->prefix))
			return item;
	return NULL;
}

static void set_expires(struct item *item, unsigned int gen, u32 expires)
{
	item->expires[gen] = expires;
	p25_policy_set_expires(&policy, table_of(item), item->entry, gen, expires);
}

static void add(void)
{
	struct p25_prefix address = some_address(some_family());
	struct item new = {
		.prefix = cut(address, below(address.len + 1)),
		.kind = P25_KIND_RELAY + below(P25_KIND_MAX),
		.owner = below(OWNERS),
	};
	struct item *item = find(&new);

	if (!item) {
		if (n == ENTRIES_MAX)
			return;
		item = &items[n++];
		*item = new;
		CHECK(!p25_table_find(table_of(item), &item->prefix, item->kind,
				      item->owner));
		item->entry = p25_table_insert(table_of(item), &item->prefix,
					       item->kind, item->owner, below(20));
		policy.owners.slots[item->owner].users++;
	}
	CHECK(p25_table_find(table_of(item), &item->prefix, item->kind,
			     item->owner) == item->entry);
	set_expires(item, p25_policy_unread(&policy), some_expiry());
	item->changed = true;
}

static void del(void)
{
	struct item *item = &items[below(n)];

	set_expires(item, p25_policy_unread(&policy), P25_NOT_IN_GEN);
	item->changed = true;
}

static void drop(struct item *item)
{
	p25_policy_remove(&policy, table_of(item), item->entry);
	*item = items[--n];
}

static void settle(unsigned int gen)
{
	unsigned int i = n;

	while (i--) {
		struct item *item = &items[i];

		if (!item->changed)
			continue;
		item->changed = false;
		if (item->expires[gen] == P25_NOT_IN_GEN)
			drop(item);
		else
			set_expires(item, !gen, item->expires[gen]);
	}
}

static bool is_valid(const struct item *item)
{
	u32 expires = item->expires[policy.generation];

	if (expires == P25_NOT_IN_GEN || expires == P25_NEVER)
		return expires;
	if (expires & P25_WALL_CLOCK)
		return expires - (u32)P25_WALL_CLOCK + (s64)P25_EXPIRES_MIN >
		       ktime_get_real_seconds();
	return expires > ktime_get_boottime_seconds();
}

static bool covers(const struct p25_prefix *prefix, const struct p25_prefix *address)
{
	unsigned int i;

	if (prefix->family != address->family)
		return false;
	for (i = 0; i < prefix->len; i++)
		if (bit_of(prefix, i) != bit_of(address, i))
			return false;
	return true;
}

/* The kinds from the lowest rank to the highest. */
static unsigned int rank(u8 kind)
{
	static const u8 kinds[] = {
		P25_KIND_POOL, P25_KIND_OPTOUT, P25_KIND_STATIC, P25_KIND_BLOCK,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds) && kinds[i] != kind; i++)
		;
	return i;
}

/* The entry that decides on an address, by a loop over all. */
static const struct item *expected(const struct p25_prefix *address, bool relay)
{
	const struct item *best = NULL;
	const struct item *item;

	for (item = items; item < items + n; item++) {
		bool is_relay = item->kind == P25_KIND_RELAY;

		if (is_relay != relay || !is_valid(item) ||
		    !covers(&item->prefix, address))
			continue;
		if (!best || item->prefix.len > best->prefix.len ||
		    (item->prefix.len == best->prefix.len &&
		     rank(item->kind) > rank(best->kind)))
			best = item;
	}
	return best;
}

/* There may be several of one prefix and kind, of other owners: any of them will do. */
static bool is_like(const struct p25_judgement *judgement, const struct item *item)
{
	const struct p25_entry *entry;
	struct p25_prefix prefix;

	if (!item)
		return judgement->reason == P25_KIND_NONE;
	entry = p25_policy_entry(&policy, judgement->entry);
	p25_entry_prefix(entry, item->prefix.family, &prefix);
	return judgement->reason == item->kind && entry->kind == item->kind &&
	       is_same(&prefix, &item->prefix);
}

static void check_packet(void)
{
	u8 family = some_family();
	const struct p25_packet packet = {
		.class = P25_PACKET_TO_25,
		.src = some_address(family),
		.dst = some_address(family),
	};
	struct p25_view view = p25_policy_view(&policy);
	const struct item *item = expected(&packet.dst, true);
	struct p25_judgement judgement;

	p25_judge(&view, &packet, &judgement);
	if (!item)
		item = expected(&packet.src, false);
	CHECK(is_like(&judgement, item));
	CHECK((judgement.verdict == P25_VERDICT_DROP) ==
	      (item && (item->kind == P25_KIND_POOL || item->kind == P25_KIND_BLOCK)));
}

static void check_packets(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		check_packet();
}

static void commit(void)
{
	unsigned int old = policy.generation;
	unsigned int i = 1 + below(CHANGES_MAX);

	while (i--) {
		if (!n || below(2))
			add();
		else
			del();
	}
	check_packets();
	if (below(4)) {
		policy.generation = !old;
		check_packets();
	}
	settle(policy.generation);
	check_packets();
}

struct walk {
	u32	now;
	u32	soon;
};

static struct item *item_of(const struct p25_entry *entry)
{
	struct item *item = items;

	while (item->entry != entry)
		item++;
	return item;
}

static void visit(struct p25_policy *policy, struct p25_table *table,
		  struct p25_entry *entry, void *arg)
{
	struct walk *walk = arg;

	if (p25_entry_is_valid(entry, 0, walk->now)) {
		p25_policy_mark_soon(policy, table, entry, walk->now);
		if (!(entry->flags & P25_ENTRY_SOON))
			walk->soon = min(walk->soon, entry->expires[0]);
	} else if (!p25_is_wall_clock(entry->expires[0])) {
		drop(item_of(entry));
	}
}

static void expire(void)
{
	struct walk walk = { .now = p25_now(), .soon = P25_NEVER };

	CHECK(!p25_policy_visit(&policy, false, NULL, visit, &walk));
	policy.soon = walk.soon;
}

/* The walk is due half a minute ahead; it may be late. Then entries are read. */
static void pass_time(void)
{
	kernel_clocks.boottime += seconds(below(40));
	kernel_clocks.real += seconds((s64)below(400) - 150);
	check_packets();
	if (below(3) && policy.soon <= p25_now() + P25_SOON / 2) {
		expire();
		check_packets();
	}
}

static void gc(void)
{
	struct p25_table *table;
	unsigned int i;

	p25_for_each_table(table, &policy, i) {
		p25_table_start_grace(table);
		kernel_grace_period();
		p25_table_gc(table);
	}
}

static void check_counts(void)
{
	unsigned int kinds[__P25_KIND_MAX] = { 0 };
	struct p25_table *table;
	unsigned int kind;
	unsigned int all = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		kinds[items[i].kind]++;
	for (kind = 0; kind < __P25_KIND_MAX; kind++)
		CHECK(policy.entries[policy.generation][kind] == kinds[kind]);
	p25_for_each_table(table, &policy, i) {
		u32 number = 0;

		for (; p25_table_next(table, &number); number++)
			all++;
	}
	CHECK(all == n);
}

static void test_random(void)
{
	unsigned int i;

	n = 0;
	memset(&policy, 0, sizeof(policy));
	p25_policy_init(&policy, false);
	kernel_clocks.real = seconds(1800000000);
	for (i = 0; i < 1500; i++) {
		commit();
		if (below(3) == 0)
			pass_time();
		if (below(5) == 0)
			gc();
		check_counts();
	}
	p25_policy_destroy(&policy);
}

const struct test judge_tests[] = {
	{ test_random, "random policies judge as a naive model does" },
	{ }
};
