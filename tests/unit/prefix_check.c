// SPDX-License-Identifier: GPL-2.0
/*
 * What an entry may cover: unforwardable and very wide prefixes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prefix_check.h"
#include "unit.h"

static const struct {
	const char *outer;
	const char *inner;
	bool covers;
} pairs[] = {
	{ "0.0.0.0/0", "0.0.0.0/0", true },
	{ "0.0.0.0/0", "198.51.100.7", true },
	{ "0.0.0.0/0", "2001:db8::1", false },
	{ "::/0", "198.51.100.7", false },
	{ "198.51.100.0/24", "198.51.100.0/24", true },
	{ "198.51.100.0/24", "198.51.100.255", true },
	{ "198.51.100.0/24", "198.51.101.0", false },
	{ "198.51.100.0/24", "198.51.100.0/23", false },
	{ "198.51.100.64/27", "198.51.100.95", true },
	{ "198.51.100.64/27", "198.51.100.96", false },
	{ "128.0.0.0/1", "128.0.0.0/2", true },
	{ "128.0.0.0/1", "127.255.255.255", false },
	{ "198.51.100.7", "198.51.100.7", true },
	{ "198.51.100.7", "198.51.100.6", false },
	{ "2001:db8::/127", "2001:db8::1", true },
	{ "2001:db8::/127", "2001:db8::2", false },
	{ "fe80::/10", "febf:ffff::1", true },
	{ "fe80::/10", "fec0::1", false },
};

START_TEST(test_covers)
{
	struct p25_prefix outer = prefix_of(pairs[_i].outer);
	struct p25_prefix inner = prefix_of(pairs[_i].inner);

	ck_assert_int_eq(prefix_covers(&outer, &inner), pairs[_i].covers);
}

static const struct {
	const char *prefix;
	const char *what;
} places[] = {
	{ "0.0.0.0", "0.0.0.0/8" },
	{ "0.0.0.0/8", "0.0.0.0/8" },
	{ "0.1.2.3", "0.0.0.0/8" },
	{ "127.0.0.1", "loopback" },
	{ "127.0.0.0/8", "loopback" },
	{ "224.0.0.1", "multicast" },
	{ "239.255.255.255", "multicast" },
	{ "255.255.255.255", "broadcast" },
	{ "::", "unspecified" },
	{ "::1", "loopback" },
	{ "fe80::1", "link-local" },
	{ "fe80::/10", "link-local" },
	{ "ff02::1", "multicast" },
	/* ordinary addresses beside those */
	{ "0.0.0.0/0", NULL },
	{ "0.0.0.0/7", NULL },
	{ "1.0.0.0", NULL },
	{ "126.0.0.0/7", NULL },
	{ "128.0.0.0", NULL },
	{ "192.0.2.1", NULL },
	{ "169.254.1.1", NULL },
	{ "223.255.255.255", NULL },
	{ "240.0.0.1", NULL },
	{ "255.255.255.254", NULL },
	{ "::/0", NULL },
	{ "::2", NULL },
	{ "2001:db8::", NULL },
	{ "fec0::1", NULL },
	{ "fe00::/9", NULL },
};

START_TEST(test_unforwardable)
{
	struct p25_prefix prefix = prefix_of(places[_i].prefix);
	const char *what = prefix_unforwardable(&prefix);

	if (!places[_i].what)
		ck_assert_ptr_null(what);
	else
		ck_assert_msg(what && strstr(what, places[_i].what), "%s",
			      what);
}

static const struct {
	const char *prefix;
	bool wide;
	int status;
} reaches[] = {
	{ "0.0.0.0/0", false, MISUSED },
	{ "::/0", false, MISUSED },
	{ "10.0.0.0/7", false, MISUSED },
	{ "2000::/15", false, MISUSED },
	{ "10.0.0.0/8", false, DONE },
	{ "2001::/16", false, DONE },
	{ "198.51.100.7", false, DONE },
	{ "0.0.0.0/0", true, DONE },
	{ "::/0", true, DONE },
	{ "127.0.0.1", true, MISUSED },
};

START_TEST(test_reach)
{
	struct p25_entry entry = {
		.kind = P25_KIND_BLOCK,
		.prefix = prefix_of(reaches[_i].prefix),
	};
	struct ctl c = { .wide = reaches[_i].wide };
	FILE *before = stderr;
	char *errors = NULL;
	size_t size;
	int status;

	/* Nothing is in force there. */
	c.netns = "/nonexistent/netns";
	stderr = open_memstream(&errors, &size);
	status = prefix_check(&c, &entry);
	fclose(stderr);
	stderr = before;
	ck_assert_msg(status == reaches[_i].status, "%s", errors);
	free(errors);
}

void *prefix_check_suite(void)
{
	void *tests;
	void *suite = suite_new("prefix_check", &tests);

	tcase_add_loop_test(tests, test_covers, 0, ARRAY_SIZE(pairs));
	tcase_add_loop_test(tests, test_unforwardable, 0, ARRAY_SIZE(places));
	tcase_add_loop_test(tests, test_reach, 0, ARRAY_SIZE(reaches));
	return suite;
}
