// SPDX-License-Identifier: GPL-2.0
/*
 * Requests and answers, with a kernel that is played here: nl_send() and
 * nl_recv() stand in place of libnl's.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "unit.h"

#define FAMILY 42

static struct p25 *p25;

/* What the kernel does, and what it was sent. */
static struct {
	int refuse_cmd;		/* it refuses this command, */
	unsigned int after;	/* but not the first of them, */
	int err;		/* with this error, */
	const char *text;
	uint32_t cookie;
	unsigned int listed;	/* entries, or senders, that are listed */
	bool stuck;		/* each answer says that it goes on there */
	bool changing;		/* the policy does, from answer to answer */
	bool garbage;		/* an entry of them is malformed */
	bool stale;		/* answers to other requests come first */
	bool stranger;		/* answers come from another process */
	uint16_t family;
	char cmds[1000];	/* a letter for each command that came */
	size_t cmds_n;
	size_t entries;		/* in ADD and DEL, */
	size_t comments;	/* those with a comment, */
	size_t longest;		/* and the longest such message */
	char *bytes;		/* what is still to be received */
	size_t bytes_n;
} kernel;

static void setup(void)
{
	memset(&kernel, 0, sizeof(kernel));
	kernel.family = FAMILY;
	p25 = calloc(1, sizeof(*p25));
	p25->sock = nl_socket_alloc();
	nl_socket_disable_auto_ack(p25->sock);
	p25->family = FAMILY;
}

static void teardown(void)
{
	p25_close(p25);
	free(kernel.bytes);
}

static void say(struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	size_t size = NLMSG_ALIGN(nlh->nlmsg_len);

	kernel.bytes = realloc(kernel.bytes, kernel.bytes_n + size);
	memcpy(kernel.bytes + kernel.bytes_n, nlh, size);
	kernel.bytes_n += size;
	nlmsg_free(msg);
}

static void say_error(uint32_t seq, int err)
{
	struct nl_msg *msg = nlmsg_alloc_size(1024);
	struct nlmsgerr *error;

	nlmsg_put(msg, 0, seq, NLMSG_ERROR, 0, NLM_F_ACK_TLVS | NLM_F_CAPPED);
	error = nlmsg_reserve(msg, sizeof(*error), 4);
	memset(error, 0, sizeof(*error));
	error->error = err;
	if (err && kernel.text)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, kernel.text);
	if (err && kernel.cookie)
		nla_put_u32(msg, NLMSGERR_ATTR_COOKIE, kernel.cookie);
	say(msg);
}

static void put_listed(struct nl_msg *msg, unsigned int i)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_ENTRY);
	uint8_t addr[4] = { 198, 51, 100, i };

	nla_put_u8(msg, P25_A_ENTRY_KIND, P25_KIND_POOL);
	nla_put(msg, P25_A_ENTRY_ADDR, sizeof(addr), addr);
	nla_put_u8(msg, P25_A_ENTRY_PREFIXLEN, 32);
	nla_put_string(msg, P25_A_ENTRY_OWNER, "admin");
	nla_put_u64(msg, P25_A_ENTRY_PACKETS, i);
	if (!kernel.garbage || i != 2)
		nla_put_u64(msg, P25_A_ENTRY_BYTES, 60 * i);
	nla_nest_end(msg, nest);
}

/* Two entries, of those that begin where the last answer ended. */
static void say_listed(struct nlmsghdr *nlh)
{
	struct nlattr *attr = nlmsg_find_attr(nlh, GENL_HDRLEN, P25_A_NEXT);
	uint64_t i = attr ? nla_get_u64(attr) : 0;
	struct nl_msg *msg = nlmsg_alloc_size(1024);

	genlmsg_put(msg, 0, nlh->nlmsg_seq, kernel.family, 0, 0,
		    P25_CMD_ENTRY_LIST, 1);
	nla_put_u64(msg, P25_A_NEXT, kernel.stuck && i ? i :
		    i + 2 < kernel.listed ? i + 2 : 0);
	nla_put_u64(msg, P25_A_REVISION, 7 + i);
	nla_put_u64(msg, P25_A_BULK_REVISION, kernel.changing ? 7 + i : 7);
	if (i < kernel.listed) {
		put_listed(msg, i);
		put_listed(msg, i + 1);
	}
	say(msg);
}

