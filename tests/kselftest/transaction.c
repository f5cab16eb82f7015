// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: all of it or nothing, for the reader and for the next writer;
 * forgotten when its socket closes, however it closes. limits_transaction.c is
 * about how much there may be in them.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policy.h"
#include "tun.h"

#define LARGE 50000

#define SUBSCRIBER 0xc6336407		/* 198.51.100.7 */

static struct p25 *a, *b;

static bool is_as_at_the_start(void)
{
	return count(b) == 2 && reason(b, "198.51.100.7") == P25_KIND_POOL &&
	       reason(b, "198.51.100.65") == P25_KIND_STATIC &&
	       status(b).settings.action == P25_ACTION_DROP;
}

/* A bit of everything, all of which shows. */
static int send_changes(struct p25 *p25)
{
	struct p25_settings set = {
		.has_action = true, .action = P25_ACTION_REJECT,
	};
	struct p25_filter statics = { .kind = P25_KIND_STATIC };

	return add(p25, P25_KIND_BLOCK, "198.51.100.7") ||
	       p25_flush(p25, &statics) ||
	       del(p25, P25_KIND_POOL, "198.51.100.0/24", 0) ||
	       add(p25, P25_KIND_POOL, "192.0.2.0/24") || p25_set(p25, &set);
}

static bool are_changes_made(void)
{
	return count(b) == 2 && reason(b, "198.51.100.7") == P25_KIND_BLOCK &&
	       reason(b, "198.51.100.65") == P25_KIND_NONE &&
	       reason(b, "192.0.2.1") == P25_KIND_POOL &&
	       status(b).settings.action == P25_ACTION_REJECT;
}

static void test_commit(void)
{
	start_policy(a);
	ktap_result(!p25_begin(a) && !send_changes(a) && is_as_at_the_start() &&
		    reason(a, "198.51.100.7") == P25_KIND_POOL,
		    "an open transaction changes nothing, not even for its own socket");
	ktap_result(!p25_commit(a) && are_changes_made(),
		    "committed, entries, flush and settings change together");
}

static void test_abort(void)
{
	start_policy(a);
	p25_begin(a);
	send_changes(a);
	ktap_result(!p25_abort(a) && is_as_at_the_start(),
		    "aborted, nothing has changed");
	ktap_result(!p25_begin(a) && !p25_commit(a) && is_as_at_the_start(),
		    "the next transaction knows nothing of it");
}

static void test_error_in_the_middle(void)
{
	int err;

	start_policy(a);
	p25_begin(a);
	add(a, P25_KIND_BLOCK, "198.51.100.7");
	err = del(a, P25_KIND_OPTOUT, "198.51.100.9", 4711);
	if (!err)
		err = send_changes(a);
	if (!err)
		err = p25_commit(a);
	ktap_result(err == -ENOENT && p25_error_cookie(a) == 4711 &&
		    *p25_error(a), "the error names the entry: %d, %u, %s", err,
		    p25_error_cookie(a), p25_error(a));
	ktap_result(is_as_at_the_start(), "and nothing has changed");
	p25_abort(a);
	ktap_result(!p25_begin(a) && !send_changes(a) && !p25_commit(a) &&
		    are_changes_made(), "the socket can try again");
}

static void test_order(void)
{
	struct p25_entry e = entry(P25_KIND_OPTOUT, "198.51.100.7");

	start_policy(a);
	p25_begin(a);
	p25_add(a, &e, 1);
	p25_del(a, &e, 1, false);
	strcpy(e.comment, "the last one");
	p25_add(a, &e, 1);
	ktap_result(!p25_commit(a) && count(b) == 3 &&
		    reason(b, "198.51.100.7") == P25_KIND_OPTOUT,
		    "changes to one entry are made in their order");
}

static void test_misuse(void)
{
	start_policy(a);
	p25_begin(a);
	send_changes(a);
	ktap_result(p25_begin(a) == -EBUSY, "begin twice: %s", p25_error(a));
	ktap_result(!p25_commit(a) && are_changes_made(),
		    "that leaves the transaction as it is");
	ktap_result(p25_commit(a) < 0, "commit without begin: %s",
		    p25_error(a));
	start_policy(a);
}

static void test_two_sockets(void)
{
	struct p25 *c = ktap_open();

	start_policy(a);
	p25_begin(a);
	p25_begin(c);
	add(a, P25_KIND_BLOCK, "198.51.100.7");
	add(c, P25_KIND_OPTOUT, "198.51.100.8");
	add(b, P25_KIND_STATIC, "198.51.100.9");
	add(a, P25_KIND_BLOCK, "198.51.100.10");
	add(c, P25_KIND_OPTOUT, "198.51.100.10");
	ktap_result(count(b) == 3 &&
		    reason(b, "198.51.100.9") == P25_KIND_STATIC,
		    "a third socket's change is made meanwhile");
	ktap_result(!p25_commit(c) && count(b) == 5 &&
		    reason(b, "198.51.100.10") == P25_KIND_OPTOUT &&
		    reason(b, "198.51.100.7") == P25_KIND_POOL,
		    "each of two sockets commits its own");
	ktap_result(!p25_commit(a) && count(b) == 7 &&
		    reason(b, "198.51.100.10") == P25_KIND_BLOCK,
		    "and then the other one");
	p25_close(c);
}

