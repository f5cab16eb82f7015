// SPDX-License-Identifier: GPL-2.0
/*
 * What a single command may take, and who has to wait for it: whoever has a user
 * namespace can send such commands, and generic netlink and its sockets belong
 * to the whole machine.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"

#define MANY	65536
#define FLUSHES	5000
#define LARGE	200000

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

static void must(struct p25 *p25, int err)
{
	if (err)
		ktap_bail_out(p25_error(p25));
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

/* Thousands of flushes in one message's time, where few entries are left. */
static void test_flushes(void)
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
	p25_abort(p25);
	p25_close(p25);
	sleep(6);			/* it may be flushed again */
}

/* What a large table was walked for is not held against the empty one. */
static void test_emptied(void)
{
	struct p25_filter relays = { .kind = P25_KIND_RELAY };
	struct p25 *p25 = ktap_open();
	unsigned int i;
	int err;

	must(p25, p25_begin(p25));
	queue_adds(p25, LARGE, 1);
	must(p25, p25_commit(p25));
	sleep(6);
	for (i = 0; i < 30; i++)
		must(p25, p25_flush(p25, &relays));
	must(p25, p25_flush(p25, NULL));
	usleep(300000);			/* its memory is given back */
	err = p25_flush(p25, NULL);
	ktap_result(!err, "some flushes of a large table, and it can be loaded again: %s",
		    err ? p25_error(p25) : "yes");
	p25_close(p25);
}

static atomic_bool committed;

static void *commit(void *arg)
{
	struct p25 *p25 = arg;

	must(p25, p25_commit(p25));
	atomic_store(&committed, true);
	return NULL;
}

/* A socket with a transaction closes while another one's commit is under way. */
static bool closes_meanwhile(void)
{
	struct p25 *large = ktap_open();
	struct p25 *other = ktap_open();
	pthread_t thread;
	bool meanwhile;

	must(large, p25_begin(large));
	queue_adds(large, LARGE, 1);
	must(other, p25_begin(other));
	atomic_store(&committed, false);
	pthread_create(&thread, NULL, commit, large);
	usleep(20000);			/* now it has the lock */
	p25_close(other);
	meanwhile = !atomic_load(&committed);
	pthread_join(thread, NULL);
	p25_close(large);
	return meanwhile;
}

static void test_close(void)
{
	bool meanwhile = false;
	int tries;

	for (tries = 0; !meanwhile && tries < 3; tries++)
		meanwhile = closes_meanwhile();
	ktap_result(meanwhile, "a socket that closes doesn't wait for a commit");
}

int main(void)
{
	ktap_begin();
	ktap_own_netns();
	test_flushes();
	test_emptied();
	test_close();
	return ktap_end();
}