static void put_sender(struct nl_msg *msg, unsigned int i)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_SENDER);
	uint8_t addr[4] = { 198, 51, 100, i };

	nla_put(msg, P25_A_SENDER_SRC, sizeof(addr), addr);
	nla_put(msg, P25_A_SENDER_DST, sizeof(addr), addr);
	nla_put_u16(msg, P25_A_SENDER_SPORT, 40000 + i);
	nla_put_u8(msg, P25_A_SENDER_KIND, P25_KIND_POOL);
	nla_put(msg, P25_A_SENDER_ADDR, sizeof(addr), addr);
	nla_put_u8(msg, P25_A_SENDER_PREFIXLEN, 24);
	nla_put_u64(msg, P25_A_SENDER_ATTEMPTS, i);
	nla_put_u64(msg, P25_A_SENDER_ERROR, 0);
	nla_put_u64(msg, P25_A_SENDER_PACKETS, i);
	nla_put_u32(msg, P25_A_SENDER_DESTINATIONS, 1);
	nla_put_u64(msg, P25_A_SENDER_FIRST, 1);
	if (!kernel.garbage || i != 2)
		nla_put_u64(msg, P25_A_SENDER_LAST, 2);
	nla_nest_end(msg, nest);
}

/* As say_listed(). */
static void say_senders(struct nlmsghdr *nlh)
{
	struct nlattr *attr = nlmsg_find_attr(nlh, GENL_HDRLEN, P25_A_NEXT);
	uint64_t i = attr ? nla_get_u64(attr) : 0;
	struct nl_msg *msg = nlmsg_alloc_size(1024);

	genlmsg_put(msg, 0, nlh->nlmsg_seq, kernel.family, 0, 0,
		    P25_CMD_SENDER_LIST, 1);
	nla_put_u64(msg, P25_A_NEXT, kernel.stuck && i ? i :
		    i + 2 < kernel.listed ? i + 2 : 0);
	if (i < kernel.listed) {
		put_sender(msg, i);
		put_sender(msg, i + 1);
	}
	say(msg);
}

static char letter(int cmd)
{
	static const char letters[__P25_CMD_MAX + 1] = {
		[P25_CMD_ENTRY_ADD] = 'A', [P25_CMD_ENTRY_DEL] = 'D',
		[P25_CMD_ENTRY_FLUSH] = 'F', [P25_CMD_ENTRY_LIST] = 'L',
		[P25_CMD_SET] = 'S', [P25_CMD_SHOW] = 'W',
		[P25_CMD_CHECK] = 'K', [P25_CMD_BEGIN] = 'B',
		[P25_CMD_COMMIT] = 'C', [P25_CMD_ABORT] = 'X',
		[P25_CMD_SENDER_LIST] = 'O', [P25_CMD_SENDER_FLUSH] = 'P',
	};

	return letters[cmd];
}

static void count_entries(struct nlmsghdr *nlh)
{
	struct nlattr *attr;
	int rest;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		if (nla_type(attr) != P25_A_ENTRY)
			continue;
		kernel.entries++;
		if (nla_find(nla_data(attr), nla_len(attr),
			     P25_A_ENTRY_COMMENT))
			kernel.comments++;
	}
}

/* In place of libnl's: the kernel hears. */
int nl_send(struct nl_sock *sock, struct nl_msg *msg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int cmd = ((struct genlmsghdr *)nlmsg_data(nlh))->cmd;
	bool refused = cmd == kernel.refuse_cmd && !kernel.after--;

	(void)sock;
	ck_assert_int_eq(nlh->nlmsg_type, FAMILY);
	ck_assert(nlh->nlmsg_flags & NLM_F_REQUEST);
	ck_assert_uint_lt(kernel.cmds_n, sizeof(kernel.cmds) - 1);
	kernel.cmds[kernel.cmds_n++] = letter(cmd);
	count_entries(nlh);
	if (nlh->nlmsg_len > kernel.longest)
		kernel.longest = nlh->nlmsg_len;
	if (kernel.stale)
		say_error(nlh->nlmsg_seq - 1, -EIO);
	if (cmd == P25_CMD_ENTRY_LIST && !refused)
		say_listed(nlh);
	if (cmd == P25_CMD_SENDER_LIST && !refused)
		say_senders(nlh);
	say_error(nlh->nlmsg_seq, refused ? kernel.err : 0);
	return nlh->nlmsg_len;
}

/* In place of libnl's: the kernel speaks. */
int nl_recv(struct nl_sock *sock, struct sockaddr_nl *from,
	    unsigned char **bytes, struct ucred **creds)
{
	int n = kernel.bytes_n;

	(void)sock;
	(void)creds;
	/* A real socket would block for ever. */
	if (!n)
		return -NLE_AGAIN;
	memset(from, 0, sizeof(*from));
	from->nl_family = AF_NETLINK;
	from->nl_pid = kernel.stranger ? 4711 : 0;
	*bytes = malloc(n);
	memcpy(*bytes, kernel.bytes, n);
	kernel.bytes_n = 0;
	return n;
}

