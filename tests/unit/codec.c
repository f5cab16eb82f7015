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

static struct nlattr *offender(void)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_OFFENDER);
	int64_t first = 1700000000, last = 1700000060;

	put_raw(P25_A_OFFENDER_SRC, "\306\063\144\7", 4);
	put_raw(P25_A_OFFENDER_DST, "\313\0\161\31", 4);
	nla_put_u8(msg, P25_A_OFFENDER_REASON, P25_KIND_POOL);
	nla_put_u64(msg, P25_A_OFFENDER_PACKETS, 12);
	put_raw(P25_A_OFFENDER_FIRST, &first, sizeof(first));
	put_raw(P25_A_OFFENDER_LAST, &last, sizeof(last));
	nla_nest_end(msg, nest);
	return nest;
}

START_TEST(test_offender)
{
	struct nlattr *whole = offender();
	char text[P25_PREFIX_STRLEN];
	struct p25_offender got;
	int len;

	ck_assert_int_eq(p25_decode_offender(whole, &got), 0);
	ck_assert_str_eq(p25_prefix_format(&got.src, text), "198.51.100.7");
	ck_assert_str_eq(p25_prefix_format(&got.dst, text), "203.0.113.25");
	ck_assert_int_eq(got.reason, P25_KIND_POOL);
	ck_assert_uint_eq(got.packets, 12);
	ck_assert_int_eq(got.first, 1700000000);
	ck_assert_int_eq(got.last, 1700000060);
	for (len = NLA_HDRLEN; len < whole->nla_len; len++) {
		struct nlattr *cut = malloc(len);

		memcpy(cut, whole, len);
		cut->nla_len = len;
		ck_assert_int_eq(p25_decode_offender(cut, &got), -EBADMSG);
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
		struct p25_offender got_offender;
		struct p25_entry got_entry;

		for (i = 0; i < len; i++)
			((char *)noise)[i] = rand() % 4 ? rand() % 13 : rand();
		noise->nla_len = len;
		p25_decode_entry(noise, &got_entry);
		p25_decode_offender(noise, &got_offender);
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
	tcase_add_test(tests, test_encode_no_room);
	tcase_add_test(tests, test_largest_entry_fits_its_room);
	tcase_add_test(tests, test_filter);
	tcase_add_test(tests, test_settings);
	tcase_add_test(tests, test_decode);
	tcase_add_test(tests, test_decode_cut_off);
	tcase_add_loop_test(tests, test_decode_wrong, 0, ARRAY_SIZE(wrong));
	tcase_add_test(tests, test_decode_unknown_attribute);
	tcase_add_test(tests, test_decode_strings_without_nul);
	tcase_add_test(tests, test_offender);
	tcase_add_test(tests, test_decode_noise);
	return suite;
}
