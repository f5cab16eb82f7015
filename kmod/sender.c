// SPDX-License-Identifier: GPL-2.0
/*
 * The list of senders; see the picture in sender.h.
 */
#include <linux/bitmap.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/prefetch.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "entry.h"
#include "hash.h"
#include "sender.h"

/* There is room for so many at least. */
#define SIZE_MIN	1024

/* A count is attempts, and a tag above: the rest of the hash, and a bit that is set. */
#define COUNT_BITS	48
#define COUNT_MASK	(BIT_ULL(COUNT_BITS) - 1)
#define TAG_USED	BIT(15)

/* A bucket's lock guards all buckets of the same number modulo this. */
#define LOCKS		64U

/* Buckets that are allocated together: 32 KiB. */
#define PIECE		24U

/**
 * struct bucket - senders whose hash is alike
 * @counts: of each sender: its attempts, and a tag; 0: there is none
 * @senders: the senders
 * @paid_until: their states with each rate of the guard, if there are @rates of that
 *	sender; packets don't touch them
 */
struct bucket {
	u64			counts[P25_SENDERS_BUCKET];
	struct p25_sender	senders[P25_SENDERS_BUCKET];
	s64			paid_until[P25_SENDERS_BUCKET][P25_GUARD_RATES_MAX];
} __aligned(64);

struct lock {
	raw_spinlock_t	lock;	/* guards a part of the buckets */
} ____cacheline_aligned_in_smp;

/**
 * struct p25_senders - a list
 * @key: secret of the hash that senders are found by
 * @seed: secret of the hash of destinations
 * @shift: a hash has so many bits besides the number of its bucket
 * @size: how many buckets
 * @unjudged: buckets in which there are attempts that have not been judged, a bit for each
 * @locks: guard the buckets
 * @pieces: the buckets, in pieces of the kernel's direct map: in one area of vmalloc,
 *	packets would miss the TLB, too
 */
struct p25_senders {
	struct p25_hash_key	key;
	u32			seed;
	unsigned int		shift;
	unsigned int		size;
	unsigned long		*unjudged;
	struct lock		locks[LOCKS];
	struct bucket		*pieces[];
};

/* p25_senders_room - how many a list has room for that is to have room for @n */
unsigned int p25_senders_room(unsigned int n)
{
	return roundup_pow_of_two(max_t(unsigned int, n, SIZE_MIN));
}

static unsigned int pieces_of(unsigned int size)
{
	return DIV_ROUND_UP(size, PIECE);
}

static struct bucket *bucket_at(const struct p25_senders *senders, unsigned int number)
{
	return &senders->pieces[number / PIECE][number % PIECE];
}

static int alloc_pieces(struct p25_senders *senders)
{
	unsigned int i;

	for (i = 0; i < pieces_of(senders->size); i++) {
		senders->pieces[i] = kcalloc(PIECE, sizeof(struct bucket), P25_GFP);
		if (!senders->pieces[i])
			return -ENOMEM;
		cond_resched();
	}
	return 0;
}

/**
 * p25_senders_alloc - make an empty list
 * @n: how many it is to have room for
 *
 * Context: process; may sleep.
 * Return: the list, for p25_senders_free(), or NULL.
 */
struct p25_senders *p25_senders_alloc(unsigned int n)
{
	unsigned int size = p25_senders_room(n) / P25_SENDERS_BUCKET;
	struct p25_senders *senders;
	unsigned int i;

	BUILD_BUG_ON(sizeof(struct p25_sender) != 128);
	BUILD_BUG_ON(PIECE * sizeof(struct bucket) > SZ_32K);
	senders = kvzalloc(struct_size(senders, pieces, pieces_of(size)), P25_GFP);
	if (!senders)
		return NULL;
	senders->size = size;
	senders->shift = 32 - ilog2(size);
	senders->unjudged = kvcalloc(BITS_TO_LONGS(size), sizeof(long), P25_GFP);
	if (!senders->unjudged || alloc_pieces(senders)) {
		p25_senders_free(senders);
		return NULL;
	}
	p25_hash_key_init(&senders->key);
	get_random_bytes(&senders->seed, sizeof(senders->seed));
	for (i = 0; i < LOCKS; i++)
		raw_spin_lock_init(&senders->locks[i].lock);
	return senders;
}

