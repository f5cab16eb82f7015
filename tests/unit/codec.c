// SPDX-License-Identifier: GPL-2.0
/*
 * Entries, filters and settings to attributes, and entries and offenders back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "unit.h"

static struct nl_msg *msg;

static void setup(void)
{
	msg = nlmsg_alloc_size(4096);
	nlmsg_put(msg, 0, 0, 42, 0, 0);
}

static void teardown(void)
{
	nlmsg_free(msg);
}

static struct nlattr *first_attr(void)
{
	return nlmsg_attrdata(nlmsg_hdr(msg), 0);
}

static int attrs_len(void)
{
	return nlmsg_attrlen(nlmsg_hdr(msg), 0);
}

static struct p25_entry full_entry(void)
{
	struct p25_entry entry = {
		.kind = P25_KIND_OPTOUT,
		.prefix = prefix_of("2001:db8::/64"),
		.owner = "hooks",
		.timeout = 3600,
		.expires = 2147483648,
		.comment = "call 0815",
		.packets = 3,
		.bytes = 180,
		.has_action = true,
		.action = P25_ACTION_PROHIBIT,
		.has_guard = true,
		.guard = { 2, { { 20, 60 }, { 1000, 3600 } } },
	};

	return entry;
}

START_TEST(test_encode_full)
{
	struct nlattr *a[P25_A_ENTRY_MAX + 1];
	struct p25_entry entry = full_entry();
	struct nlattr *nest;

	entry.cookie = 4711;
	ck_assert_int_eq(p25_encode_entry(msg, &entry), 0);
	nest = first_attr();
	/* The kernel insists on the flag. */
	ck_assert_uint_eq(nest->nla_type, P25_A_ENTRY | NLA_F_NESTED);
	ck_assert_int_eq(nla_total_size(nla_len(nest)), attrs_len());
	ck_assert(!p25_decode_attrs(a, P25_A_ENTRY_MAX, nla_data(nest),
				    nla_len(nest)));
	ck_assert_uint_eq(nla_get_u8(a[P25_A_ENTRY_KIND]), P25_KIND_OPTOUT);
	ck_assert_int_eq(nla_len(a[P25_A_ENTRY_ADDR]), 16);
	ck_assert_uint_eq(nla_get_u8(a[P25_A_ENTRY_PREFIXLEN]), 64);
	ck_assert_str_eq(nla_get_string(a[P25_A_ENTRY_OWNER]), "hooks");
	ck_assert_uint_eq(nla_get_u32(a[P25_A_ENTRY_TIMEOUT]), 3600);
	ck_assert_uint_eq(nla_get_u64(a[P25_A_ENTRY_EXPIRES]), 2147483648);
	ck_assert_str_eq(nla_get_string(a[P25_A_ENTRY_COMMENT]), "call 0815");
	ck_assert_uint_eq(nla_get_u32(a[P25_A_ENTRY_COOKIE]), 4711);
	ck_assert_uint_eq(nla_get_u8(a[P25_A_ENTRY_ACTION]), P25_ACTION_PROHIBIT);
	ck_assert_int_eq(nla_len(a[P25_A_ENTRY_GUARD]), 16);
	ck_assert_mem_eq(nla_data(a[P25_A_ENTRY_GUARD]), entry.guard.rate, 16);
	ck_assert_ptr_null(a[P25_A_ENTRY_PACKETS]);
	ck_assert_ptr_null(a[P25_A_ENTRY_BYTES]);
}

START_TEST(test_encode_plain)
{
	struct nlattr *a[P25_A_ENTRY_MAX + 1];
	struct p25_entry entry = {
		.kind = P25_KIND_POOL,
		.prefix = prefix_of("198.51.100.0/24"),
	};
	struct nlattr *nest;
	int i;

	ck_assert_int_eq(p25_encode_entry(msg, &entry), 0);
	nest = first_attr();
	ck_assert(!p25_decode_attrs(a, P25_A_ENTRY_MAX, nla_data(nest),
				    nla_len(nest)));
	ck_assert_int_eq(nla_len(a[P25_A_ENTRY_ADDR]), 4);
	ck_assert_mem_eq(nla_data(a[P25_A_ENTRY_ADDR]), "\306\063\144\0", 4);
	for (i = P25_A_ENTRY_OWNER; i <= P25_A_ENTRY_MAX; i++)
		ck_assert_ptr_null(a[i]);
}

