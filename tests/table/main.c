// SPDX-License-Identifier: GPL-2.0
/*
 * Runs all tests, and what they share.
 */
#include "ktap.h"
#include "table_test.h"

jmp_buf failed;

struct p25_prefix prefix_of(const char *text)
{
	struct p25_prefix prefix = { .family = strchr(text, ':') ? AF_INET6 : AF_INET };
	const char *slash = strchrnul(text, '/');
	char address[64] = "";

	memcpy(address, text, slash - text);
	CHECK(inet_pton(prefix.family, address, &prefix.addr) == 1);
	prefix.len = *slash ? (unsigned int)atoi(slash + 1) :
			      p25_family_bits(prefix.family);
	return prefix;
}

struct p25_prefix random_address(u8 family)
{
	struct p25_prefix prefix = {
		.family = family,
		.len = p25_family_bits(family),
	};
	unsigned int i;

	for (i = 0; i < prefix.len / 8U; i++)
		prefix.addr.s6_addr[i] = below(256);
	return prefix;
}

struct p25_prefix cut(struct p25_prefix address, unsigned int len)
{
	unsigned int i;

	for (i = len; i < p25_family_bits(address.family); i++)
		if (bit_of(&address, i))
			flip_bit(&address, i);
	address.len = len;
	return address;
}

bool is_same(const struct p25_prefix *a, const struct p25_prefix *b)
{
	return a->family == b->family && a->len == b->len &&
	       !memcmp(&a->addr, &b->addr, sizeof(a->addr));
}

static void run(const struct test *test)
{
	if (setjmp(failed)) {
		ktap_result(false, "%s", test->name);
		return;
	}
	kernel_clocks = (struct kernel_clocks) { .boottime = seconds(1) };
	test->run();
	kernel_grace_period();
	ktap_result(true, "%s", test->name);
}

int main(void)
{
	static const struct test *const tests[] = {
		prefix_tests, hash_tests, slot_tests, expiry_tests,
		sequence_tests, digest_tests, slab_tests, index_tests,
		table_tests, judge_tests, hyperloglog_tests, sender_tests,
		rate_tests, history_tests,
	};
	const struct test *test;
	size_t i;

	ktap_begin();
	for (i = 0; i < ARRAY_SIZE(tests); i++)
		for (test = tests[i]; test->run; test++)
			run(test);
	return ktap_end();
}
