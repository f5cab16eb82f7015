// SPDX-License-Identifier: GPL-2.0
/*
 * The list of senders: what it guarantees in a flood of forged ones.
 */
#include "sender.h"
#include "table_test.h"

#define LOUD		100
#define SINGLES		20000
#define FORGED		1000000

static struct p25_note note_of(struct p25_prefix src, struct p25_prefix dst)
{
	return (struct p25_note) {
		.src = src.addr,
		.dst = dst.addr,
		.first = kernel_clocks.boottime,
		.last = kernel_clocks.boottime,
		.packets = 1,
		.attempts = 1,
		.sport = htons(1024),
		.family = src.family,
		.kind = P25_KIND_STATIC,
		.len = 24,
	};
}

static struct p25_prefix ipv4(u32 address)
{
	struct p25_prefix prefix;

	p25_prefix_from_ipv4(&prefix, htonl(address));
	return prefix;
}

static void book_note(struct p25_senders *senders, const struct p25_note *note)
{
	p25_senders_book(senders, p25_senders_hash(senders, note), note);
}

static void book(struct p25_senders *senders, struct p25_prefix src)
{
	struct p25_note note = note_of(src, ipv4(0xc0000201));

	book_note(senders, &note);
}

static bool read_sender(struct p25_senders *senders, const struct p25_prefix *src,
			struct p25_sender_record *record)
{
	unsigned int i;

	for (i = 0; i < p25_senders_size(senders); i++)
		if (p25_senders_read(senders, i, record) &&
		    record->sender.family == src->family &&
		    record->sender.bits == src->len &&
		    ipv6_prefix_equal(&record->sender.src, &src->addr, src->len))
			return true;
	return false;
}

static unsigned int count(struct p25_senders *senders)
{
	struct p25_sender_record record;
	unsigned int n = 0;
	unsigned int i;

	for (i = 0; i < p25_senders_size(senders); i++)
		n += p25_senders_read(senders, i, &record);
	return n;
}

/* Loud ones send all the time; who does how often is known by its number. */
static u32 attempts_of(u32 loud)
{
	return 2000 + 20 * loud;
}

struct flood {
	struct p25_senders	*senders;
	unsigned int		sent[LOUD];
};

/* Each loud one in the same time: so many attempts in so many of all others. */
static void send_loud(struct flood *flood, u64 done, u64 all)
{
	unsigned int i;

	for (i = 0; i < LOUD; i++)
		for (; flood->sent[i] < attempts_of(i) * (done + 1) / all;
		     flood->sent[i]++)
			book(flood->senders, ipv4(0xcb007100 + i));
}

static void run_flood(struct flood *flood)
{
	unsigned int all = SINGLES + FORGED;
	unsigned int i;

	for (i = 0; i < all; i++) {
		if (i % (all / SINGLES))
			book(flood->senders, ipv4(kernel_random() >> 32));
		else
			book(flood->senders, ipv4(0x0a000000 + i));
		send_loud(flood, i, all);
	}
}

static void keeps_the_loudest(void)
{
	static struct flood all;
	struct flood *flood = &all;
	struct p25_sender_record record;
	unsigned int i;

	flood->senders = p25_senders_alloc(P25_SENDERS_DEFAULT);
	run_flood(flood);
	CHECK(count(flood->senders) == P25_SENDERS_DEFAULT);
	for (i = 0; i < LOUD; i++) {
		struct p25_prefix src = ipv4(0xcb007100 + i);

		CHECK(flood->sent[i] == attempts_of(i));
		CHECK(read_sender(flood->senders, &src, &record));
		CHECK(record.attempts >= attempts_of(i));
		CHECK(record.attempts <= attempts_of(i) + record.sender.error);
		CHECK(record.attempts <= attempts_of(i) + attempts_of(i) / 100);
		CHECK(record.sender.packets == record.attempts);
	}
	p25_senders_free(flood->senders);
}

/*
 * Of each bucket, by a list that has nothing but 128 of them: the error is no more than an
 * eighth of all attempts, and the sum of all counts is that of all attempts.
 */
