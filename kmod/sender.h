/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Senders: who made attempts, for an abuse desk and for the guard. A sender is an IPv4
 * address, or an IPv6 /64, as a customer has all of that and changes addresses within it.
 * Where a longer prefix has been exempted, that is a sender of its own.
 *
 * The list has a fixed size, as packets must not allocate. A sender hashes to one bucket of
 * eight:
 *
 *	bucket	counts	tag | attempts		one cache line
 *		sender	addresses, destinations	two cache lines
 *			packets, times ...
 *		...
 *
 * In each bucket, the list is kept by Space-Saving (Metwally, Agrawal, El Abbadi, "Efficient
 * computation of frequent and top-k elements in data streams", 2005): who is new takes the
 * place of the one with the fewest attempts, and takes over that one's count, as an error
 * that its own may be too high by. So for a bucket that has seen N attempts in all,
 *
 *	count - error <= attempts <= count
 *	error <= N / 8
 *	a sender with more than N / 8 attempts is in the list
 *
 * A flood of a million forged senders, over the 8,192 buckets of the default, is 122
 * attempts in each: an error of about 16. The hash is keyed, so nobody can choose senders
 * that fall into the bucket of another one.
 */
#ifndef _P25_SENDER_H
#define _P25_SENDER_H

#include <linux/in6.h>
#include <linux/types.h>

#include "hyperloglog.h"
#include "note.h"
#include "rate.h"

/* Senders that a bucket holds. */
#define P25_SENDERS_BUCKET	8

/* Shortest prefix of an IPv6 sender. */
#define P25_SENDER_IPV6_BITS	64

/**
 * struct p25_sender - a sender
 * @src: its last address
 * @dst: where its last attempt went
 * @destinations: all of these
 * @packets: its packets, @error included
 * @error: by which the number of its attempts may be too high
 * @first: time of its first packet, in nanoseconds of the boot-time clock
 * @last: time of the last one
 * @since: time of the first attempt of those in @unjudged
 * @unjudged: attempts that the guard has not judged yet
 * @rates: stands for the rates that it was judged by; 0: it was not
 * @sport: source port of the last attempt
 * @family: of the addresses
 * @kind: enum p25_kind of the entry that decided last
 * @len: length of that one's prefix
 * @bits: length of the sender's own prefix
 * @reported: how many powers of ten its attempts have reached, as listeners know
 */
struct p25_sender {
	/* Read and written with each note */
	struct in6_addr			src;
	struct in6_addr			dst;
	struct p25_hyperloglog		destinations;

	u64				packets;
	u64				error;
	s64				first;
	s64				last;
	s64				since;
	u32				unjudged;
	u32				rates;
	__be16				sport;
	u8				family;
	u8				kind;
	u8				len;
	u8				bits;
	u8				reported;
} __aligned(64);

/**
 * struct p25_sender_record - a copy of all that is known of a sender
 * @sender: the sender
 * @attempts: its attempts, @sender.error included
 * @paid_until: its state with each rate of the guard, if it has @sender.rates
 */
struct p25_sender_record {
	struct p25_sender	sender;
	u64			attempts;
	s64			paid_until[P25_GUARD_RATES_MAX];
};

struct p25_senders;

struct p25_senders *p25_senders_alloc(unsigned int n);
void p25_senders_free(struct p25_senders *senders);
unsigned int p25_senders_room(unsigned int n);
size_t p25_senders_memory(const struct p25_senders *senders);
unsigned int p25_senders_size(const struct p25_senders *senders);

void p25_senders_share_hash(struct p25_senders *senders,
			    const struct p25_senders *former);
u32 p25_senders_hash(const struct p25_senders *senders, const struct p25_note *note);
void p25_senders_prefetch_bucket(const struct p25_senders *senders, u32 hash);
void p25_senders_prefetch(const struct p25_senders *senders, u32 hash);
void p25_senders_book(struct p25_senders *senders, u32 hash,
		      const struct p25_note *note);
bool p25_senders_read(struct p25_senders *senders, unsigned int number,
		      struct p25_sender_record *record);
void p25_senders_flush(struct p25_senders *senders);
void p25_senders_take_over(struct p25_senders *senders,
			   const struct p25_senders *former);

bool p25_senders_next_unjudged(struct p25_senders *senders, unsigned int *bucket);
bool p25_senders_take_unjudged(struct p25_senders *senders, unsigned int number,
			       struct p25_sender_record *record);
void p25_senders_judged(struct p25_senders *senders, unsigned int number,
			const struct p25_sender_record *record);

#endif /* _P25_SENDER_H */
