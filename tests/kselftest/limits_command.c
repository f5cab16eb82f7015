// SPDX-License-Identifier: GPL-2.0
/*
 * What a single command may take, and what it holds up meanwhile: any user with a
 * user namespace can send such commands, and generic netlink and its sockets
 * belong to the whole machine.
 */
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "policy.h"

#define MANY	65536
#define FLUSHES	5000
#define LARGE	200000

/* As kmod/budget.c has it: in so many seconds, so many slots are looked at. */
#define INTERVAL	5
#define LOOKS_MAX	(64 * 65536)
/* Slots of the large table: 128 for a page, into which 85 IPv6 entries go. */
#define SLOTS		(LARGE / 85 * 128)
/* Walks of it that are too many, if they are counted as those of a small one. */
#define WALKS		(LOOKS_MAX / SLOTS + 1)

#define CLOSERS		32
#define TRIES		20

static struct p25_entry nth(unsigned int i)
{
	struct p25_entry e = {
		.kind = P25_KIND_STATIC,
		.prefix = {
			.family = AF_INET6,
			.len = 128,
			.addr = { 0x20, 1, 0xd, 0xb8 },
		},
	};

	e.prefix.addr[13] = i >> 16;
	e.prefix.addr[14] = i >> 8;
	e.prefix.addr[15] = i;
	return e;
}

/* Entries 0, @step, 2 * @step and so on below @end come, in a transaction. */
static void queue_adds(struct p25 *p25, unsigned int end, unsigned int step)
{
	struct p25_entry e;
	unsigned int i;

	for (i = 0; i < end; i += step) {
		e = nth(i);
		must(p25, p25_add(p25, &e, 1));
	}
}

static bool can_be_flushed(void *p25)
{
	return p25_flush(p25, NULL) != -EBUSY;
}

/* Each flush looks at every entry: there must not be thousands at a stretch. */
static void test_many_entries(void)
{
	struct p25_filter no_entries = { .owner = "unused" };
	struct p25 *p25 = ktap_open();
	unsigned int flushes = 0;
	int err;

	must(p25, p25_begin(p25));
	queue_adds(p25, MANY, 1);
	must(p25, p25_commit(p25));
	must(p25, p25_begin(p25));
	while (flushes < 1000 && !p25_flush(p25, &no_entries))
		flushes++;
	err = p25_commit(p25);
	ktap_result(err == -EBUSY && count(p25) == MANY,
		    "%u flushes are too many: %s", flushes, p25_error(p25));
	p25_abort(p25);
	ktap_result(ktap_wait(can_be_flushed, p25) && !count(p25),
		    "some seconds later it can be flushed");
	p25_close(p25);
}

/* Nor where few entries are left: it is the table that is walked. */
static void test_few_entries(void)
{
	struct p25_filter relays = { .kind = P25_KIND_RELAY };
	struct p25 *p25 = ktap_open();
	unsigned int i;

	must(p25, p25_begin(p25));
	queue_adds(p25, MANY, 1);
	must(p25, p25_commit(p25));
	must(p25, p25_begin(p25));
	must(p25, p25_flush(p25, NULL));
	queue_adds(p25, MANY, 128);
	must(p25, p25_commit(p25));

	must(p25, p25_begin(p25));
	for (i = 0; i < FLUSHES; i++)
		must(p25, p25_flush(p25, &relays));
	ktap_result(p25_commit(p25) == -EBUSY &&
		    strstr(p25_error(p25), "too many flushes"),
		    "%u flushes are too many, however few entries there are: %s",
		    FLUSHES, p25_error(p25));
	p25_close(p25);
}

struct size {
	struct p25	*p25;
	uint64_t	full;
};

/* All but where packets are added up, by CPU, and the list of the table's pages. */
static bool is_given_back(void *arg)
{
	struct size *size = arg;

	return memory(size->p25) < size->full / 4;
}

/* Walk many times, the last time to delete all; then once more, where it was. */
static int flush_emptied(struct p25 *p25)
{
	struct p25_filter relays = { .kind = P25_KIND_RELAY };
	struct size size = { p25, memory(p25) };
	unsigned int i;

	must(p25, p25_begin(p25));
	for (i = 0; i < WALKS; i++)
		must(p25, p25_flush(p25, &relays));
	must(p25, p25_flush(p25, NULL));
	must(p25, p25_commit(p25));
	if (!ktap_wait(is_given_back, &size))
		ktap_bail_out("an empty table keeps its memory");
	return p25_flush(p25, NULL);
}