/* The comment is the condition of a delete, if it is meant to be. */
START_TEST(test_encode_key)
{
	struct nlattr *a[P25_A_ENTRY_MAX + 1];
	struct p25_entry entry = full_entry();
	struct nlattr *nest;

	entry.cookie = 4711;
	ck_assert_int_eq(p25_encode_key(msg, &entry), 0);
	nest = first_attr();
	ck_assert(!p25_decode_attrs(a, P25_A_ENTRY_MAX, nla_data(nest),
				    nla_len(nest)));
	ck_assert_uint_eq(nla_get_u8(a[P25_A_ENTRY_KIND]), P25_KIND_OPTOUT);
	ck_assert_uint_eq(nla_get_u8(a[P25_A_ENTRY_PREFIXLEN]), 64);
	ck_assert_str_eq(nla_get_string(a[P25_A_ENTRY_OWNER]), "hooks");
	ck_assert_uint_eq(nla_get_u32(a[P25_A_ENTRY_COOKIE]), 4711);
	ck_assert_ptr_null(a[P25_A_ENTRY_TIMEOUT]);
	ck_assert_ptr_null(a[P25_A_ENTRY_EXPIRES]);
	ck_assert_ptr_null(a[P25_A_ENTRY_ACTION]);
	ck_assert_ptr_null(a[P25_A_ENTRY_GUARD]);
	ck_assert_ptr_null(a[P25_A_ENTRY_COMMENT]);
}

/* An empty one as well: then the entry must have none. */
START_TEST(test_encode_condition)
{
	struct nlattr *a[P25_A_ENTRY_MAX + 1];
	struct p25_entry entry = full_entry();
	struct nlattr *nest;

	if (_i)
		entry.comment[0] = '\0';
	entry.if_comment = true;
	ck_assert_int_eq(p25_encode_key(msg, &entry), 0);
	nest = first_attr();
	ck_assert(!p25_decode_attrs(a, P25_A_ENTRY_MAX, nla_data(nest),
				    nla_len(nest)));
	ck_assert_str_eq(nla_get_string(a[P25_A_ENTRY_COMMENT]), entry.comment);
	ck_assert_ptr_null(a[P25_A_ENTRY_TIMEOUT]);
}

/* As the kernel lists it: with its counters. */
static struct nlattr *listed(const struct p25_entry *entry)
{
	struct nlattr *nest;

	ck_assert_int_eq(p25_encode_entry(msg, entry), 0);
	nest = first_attr();
	nla_put_u64(msg, P25_A_ENTRY_PACKETS, entry->packets);
	nla_put_u64(msg, P25_A_ENTRY_BYTES, entry->bytes);
	nest->nla_len = attrs_len();
	return nest;
}

START_TEST(test_encode_malformed)
{
	struct p25_entry entry = full_entry();

	/* Fields without a NUL are not overrun. */
	memset(entry.owner, 'x', sizeof(entry.owner));
	ck_assert_int_eq(p25_encode_entry(msg, &entry), -EINVAL);
	entry = full_entry();
	memset(entry.comment, 'x', sizeof(entry.comment));
	ck_assert_int_eq(p25_encode_entry(msg, &entry), -EINVAL);
	entry = full_entry();
	entry.prefix.family = AF_UNIX;
	ck_assert_int_eq(p25_encode_entry(msg, &entry), -EINVAL);
	entry = full_entry();
	entry.guard.n = P25_GUARD_RATES_MAX + 1;
	ck_assert_int_eq(p25_encode_entry(msg, &entry), -EINVAL);
}

/* Off is a guard without rates, not none. */
START_TEST(test_encode_guard_off)
{
	struct p25_entry entry = full_entry(), got;

	entry.guard = (struct p25_guard){ 0 };
	ck_assert_int_eq(p25_decode_entry(listed(&entry), &got), 0);
	ck_assert(got.has_guard);
	ck_assert_uint_eq(got.guard.n, 0);
}

/* An entry that has no room leaves the message as it was. */
START_TEST(test_encode_no_room)
{
	struct p25_entry entry = full_entry();
	int before, err;

	do {
		before = attrs_len();
		err = p25_encode_entry(msg, &entry);
	} while (!err);
	ck_assert_int_eq(err, -EMSGSIZE);
	ck_assert_int_eq(attrs_len(), before);
}