/* p25_senders_free - free a list, which may be NULL and has no users left */
void p25_senders_free(struct p25_senders *senders)
{
	unsigned int i;

	if (!senders)
		return;
	for (i = 0; i < pieces_of(senders->size); i++)
		kfree(senders->pieces[i]);
	kvfree(senders->unjudged);
	kvfree(senders);
}

/* p25_senders_memory - bytes that the list takes */
size_t p25_senders_memory(const struct p25_senders *senders)
{
	unsigned int n = pieces_of(senders->size);

	return struct_size(senders, pieces, n) + n * PIECE * sizeof(struct bucket) +
	       BITS_TO_LONGS(senders->size) * sizeof(long);
}

/* p25_senders_size - senders that the list has room for; their numbers are below that */
unsigned int p25_senders_size(const struct p25_senders *senders)
{
	return senders->size * P25_SENDERS_BUCKET;
}

static raw_spinlock_t *lock_of(struct p25_senders *senders, unsigned int bucket)
{
	return &senders->locks[bucket % LOCKS].lock;
}

/* Who is the sender of mail that an entry of a prefix of @len bits has decided on? */
static u8 bits_of(u8 family, u8 len)
{
	return family == AF_INET ? 32 : max_t(u8, len, P25_SENDER_IPV6_BITS);
}

/* What hash.h has for a sender: the upper half of it is enough. */
static u32 hash_of(const struct p25_senders *senders, u8 family,
		   const struct in6_addr *src, u8 bits)
{
	const struct p25_prefix prefix = { .addr = *src, .family = family };

	return p25_hash(&senders->key, family, &prefix, bits) >> 32;
}

/**
 * p25_senders_share_hash - have notes the same hash in two lists
 * @senders: one, empty
 * @former: the other one, which it is to replace
 *
 * What has been hashed for that may be booked to @senders then.
 */
void p25_senders_share_hash(struct p25_senders *senders,
			    const struct p25_senders *former)
{
	senders->key = former->key;
	senders->seed = former->seed;
}

/* p25_senders_hash - hash of the sender that a note is about; context: any */
u32 p25_senders_hash(const struct p25_senders *senders, const struct p25_note *note)
{
	return hash_of(senders, note->family, &note->src,
		       bits_of(note->family, note->len));
}

static unsigned int bucket_of(const struct p25_senders *senders, u32 hash)
{
	return hash >> senders->shift;
}

static u16 tag_of(u32 hash)
{
	return hash | TAG_USED;
}

static bool has_tag(const struct bucket *bucket, unsigned int i, u32 hash)
{
	return READ_ONCE(bucket->counts[i]) >> COUNT_BITS == tag_of(hash);
}

/* A place that is free, or else the one of the sender with the fewest attempts. */
static unsigned int find_fewest(const struct bucket *bucket)
{
	u64 fewest = READ_ONCE(bucket->counts[0]);
	unsigned int at = 0;
	unsigned int i;

	for (i = 0; i < P25_SENDERS_BUCKET; i++) {
		u64 count = READ_ONCE(bucket->counts[i]);

		if (!count)
			return i;
		if ((count & COUNT_MASK) < (fewest & COUNT_MASK)) {
			fewest = count;
			at = i;
		}
	}
	return at;
}

/* Where this sender is, by its tag, or will be. */
static unsigned int guess_place(const struct bucket *bucket, u32 hash)
{
	unsigned int i;

	for (i = 0; i < P25_SENDERS_BUCKET; i++)
		if (has_tag(bucket, i, hash))
			return i;
	return find_fewest(bucket);
}

/**
 * p25_senders_prefetch_bucket - have the bucket of a sender arrive in the cache
 * @senders: the list
 * @hash: the sender's
 *
 * Context: any.
 */
