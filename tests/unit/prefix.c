// SPDX-License-Identifier: GPL-2.0
/*
 * Prefixes: read, written, ordered.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "prefix_check.h"
#include "unit.h"

static const struct {
	const char *text;
	const char *written;	/* NULL: as it was read */
	int family;
	int len;
} good[] = {
	{ "192.0.2.1", NULL, AF_INET, 32 },
	{ "192.0.2.1/32", "192.0.2.1", AF_INET, 32 },
	{ "198.51.100.0/24", NULL, AF_INET, 24 },
	{ "198.51.100.128/25", NULL, AF_INET, 25 },
	{ "0.0.0.0/0", NULL, AF_INET, 0 },
	{ "128.0.0.0/1", NULL, AF_INET, 1 },
	{ "2001:db8::1", NULL, AF_INET6, 128 },
	{ "2001:DB8:0:0::1/128", "2001:db8::1", AF_INET6, 128 },
	{ "2001:db8::/32", NULL, AF_INET6, 32 },
	{ "2001:db8:0:8000::/49", NULL, AF_INET6, 49 },
	{ "::/0", NULL, AF_INET6, 0 },
	{ "::", NULL, AF_INET6, 128 },
	{ "::ffff:0:0:0/96", NULL, AF_INET6, 96 },
	{ "2001:db8::192.0.2.1", "2001:db8::c000:201", AF_INET6, 128 },
};

START_TEST(test_good)
{
	const char *written = good[_i].written;
	char text[P25_PREFIX_STRLEN];
	struct p25_prefix prefix;
	const char *why = NULL;

	ck_assert_msg(!p25_prefix_parse(good[_i].text, &prefix, &why), "%s",
		      why);
	ck_assert_int_eq(prefix.family, good[_i].family);
	ck_assert_int_eq(prefix.len, good[_i].len);
	ck_assert_str_eq(p25_prefix_format(&prefix, text),
			 written ? written : good[_i].text);
}

static const struct {
	const char *text;
	const char *why;
} bad[] = {
	{ "", "invalid prefix \"\": not an IPv4 or IPv6 address or prefix" },
	{ "198.51.100", "not an IPv4 or IPv6 address" },
	{ "198.51.100.0.1", "not an IPv4 or IPv6 address" },
	{ "300.1.1.1", "not an IPv4 or IPv6 address" },
	{ "192.0.2.01", "not an IPv4 or IPv6 address" },
	{ " 192.0.2.1", "not an IPv4 or IPv6 address" },
	{ "192.0.2.1 ", "not an IPv4 or IPv6 address" },
	{ "0xc0000201", "not an IPv4 or IPv6 address" },
	{ "2001:db8::1::2", "not an IPv4 or IPv6 address" },
	{ "2001:db8::%eth0", "not an IPv4 or IPv6 address" },
	{ "[2001:db8::1]", "not an IPv4 or IPv6 address" },
	{ "mail.example", "not an IPv4 or IPv6 address" },
	{ "198.51.100/24", "not an IPv4 or IPv6 prefix" },
	{ "/24", "not an IPv4 or IPv6 prefix" },
	{ "192.0.2.0/", "the length must be 0 to 32" },
	{ "192.0.2.0/33", "the length must be 0 to 32" },
	{ "192.0.2.0/-1", "the length must be 0 to 32" },
	{ "192.0.2.0/+24", "the length must be 0 to 32" },
	{ "192.0.2.0/024", "the length must be 0 to 32" },
	{ "192.0.2.0/24/24", "the length must be 0 to 32" },
	{ "192.0.2.0/24x", "the length must be 0 to 32" },
	{ "192.0.2.0/4294967320", "the length must be 0 to 32" },
	{ "192.0.2.0/255.255.255.0", "the length must be 0 to 32" },
	{ "2001:db8::/129", "the length must be 0 to 128" },
	{ "198.51.100.7/24", "did you mean 198.51.100.0/24?" },
	{ "198.51.100.1/0", "did you mean 0.0.0.0/0?" },
	{ "198.51.100.129/25", "did you mean 198.51.100.128/25?" },
	{ "2001:db8::1/64", "did you mean 2001:db8::/64?" },
	{ "2001:db8::1/127", "did you mean 2001:db8::/127?" },
	{ "::ffff:192.0.2.1", "IPv4-mapped; write 192.0.2.1" },
	{ "::ffff:c000:201", "IPv4-mapped; write 192.0.2.1" },
	{ "::ffff:192.0.2.0/120", "IPv4-mapped; write 192.0.2.0/24" },
	{ "::ffff:192.0.2.9/120", "IPv4-mapped; write 192.0.2.0/24" },
	{ "::ffff:0:0/96", "IPv4-mapped; write 0.0.0.0/0" },
	{ "::ffff:192.0.2.1/64", "host bits set; did you mean ::/64?" },
};

START_TEST(test_bad)
{
	struct p25_prefix prefix;
	const char *why = NULL;

	ck_assert_int_eq(p25_prefix_parse(bad[_i].text, &prefix, &why),
			 -EINVAL);
	ck_assert_msg(strstr(why, bad[_i].why), "%s", why);
	ck_assert_int_eq(p25_prefix_parse(bad[_i].text, &prefix, NULL),
			 -EINVAL);
}

