// SPDX-License-Identifier: GPL-2.0
/*
 * Whole messages from the kernel: SHOW, CHECK, refusals.
 */
#include <errno.h>
#include <limits.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static struct nl_msg *msg;

static void setup(void)
{
	msg = nlmsg_alloc_size(4096);
	genlmsg_put(msg, 0, 1, 42, 0, 0, P25_CMD_SHOW, P25_GENL_VERSION);
}

static void teardown(void)
{
	nlmsg_free(msg);
}

static void put_status_of(int counters)
{
	struct nlattr *nest;
	int i;

	nla_put_u8(msg, P25_A_ACTION, P25_ACTION_MONITOR);
	nla_put_u8(msg, P25_A_INBOUND, 1);
	nla_put_u32(msg, P25_A_LIMIT, 1000);
	nla_put_u64(msg, P25_A_MEMORY, 123456);
	nla_put_u64(msg, P25_A_SINCE, 1700000000);
	nest = nla_nest_start(msg, P25_A_ENTRIES);
	for (i = P25_KIND_NONE + 1; i <= P25_KIND_MAX; i++)
		nla_put_u32(msg, i, 10 + i);
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, P25_A_COUNTERS);
	for (i = P25_COUNTER_PAD + 1; i <= counters; i++)
		nla_put_u64(msg, i, 100 + i);
	nla_nest_end(msg, nest);
}

static void put_status(void)
{
	put_status_of(P25_COUNTER_MAX);
}

START_TEST(test_status)
{
	struct p25_status status;
	int i;

	put_status();
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert(status.settings.has_action && status.settings.has_inbound &&
		  status.settings.has_limit);
	ck_assert_int_eq(status.settings.action, P25_ACTION_MONITOR);
	ck_assert(status.settings.inbound);
	ck_assert_uint_eq(status.settings.limit, 1000);
	ck_assert_uint_eq(status.memory, 123456);
	ck_assert_int_eq(status.since, 1700000000);
	for (i = P25_KIND_NONE + 1; i <= P25_KIND_MAX; i++)
		ck_assert_uint_eq(status.entries[i], 10 + i);
	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++)
		ck_assert_uint_eq(status.counters[i], 100 + i);
}

/* A module that is older than the library counts less. */
START_TEST(test_status_with_fewer_counters)
{
	struct p25_status status;

	put_status_of(P25_COUNTER_LATER_FRAGMENT);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert_uint_eq(status.counters[P25_COUNTER_LATER_FRAGMENT],
			  100 + P25_COUNTER_LATER_FRAGMENT);
	ck_assert_uint_eq(status.counters[P25_COUNTER_RESET_SENT], 0);
	nlmsg_free(msg);
	setup();
	put_status_of(P25_COUNTER_LATER_FRAGMENT - 1);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), -EBADMSG);
}

/* A copy of the first @len bytes of the message, in memory of that size. */
static struct nlmsghdr *cut(int len)
{
	struct nlmsghdr *nlh = malloc(len);

	memcpy(nlh, nlmsg_hdr(msg), len);
	nlh->nlmsg_len = len;
	return nlh;
}

static void put_guard(void)
{
	static const struct p25_guard_rate rates[] = { { 20, 60 }, { 1000, 3600 } };

	nla_put_u32(msg, P25_A_SENDERS, 131072);
	nla_put(msg, P25_A_GUARD, sizeof(rates), rates);
	nla_put_u32(msg, P25_A_GUARD_FOR, 3600);
}

/* An older module has no such settings; off has no rates. */
START_TEST(test_status_guard)
{
	struct p25_status status;

	put_status();
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert(!status.settings.has_senders && !status.settings.has_guard);
	put_guard();
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert(status.settings.has_senders && status.settings.has_guard);
	ck_assert_uint_eq(status.settings.senders, 131072);
	ck_assert_uint_eq(status.settings.guard.n, 2);
	ck_assert_uint_eq(status.settings.guard.rate[1].attempts, 1000);
	ck_assert_uint_eq(status.settings.guard.rate[1].seconds, 3600);
	ck_assert_uint_eq(status.settings.guard_for, 3600);
	nla_put(msg, P25_A_GUARD, 0, "");
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert(status.settings.has_guard && !status.settings.guard.n);
	nla_put(msg, P25_A_GUARD, 12, "123456789012");
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), -EBADMSG);
}

