// SPDX-License-Identifier: GPL-2.0
/*
 * Offenders: sources that tried to send blocked mail.
 *
 * A table of fixed size, because packets must not allocate: an address hashes to
 * one bucket, and if that is full, the least recently seen offender is evicted. A
 * flood of forged sources can evict all of them, but takes no memory, and no packet
 * waits: if another CPU holds the bucket's lock, the packet is not noted.
 */
#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "entry.h"
#include "offender.h"
#include "packet.h"

struct bucket {
	spinlock_t		lock;	/* guards the slots */
	struct p25_offender	slots[P25_OFFENDER_SLOTS];
};

struct p25_offenders {
	u32		seed;
	struct bucket	buckets[P25_OFFENDER_BUCKETS];
};

/**
 * p25_offenders_alloc - make an empty list
 *
 * Context: process; may sleep.
 * Return: the list, for p25_offenders_free(), or NULL.
 */
struct p25_offenders *p25_offenders_alloc(void)
{
	struct p25_offenders *offenders;
	int i;

	offenders = kvzalloc(sizeof(*offenders), P25_GFP);
	if (!offenders)
		return NULL;
	offenders->seed = get_random_u32();
	for (i = 0; i < P25_OFFENDER_BUCKETS; i++)
		spin_lock_init(&offenders->buckets[i].lock);
	return offenders;
}

/* Free the list, which may be NULL and has no users left. */
void p25_offenders_free(struct p25_offenders *offenders)
{
	kvfree(offenders);
}

/* Bytes of memory that a list takes. */
size_t p25_offenders_memory(void)
{
	return sizeof(struct p25_offenders);
}

static struct bucket *bucket_of(struct p25_offenders *offenders,
				const struct p25_prefix *src)
{
	u32 hash = jhash(&src->addr, sizeof(src->addr), offenders->seed);

	return &offenders->buckets[hash % P25_OFFENDER_BUCKETS];
}

/* The slot of @src, else a free one, else the least recently seen one. */
static struct p25_offender *slot_for(struct bucket *bucket,
				     const struct p25_prefix *src)
{
	struct p25_offender *oldest = bucket->slots;
	int i;

	for (i = 0; i < P25_OFFENDER_SLOTS; i++) {
		struct p25_offender *slot = &bucket->slots[i];

		if (slot->src.family == src->family &&
		    ipv6_addr_equal(&slot->src.addr, &src->addr))
			return slot;
		if (slot->last < oldest->last)
			oldest = slot;
	}
	*oldest = (struct p25_offender) { .src = *src };
	return oldest;
}

/**
 * p25_offenders_note - note the source of a packet that is blocked
 * @offenders: the list
 * @packet: the packet
 * @reason: enum p25_kind of the deciding entry
 *
 * Context: any but hard interrupts.
 */
void p25_offenders_note(struct p25_offenders *offenders,
			const struct p25_packet *packet, u8 reason)
{
	struct bucket *bucket = bucket_of(offenders, &packet->src);
	struct p25_offender *slot;
	ktime_t now;

	if (!spin_trylock_bh(&bucket->lock))
		return;
	now = ktime_get_coarse_boottime();
	slot = slot_for(bucket, &packet->src);
	if (!slot->packets++)
		slot->first = now;
	slot->last = now;
	slot->dst = packet->dst;
	slot->reason = reason;
	spin_unlock_bh(&bucket->lock);
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

	spin_lock_bh(&from->lock);
	for (i = 0; i < P25_OFFENDER_SLOTS; i++)
		if (from->slots[i].packets)
			out[n++] = from->slots[i];
	spin_unlock_bh(&from->lock);
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
	int i;

	for (i = 0; i < P25_OFFENDER_BUCKETS; i++) {
		struct bucket *bucket = &offenders->buckets[i];

		spin_lock_bh(&bucket->lock);
		memset(bucket->slots, 0, sizeof(bucket->slots));
		spin_unlock_bh(&bucket->lock);
	}
}
