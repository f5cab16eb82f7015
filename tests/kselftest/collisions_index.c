// SPDX-License-Identifier: GPL-2.0
/*
 * Hash flooding: keys chosen to collide cost no more than twice what random ones
 * cost, to load and to look up.
 *
 * The hash and the index are the module's own files, but in a program: there a
 * lookup is a matter of nanoseconds, while through netlink the message around it
 * would hide that. collisions_load.c loads the same keys into the module.
 *
 *	load      ns for a key: into an empty index that grows with it
 *	lookup    ns for a key that is there, in an order that leaps about
 *	elsewhere keys in a thousand that stand in another bucket than their own
 *	farthest  buckets that the worst of lookups has to look at
 *
 * The last two decide, as they know no noise: they are the worst of some secrets,
 * always the same ones. The first two are CPU time, the least of all repetitions, and
 * are only shown: what else runs on the machine changes them by more than a factor.
 *
 * LONG=1 in the environment takes 2^20 keys instead of 2^16.
 */
#include "ktap.h"

#include "kernel.inc"
#include "hash.h"
#include "index.h"
#include "index.c"
#include "keys.h"

#define COPY_STEP	8	/* as in kmod/table.c */
#define FACTOR		2	/* what chosen keys may cost more */
#define FARTHER		4	/* the worst of 10^6 varies by itself */
#define CONTROL_KEYS	4096

struct cost {
	double load;
	double lookup;
	unsigned int elsewhere;
	unsigned int farthest;
};

static struct p25_prefix *prefixes;
static unsigned int n_keys = 1 << 16;	/* a power of two */
static unsigned int n_repetitions = 2;

static double now(void)
{
	return ktap_clock(CLOCK_THREAD_CPUTIME_ID);
}

/* The keys of a set, as the packet path has them. */
static void make_keys(const struct set *set)
{
	unsigned int i;

	for (i = 0; i < n_keys; i++) {
		struct key key = set->key(i);

		prefixes[i] = (struct p25_prefix) {
			.family = set->family,
			.len = key.len,
		};
		memcpy(&prefixes[i].addr, key.word, sizeof(key.word));
	}
}

static u64 hash_of(const struct p25_hash_key *secret, unsigned int i)
{
	const struct p25_prefix *prefix = &prefixes[i];

	if (prefix->family == AF_INET)
		return p25_hash(secret, AF_INET, prefix, prefix->len);
	return p25_hash(secret, AF_INET6, prefix, prefix->len);
}

static struct p25_slot slot_for(const struct p25_hash_key *secret, unsigned int i)
{
	return (struct p25_slot) {
		.hash = hash_of(secret, i),
		.state = i << P25_SLOT_NUMBER_SHIFT | BIT(P25_SLOT_KIND_SHIFT),
	};
}

static bool is_wide(void)
{
	return prefixes[0].family == AF_INET6;
}

/* As make_room() and p25_table_insert() in kmod/table.c do it. */
static struct p25_index *load(const struct p25_hash_key *secret,
			      unsigned int keys)
{
	struct p25_index *index = p25_index_alloc(1, is_wide(), NULL);
	unsigned int i;

	for (i = 0; i < keys; i++) {
		if (i >= p25_index_capacity(index)) {
			struct p25_index *larger = p25_index_alloc(i + i / 5,
								   is_wide(), NULL);

			while (p25_index_copy(index, COPY_STEP))
				;
			p25_index_replace(larger, index);
			index = larger;
		}
		p25_index_copy(index, COPY_STEP);
		p25_index_place(index, slot_for(secret, i));
	}
	while (p25_index_copy(index, COPY_STEP))
		;
	return index;
}

static bool is_it(u32 state, void *arg)
{
	return p25_state_number(state) == *(u32 *)arg;
}

static void lookup(const struct p25_index *index,
		   const struct p25_hash_key *secret, unsigned int keys)
{
	unsigned int i;

	for (i = 0; i < keys; i++) {
		u32 key = i * 0x9e3779b1u % keys;

		u64 hash = hash_of(secret, key);

		if (!p25_index_search(index, is_wide(), hash, is_it, &key))
			abort();
	}
}

/* How many keys are not in their own bucket; how far the farthest one is. */
static void look_around(const struct p25_index *index, unsigned int keys,
			struct cost *cost)
{
	unsigned int elsewhere = 0;
	unsigned int i;