static void has_its_guarantee(void)
{
	struct p25_senders *senders = p25_senders_alloc(1);
	unsigned int buckets = p25_senders_size(senders) / P25_SENDERS_BUCKET;
	struct p25_sender_record record;
	u64 all = 0;
	unsigned int i;
	unsigned int j;

	for (i = 0; i < 100000; i++)
		book(senders, ipv4(below(4) ? below(200) : kernel_random()));
	for (i = 0; i < buckets; i++) {
		u64 error = 0;
		u64 sum = 0;

		for (j = 0; j < P25_SENDERS_BUCKET; j++) {
			CHECK(p25_senders_read(senders, i * P25_SENDERS_BUCKET + j,
					       &record));
			sum += record.attempts;
			error = max(error, record.sender.error);
		}
		CHECK(error <= sum / P25_SENDERS_BUCKET);
		all += sum;
	}
	CHECK(all == 100000);
	p25_senders_free(senders);
}

/* Blocked packets that are no attempts push nobody out who has made any. */
static void packets_are_no_attempts(void)
{
	struct p25_senders *senders = p25_senders_alloc(1);
	struct p25_prefix src = ipv4(0xc6336407);
	struct p25_sender_record record;
	unsigned int n = 0;
	unsigned int i;

	for (i = 0; i < 1000; i++)
		book(senders, ipv4(0xcb007100 + i % 100));
	for (i = 0; i < 100000; i++) {
		struct p25_note note = note_of(ipv4(kernel_random()), src);

		note.attempts = 0;
		book_note(senders, &note);
	}
	for (i = 0; i < p25_senders_size(senders); i++) {
		CHECK(p25_senders_read(senders, i, &record));
		CHECK(record.attempts == 10 || record.attempts == 0);
		n += record.attempts == 10;
	}
	CHECK(n == 100);
	p25_senders_free(senders);
}

static void knows_the_last_attempt(void)
{
	struct p25_senders *senders = p25_senders_alloc(1);
	struct p25_prefix src = ipv4(0xc6336407);
	struct p25_note note = note_of(src, ipv4(0xcb007101));
	struct p25_sender_record record;

	note.first = 5;
	note.last = 7;
	note.attempts = 2;
	note.packets = 3;
	book_note(senders, &note);
	/* Booked later, but of another CPU, and earlier. */
	note.dst = ipv4(0xcb007102).addr;
	note.first = 3;
	note.last = 6;
	note.sport = htons(2048);
	book_note(senders, &note);
	/* A packet that is no attempt. */
	note.last = 9;
	note.kind = P25_KIND_BLOCK;
	note.attempts = 0;
	note.packets = 1;
	note.sport = htons(4096);
	book_note(senders, &note);
	CHECK(read_sender(senders, &src, &record));
	CHECK(record.attempts == 4 && record.sender.packets == 7);
	CHECK(record.sender.first == 3 && record.sender.last == 9);
	CHECK(record.sender.dst.s6_addr32[0] == htonl(0xcb007101));
	CHECK(record.sender.sport == htons(1024));
	CHECK(record.sender.kind == P25_KIND_BLOCK);
	CHECK(p25_hyperloglog_estimate(&record.sender.destinations) == 2);
	p25_senders_free(senders);
}

/* A customer's /64 is one sender, but what is longer and exempt is one of its own. */
static void ipv6_is_by_64(void)
{
	struct p25_senders *senders = p25_senders_alloc(1);
	struct p25_prefix src = prefix_of("2001:db8:0:1::/64");
	struct p25_prefix server = prefix_of("2001:db8:0:1::25");
	struct p25_note note = note_of(server, server);
	struct p25_sender_record record;
	unsigned int i;

	note.len = 128;
	book_note(senders, &note);
	note.len = 48;
	for (i = 0; i < 1000; i++) {
		note.src.s6_addr32[2] = kernel_random();
		book_note(senders, &note);
	}
	CHECK(count(senders) == 2);
	CHECK(read_sender(senders, &src, &record) && record.attempts == 1000);
	CHECK(read_sender(senders, &server, &record) && record.attempts == 1);
	p25_senders_free(senders);
}