static struct p25_entry *many(size_t n)
{
	struct p25_entry *entries = calloc(n, sizeof(*entries));
	size_t i;

	for (i = 0; i < n; i++) {
		entries[i].kind = P25_KIND_OPTOUT;
		entries[i].prefix = prefix_of("198.51.100.7");
		entries[i].cookie = i + 1;
		memset(entries[i].comment, 'x', P25_COMMENT_MAXLEN);
	}
	return entries;
}

START_TEST(test_few_entries_are_one_message)
{
	struct p25_entry *entries = many(P25_MSG_ENTRIES);

	ck_assert_int_eq(p25_add(p25, entries, P25_MSG_ENTRIES), 0);
	ck_assert_str_eq(kernel.cmds, "A");
	ck_assert_uint_eq(kernel.entries, P25_MSG_ENTRIES);
	ck_assert_uint_eq(kernel.comments, P25_MSG_ENTRIES);
	ck_assert_int_eq(p25_del(p25, entries, 1, true), 0);
	ck_assert_uint_eq(kernel.comments, P25_MSG_ENTRIES);
	ck_assert_str_eq(kernel.cmds, "AD");
	ck_assert_int_eq(p25_add(p25, entries, 0), 0);
	ck_assert_str_eq(kernel.cmds, "AD");
	free(entries);
}

START_TEST(test_many_entries_are_a_transaction)
{
	struct p25_entry *entries = many(1000);

	ck_assert_int_eq(p25_add(p25, entries, 1000), 0);
	ck_assert_uint_eq(kernel.entries, 1000);
	ck_assert_int_eq(kernel.cmds[0], 'B');
	ck_assert_uint_eq(strspn(kernel.cmds + 1, "A"), kernel.cmds_n - 2);
	ck_assert_int_eq(kernel.cmds[kernel.cmds_n - 1], 'C');
	ck_assert_uint_le(kernel.longest, P25_MSG_ROOM);
	ck_assert(!p25->transaction);
	free(entries);
}

START_TEST(test_many_entries_refused)
{
	struct p25_entry *entries = many(1000);

	kernel.refuse_cmd = P25_CMD_ENTRY_ADD;
	kernel.after = 2;
	kernel.err = -ENOSPC;
	kernel.text = "the policy is full";
	kernel.cookie = 500;
	ck_assert_int_eq(p25_add(p25, entries, 1000), -ENOSPC);
	ck_assert_str_eq(kernel.cmds, "BAAAX");
	ck_assert_str_eq(p25_error(p25), "the policy is full");
	ck_assert_uint_eq(p25_error_cookie(p25), 500);
	/* The handle is as good as new. */
	kernel.refuse_cmd = 0;
	ck_assert_int_eq(p25_add(p25, entries, 1), 0);
	ck_assert_str_eq(kernel.cmds, "BAAAXA");
	free(entries);
}

START_TEST(test_transaction_keeps_the_order)
{
	struct p25_settings set = { .has_action = true };
	struct p25_entry *entries = many(2);

	ck_assert_int_eq(p25_begin(p25), 0);
	ck_assert_int_eq(p25_flush(p25, NULL), 0);
	ck_assert_int_eq(p25_add(p25, entries, 1), 0);
	ck_assert_int_eq(p25_add(p25, entries, 2), 0);
	ck_assert_str_eq(kernel.cmds, "BF");
	ck_assert_int_eq(p25_del(p25, entries, 1, false), 0);
	ck_assert_str_eq(kernel.cmds, "BFA");
	ck_assert_uint_eq(kernel.entries, 3);
	ck_assert_int_eq(p25_del(p25, entries, 1, true), 0);
	ck_assert_str_eq(kernel.cmds, "BFAD");
	ck_assert_int_eq(p25_set(p25, &set), 0);
	ck_assert_str_eq(kernel.cmds, "BFADDS");
	ck_assert_int_eq(p25_add(p25, entries, 1), 0);
	ck_assert_int_eq(p25_commit(p25), 0);
	ck_assert_str_eq(kernel.cmds, "BFADDSAC");
	ck_assert_int_eq(p25_commit(p25), -EINVAL);
	free(entries);
}

START_TEST(test_abort)
{
	struct p25_entry *entries = many(1);

	ck_assert_int_eq(p25_abort(p25), 0);
	ck_assert_str_eq(kernel.cmds, "");
	ck_assert_int_eq(p25_begin(p25), 0);
	ck_assert_int_eq(p25_add(p25, entries, 1), 0);
	ck_assert_int_eq(p25_abort(p25), 0);
	/* What was still pending is never sent. */
	ck_assert_str_eq(kernel.cmds, "BX");
	ck_assert_int_eq(p25_add(p25, entries, 1), 0);
	ck_assert_str_eq(kernel.cmds, "BXA");
	free(entries);
}