START_TEST(test_largest_entry_fits_its_room)
{
	struct p25_entry entry = full_entry();

	entry.cookie = UINT32_MAX;
	entry.guard.n = P25_GUARD_RATES_MAX;
	memset(entry.owner, 'x', P25_OWNER_MAXLEN);
	memset(entry.comment, 'x', P25_COMMENT_MAXLEN);
	ck_assert_int_eq(p25_encode_entry(msg, &entry), 0);
	ck_assert_int_le(attrs_len(), P25_ENTRY_ROOM);
}

START_TEST(test_filter)
{
	struct p25_prefix prefix = prefix_of("198.51.100.0/24");
	struct p25_filter filter = {
		.kind = P25_KIND_BLOCK,
		.owner = "hooks",
		.prefix = &prefix,
	};
	struct nlattr *a[P25_A_MAX + 1];

	ck_assert_int_eq(p25_encode_filter(msg, NULL), 0);
	ck_assert_int_eq(attrs_len(), 0);
	ck_assert_int_eq(p25_encode_filter(msg, &filter), 0);
	ck_assert(!p25_decode_attrs(a, P25_A_MAX, first_attr(), attrs_len()));
	ck_assert_uint_eq(nla_get_u8(a[P25_A_KIND]), P25_KIND_BLOCK);
	ck_assert_str_eq(nla_get_string(a[P25_A_OWNER]), "hooks");
	ck_assert_int_eq(nla_len(a[P25_A_ADDR]), 4);
	ck_assert_uint_eq(nla_get_u8(a[P25_A_PREFIXLEN]), 24);
}

START_TEST(test_settings)
{
	struct p25_settings set = {
		.action = P25_ACTION_REJECT,
		.has_inbound = true,
		.inbound = true,
		.has_limit = true,
		.limit = 1000,
	};
	struct nlattr *a[P25_A_MAX + 1];

	ck_assert_int_eq(p25_encode_settings(msg, &set), 0);
	ck_assert(!p25_decode_attrs(a, P25_A_MAX, first_attr(), attrs_len()));
	ck_assert_ptr_null(a[P25_A_ACTION]);
	ck_assert_uint_eq(nla_get_u8(a[P25_A_INBOUND]), 1);
	ck_assert_uint_eq(nla_get_u32(a[P25_A_LIMIT]), 1000);
	ck_assert_ptr_null(a[P25_A_SENDERS]);
	ck_assert_ptr_null(a[P25_A_GUARD]);
	ck_assert_ptr_null(a[P25_A_GUARD_FOR]);
}

START_TEST(test_guard_settings)
{
	struct p25_settings set = {
		.has_senders = true,
		.senders = 131072,
		.has_guard = true,
		.guard = { 1, { { 20, 60 } } },
		.guard_for = 3600,
	};
	struct nlattr *a[P25_A_MAX + 1];

	ck_assert_int_eq(p25_encode_settings(msg, &set), 0);
	ck_assert(!p25_decode_attrs(a, P25_A_MAX, first_attr(), attrs_len()));
	ck_assert_uint_eq(nla_get_u32(a[P25_A_SENDERS]), 131072);
	ck_assert_int_eq(nla_len(a[P25_A_GUARD]), 8);
	ck_assert_mem_eq(nla_data(a[P25_A_GUARD]), set.guard.rate, 8);
	ck_assert_uint_eq(nla_get_u32(a[P25_A_GUARD_FOR]), 3600);
	set.guard.n = P25_GUARD_RATES_MAX + 1;
	ck_assert_int_eq(p25_encode_settings(msg, &set), -EINVAL);
}

START_TEST(test_decode)
{
	struct p25_entry entry = full_entry(), got;

	ck_assert_int_eq(p25_decode_entry(listed(&entry), &got), 0);
	ck_assert_mem_eq(&entry, &got, sizeof(entry));
}

/* Wherever an answer is cut off, it is malformed, and nothing beyond is read. */
START_TEST(test_decode_cut_off)
{
	struct p25_entry entry = full_entry(), got;
	struct nlattr *whole = listed(&entry);
	int len;

	for (len = NLA_HDRLEN; len < whole->nla_len; len++) {
		struct nlattr *cut = malloc(len);

		memcpy(cut, whole, len);
		cut->nla_len = len;
		ck_assert_int_eq(p25_decode_entry(cut, &got), -EBADMSG);
		free(cut);
	}
}