static unsigned int take_all_fresh(struct p25_senders *senders, u64 *attempts)
{
	struct p25_sender_record record;
	unsigned int bucket = 0;
	unsigned int n = 0;
	unsigned int i;

	for (; p25_senders_next_unjudged(senders, &bucket); bucket++) {
		for (i = 0; i < P25_SENDERS_BUCKET; i++) {
			unsigned int number = bucket * P25_SENDERS_BUCKET + i;

			if (!p25_senders_take_unjudged(senders, number, &record))
				continue;
			*attempts += record.sender.unjudged;
			record.paid_until[3] = 25;
			record.sender.rates = 1;
			record.sender.reported = 1;
			p25_senders_judged(senders, number, &record);
			n++;
		}
	}
	return n;
}

static void attempts_are_taken_once(void)
{
	struct p25_senders *senders = p25_senders_alloc(1);
	struct p25_prefix src = ipv4(0xc6336407);
	struct p25_sender_record record;
	struct p25_note note = note_of(ipv4(0xc6336408), src);
	u64 attempts = 0;
	unsigned int i;

	note.attempts = 0;
	book_note(senders, &note);
	for (i = 0; i < 30; i++)
		book(senders, ipv4(0xc6336407 + 2 * (i % 3)));
	CHECK(take_all_fresh(senders, &attempts) == 3 && attempts == 30);
	CHECK(take_all_fresh(senders, &attempts) == 0);
	book(senders, src);
	CHECK(read_sender(senders, &src, &record));
	CHECK(record.sender.unjudged == 1 && record.paid_until[3] == 25);
	CHECK(take_all_fresh(senders, &attempts) == 1 && attempts == 31);
	p25_senders_free(senders);
}

/* Who takes a place takes over no state, nor attempts to be judged. */
static void a_new_one_is_not_charged(void)
{
	struct p25_senders *senders = p25_senders_alloc(1);
	struct p25_sender_record record;
	u64 attempts = 0;
	unsigned int i;

	for (i = 0; i < 100000; i++)
		book(senders, ipv4(i));
	take_all_fresh(senders, &attempts);
	CHECK(attempts <= p25_senders_size(senders));
	for (i = 0; i < 20000; i++)
		book(senders, ipv4(0xcb000000 + i));
	for (i = 0; i < p25_senders_size(senders); i++) {
		CHECK(p25_senders_read(senders, i, &record));
		if (record.sender.unjudged)
			CHECK(record.sender.unjudged == 1 && !record.sender.rates &&
			      !record.sender.reported);
	}
	p25_senders_free(senders);
}

static void another_size_takes_over(void)
{
	struct p25_senders *small = p25_senders_alloc(1);
	struct p25_senders *large = p25_senders_alloc(5000);
	struct p25_prefix src = ipv4(0xc6336407);
	struct p25_sender_record record;
	u64 attempts = 0;
	unsigned int i;

	CHECK(p25_senders_size(small) == 1024 && p25_senders_size(large) == 8192);
	CHECK(p25_senders_room(1024) == 1024 && p25_senders_room(1025) == 2048);
	for (i = 0; i < 4000; i++)
		book(large, ipv4(i));
	for (i = 0; i < 1000; i++)
		book(large, src);
	take_all_fresh(large, &attempts);
	book(large, src);
	book(small, src);
	p25_senders_take_over(small, large);
	CHECK(read_sender(small, &src, &record));
	CHECK(record.attempts == 1002 && record.paid_until[3] == 25);
	CHECK(count(small) == 1024);
	p25_senders_free(large);

	large = p25_senders_alloc(5000);
	p25_senders_take_over(large, small);
	CHECK(count(large) == 1024);
	CHECK(read_sender(large, &src, &record) && record.attempts == 1002);
	p25_senders_free(small);
	p25_senders_flush(large);
	CHECK(count(large) == 0);
	p25_senders_free(large);
}

const struct test sender_tests[] = {
	{ keeps_the_loudest,
	  "sender: in a flood of 10^6 the 100 loudest are listed, within 1 %" },
	{ has_its_guarantee, "sender: no error is above an eighth of a bucket" },
	{ packets_are_no_attempts, "sender: packets that are no attempts have no weight" },
	{ knows_the_last_attempt, "sender: what is said of the last attempt is right" },
	{ ipv6_is_by_64, "sender: IPv6 is by /64, or by a longer exemption" },
	{ attempts_are_taken_once, "sender: attempts are taken for judgement once" },
	{ a_new_one_is_not_charged, "sender: a new one inherits nothing but its error" },
	{ another_size_takes_over, "sender: a list of another size takes all over" },
	{ }
};