	for (i = 0; i < index->buckets.n; i++) {
		const struct p25_bucket *bucket = p25_buckets_nth(&index->buckets, i);
		unsigned int n;

		for (n = 0; n < p25_bucket_slots(is_wide()); n++) {
			struct p25_slot slot = p25_bucket_slot(bucket, is_wide(), n);
			u32 home, distance;

			if (!slot.state)
				continue;
			home = p25_buckets_home(&index->buckets, slot.hash);
			distance = (i + index->buckets.n - home) %
				   index->buckets.n;
			elsewhere += distance > 0;
			cost->farthest = max(cost->farthest, distance + 1);
		}
	}
	cost->elsewhere = max(cost->elsewhere, elsewhere * 1000ull / keys);
}

/* One repetition: the keys that have been made, with this secret. */
static void measure(const struct p25_hash_key *secret, unsigned int keys,
		    struct cost *cost)
{
	struct p25_index *index;
	double begin, loaded, found;

	begin = now();
	index = load(secret, keys);
	loaded = now();
	lookup(index, secret, keys);
	found = now();
	look_around(index, keys, cost);
	p25_index_free(index);
	cost->load = min(cost->load, (loaded - begin) / keys);
	cost->lookup = min(cost->lookup, (found - loaded) / keys);
}

static const struct cost nothing = { .load = 1e9, .lookup = 1e9 };

static const struct set sets[] = {
	{ "consecutive", AF_INET, consecutive4 },
	{ "strided by 257", AF_INET, strided4 },
	{ "the same low bits", AF_INET, low_bits4 },
	{ "bit-reversed", AF_INET, reversed4 },
	{ "dense /24s", AF_INET, dense4 },
	{ "consecutive", AF_INET6, consecutive6 },
	{ "strided by 2^24", AF_INET6, strided6 },
	{ "the same low bits", AF_INET6, low_bits6 },
	{ "the same high bits", AF_INET6, high_bits6 },
	{ "bit-reversed", AF_INET6, reversed6 },
	{ "dense /64s", AF_INET6, dense6 },
	{ "one /64, halves with one sum", AF_INET6, same_sum6 },
	{ "one /64, halves alike", AF_INET6, alike6 },
	{ "one /64, a grid", AF_INET6, grid6 },
	{ "one /64, EUI-64", AF_INET6, eui64 },
};

/* Is a set within FACTOR of random keys? One key in a thousand is noise. */
static bool is_near(const struct cost *chosen, const struct cost *random)
{
	return chosen->elsewhere <= FACTOR * random->elsewhere + 1 &&
	       chosen->farthest <= FARTHER * random->farthest;
}

static void show(const char *what, const struct cost *cost)
{
	printf("# %-8s load %3.0f ns, lookup %3.0f ns, %u in 1000 elsewhere, at most %u buckets\n",
	       what, cost->load, cost->lookup, cost->elsewhere, cost->farthest);
}

static void compare(const struct set *set)
{
	struct cost chosen = nothing, random = nothing;
	struct p25_hash_key secret;
	unsigned int n;

	for (n = 0; n < n_repetitions; n++) {
		srandom(n);
		p25_hash_key_init(&secret);
		make_keys(random_set(set));
		measure(&secret, n_keys, &random);
		make_keys(set);
		measure(&secret, n_keys, &chosen);
	}
	show("random:", &random);
	show("chosen:", &chosen);
	ktap_result(is_near(&chosen, &random), "IPv%d: %s",
		    set->family == AF_INET ? 4 : 6, set->name);
}

/* Keys chosen with knowledge of the secret do collide. */
static void control(void)
{
	struct cost chosen = nothing, random = nothing;
	struct p25_hash_key secret;

	p25_hash_key_init(&secret);
	make_keys(&random_sets[1]);
	measure(&secret, CONTROL_KEYS, &random);
	secret.word[3] = 0;
	make_keys(&sets[5]);
	measure(&secret, CONTROL_KEYS, &chosen);
	show("random:", &random);
	show("chosen:", &chosen);
	ktap_result(!is_near(&chosen, &random),
		    "if keys collide, it is noticed");
}

int main(void)
{
	unsigned int i;

	ktap_begin();
	if (getenv("LONG")) {
		n_keys = 1 << 20;
		n_repetitions = 3;
	}
	prefixes = calloc(n_keys, sizeof(*prefixes));
	if (!prefixes)
		ktap_bail_out("out of memory");
	control();
	for (i = 0; i < ARRAY_SIZE(sets); i++)
		compare(&sets[i]);
	free(prefixes);
	return ktap_end();
}