static void put_owner(const char *name, uint32_t n)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_OWNER_ENTRIES);

	nla_put_string(msg, P25_A_OWNER_NAME, name);
	nla_put_u32(msg, P25_A_OWNER_N, n);
	nla_nest_end(msg, nest);
}

static void put_health(void)
{
	nla_put_u8(msg, P25_A_HOOKED, 1);
	nla_put_u64(msg, P25_A_GUARD_BLOCKS, 7);
	nla_put_u64(msg, P25_A_GUARD_MISSED, 2);
}

/* An older module doesn't tell; a packet may not have been counted yet. */
START_TEST(test_status_health)
{
	struct p25_status status;

	put_status();
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert(!status.has_hooked && !status.n_owners);
	put_health();
	put_owner("admin", 3);
	put_owner("abuse-desk.more", 4);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert(status.has_hooked && status.hooked);
	ck_assert_int_eq(status.counted, 0);
	ck_assert_uint_eq(status.guard_blocks, 7);
	ck_assert_uint_eq(status.guard_missed, 2);
	ck_assert_uint_eq(status.n_owners, 2);
	ck_assert_str_eq(status.owners[1].owner, "abuse-desk.more");
	ck_assert_uint_eq(status.owners[1].entries, 4);
	nla_put_u64(msg, P25_A_COUNTED, 1700000001);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert_int_eq(status.counted, 1700000001);
	nla_put_u8(msg, P25_A_HOOKED, 2);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), -EBADMSG);
}

/* There are no more owners than the contract has numbers for. */
START_TEST(test_status_owners)
{
	struct p25_status status;
	char name[P25_OWNER_MAXLEN + 2];
	int i;

	nlmsg_free(msg);
	msg = nlmsg_alloc_size(32768);
	genlmsg_put(msg, 0, 1, 42, 0, 0, P25_CMD_SHOW, P25_GENL_VERSION);
	put_status();
	put_health();
	for (i = 0; i < P25_OWNERS_MAX; i++) {
		snprintf(name, sizeof(name), "owner-%d", i);
		put_owner(name, i + 1);
	}
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	ck_assert_uint_eq(status.n_owners, P25_OWNERS_MAX);
	ck_assert_str_eq(status.owners[254].owner, "owner-254");
	put_owner("one-more", 1);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), -EBADMSG);
	teardown();
	setup();
	put_status();
	put_health();
	put_owner("sixteen-letters.", 1);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), -EBADMSG);
}

START_TEST(test_status_cut_off)
{
	int len, whole;
	struct p25_status status;

	put_status();
	whole = nlmsg_hdr(msg)->nlmsg_len;
	for (len = NLMSG_HDRLEN; len < whole; len++) {
		struct nlmsghdr *nlh = cut(len);

		ck_assert_int_eq(p25_decode_status(nlh, &status), -EBADMSG);
		free(nlh);
	}
}

START_TEST(test_status_out_of_range)
{
	struct p25_status status;

	put_status();
	nla_put_u8(msg, P25_A_ACTION, P25_ACTION_MAX + 1);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), -EBADMSG);
	nla_put_u8(msg, P25_A_ACTION, P25_ACTION_DROP);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), 0);
	nla_put_u8(msg, P25_A_INBOUND, 2);
	ck_assert_int_eq(p25_decode_status(nlmsg_hdr(msg), &status), -EBADMSG);
}