/*
 * What a large table was walked for is not held against the empty one. That has
 * been tested if all of it was within one interval.
 */
static void test_emptied(void)
{
	static const char name[] =
		"some flushes of a large table, and it can be loaded again";
	/* It is the table's memory that is compared, not that of the list of senders. */
	const struct p25_settings few = { .has_senders = true, .senders = 1 };
	struct p25 *p25 = ktap_open();
	int64_t begun, took;
	int err, tries = 0;

	must(p25, p25_set(p25, &few));
	do {
		must(p25, p25_begin(p25));
		queue_adds(p25, LARGE, 1);
		must(p25, p25_commit(p25));
		sleep(INTERVAL);	/* the next command begins another */
		begun = ktap_clock(CLOCK_MONOTONIC);
		err = flush_emptied(p25);
		took = ktap_clock(CLOCK_MONOTONIC) - begun;
	} while (!err && took >= INTERVAL * 1000000000LL && ++tries < TRIES);
	printf("# flushed within %.1f s\n", took / 1e9);
	if (tries == TRIES)
		ktap_skip(name, "flushes are forgotten before there are many");
	else
		ktap_result(!err, "%s: %s", name,
			    err ? p25_error(p25) : "yes");
	p25_close(p25);
}

/* From when to when, by the CPU time of the thread that commits. */
struct span {
	int64_t	begun;
	int64_t	ended;
};

struct commit {
	struct p25	*p25;
	struct span	span;
};

static void *commit(void *arg)
{
	struct commit *c = arg;

	c->span.begun = ktap_clock(CLOCK_THREAD_CPUTIME_ID);
	must(c->p25, p25_commit(c->p25));
	c->span.ended = ktap_clock(CLOCK_THREAD_CPUTIME_ID);
	return NULL;
}

/* Close one after the other, each when the thread has gone on by so much. */
static void close_all(struct p25 *closers[CLOSERS], clockid_t thread,
		      int64_t step, struct span spans[CLOSERS])
{
	int64_t now;
	int i;

	for (i = 0; i < CLOSERS; i++) {
		while ((now = ktap_clock(thread)) >= 0 && now < i * step)
			usleep(100);
		spans[i].begun = now;
		p25_close(closers[i]);
		spans[i].ended = ktap_clock(thread);
	}
}

/* From a quarter after its beginning to a quarter before its end it has the lock. */
static bool is_within(const struct span *span, const struct span *commit)
{
	int64_t quarter = (commit->ended - commit->begun) / 4;

	return span->begun > commit->begun + quarter &&
	       span->ended > commit->begun + quarter &&
	       span->ended < commit->ended - quarter;
}

/*
 * Sockets with a transaction close while another one's commit is under way.
 * Returns how many have closed before it came to its end. @step is what they
 * wait for between each other, and set to what will do for the next time.
 */
static unsigned int closed_meanwhile(int64_t *step)
{
	struct p25 *closers[CLOSERS];
	struct span spans[CLOSERS];
	struct commit c = { 0 };
	unsigned int i, n = 0;
	pthread_t thread;
	clockid_t clock;

	ktap_own_netns();
	c.p25 = ktap_open();
	must(c.p25, p25_begin(c.p25));
	queue_adds(c.p25, LARGE, 1);
	for (i = 0; i < CLOSERS; i++) {
		closers[i] = ktap_open();
		must(closers[i], p25_begin(closers[i]));
	}
	if (pthread_create(&thread, NULL, commit, &c) ||
	    pthread_getcpuclockid(thread, &clock))
		ktap_bail_out("no thread");
	close_all(closers, clock, *step, spans);
	pthread_join(thread, NULL);
	for (i = 0; i < CLOSERS; i++)
		n += is_within(&spans[i], &c.span);
	*step = c.span.ended / CLOSERS;
	p25_close(c.p25);
	return n;
}

static void test_close(void)
{
	int64_t step = 1000000;
	unsigned int n = 0;
	int tries;

	for (tries = 0; !n && tries < TRIES; tries++)
		n = closed_meanwhile(&step);
	ktap_result(n, "a socket that closes doesn't wait for a commit: %u of %u, %d tries",
		    n, CLOSERS, tries);
}

int main(void)
{
	ktap_begin();
	ktap_own_netns();
	test_many_entries();
	ktap_own_netns();
	test_few_entries();
	ktap_own_netns();
	test_emptied();
	test_close();
	return ktap_end();
}