START_TEST(test_commit_refused)
{
	kernel.refuse_cmd = P25_CMD_COMMIT;
	kernel.err = -ENOENT;
	kernel.text = "there is no such entry";
	kernel.cookie = 17;
	ck_assert_int_eq(p25_begin(p25), 0);
	ck_assert_int_eq(p25_commit(p25), -ENOENT);
	/* The kernel has given it up: that ABORT fails changes nothing. */
	kernel.refuse_cmd = P25_CMD_ABORT;
	kernel.after = 0;
	kernel.text = "no transaction is open";
	kernel.cookie = 0;
	ck_assert_int_eq(p25_abort(p25), 0);
	ck_assert_str_eq(p25_error(p25), "there is no such entry");
	ck_assert_uint_eq(p25_error_cookie(p25), 17);
	ck_assert_str_eq(kernel.cmds, "BCX");
	ck_assert(!p25->transaction);
}

START_TEST(test_malformed_entry_names_itself)
{
	struct p25_entry *entries = many(3);

	entries[1].prefix.family = 0;
	ck_assert_int_eq(p25_add(p25, entries, 3), -EINVAL);
	ck_assert_uint_eq(p25_error_cookie(p25), 2);
	/* All or nothing: the first one wasn't sent either. */
	ck_assert_str_eq(kernel.cmds, "");
	ck_assert_ptr_null(p25->pending);
	free(entries);
}

START_TEST(test_flush_takes_no_prefix)
{
	struct p25_prefix prefix = prefix_of("198.51.100.0/24");
	struct p25_filter filter = { .prefix = &prefix };

	ck_assert_int_eq(p25_flush(p25, &filter), -EINVAL);
	ck_assert_str_eq(kernel.cmds, "");
}

START_TEST(test_error_without_words)
{
	kernel.refuse_cmd = P25_CMD_BEGIN;
	kernel.err = -EPERM;
	ck_assert_int_eq(p25_begin(p25), -EPERM);
	ck_assert_str_eq(p25_error(p25), "Operation not permitted");
	ck_assert(!p25->transaction);
}

/* Sums up what is listed; stops at the @arg-th. */
static unsigned int seen;

static int see(const struct p25_entry *entry, void *arg)
{
	unsigned int *stop = arg;

	ck_assert_uint_eq(entry->prefix.addr[3], seen);
	ck_assert_uint_eq(entry->packets, seen);
	ck_assert_uint_eq(entry->bytes, 60 * seen);
	seen++;
	return stop && seen == *stop ? 99 : 0;
}

START_TEST(test_list)
{
	unsigned int stop = 3;

	kernel.listed = 10;
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), 0);
	ck_assert_uint_eq(seen, 10);
	ck_assert_str_eq(kernel.cmds, "LLLLL");
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, &stop), 99);
	ck_assert_uint_eq(seen, 3);
	/* What isn't wanted is not asked for. */
	ck_assert_str_eq(kernel.cmds, "LLLLLLL");
	ck_assert_uint_eq(kernel.bytes_n, 0);
	kernel.listed = 0;
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), 0);
	ck_assert_uint_eq(seen, 0);
}

START_TEST(test_list_interrupted)
{
	kernel.listed = 4;
	kernel.changing = true;
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), -EINTR);
	ck_assert_uint_eq(seen, 4);
}

START_TEST(test_list_gets_stuck)
{
	kernel.listed = 10;
	kernel.stuck = true;
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), -EBADMSG);
	ck_assert_uint_eq(seen, 2);
	ck_assert_str_eq(kernel.cmds, "LL");
}

START_TEST(test_list_fails_at_its_end)
{
	kernel.listed = 4;
	kernel.refuse_cmd = P25_CMD_ENTRY_LIST;
	kernel.after = 1;
	kernel.err = -ENOMEM;
	kernel.text = "no memory is left";
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), -ENOMEM);
	ck_assert_str_eq(p25_error(p25), "no memory is left");
	ck_assert_uint_eq(seen, 2);
}

START_TEST(test_list_malformed)
{
	kernel.listed = 4;
	kernel.garbage = true;
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), -EBADMSG);
	ck_assert_uint_eq(seen, 2);
	ck_assert_uint_eq(kernel.bytes_n, 0);
}

