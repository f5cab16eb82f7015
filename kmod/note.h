/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Notes: what packets leave for the list of senders. A CPU notes what it judges in memory of
 * its own, and what has collected there is booked to the list later.
 *
 *	              slots: one             queue: notes that
 *	              note each              lost their slot
 *	packet -->    +---+---+--   -->      +---+---+--   -->   senders
 *	              |   |   |              |   |   |
 *	              +---+---+--            +---+---+--
 *
 * A note is about mail from one address to another, which is what its slot is chosen by.
 * As long as that is not taken by another pair, a packet that is noted costs a cache line.
 * Where there are many senders, each packet queues a note, and books one that was queued
 * some packets ago: what that needs of the list has arrived in the cache meanwhile.
 */
#ifndef _P25_NOTE_H
#define _P25_NOTE_H

#include <linux/in6.h>
#include <linux/types.h>

struct p25_judgement;
struct p25_notes;
struct p25_packet;
struct p25_senders;

/**
 * struct p25_note - mail from one address to another, since it was booked last
 * @src: its source
 * @dst: its destination
 * @first: time of the first packet, in nanoseconds of the boot-time clock
 * @last: time of the last one
 * @packets: how many there were; 0: there is no note
 * @attempts: how many of them were attempts
 * @sport: source port of the last attempt, or of the first packet if there was none
 * @family: of both addresses
 * @kind: enum p25_kind of the deciding entry
 * @len: length of its prefix
 */
struct p25_note {
	struct in6_addr	src;
	struct in6_addr	dst;
	s64		first;
	s64		last;
	u32		packets;
	u32		attempts;
	__be16		sport;
	u8		family;
	u8		kind;
	u8		len;
} __aligned(64);

struct p25_notes *p25_notes_alloc(int node);
void p25_notes_free(struct p25_notes *notes);
size_t p25_notes_memory(void);

void p25_note(struct p25_notes *notes, struct p25_senders *senders,
	      const struct p25_packet *packet, const struct p25_judgement *judgement,
	      const u8 *tcp);
bool p25_notes_book(struct p25_notes *notes, struct p25_senders *senders,
		    unsigned int *slot);

#endif /* _P25_NOTE_H */