/* Two transactions delete the same entry: only one of them can. */
static void test_rivals(void)
{
	struct p25 *c = ktap_open();
	int err;

	start_policy(a);
	p25_begin(a);
	p25_begin(c);
	del(a, P25_KIND_POOL, "198.51.100.0/24", 0);
	add(c, P25_KIND_BLOCK, "198.51.100.7");
	del(c, P25_KIND_POOL, "198.51.100.0/24", 5);
	err = p25_commit(a);
	ktap_result(!err && p25_commit(c) == -ENOENT &&
		    p25_error_cookie(c) == 5 && count(b) == 1,
		    "of two rivals, the second is refused whole");
	p25_close(c);
}

/* The kernel forgets the transaction of a closed socket at once. */
static void test_close(void)
{
	struct p25 *c = ktap_open();

	start_policy(a);
	p25_begin(c);
	send_changes(c);
	p25_close(c);
	ktap_result(is_as_at_the_start(), "closed half-way, nothing has changed");
}

static int child(int ready)
{
	struct p25 *c = ktap_open();
	struct p25_entry e = entry(P25_KIND_BLOCK, "203.0.113.0");
	int i;

	p25_begin(c);
	for (i = 0; i < 1000; i++) {
		e.prefix.addr[2] = i >> 8;
		e.prefix.addr[3] = i;
		p25_add(c, &e, 1);
	}
	if (write(ready, "", 1) == 1)
		pause();
	return 1;
}

static void test_killed(void)
{
	int pipes[2];
	char byte;
	pid_t pid;

	start_policy(a);
	if (pipe(pipes))
		ktap_bail_out("pipe() failed");
	pid = fork();
	if (!pid)
		_exit(child(pipes[1]));
	if (read(pipes[0], &byte, 1) != 1)
		ktap_bail_out("the child failed");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ktap_result(is_as_at_the_start(), "killed half-way, nothing has changed");
	close(pipes[0]);
	close(pipes[1]);
}

static void test_large(void)
{
	start_policy(a);
	p25_begin(a);
	ktap_result(!add_numbered(a, 1, LARGE) && is_as_at_the_start(),
		    "%u entries wait in a transaction", LARGE);
	ktap_result(!p25_commit(a) && count(b) == 2 + LARGE,
		    "and are all there once it commits");
	p25_begin(a);
	p25_flush(a, NULL);
	add_numbered(a, 1, LARGE);
	del(a, P25_KIND_OPTOUT, "198.51.100.9", 77);
	ktap_result(p25_commit(a) == -ENOENT && p25_error_cookie(a) == 77 &&
		    count(b) == 2 + LARGE,
		    "refused by its last entry, the old ones are still there");
	p25_abort(a);
}

static int take_packets(const struct p25_entry *e, void *arg)
{
	if (e->bytes == e->packets * 40)
		*(uint64_t *)arg += e->packets;
	return 0;
}

static uint64_t packets_of(const char *prefix, enum p25_kind kind)
{
	struct p25_entry e = entry(kind, prefix);
	struct p25_filter filter = { .kind = kind, .prefix = &e.prefix };
	uint64_t packets = 0;

	if (p25_list(b, &filter, take_packets, &packets))
		ktap_bail_out(p25_error(b));
	return packets;
}

static bool has_come(void *arg)
{
	return packets_of("198.51.100.0/24", P25_KIND_POOL) == *(uint64_t *)arg;
}

static bool comes_to(uint64_t packets)
{
	return ktap_wait(has_come, &packets);
}

static void test_counters(void)
{
	struct p25_entry e = entry(P25_KIND_POOL, "198.51.100.0/24");
	int tun = tun_open(), i;

	start_policy(a);
	for (i = 0; i < 5; i++)
		if (tun < 0 || !tun_send_mail(tun, SUBSCRIBER))
			ktap_bail_out("no tun device");
	ktap_result(comes_to(5),
		    "an entry counts the packets that it decides on");

	p25_begin(a);
	p25_flush(a, NULL);
	strcpy(e.comment, "new");
	p25_add(a, &e, 1);
	add(a, P25_KIND_STATIC, "198.51.100.64/28");
	ktap_result(!p25_commit(a) &&
		    packets_of("198.51.100.0/24", P25_KIND_POOL) == 5,
		    "and keeps its counters if the new policy has it too");
	p25_del(a, &e, 1, false);
	p25_add(a, &e, 1);
	ktap_result(packets_of("198.51.100.0/24", P25_KIND_POOL) == 0,
		    "deleted and added anew, it starts at 0");
	tun_send_mail(tun, SUBSCRIBER);
	ktap_result(comes_to(1),
		    "and counts again");
	close(tun);
}

int main(void)
{
	ktap_begin();
	ktap_own_netns();
	a = ktap_open();
	b = ktap_open();
	test_commit();
	test_abort();
	test_error_in_the_middle();
	test_order();
	test_misuse();
	test_two_sockets();
	test_rivals();
	test_close();
	test_killed();
	test_large();
	test_counters();
	p25_close(b);
	p25_close(a);
	return ktap_end();
}