void p25_senders_prefetch_bucket(const struct p25_senders *senders, u32 hash)
{
	prefetchw(bucket_at(senders, bucket_of(senders, hash))->counts);
}

/**
 * p25_senders_prefetch - have the sender itself arrive there
 * @senders: the list
 * @hash: the sender's, whose bucket has arrived by now
 *
 * Context: any.
 */
void p25_senders_prefetch(const struct p25_senders *senders, u32 hash)
{
	const struct bucket *bucket = bucket_at(senders, bucket_of(senders, hash));
	const struct p25_sender *sender = &bucket->senders[guess_place(bucket, hash)];

	prefetch(sender);
	prefetchw(&sender->packets);
}

static bool is_sender(const struct p25_sender *sender, u8 family,
		      const struct in6_addr *src, u8 bits)
{
	return sender->family == family && sender->bits == bits &&
	       ipv6_prefix_equal(&sender->src, src, bits);
}

/* Returns its place in the bucket, or P25_SENDERS_BUCKET: it isn't there. */
static unsigned int find(const struct bucket *bucket, u32 hash, u8 family,
			 const struct in6_addr *src, u8 bits)
{
	unsigned int i;

	for (i = 0; i < P25_SENDERS_BUCKET; i++)
		if (has_tag(bucket, i, hash) &&
		    is_sender(&bucket->senders[i], family, src, bits))
			break;
	return i;
}

/* States with rates are those of who has to go: no rates say that they count for nothing. */
static unsigned int take_place(struct bucket *bucket, u32 hash,
			       const struct p25_note *note)
{
	unsigned int i = find_fewest(bucket);
	u64 error = bucket->counts[i] & COUNT_MASK;

	bucket->counts[i] = (u64)tag_of(hash) << COUNT_BITS | error;
	bucket->senders[i] = (struct p25_sender) {
		.packets = error,
		.error = error,
		.first = note->first,
		.family = note->family,
		.bits = bits_of(note->family, note->len),
	};
	return i;
}

static u32 hash_destination(const struct p25_senders *senders,
			    const struct in6_addr *dst)
{
	return jhash2((__force const u32 *)dst->s6_addr32, 4, senders->seed);
}

/* Its cache line stays as it is if nothing changes. */
static void set_address(struct in6_addr *address, const struct in6_addr *to)
{
	if (!ipv6_addr_equal(address, to))
		*address = *to;
}

static void add_latest(struct p25_sender *sender, const struct p25_note *note,
		       bool had_attempts)
{
	if (note->last < sender->last)
		return;
	sender->last = note->last;
	set_address(&sender->src, &note->src);
	sender->kind = note->kind;
	sender->len = note->len;
	if (!note->attempts && had_attempts)
		return;
	set_address(&sender->dst, &note->dst);
	sender->sport = note->sport;
}

static void add_unjudged(struct p25_sender *sender, const struct p25_note *note)
{
	u32 unjudged = sender->unjudged;

	sender->since = unjudged ? min(sender->since, note->first) : note->first;
	sender->unjudged = min_t(u64, (u64)unjudged + note->attempts, U32_MAX);
}

static void add_note(struct p25_senders *senders, struct bucket *bucket,
		     unsigned int i, const struct p25_note *note)
{
	struct p25_sender *sender = &bucket->senders[i];
	u64 attempts = bucket->counts[i] & COUNT_MASK;

	add_latest(sender, note, attempts > sender->error);
	sender->first = min(sender->first, note->first);
	sender->packets += note->packets;
	p25_hyperloglog_add(&sender->destinations,
			    hash_destination(senders, &note->dst));
	if (!note->attempts)
		return;
	bucket->counts[i] += note->attempts;
	add_unjudged(sender, note);
}

/* The word is others' as well: it is only written where that changes it. */
static void set_unjudged(struct p25_senders *senders, unsigned int bucket)
{
	if (!test_bit(bucket, senders->unjudged))
		set_bit(bucket, senders->unjudged);
}

