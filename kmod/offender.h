/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Offenders: sources that tried to send blocked mail, for an abuse desk.
 */
#ifndef _P25_OFFENDER_H
#define _P25_OFFENDER_H

#include <linux/ktime.h>

#include "prefix.h"

struct p25_packet;

/* Offenders that a bucket holds. */
#define P25_OFFENDER_SLOTS	4

/* Buckets, a power of 2. */
#define P25_OFFENDER_BUCKETS	1024

/**
 * struct p25_offender - a source that tried to send blocked mail
 * @src: the source
 * @dst: the last mail server it tried
 * @packets: packets since @first
 * @first: time of the first packet, by the boot-time clock
 * @last: time of the last packet
 * @family: of both addresses; 0: the slot is free
 * @reason: enum p25_kind of the entry that decided on the last packet
 */
struct p25_offender {
	struct in6_addr	src;
	struct in6_addr	dst;
	u64		packets;
	ktime_t		first;
	ktime_t		last;
	u8		family;
	u8		reason;
};

struct p25_offenders;

struct p25_offenders *p25_offenders_alloc(const struct p25_offenders *peer, int node);
void p25_offenders_free(struct p25_offenders *offenders);
size_t p25_offenders_memory(void);

void p25_offenders_note(struct p25_offenders *own,
			const struct p25_packet *packet, u8 reason);

void p25_offenders_book(struct p25_offenders *booked, struct p25_offenders *own);
unsigned int p25_offenders_read(struct p25_offenders *offenders,
				unsigned int bucket,
				struct p25_offender out[P25_OFFENDER_SLOTS]);
void p25_offenders_flush(struct p25_offenders *offenders);

#endif /* _P25_OFFENDER_H */
