// SPDX-License-Identifier: GPL-2.0
/*
 * Offenders: sources that tried to send blocked mail.
 *
 * A table of fixed size, because packets must not allocate: an address hashes to
 * one bucket, and if that is full, the least recently seen offender is evicted. A
 * flood of forged sources can evict all of them, but takes no memory.
 *
 * Each CPU has such a list, to which it writes without a lock. It is emptied into the
 * one that is read, which has a lock, before that is read.
 */
#include <linux/bitmap.h>
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <net/ipv6.h>

#include "account.h"
#include "entry.h"
#include "offender.h"
#include "packet.h"

struct bucket {
	struct p25_offender	slots[P25_OFFENDER_SLOTS];
};

/*
 * struct p25_offenders - a list
 * @seed: of the hash
 * @lock: guards the list that is read
 * @used: buckets that have offenders
 * @buckets: the buckets
 */
struct p25_offenders {
	u32		seed;
	spinlock_t	lock;	/* guards the list that is read */
	DECLARE_BITMAP(used, P25_OFFENDER_BUCKETS);
	struct bucket	*buckets;
};

/* Apart, as this is a power of two. */
#define BUCKETS_SIZE	(P25_OFFENDER_BUCKETS * sizeof(struct bucket))

/**
 * p25_offenders_alloc - make an empty list
 * @peer: the list that it is to be booked to, or NULL
 * @node: where its memory is to be
 *
 * Context: process; may sleep.
 * Return: the list, for p25_offenders_free(), or NULL.
 */
struct p25_offenders *p25_offenders_alloc(const struct p25_offenders *peer, int node)
{
	struct p25_offenders *offenders;

	offenders = kzalloc_node(sizeof(*offenders), P25_GFP, node);
	if (!offenders)
		return NULL;
	offenders->buckets = kvzalloc_node(BUCKETS_SIZE, P25_GFP, node);
	if (!offenders->buckets) {
		kfree(offenders);
		return NULL;
	}
	offenders->seed = peer ? peer->seed : get_random_u32();
	spin_lock_init(&offenders->lock);
	return offenders;
}

/* Free the list, which may be NULL and has no users left. */
void p25_offenders_free(struct p25_offenders *offenders)
{
	if (!offenders)
		return;
	kvfree(offenders->buckets);
	kfree(offenders);
}

/* Bytes of memory that a list takes. */
size_t p25_offenders_memory(void)
{
	return sizeof(struct p25_offenders) + BUCKETS_SIZE;
}

static u32 bucket_of(const struct p25_offenders *offenders,
		     const struct p25_prefix *src)
{
	u32 hash = src->family == AF_INET ?
		   jhash_1word((__force u32)src->addr.s6_addr32[0],
			       offenders->seed) :
		   __ipv6_addr_jhash(&src->addr, offenders->seed);

	return hash % P25_OFFENDER_BUCKETS;
}

static bool is_from(const struct p25_offender *slot, u8 family,
		    const struct in6_addr *src)
{
	return slot->family == family && ipv6_addr_equal(&slot->src, src);
}

/* The slot of @src, else a free one, else the least recently seen one. */
static struct p25_offender *slot_for(struct bucket *bucket, u8 family,
				     const struct in6_addr *src)
{
	struct p25_offender *oldest = bucket->slots;
	int i;

	for (i = 0; i < P25_OFFENDER_SLOTS; i++) {
		struct p25_offender *slot = &bucket->slots[i];

		if (is_from(slot, family, src))
			return slot;
		if (slot->last < oldest->last)
			oldest = slot;
	}
	return oldest;
}

/**
 * p25_offenders_note - note the source of a packet that is blocked
 * @own: this CPU's list
 * @packet: the packet
 * @reason: enum p25_kind of the deciding entry
 *
 * Context: any but hard interrupts, under p25_account_lock().
 */
void p25_offenders_note(struct p25_offenders *own,
			const struct p25_packet *packet, u8 reason)
{
	const struct p25_prefix *src = &packet->src;
	u32 number = bucket_of(own, src);
	struct p25_offender *slot = slot_for(&own->buckets[number],
					     src->family, &src->addr);
	ktime_t now = ktime_get_coarse_boottime();

	if (!is_from(slot, src->family, &src->addr))
		*slot = (struct p25_offender) {
			.src = src->addr,
			.first = now,
			.family = src->family,
		};
	slot->packets++;
	slot->last = now;
	slot->dst = packet->dst.addr;
	slot->reason = reason;
	__set_bit(number, own->used);
}

/* Add what a CPU has seen of an offender to what is known of it. */
static void merge(struct p25_offender *known, const struct p25_offender *seen)
{
	u64 packets = known->packets + seen->packets;
	ktime_t first = min(known->first, seen->first);

	if (seen->last >= known->last)
		*known = *seen;
	known->packets = packets;
	known->first = first;
}

static void book_offender(struct bucket *to, const struct p25_offender *seen)
{
	struct p25_offender *slot = slot_for(to, seen->family, &seen->src);

	if (is_from(slot, seen->family, &seen->src))
		merge(slot, seen);
	else if (seen->last >= slot->last)
		*slot = *seen;
}

static void take_bucket(struct p25_offenders *own, unsigned int number,
			struct bucket *taken)
{
	p25_account_lock();
	__clear_bit(number, own->used);
	*taken = own->buckets[number];
	memset(&own->buckets[number], 0, sizeof(*taken));
	p25_account_unlock();
}

static void book_bucket(struct bucket *to, const struct bucket *taken)
{
	int i;

	for (i = 0; i < P25_OFFENDER_SLOTS; i++)
		if (taken->slots[i].packets)
			book_offender(to, &taken->slots[i]);
}

/**
 * p25_offenders_book - move a CPU's offenders to the list that is read
 * @booked: the list that is read
 * @own: the CPU's list, empty afterwards
 *
 * Context: process, on that CPU, or when it is offline.
 */
void p25_offenders_book(struct p25_offenders *booked, struct p25_offenders *own)
{
	struct bucket taken __uninitialized;
	unsigned int i;

	for_each_set_bit(i, own->used, P25_OFFENDER_BUCKETS) {
		take_bucket(own, i, &taken);
		spin_lock(&booked->lock);
		book_bucket(&booked->buckets[i], &taken);
		spin_unlock(&booked->lock);
		cond_resched();
	}
}

/**
 * p25_offenders_read - copy the offenders of one bucket
 * @offenders: the list
 * @bucket: which, below P25_OFFENDER_BUCKETS
 * @out: the copy
 *
 * Context: process.
 * Return: how many there are.
 */
unsigned int p25_offenders_read(struct p25_offenders *offenders,
				unsigned int bucket,
				struct p25_offender out[P25_OFFENDER_SLOTS])
{
	struct bucket *from = &offenders->buckets[bucket];
	unsigned int n = 0;
	int i;

	spin_lock(&offenders->lock);
	for (i = 0; i < P25_OFFENDER_SLOTS; i++)
		if (from->slots[i].packets)
			out[n++] = from->slots[i];
	spin_unlock(&offenders->lock);
	return n;
}

/**
 * p25_offenders_flush - empty the list
 * @offenders: the list
 *
 * Context: process.
 */
void p25_offenders_flush(struct p25_offenders *offenders)
{
	spin_lock(&offenders->lock);
	memset(offenders->buckets, 0, BUCKETS_SIZE);
	spin_unlock(&offenders->lock);
}