/* The message must not carry a terminal's control characters, nor be endless. */
START_TEST(test_hostile_word)
{
	char *word = malloc(100000);
	struct p25_prefix prefix;
	const char *why;

	memset(word, 'a', 99999);
	word[99999] = '\0';
	ck_assert_int_eq(p25_prefix_parse(word, &prefix, &why), -EINVAL);
	ck_assert_uint_lt(strlen(why), 256);
	free(word);
	ck_assert_int_eq(p25_prefix_parse("\033[2Jx", &prefix, &why), -EINVAL);
	ck_assert_ptr_null(strchr(why, '\033'));
	ck_assert_ptr_nonnull(strstr(why, "\"?[2Jx\""));
	/* U+009B is CSI, as is ESC with '['; U+202E turns what follows round. */
	p25_prefix_parse("\302\2332J\u202ex\xff\u00e4", &prefix, &why);
	ck_assert_ptr_nonnull(strstr(why, "\"??2J???x?\u00e4\""));
}

/* What inet_pton() takes for an IPv4 address, and what it makes of it. */
static bool is_read_rightly(const char *text)
{
	struct p25_prefix want = { .family = AF_INET, .len = 32 }, got;
	char again[P25_PREFIX_STRLEN];

	if (inet_pton(AF_INET, text, want.addr) != 1)
		return p25_prefix_parse(text, &got, NULL) == -EINVAL;
	return !p25_prefix_parse(text, &got, NULL) &&
	       !memcmp(&want, &got, sizeof(want)) &&
	       !strcmp(p25_prefix_format(&got, again), text);
}

/* Check's assertions take their time: only what is wrong gets to one. */
static void compare_with_inet_pton(const char *text)
{
	if (!is_read_rightly(text))
		ck_abort_msg("\"%s\"", text);
}

START_TEST(test_every_octet)
{
	char octet[8], text[32];
	int i, width;

	for (i = 0; i < 4 * 1100; i++) {
		for (width = 0; width <= 4; width++) {
			snprintf(octet, sizeof(octet), "%0*d", width, i / 4);
			snprintf(text, sizeof(text), "%s.%s.%s.%s",
				 i % 4 == 0 ? octet : "1",
				 i % 4 == 1 ? octet : "20",
				 i % 4 == 2 ? octet : "30",
				 i % 4 == 3 ? octet : "255");
			compare_with_inet_pton(text);
		}
	}
}

/* Words of the letters that addresses have; some are addresses. */
START_TEST(test_random_ipv4)
{
	static const char letters[] = "0123456789012.....+- x";
	char text[20];
	int i, j, len;

	srandom(25);
	for (i = 0; i < 500000; i++) {
		len = random() % (sizeof(text) - 1);
		for (j = 0; j < len; j++)
			text[j] = letters[random() % (sizeof(letters) - 1)];
		text[len] = '\0';
		compare_with_inet_pton(text);
		snprintf(text, sizeof(text), "%ld.%ld.%ld.%ld", random() % 300,
			 random() % 260, random() % 256, random() % 257);
		compare_with_inet_pton(text);
	}
}

START_TEST(test_order)
{
	static const char *const order[] = {
		"0.0.0.0/0", "192.0.2.0/24", "192.0.2.0/25", "192.0.2.0",
		"192.0.2.1", "198.51.100.0/24", "::/0", "2001:db8::/32",
		"2001:db8::/64", "2001:db8::1",
	};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(order); i++) {
		for (j = 0; j < ARRAY_SIZE(order); j++) {
			struct p25_prefix a = prefix_of(order[i]);
			struct p25_prefix b = prefix_of(order[j]);
			int cmp = p25_prefix_cmp(&a, &b);

			ck_assert_int_eq((cmp > 0) - (cmp < 0),
					 (i > j) - (i < j));
		}
	}
}

static const struct {
	const char *prefix;
	const char *address;
	bool covers;
} covers[] = {
	{ "0.0.0.0/0", "198.51.100.7", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "::/0", "2001:db8::1", true },
	{ "198.51.100.0/24", "198.51.100.255", true },
	{ "198.51.100.0/24", "198.51.101.0", false },
	{ "198.51.100.64/28", "198.51.100.79", true },
	{ "198.51.100.64/28", "198.51.100.80", false },
	{ "198.51.100.7", "198.51.100.7", true },
	{ "198.51.100.7", "198.51.100.6", false },
	{ "2001:db8::/33", "2001:db8:7fff::1", true },
	{ "2001:db8::/33", "2001:db8:8000::1", false },
	{ "2001:db8::1", "2001:db8::1", true },
	{ "2001:db8::1", "2001:db8::", false },
};

START_TEST(test_covers)
{
	struct p25_prefix prefix = prefix_of(covers[_i].prefix);
	struct p25_prefix address = prefix_of(covers[_i].address);

	ck_assert_int_eq(prefix_covers(&prefix, &address), covers[_i].covers);
}

void *prefix_suite(void)
{
	void *tests;
	void *suite = suite_new("prefix", &tests);

	tcase_add_loop_test(tests, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(tests, test_hostile_word);
	tcase_add_test(tests, test_every_octet);
	tcase_add_test(tests, test_random_ipv4);
	tcase_add_test(tests, test_order);
	tcase_add_loop_test(tests, test_covers, 0, ARRAY_SIZE(covers));
	return suite;
}
