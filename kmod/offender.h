/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who tried to send blocked mail: the list that an abuse desk works on.
 */
#ifndef _P25_OFFENDER_H
#define _P25_OFFENDER_H

#include <linux/ktime.h>

#include "prefix.h"

struct p25_packet;

/* Offenders that are remembered: slots in a bucket, buckets. */
#define P25_OFFENDER_SLOTS	4
#define P25_OFFENDER_BUCKETS	1024

/**
 * struct p25_offender - somebody who tried
 * @src: who; family 0: the slot is free
 * @dst: the mail server tried last
 * @reason: enum p25_kind
 * @packets: packets since @first
 * @first: first of them, by the boot-time clock, which nobody sets
 * @last: last of them
 */
struct p25_offender {
	struct p25_prefix	src;
	struct p25_prefix	dst;
	u8			reason;
	u64			packets;
	ktime_t			first;
	ktime_t			last;
};

struct p25_offenders;

struct p25_offenders *p25_offenders_alloc(void);
void p25_offenders_free(struct p25_offenders *offenders);
size_t p25_offenders_memory(void);

void p25_offenders_note(struct p25_offenders *offenders,
			const struct p25_packet *packet, u8 reason);

unsigned int p25_offenders_read(struct p25_offenders *offenders,
				unsigned int bucket,
				struct p25_offender out[P25_OFFENDER_SLOTS]);
void p25_offenders_forget(struct p25_offenders *offenders);

#endif /* _P25_OFFENDER_H */