/**
 * p25_senders_book - add a note to the list
 * @senders: the list
 * @hash: p25_senders_hash() of the note
 * @note: the note
 *
 * Context: any but hard interrupts, under p25_account_lock().
 */
void p25_senders_book(struct p25_senders *senders, u32 hash,
		      const struct p25_note *note)
{
	unsigned int number = bucket_of(senders, hash);
	struct bucket *bucket = bucket_at(senders, number);
	raw_spinlock_t *lock = lock_of(senders, number);
	unsigned int i;

	raw_spin_lock(lock);
	i = find(bucket, hash, note->family, &note->src,
		 bits_of(note->family, note->len));
	if (i == P25_SENDERS_BUCKET)
		i = take_place(bucket, hash, note);
	add_note(senders, bucket, i, note);
	if (note->attempts)
		set_unjudged(senders, number);
	raw_spin_unlock(lock);
}

static void copy(const struct bucket *bucket, unsigned int i,
		 struct p25_sender_record *record)
{
	record->sender = bucket->senders[i];
	record->attempts = bucket->counts[i] & COUNT_MASK;
	memcpy(record->paid_until, bucket->paid_until[i], sizeof(record->paid_until));
}

/**
 * p25_senders_read - copy a sender
 * @senders: the list
 * @number: which, below p25_senders_size()
 * @record: the copy
 *
 * Context: process.
 * Return: false if there is none.
 */
bool p25_senders_read(struct p25_senders *senders, unsigned int number,
		      struct p25_sender_record *record)
{
	struct bucket *bucket = bucket_at(senders, number / P25_SENDERS_BUCKET);
	raw_spinlock_t *lock = lock_of(senders, number / P25_SENDERS_BUCKET);
	bool used;

	raw_spin_lock_bh(lock);
	used = bucket->counts[number % P25_SENDERS_BUCKET];
	if (used)
		copy(bucket, number % P25_SENDERS_BUCKET, record);
	raw_spin_unlock_bh(lock);
	return used;
}

/**
 * p25_senders_flush - empty the list
 * @senders: the list
 *
 * Context: process; may sleep.
 */
void p25_senders_flush(struct p25_senders *senders)
{
	unsigned int i;

	for (i = 0; i < senders->size; i++) {
		raw_spin_lock_bh(lock_of(senders, i));
		memset(bucket_at(senders, i), 0, sizeof(struct bucket));
		raw_spin_unlock_bh(lock_of(senders, i));
		cond_resched();
	}
}

/* It has come back since. What is known of its latest packet is right. */
static void add_former(struct bucket *bucket, unsigned int i,
		       const struct p25_sender_record *former)
{
	struct p25_sender *sender = &bucket->senders[i];

	bucket->counts[i] += former->attempts;
	sender->packets += former->sender.packets;
	sender->error += former->sender.error;
	sender->first = former->sender.first;
	sender->rates = former->sender.rates;
	sender->reported = former->sender.reported;
	p25_hyperloglog_merge(&sender->destinations, &former->sender.destinations);
	memcpy(bucket->paid_until[i], former->paid_until,
	       sizeof(bucket->paid_until[i]));
}

static void put_former(struct bucket *bucket, unsigned int i, u32 hash,
		       const struct p25_sender_record *former)
{
	bucket->counts[i] = (u64)tag_of(hash) << COUNT_BITS | former->attempts;
	bucket->senders[i] = former->sender;
	memcpy(bucket->paid_until[i], former->paid_until,
	       sizeof(bucket->paid_until[i]));
}

static void take_over(struct p25_senders *senders,
		      const struct p25_sender_record *former)
{
	const struct p25_sender *sender = &former->sender;
	u32 hash = hash_of(senders, sender->family, &sender->src, sender->bits);
	unsigned int number = bucket_of(senders, hash);
	struct bucket *bucket = bucket_at(senders, number);
	raw_spinlock_t *lock = lock_of(senders, number);
	unsigned int i;

	raw_spin_lock_bh(lock);
	i = find(bucket, hash, sender->family, &sender->src, sender->bits);
	if (i < P25_SENDERS_BUCKET) {
		add_former(bucket, i, former);
	} else {
		i = find_fewest(bucket);
		if (!bucket->counts[i] ||
		    (bucket->counts[i] & COUNT_MASK) < former->attempts)
			put_former(bucket, i, hash, former);
	}
	if (sender->unjudged)
		set_unjudged(senders, number);
	raw_spin_unlock_bh(lock);
}

