// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of addresses: read, and taken apart into prefixes.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "address_range.h"
#include "unit.h"

static int parse(const char *text, struct address_range *range, unsigned int *how,
		 const char **why)
{
	char copy[128];
	int err;

	strcpy(copy, text);
	err = range_parse(copy, range, how, why);
	ck_assert_str_eq(copy, text);
	return err;
}

static struct address_range range_of(const char *text)
{
	struct address_range range;
	unsigned int how;
	const char *why;

	ck_assert_msg(!parse(text, &range, &how, &why), "%s: %s", text, why);
	return range;
}

/* The prefixes of a range, with blanks between them. */
static const struct {
	const char *text;
	unsigned int how;
	const char *prefixes;
} good[] = {
	{ "192.0.2.7", 0, "192.0.2.7" },
	{ "192.0.2.0/24", 0, "192.0.2.0/24" },
	{ "192.0.2.77/24", RANGE_MASKED, "192.0.2.0/24" },
	{ "192.0.2.0/255.255.255.0", RANGE_NETMASK, "192.0.2.0/24" },
	{ "192.0.2.9/255.255.255.248", RANGE_NETMASK | RANGE_MASKED,
	  "192.0.2.8/29" },
	{ "0.0.0.0/0", 0, "0.0.0.0/0" },
	{ "192.0.2.7/0", RANGE_MASKED, "0.0.0.0/0" },
	{ "0.0.0.0-255.255.255.255", RANGE_BOUNDS, "0.0.0.0/0" },
	{ "255.255.255.254-255.255.255.255", RANGE_BOUNDS, "255.255.255.254/31" },
	{ "192.0.2.1-192.0.2.1", RANGE_BOUNDS, "192.0.2.1" },
	{ "192.0.2.1-192.0.2.6", RANGE_BOUNDS,
	  "192.0.2.1 192.0.2.2/31 192.0.2.4/31 192.0.2.6" },
	{ "192.0.1.255-192.0.3.0", RANGE_BOUNDS,
	  "192.0.1.255 192.0.2.0/24 192.0.3.0" },
	{ "::ffff:192.0.2.7", RANGE_MAPPED, "192.0.2.7" },
	{ "::ffff:192.0.2.0/120", RANGE_MAPPED, "192.0.2.0/24" },
	{ "2001:db8::/32", 0, "2001:db8::/32" },
	{ "2001:db8::1/32", RANGE_MASKED, "2001:db8::/32" },
	{ "::/0", 0, "::/0" },
	{ "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", RANGE_BOUNDS, "::/0" },
	{ "2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::", RANGE_BOUNDS,
	  "2001:db8::ffff:ffff:ffff:ffff 2001:db8:0:1::" },
	{ "2001:db8::-2001:db8:0:2:ffff:ffff:ffff:ffff", RANGE_BOUNDS,
	  "2001:db8::/63 2001:db8:0:2::/64" },
	{ "::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", RANGE_BOUNDS, NULL },
};

START_TEST(test_good)
{
	char text[256] = "", prefix_text[P25_PREFIX_STRLEN];
	struct address_range range;
	struct p25_prefix prefix;
	unsigned int how, n = 0;
	const char *why = "";

	ck_assert_msg(!parse(good[_i].text, &range, &how, &why), "%s", why);
	ck_assert_uint_eq(how, good[_i].how);
	for (; range_next_prefix(&range, &prefix); n++) {
		p25_prefix_format(&prefix, prefix_text);
		if (!good[_i].prefixes)
			continue;
		strcat(text, *text ? " " : "");
		strcat(text, prefix_text);
	}
	if (good[_i].prefixes)
		ck_assert_str_eq(text, good[_i].prefixes);
	else
		ck_assert_uint_eq(n, 128);
}