static void put_raw(int type, const void *data, int len)
{
	ck_assert_int_eq(nla_put(msg, type, len, data), 0);
}

/* Each of these is wrong in one attribute. */
static const struct {
	int type;
	int len;
	const char *data;
} wrong[] = {
	{ P25_A_ENTRY_KIND, 1, "\0" },
	{ P25_A_ENTRY_KIND, 1, "\6" },
	{ P25_A_ENTRY_KIND, 4, "\1\0\0\0" },
	{ P25_A_ENTRY_ADDR, 0, "" },
	{ P25_A_ENTRY_ADDR, 3, "\1\2\3" },
	{ P25_A_ENTRY_ADDR, 8, "\1\2\3\4\5\6\7\10" },
	{ P25_A_ENTRY_PREFIXLEN, 1, "\201" },
	{ P25_A_ENTRY_OWNER, 0, "" },
	{ P25_A_ENTRY_OWNER, 1, "" },
	{ P25_A_ENTRY_OWNER, 16, "1234567890123456" },
	{ P25_A_ENTRY_OWNER, 4, "a\0b" },
	{ P25_A_ENTRY_COMMENT, 65,
	  "12345678901234567890123456789012345678901234567890123456789012345" },
	{ P25_A_ENTRY_TIMEOUT, 8, "\1\0\0\0\0\0\0" },
	{ P25_A_ENTRY_EXPIRES, 4, "\1\0\0" },
	{ P25_A_ENTRY_PACKETS, 4, "\1\0\0" },
	{ P25_A_ENTRY_BYTES, 0, "" },
	{ P25_A_ENTRY_ACTION, 1, "\4" },
	{ P25_A_ENTRY_ACTION, 4, "\1\0\0" },
	{ P25_A_ENTRY_GUARD, 4, "\1\0\0" },
	{ P25_A_ENTRY_GUARD, 40, "1234567890123456789012345678901234567890" },
};

START_TEST(test_decode_wrong)
{
	struct p25_entry entry = full_entry(), got;
	struct nlattr *nest = listed(&entry);

	/* Of two attributes of a type, the last one counts. */
	put_raw(wrong[_i].type, wrong[_i].data, wrong[_i].len);
	nest->nla_len = attrs_len();
	ck_assert_int_eq(p25_decode_entry(nest, &got), -EBADMSG);
}

START_TEST(test_decode_unknown_attribute)
{
	struct p25_entry entry = full_entry(), got;
	struct nlattr *nest = listed(&entry);

	put_raw(P25_A_ENTRY_MAX + 1, "new", 3);
	nest->nla_len = attrs_len();
	ck_assert_int_eq(p25_decode_entry(nest, &got), 0);
	ck_assert_mem_eq(&entry, &got, sizeof(entry));
}

START_TEST(test_decode_strings_without_nul)
{
	struct p25_entry entry = full_entry(), got;
	struct nlattr *nest = listed(&entry);

	put_raw(P25_A_ENTRY_OWNER, "abuse", 5);
	put_raw(P25_A_ENTRY_COMMENT, "spam", 4);
	nest->nla_len = attrs_len();
	ck_assert_int_eq(p25_decode_entry(nest, &got), 0);
	ck_assert_str_eq(got.owner, "abuse");
	ck_assert_str_eq(got.comment, "spam");
}

static struct nlattr *sender(bool ipv6)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_SENDER);
	int64_t first = 1700000000, last = 1700000060;
	int size = ipv6 ? 16 : 4;

	put_raw(P25_A_SENDER_SRC, ipv6 ? "\40\1\15\270\0\0\0\7\0\0\0\0\0\0\0" :
				  "\306\063\144\7", size);
	put_raw(P25_A_SENDER_DST, ipv6 ? "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\31" :
				  "\313\0\161\31", size);
	nla_put_u16(msg, P25_A_SENDER_SPORT, 40112);
	nla_put_u8(msg, P25_A_SENDER_KIND, P25_KIND_OPTOUT);
	put_raw(P25_A_SENDER_ADDR, ipv6 ? "\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0" :
				   "\306\063\144\0", size);
	nla_put_u8(msg, P25_A_SENDER_PREFIXLEN, ipv6 ? 56 : 28);
	nla_put_u64(msg, P25_A_SENDER_ATTEMPTS, 21);
	nla_put_u64(msg, P25_A_SENDER_ERROR, 3);
	nla_put_u64(msg, P25_A_SENDER_PACKETS, 1ULL << 40);
	nla_put_u32(msg, P25_A_SENDER_DESTINATIONS, 14);
	put_raw(P25_A_SENDER_FIRST, &first, sizeof(first));
	put_raw(P25_A_SENDER_LAST, &last, sizeof(last));
	nla_nest_end(msg, nest);
	return nest;
}

