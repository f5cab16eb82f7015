// SPDX-License-Identifier: GPL-2.0
/*
 * Notes of packets for the list of senders; see the picture in note.h.
 *
 * They are changed by their CPU alone, under p25_account_lock(); after the CPU has gone
 * offline, by who takes it down.
 */
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/ipv6.h>

#include "account.h"
#include "entry.h"
#include "judge.h"
#include "note.h"
#include "packet.h"
#include "sender.h"

/* Slots of a CPU: 64 KiB. */
#define SLOTS_SHIFT	10
#define SLOTS		BIT(SLOTS_SHIFT)

/* Slots that are booked without a break: packets wait for that. */
#define BOOKED_TOGETHER	64

/*
 * How many notes wait for theirs to be booked. Half of them wait for the bucket to arrive in
 * the cache, the others for the sender.
 */
#define QUEUE		32U

/**
 * struct p25_notes - the notes of a CPU
 * @slots: by the hash of their addresses
 * @now: time of the last packet
 * @queued: how many notes have been queued so far
 * @booked: how many of these have been booked
 * @queue: those that have lost their slot
 * @hashes: their senders'
 */
struct p25_notes {
	struct p25_note	slots[SLOTS];
	s64		now;
	unsigned int	queued;
	unsigned int	booked;
	struct p25_note	queue[QUEUE];
	u32		hashes[QUEUE];
};

/* p25_notes_alloc - no notes yet; returns NULL if there is no memory */
struct p25_notes *p25_notes_alloc(int node)
{
	return kvzalloc_node(sizeof(struct p25_notes), P25_GFP, node);
}

/* p25_notes_free - free notes, which may be NULL */
void p25_notes_free(struct p25_notes *notes)
{
	kvfree(notes);
}

/* p25_notes_memory - bytes that a CPU's notes take */
size_t p25_notes_memory(void)
{
	return sizeof(struct p25_notes);
}

/* An IPv6 address is folded: an IPv4 address is one whose other words are 0. */
static u32 fold(const struct in6_addr *addr)
{
	const __be32 *word = addr->s6_addr32;

	return (__force u32)(word[0] ^ word[1] ^ word[2] ^ word[3]);
}

static struct p25_note *slot_of(struct p25_notes *notes,
				const struct p25_packet *packet)
{
	u32 dst = hash_32(fold(&packet->dst.addr), 32);

	return &notes->slots[hash_32(fold(&packet->src.addr) ^ dst, SLOTS_SHIFT)];
}

/* Is a packet one of those that the note is about? */
static bool is_about(const struct p25_note *note, const struct p25_packet *packet,
		     const struct p25_judgement *judgement)
{
	return note->kind == judgement->reason && note->len == judgement->len &&
	       note->family == packet->src.family &&
	       ipv6_addr_equal(&note->src, &packet->src.addr) &&
	       ipv6_addr_equal(&note->dst, &packet->dst.addr);
}

static void book_oldest(struct p25_notes *notes, struct p25_senders *senders)
{
	unsigned int i = notes->booked++ % QUEUE;

	p25_senders_book(senders, notes->hashes[i], &notes->queue[i]);
}

/*
 * Each note that comes moves the others on: one is booked, and another one, half way, has
 * its bucket in the cache by now.
 */
static void queue(struct p25_notes *notes, const struct p25_note *note,
		  struct p25_senders *senders)
{
	unsigned int i = notes->queued % QUEUE;

	if (notes->queued - notes->booked == QUEUE)
		book_oldest(notes, senders);
	notes->queue[i] = *note;
	notes->hashes[i] = p25_senders_hash(senders, note);
	p25_senders_prefetch_bucket(senders, notes->hashes[i]);
	p25_senders_prefetch(senders, notes->hashes[(i + QUEUE / 2) % QUEUE]);
	notes->queued++;
}

static void evict(struct p25_notes *notes, struct p25_note *note,
		  struct p25_senders *senders)
{
	queue(notes, note, senders);
	note->packets = 0;
}

static void begin(struct p25_note *note, const struct p25_packet *packet,
		  const struct p25_judgement *judgement, s64 now)
{
	note->src = packet->src.addr;
	note->dst = packet->dst.addr;
	note->first = now;
	note->attempts = 0;
	note->sport = 0;
	note->family = packet->src.family;
	note->kind = judgement->reason;
	note->len = judgement->len;
}

static void add(struct p25_note *note, const u8 *tcp, s64 now)
{
	bool attempt = tcp && p25_tcp_is_attempt(tcp);

	note->last = now;
	note->packets++;
	note->attempts += attempt;
	if (tcp && (attempt || note->packets == 1))
		note->sport = p25_tcp_sport(tcp);
}

/* Of two packets of the same tick, it is known which came last: it is a nanosecond later. */
static s64 read_time(struct p25_notes *notes)
{
	notes->now = max_t(s64, ktime_get_coarse_boottime(), notes->now + 1);
	return notes->now;
}

/**
 * p25_note - note a packet
 * @notes: this CPU's notes
 * @senders: what they are to be booked to
 * @packet: the packet, which is mail
 * @judgement: its verdict, by an entry that matches sources
 * @tcp: the first P25_TCP_BYTES of its TCP header, or NULL if they can't be read
 *
 * Context: any but hard interrupts, under rcu_read_lock() and p25_account_lock().
 */
void p25_note(struct p25_notes *notes, struct p25_senders *senders,
	      const struct p25_packet *packet, const struct p25_judgement *judgement,
	      const u8 *tcp)
{
	struct p25_note *note = slot_of(notes, packet);
	s64 now = read_time(notes);

	BUILD_BUG_ON(sizeof(*note) != 64);
	if (!note->packets || !is_about(note, packet, judgement)) {
		if (note->packets)
			evict(notes, note, senders);
		begin(note, packet, judgement, now);
	}
	add(note, tcp, now);
	if (unlikely(note->packets == U32_MAX))
		evict(notes, note, senders);
}

/**
 * p25_notes_book - book the next few notes
 * @notes: the notes
 * @senders: the list
 * @slot: where to go on, 0 at first
 *
 * Context: any, under rcu_read_lock() and p25_account_lock().
 * Return: true if there are more.
 */
bool p25_notes_book(struct p25_notes *notes, struct p25_senders *senders,
		    unsigned int *slot)
{
	unsigned int end = *slot + BOOKED_TOGETHER;

	for (; *slot < end; ++*slot)
		if (notes->slots[*slot].packets)
			evict(notes, &notes->slots[*slot], senders);
	if (end < SLOTS)
		return true;
	while (notes->booked != notes->queued)
		book_oldest(notes, senders);
	return false;
}