static const struct {
	const char *text;
	const char *why;
} bad[] = {
	{ "", "not an IPv4 or IPv6" },
	{ "192.0.2.942", "not an IPv4 or IPv6" },
	{ "192.0.2.010", "not an IPv4 or IPv6" },
	{ "192.0.2.0/33", "the length must be 0 to 32" },
	{ "192.0.2.0/", "the length must be 0 to 32" },
	{ "192.0.2.0/255.0.255.0", "the length must be 0 to 32" },
	{ "::ffff:192.0.2.0/255.255.255.0", "the length must be 0 to 32" },
	{ "2001:db8::/129", "the length must be 0 to 128" },
	{ "2001:db8::/255.255.255.0", "the length must be 0 to 128" },
	{ "192.0.2.0/24/24", "the length must be 0 to 32" },
	{ "192.0.2.9-192.0.2.1", "ends before it begins" },
	{ "192.0.2.9-2001:db8::", "in one family and ends in another" },
	{ "192.0.2.0/24-192.0.3.0/24", "the length must be 0 to 32" },
	{ "192.0.2.1-", "not an IPv4 or IPv6" },
	{ "-192.0.2.1", "not an IPv4 or IPv6" },
	{ "192.0.2.1-192.0.2.2-192.0.2.3", "not an IPv4 or IPv6" },
	{ "fe80::1%eth0", "not an IPv4 or IPv6" },
};

START_TEST(test_bad)
{
	struct address_range range;
	const char *why = "";
	unsigned int how;

	ck_assert_int_eq(parse(bad[_i].text, &range, &how, &why), -1);
	ck_assert_msg(strstr(why, bad[_i].why), "%s", why);
}

static struct address random_address(int family)
{
	struct address address = { 0, random() };

	if (family == AF_INET)
		return (struct address){ 0, (uint32_t)(address.low << 1 ^ random()) };
	address.low = address.low << 33 ^ (uint64_t)random() << 10 ^ random();
	address.high = (uint64_t)random() << 33 ^ (uint64_t)random() << 10;
	/* Often near each other. */
	if (random() % 2)
		address.high = 0x20010db800000000;
	return address;
}

/* Do two prefixes that follow each other make up a shorter one? */
static bool are_halves(const struct p25_prefix *a, const struct p25_prefix *b)
{
	struct address_range first, second, both;
	struct p25_prefix whole = *a;

	if (a->len != b->len || !a->len)
		return false;
	whole.len--;
	range_of_prefix(a, &first);
	range_of_prefix(&whole, &both);
	range_of_prefix(b, &second);
	return !address_cmp(&first.first, &both.first) &&
	       !address_cmp(&second.last, &both.last);
}

/* They make up the range without a gap, and none is more than needed. */
START_TEST(test_random)
{
	int family = _i % 2 ? AF_INET6 : AF_INET, i;

	srandom(_i + 1);
	for (i = 0; i < 2000; i++) {
		struct address_range range = {
			family, random_address(family), random_address(family)
		};
		struct address_range rest, part;
		struct p25_prefix prefix, before = { 0 };
		struct address next;

		if (address_cmp(&range.first, &range.last) > 0) {
			next = range.first;
			range.first = range.last;
			range.last = next;
		}
		rest = range;
		next = range.first;
		while (range_next_prefix(&rest, &prefix)) {
			range_of_prefix(&prefix, &part);
			ck_assert(!address_cmp(&part.first, &next));
			ck_assert(range_covers(&range, &part));
			ck_assert(!before.family || !are_halves(&before, &prefix));
			ck_assert(range_reaches(&part.last, &rest.first) ||
				  !address_cmp(&part.last, &range.last));
			before = prefix;
			next.low = part.last.low + 1;
			next.high = part.last.high + !next.low;
		}
		ck_assert(!address_cmp(&part.last, &range.last));
	}
}

static const struct {
	const char *text;
	unsigned int len;
	bool wider;
} sizes[] = {
	{ "192.0.0.0/8", 8, false },
	{ "192.0.0.0/7", 8, true },
	{ "10.0.0.0-10.255.255.255", 8, false },
	{ "10.0.0.1-11.0.0.0", 8, false },
	{ "10.0.0.0-11.0.0.0", 8, true },
	{ "2001::/16", 16, false },
	{ "2001::/15", 16, true },
	{ "2001::1-2002::", 16, false },
	{ "2001::-2002::", 16, true },
	{ "::/0", 16, true },
	{ "::/0", 0, false },
};

START_TEST(test_size)
{
	struct address_range range = range_of(sizes[_i].text);

	ck_assert_int_eq(range_is_wider(&range, sizes[_i].len), sizes[_i].wider);
}

void *address_range_suite(void)
{
	void *tests;
	void *suite = suite_new("address_range", &tests);

	tcase_add_loop_test(tests, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_loop_test(tests, test_random, 0, 4);
	tcase_add_loop_test(tests, test_size, 0, ARRAY_SIZE(sizes));
	return suite;
}