static void ck_sender(const struct p25_sender *got, bool ipv6)
{
	char text[P25_PREFIX_STRLEN];

	ck_assert_str_eq(p25_prefix_format(&got->src, text),
			 ipv6 ? "2001:db8:0:7::/64" : "198.51.100.7");
	ck_assert_str_eq(p25_prefix_format(&got->dst, text),
			 ipv6 ? "2001:db8::19" : "203.0.113.25");
	ck_assert_str_eq(p25_prefix_format(&got->prefix, text),
			 ipv6 ? "2001:db8::/56" : "198.51.100.0/28");
	ck_assert_uint_eq(got->sport, 40112);
	ck_assert_int_eq(got->kind, P25_KIND_OPTOUT);
	ck_assert_uint_eq(got->attempts, 21);
	ck_assert_uint_eq(got->error, 3);
	ck_assert_uint_eq(got->packets, 1ULL << 40);
	ck_assert_uint_eq(got->destinations, 14);
	ck_assert_int_eq(got->first, 1700000000);
	ck_assert_int_eq(got->last, 1700000060);
}

/* Where an entry on a longer prefix decides, that is the sender. */
START_TEST(test_sender_of_a_longer_prefix)
{
	struct nlattr *nest = sender(true);
	struct p25_sender got;

	nla_put_u8(msg, P25_A_SENDER_PREFIXLEN, 128);
	nest->nla_len = attrs_len();
	ck_assert_int_eq(p25_decode_sender(nest, &got), 0);
	ck_assert_uint_eq(got.src.len, 128);
}

START_TEST(test_sender)
{
	struct nlattr *whole = sender(_i);
	struct p25_sender got;
	int len;

	ck_assert_int_eq(p25_decode_sender(whole, &got), 0);
	ck_sender(&got, _i);
	for (len = NLA_HDRLEN; len < whole->nla_len; len++) {
		struct nlattr *cut = malloc(len);

		memcpy(cut, whole, len);
		cut->nla_len = len;
		ck_assert_int_eq(p25_decode_sender(cut, &got), -EBADMSG);
		free(cut);
	}
}

/* Whatever bytes come, nothing crashes; the sanitizers look on. */
START_TEST(test_decode_noise)
{
	unsigned int round;

	srand(25);
	for (round = 0; round < 20000; round++) {
		int i, len = NLA_HDRLEN + rand() % 120;
		struct nlattr *noise = malloc(len);
		struct p25_sender got_sender;
		struct p25_entry got_entry;

		for (i = 0; i < len; i++)
			((char *)noise)[i] = rand() % 4 ? rand() % 13 : rand();
		noise->nla_len = len;
		p25_decode_entry(noise, &got_entry);
		p25_decode_sender(noise, &got_sender);
		free(noise);
	}
}

void *codec_suite(void)
{
	void *tests;
	void *suite = suite_new("codec", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_encode_full);
	tcase_add_test(tests, test_encode_plain);
	tcase_add_test(tests, test_encode_key);
	tcase_add_loop_test(tests, test_encode_condition, 0, 2);
	tcase_add_test(tests, test_encode_malformed);
	tcase_add_test(tests, test_encode_guard_off);
	tcase_add_test(tests, test_encode_no_room);
	tcase_add_test(tests, test_largest_entry_fits_its_room);
	tcase_add_test(tests, test_filter);
	tcase_add_test(tests, test_settings);
	tcase_add_test(tests, test_guard_settings);
	tcase_add_test(tests, test_decode);
	tcase_add_test(tests, test_decode_cut_off);
	tcase_add_loop_test(tests, test_decode_wrong, 0, ARRAY_SIZE(wrong));
	tcase_add_test(tests, test_decode_unknown_attribute);
	tcase_add_test(tests, test_decode_strings_without_nul);
	tcase_add_loop_test(tests, test_sender, 0, 2);
	tcase_add_test(tests, test_sender_of_a_longer_prefix);
	tcase_add_test(tests, test_decode_noise);
	return suite;
}