/**
 * p25_senders_take_over - take over the senders of the list that this one replaces
 * @senders: the list, which is in use already
 * @former: the one that was, which isn't any more
 *
 * Where there is no room for all, those with the most attempts stay.
 *
 * Context: process; may sleep.
 */
void p25_senders_take_over(struct p25_senders *senders,
			   const struct p25_senders *former)
{
	struct p25_sender_record record;
	const struct bucket *bucket;
	unsigned int number;
	unsigned int i;

	for (number = 0; number < former->size; number++) {
		bucket = bucket_at(former, number);
		for (i = 0; i < P25_SENDERS_BUCKET; i++) {
			if (!bucket->counts[i])
				continue;
			copy(bucket, i, &record);
			take_over(senders, &record);
		}
		cond_resched();
	}
}

/**
 * p25_senders_next_unjudged - find the next bucket that has attempts to be judged
 * @senders: the list
 * @bucket: where to begin; set to the bucket
 *
 * Context: process.
 * Return: false if there is none. Otherwise it is not found again until there are more.
 */
bool p25_senders_next_unjudged(struct p25_senders *senders, unsigned int *bucket)
{
	*bucket = find_next_bit(senders->unjudged, senders->size, *bucket);
	if (*bucket >= senders->size)
		return false;
	clear_bit(*bucket, senders->unjudged);
	/* Before its senders are read: pairs with their lock in book_note(). */
	smp_mb__after_atomic();
	return true;
}

/**
 * p25_senders_take_unjudged - take a sender's attempts that have not been judged
 * @senders: the list
 * @number: the sender's
 * @record: set to a copy of it, with its attempts
 *
 * Context: process.
 * Return: false if there are none.
 */
bool p25_senders_take_unjudged(struct p25_senders *senders, unsigned int number,
			       struct p25_sender_record *record)
{
	struct bucket *bucket = bucket_at(senders, number / P25_SENDERS_BUCKET);
	raw_spinlock_t *lock = lock_of(senders, number / P25_SENDERS_BUCKET);
	unsigned int i = number % P25_SENDERS_BUCKET;
	bool unjudged;

	raw_spin_lock_bh(lock);
	unjudged = bucket->senders[i].unjudged;
	if (unjudged)
		copy(bucket, i, record);
	bucket->senders[i].unjudged = 0;
	raw_spin_unlock_bh(lock);
	return unjudged;
}

/**
 * p25_senders_judged - a sender has been judged: keep its state
 * @senders: the list
 * @number: the sender's, from p25_senders_take_unjudged()
 * @record: the sender, of which @reported, @rates and @paid_until are kept
 *
 * Context: process.
 */
void p25_senders_judged(struct p25_senders *senders, unsigned int number,
			const struct p25_sender_record *record)
{
	struct bucket *bucket = bucket_at(senders, number / P25_SENDERS_BUCKET);
	raw_spinlock_t *lock = lock_of(senders, number / P25_SENDERS_BUCKET);
	const struct p25_sender *sender = &record->sender;
	unsigned int i = number % P25_SENDERS_BUCKET;

	raw_spin_lock_bh(lock);
	/* Another one may have taken its place. */
	if (bucket->counts[i] &&
	    is_sender(&bucket->senders[i], sender->family, &sender->src,
		      sender->bits)) {
		bucket->senders[i].reported = sender->reported;
		bucket->senders[i].rates = sender->rates;
		memcpy(bucket->paid_until[i], record->paid_until,
		       sizeof(record->paid_until));
	}
	raw_spin_unlock_bh(lock);
}