START_TEST(test_judgement)
{
	struct p25_judgement judgement;
	char text[P25_PREFIX_STRLEN];

	nla_put_u8(msg, P25_A_VERDICT, P25_VERDICT_ACCEPT);
	nla_put_u8(msg, P25_A_WOULD, P25_VERDICT_DROP);
	nla_put_u8(msg, P25_A_REASON, P25_KIND_POOL);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
	nla_put(msg, P25_A_ADDR, 4, "\306\063\144\0");
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
	nla_put_u8(msg, P25_A_PREFIXLEN, 24);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement), 0);
	ck_assert_int_eq(judgement.verdict, P25_VERDICT_ACCEPT);
	ck_assert(judgement.monitored);
	ck_assert_int_eq(judgement.would, P25_VERDICT_DROP);
	ck_assert_int_eq(judgement.reason, P25_KIND_POOL);
	ck_assert_str_eq(p25_prefix_format(&judgement.prefix, text),
			 "198.51.100.0/24");
	ck_assert_int_eq(judgement.entry.kind, P25_KIND_POOL);
	ck_assert_str_eq(p25_prefix_format(&judgement.entry.prefix, text),
			 "198.51.100.0/24");
	ck_assert_str_eq(judgement.entry.owner, "");
	ck_assert(!judgement.local);
	nla_put_u8(msg, P25_A_PREFIXLEN, 33);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
}

static void put_decider(bool whole)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_ENTRY);

	nla_put_u8(msg, P25_A_ENTRY_KIND, P25_KIND_BLOCK);
	nla_put(msg, P25_A_ENTRY_ADDR, 4, "\306\063\144\0");
	nla_put_u8(msg, P25_A_ENTRY_PREFIXLEN, 24);
	nla_put_string(msg, P25_A_ENTRY_OWNER, "abuse");
	nla_put_string(msg, P25_A_ENTRY_COMMENT, "ticket 4712");
	nla_put_u64(msg, P25_A_ENTRY_PACKETS, 7);
	if (whole)
		nla_put_u64(msg, P25_A_ENTRY_BYTES, 420);
	nla_nest_end(msg, nest);
}

START_TEST(test_judgement_with_its_entry)
{
	struct p25_judgement judgement;

	nla_put_u8(msg, P25_A_VERDICT, P25_VERDICT_REJECT);
	nla_put_u8(msg, P25_A_REASON, P25_KIND_BLOCK);
	nla_put(msg, P25_A_ADDR, 4, "\306\063\144\0");
	nla_put_u8(msg, P25_A_PREFIXLEN, 24);
	nla_put_flag(msg, P25_A_LOCAL);
	put_decider(false);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
	put_decider(true);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement), 0);
	ck_assert(judgement.local);
	ck_assert_str_eq(judgement.entry.owner, "abuse");
	ck_assert_str_eq(judgement.entry.comment, "ticket 4712");
	ck_assert_uint_eq(judgement.entry.packets, 7);
}

START_TEST(test_judgement_of_nobody)
{
	struct p25_judgement judgement;

	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
	nla_put_u8(msg, P25_A_VERDICT, P25_VERDICT_ACCEPT);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
	nla_put_u8(msg, P25_A_REASON, P25_KIND_NONE);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement), 0);
	ck_assert(!judgement.monitored);
	nla_put_u8(msg, P25_A_VERDICT, P25_VERDICT_MAX + 1);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
	nla_put_u8(msg, P25_A_VERDICT, P25_VERDICT_DROP);
	nla_put_u8(msg, P25_A_REASON, P25_KIND_MAX + 1);
	ck_assert_int_eq(p25_decode_judgement(nlmsg_hdr(msg), &judgement),
			 -EBADMSG);
}

/* NLMSG_ERROR with what it sends back of the request, and an extended ack. */
static void make_error(int err, bool capped, const char *text, uint32_t cookie)
{
	struct nlmsgerr *error;
	struct nlmsghdr *nlh;
	int request = 40;

	nlmsg_free(msg);
	msg = nlmsg_alloc_size(4096);
	nlh = nlmsg_put(msg, 0, 1, NLMSG_ERROR, 0,
			NLM_F_ACK_TLVS | (capped ? NLM_F_CAPPED : 0));
	error = nlmsg_reserve(msg, sizeof(*error) + (capped ? 0 : request), 4);
	memset(error, 0x7f, sizeof(*error) + (capped ? 0 : request));
	error->error = err;
	error->msg.nlmsg_len = NLMSG_HDRLEN + request;
	if (text)
		nla_put(msg, NLMSGERR_ATTR_MSG, strlen(text) + 1, text);
	if (cookie)
		nla_put_u32(msg, NLMSGERR_ATTR_COOKIE, cookie);
	ck_assert_ptr_eq(nlh, nlmsg_hdr(msg));
}

