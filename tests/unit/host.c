// SPDX-License-Identifier: GPL-2.0
/*
 * Relays by host name, with a resolver that only knows two.
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "targets.h"
#include "unit.h"
#include "words.h"

static struct sockaddr_in v4[3];
static struct sockaddr_in6 v6[2];
static struct addrinfo answers[5];

static void answer(size_t i, void *address, int family, socklen_t size)
{
	answers[i].ai_family = family;
	answers[i].ai_addr = address;
	answers[i].ai_addrlen = size;
	answers[i].ai_next = i < 4 ? &answers[i + 1] : NULL;
}

/* Two addresses, one of them twice, and two of IPv6, one of them mapped. */
static void make_answers(void)
{
	static const char *const text4[] = {
		"192.0.2.25", "192.0.2.26", "192.0.2.25",
	};
	static const char *const text6[] = {
		"2001:db8::25", "::ffff:192.0.2.26",
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		v4[i].sin_family = AF_INET;
		inet_pton(AF_INET, text4[i], &v4[i].sin_addr);
		answer(i, &v4[i], AF_INET, sizeof(v4[i]));
	}
	for (i = 0; i < 2; i++) {
		v6[i].sin6_family = AF_INET6;
		inet_pton(AF_INET6, text6[i], &v6[i].sin6_addr);
		answer(3 + i, &v6[i], AF_INET6, sizeof(v6[i]));
	}
}

/* In place of the C library's. */
int getaddrinfo(const char *node, const char *service,
		const struct addrinfo *hints, struct addrinfo **result)
{
	(void)service;
	(void)hints;
	if (strcmp(node, "relay.example") && strcmp(node, "mx1"))
		return EAI_NONAME;
	make_answers();
	*result = answers;
	return 0;
}

void freeaddrinfo(struct addrinfo *result)
{
	(void)result;
}

START_TEST(test_resolve)
{
	static const char *const want[] = {
		"192.0.2.25", "192.0.2.26", "2001:db8::25",
	};
	struct entries list = { 0 };
	char text[P25_PREFIX_STRLEN];
	struct ctl c = { 0 };
	size_t i;

	ck_assert_int_eq(host_resolve(&c, "relay.example", &list), DONE);
	ck_assert_uint_eq(list.n, ARRAY_SIZE(want));
	for (i = 0; i < list.n; i++) {
		ck_assert_str_eq(p25_prefix_format(&list.v[i].prefix, text),
				 want[i]);
		ck_assert_str_eq(list.v[i].comment, "relay.example");
	}
	free(list.v);
}

/* A single dot says that it is a name, and is none of it. */
START_TEST(test_local)
{
	struct entries list = { 0 };
	struct ctl c = { 0 };

	ck_assert_int_eq(host_resolve(&c, "mx1.", &list), DONE);
	ck_assert_uint_eq(list.n, 3);
	ck_assert_str_eq(list.v[0].comment, "mx1");
	free(list.v);
}

static const struct {
	const char *word;
	int status;
} relays[] = {
	{ "relay.example", DONE },
	{ "mx1.", DONE },
	{ "mx1", MISUSED },
	{ "comment.example", FAILED },
	{ "comentt", MISUSED },
};

START_TEST(test_relay)
{
	char *word = (char *)relays[_i].word;
	struct words w = { .v = &word, .n = 1 };
	struct entries list = { 0 };
	struct ctl c = { 0 };

	ck_assert_int_eq(parse_targets(&c, &w, P25_KIND_RELAY, 1, &list),
			 relays[_i].status);
	free(list.v);
}

START_TEST(test_unknown)
{
	struct entries list = { 0 };
	struct ctl c = { 0 };

	ck_assert_int_eq(host_resolve(&c, "other.example", &list), FAILED);
	ck_assert_uint_eq(list.n, 0);
}

static const struct {
	const char *word;
	bool host;
} words[] = {
	{ "relay.example", true },
	{ "relay.example.", true },
	{ "mx1", true },
	{ "1and1.example", true },
	{ "a-b_c.example", true },
	{ "xn--bcher-kva.example", true },
	{ "198.51.100", false },
	{ "300.1.1.1", false },
	{ "0x7f000001", false },
	{ "0xc0.0.2.0x19", false },
	{ "192.0.0x219", false },
	{ "0xmail", true },
	{ "0x7f.example", true },
	{ "192.0.2.1", false },
	{ "192.0.2.1x.", true },
	{ "2001:db8::1", false },
	{ "fe80::", false },
	{ "relay.example/24", false },
	{ "relay example", false },
	{ "-relay.example", false },
	{ ".example", false },
	{ "relay.25", false },
	{ "b\303\274cher.example", false },
	{ "", false },
};

START_TEST(test_is_host)
{
	ck_assert_int_eq(is_host(words[_i].word), words[_i].host);
}

void *host_suite(void)
{
	void *tests;
	void *suite = suite_new("host", &tests);

	tcase_add_test(tests, test_resolve);
	tcase_add_test(tests, test_local);
	tcase_add_loop_test(tests, test_relay, 0, ARRAY_SIZE(relays));
	tcase_add_test(tests, test_unknown);
	tcase_add_loop_test(tests, test_is_host, 0, ARRAY_SIZE(words));
	return suite;
}