START_TEST(test_list_of_another_family)
{
	kernel.listed = 4;
	kernel.family = FAMILY + 1;
	seen = 0;
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), -EBADMSG);
	ck_assert_uint_eq(seen, 0);
}

START_TEST(test_stale_answers_are_skipped)
{
	kernel.stale = true;
	kernel.listed = 4;
	seen = 0;
	ck_assert_int_eq(p25_begin(p25), 0);
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), 0);
	ck_assert_uint_eq(seen, 4);
}

START_TEST(test_strangers_are_not_heard)
{
	kernel.stranger = true;
	kernel.listed = 4;
	seen = 0;
	/* The real one would be waited for. */
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), -EIO);
	ck_assert_uint_eq(seen, 0);
}

static int see_sender(const struct p25_sender *sender, void *arg)
{
	unsigned int *n = arg;

	ck_assert_uint_eq(sender->attempts, *n);
	ck_assert_uint_eq(sender->sport, 40000 + *n);
	++*n;
	return *n == 5;
}

START_TEST(test_senders)
{
	unsigned int n = 0;

	kernel.listed = 4;
	ck_assert_int_eq(p25_senders(p25, see_sender, &n), 0);
	ck_assert_uint_eq(n, 4);
	n = 0;
	kernel.listed = 100;
	ck_assert_int_eq(p25_senders(p25, see_sender, &n), 1);
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq(p25_senders_flush(p25), 0);
	ck_assert_str_eq(kernel.cmds, "OOOOOP");
}

START_TEST(test_senders_malformed)
{
	unsigned int n = 0;

	kernel.listed = 4;
	kernel.garbage = true;
	ck_assert_int_eq(p25_senders(p25, see_sender, &n), -EBADMSG);
	n = 0;
	kernel.garbage = false;
	kernel.stuck = true;
	kernel.listed = 10;
	ck_assert_int_eq(p25_senders(p25, see_sender, &n), -EBADMSG);
}

START_TEST(test_guard_of_too_many_rates)
{
	struct p25_settings set = { .has_guard = true };

	set.guard.n = P25_GUARD_RATES_MAX + 1;
	ck_assert_int_eq(p25_set(p25, &set), -EINVAL);
	ck_assert_str_eq(p25_error(p25), "the guard has too many rates");
	ck_assert_str_eq(kernel.cmds, "");
}

START_TEST(test_question_without_answer)
{
	struct p25_status status;

	ck_assert_int_eq(p25_show(p25, &status), -EBADMSG);
	ck_assert_str_eq(p25_error(p25), "the kernel gave no answer");
}

START_TEST(test_no_module)
{
	struct p25_entry *entries = many(1);

	p25->ready = -ENOENT;
	ck_assert_int_eq(p25_ready(p25), -ENOENT);
	ck_assert_int_eq(p25_add(p25, entries, 1), -ENOENT);
	ck_assert_int_eq(p25_flush(p25, NULL), -ENOENT);
	ck_assert_int_eq(p25_list(p25, NULL, see, NULL), -ENOENT);
	ck_assert_int_eq(p25_begin(p25), -ENOENT);
	ck_assert_int_eq(p25_commit(p25), -ENOENT);
	ck_assert_int_eq(p25_senders_flush(p25), -ENOENT);
	ck_assert_str_eq(kernel.cmds, "");
	free(entries);
}

void *exchange_suite(void)
{
	void *tests;
	void *suite = suite_new("exchange", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_few_entries_are_one_message);
	tcase_add_test(tests, test_many_entries_are_a_transaction);
	tcase_add_test(tests, test_many_entries_refused);
	tcase_add_test(tests, test_transaction_keeps_the_order);
	tcase_add_test(tests, test_abort);
	tcase_add_test(tests, test_commit_refused);
	tcase_add_test(tests, test_malformed_entry_names_itself);
	tcase_add_test(tests, test_flush_takes_no_prefix);
	tcase_add_test(tests, test_error_without_words);
	tcase_add_test(tests, test_list);
	tcase_add_test(tests, test_list_interrupted);
	tcase_add_test(tests, test_list_gets_stuck);
	tcase_add_test(tests, test_list_fails_at_its_end);
	tcase_add_test(tests, test_list_malformed);
	tcase_add_test(tests, test_list_of_another_family);
	tcase_add_test(tests, test_stale_answers_are_skipped);
	tcase_add_test(tests, test_strangers_are_not_heard);
	tcase_add_test(tests, test_senders);
	tcase_add_test(tests, test_senders_malformed);
	tcase_add_test(tests, test_guard_of_too_many_rates);
	tcase_add_test(tests, test_question_without_answer);
	tcase_add_test(tests, test_no_module);
	return suite;
}