START_TEST(test_refusal)
{
	struct p25_refusal refusal;

	make_error(-EINVAL, _i, "the prefix has host bits set", 4711);
	p25_decode_refusal(nlmsg_hdr(msg), &refusal);
	ck_assert_int_eq(refusal.err, -EINVAL);
	ck_assert_str_eq(refusal.text, "the prefix has host bits set");
	ck_assert_uint_eq(refusal.cookie, 4711);
}

START_TEST(test_refusal_without_words)
{
	struct p25_refusal refusal;

	make_error(-EPERM, true, NULL, 0);
	p25_decode_refusal(nlmsg_hdr(msg), &refusal);
	ck_assert_int_eq(refusal.err, -EPERM);
	ck_assert_str_eq(refusal.text, "");
	ck_assert_uint_eq(refusal.cookie, 0);
	make_error(0, true, "a warning", 0);
	p25_decode_refusal(nlmsg_hdr(msg), &refusal);
	ck_assert_int_eq(refusal.err, 0);
	make_error(INT_MIN, true, NULL, 0);
	p25_decode_refusal(nlmsg_hdr(msg), &refusal);
	ck_assert_int_eq(refusal.err, -EBADMSG);
}

START_TEST(test_refusal_is_one_line)
{
	struct p25_refusal refusal;
	char text[1000];

	memset(text, '\n', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	make_error(-EINVAL, true, text, 0);
	p25_decode_refusal(nlmsg_hdr(msg), &refusal);
	ck_assert_ptr_null(strchr(refusal.text, '\n'));
	ck_assert_uint_lt(strlen(refusal.text), P25_ERROR_LEN);
}

START_TEST(test_refusal_cut_off)
{
	struct p25_refusal refusal;
	int len, whole;

	make_error(-EINVAL, _i, "the prefix has host bits set", 4711);
	whole = nlmsg_hdr(msg)->nlmsg_len;
	for (len = NLMSG_HDRLEN; len < whole; len++) {
		struct nlmsghdr *nlh = cut(len);

		p25_decode_refusal(nlh, &refusal);
		ck_assert_int_ne(refusal.err, 0);
		free(nlh);
	}
}

START_TEST(test_refusal_lies_about_the_request)
{
	static const uint32_t lengths[] = { 0, 1, 15, 1000, 0xffffffff };
	struct p25_refusal refusal;
	struct nlmsgerr *error;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		make_error(-EINVAL, false, "text", 1);
		error = nlmsg_data(nlmsg_hdr(msg));
		error->msg.nlmsg_len = lengths[i];
		p25_decode_refusal(nlmsg_hdr(msg), &refusal);
		ck_assert_int_eq(refusal.err, -EINVAL);
		ck_assert_str_eq(refusal.text, "");
	}
}

void *answer_suite(void)
{
	void *tests;
	void *suite = suite_new("answer", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_status);
	tcase_add_test(tests, test_status_with_fewer_counters);
	tcase_add_test(tests, test_status_guard);
	tcase_add_test(tests, test_status_health);
	tcase_add_test(tests, test_status_owners);
	tcase_add_test(tests, test_status_cut_off);
	tcase_add_test(tests, test_status_out_of_range);
	tcase_add_test(tests, test_judgement);
	tcase_add_test(tests, test_judgement_with_its_entry);
	tcase_add_test(tests, test_judgement_of_nobody);
	tcase_add_loop_test(tests, test_refusal, 0, 2);
	tcase_add_test(tests, test_refusal_without_words);
	tcase_add_test(tests, test_refusal_is_one_line);
	tcase_add_loop_test(tests, test_refusal_cut_off, 0, 2);
	tcase_add_test(tests, test_refusal_lies_about_the_request);
	return suite;
}
