// SPDX-License-Identifier: GPL-2.0
/*
 * Entries as text and as JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print.h"
#include "unit.h"

static struct p25_entry plain, full;

static void setup(void)
{
	plain = (struct p25_entry){
		.kind = P25_KIND_POOL,
		.prefix = prefix_of("198.51.100.0/24"),
		.owner = "admin",
	};
	full = (struct p25_entry){
		.kind = P25_KIND_OPTOUT,
		.prefix = prefix_of("2001:db8::7"),
		.owner = "hooks",
		.timeout = 28799,
		.expires = 2147483648,
		.comment = "call \"0815\" \\ /",
		.packets = UINT64_MAX,
		.bytes = 180,
	};
}

static void list_text(void *arg)
{
	print_entry(arg, PRINT_TIMEOUT | PRINT_COUNTERS);
}

static void save_text(void *arg)
{
	print_entry(arg, PRINT_EXPIRES);
}

static void list_json(void *arg)
{
	json_print(json_entry(arg, PRINT_TIMEOUT | PRINT_COUNTERS));
}

static void save_json(void *arg)
{
	json_print(json_entry(arg, PRINT_EXPIRES));
}

static void array_of_two(void *arg)
{
	json_array_begin();
	json_array_element(json_entry(arg, 0));
	json_array_element(json_entry(arg, 0));
	json_array_end();
}

static void array_of_none(void *arg)
{
	(void)arg;
	json_array_begin();
	json_array_end();
}

/* The text is in parts, of which no line gets too long. */
static const struct {
	void (*print)(void *arg);
	void *entry;
	const char *parts[3];
} prints[] = {
	{ list_text, &plain, { "pool 198.51.100.0/24 packets 0 bytes 0" } },
	{ list_text, &full,
	  { "optout 2001:db8::7 owner hooks timeout 7h59m59s",
	    " comment \"call \\\"0815\\\" \\\\ /\"",
	    " packets 18446744073709551615 bytes 180" } },
	{ save_text, &plain, { "pool 198.51.100.0/24" } },
	{ save_text, &full,
	  { "optout 2001:db8::7 owner hooks expires 2038-01-19T03:14:08Z",
	    " comment \"call \\\"0815\\\" \\\\ /\"" } },
	{ list_json, &plain,
	  { "{\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",",
	    "\"owner\":\"admin\",\"packets\":0,\"bytes\":0}\n" } },
	{ list_json, &full,
	  { "{\"kind\":\"optout\",\"prefix\":\"2001:db8::7\",\"owner\":\"hooks\",",
	    "\"timeout\":28799,\"comment\":\"call \\\"0815\\\" \\\\ /\",",
	    "\"packets\":18446744073709551615,\"bytes\":180}\n" } },
	{ save_json, &full,
	  { "{\"kind\":\"optout\",\"prefix\":\"2001:db8::7\",\"owner\":\"hooks\",",
	    "\"expires\":\"2038-01-19T03:14:08Z\",",
	    "\"comment\":\"call \\\"0815\\\" \\\\ /\"}\n" } },
	{ array_of_none, NULL, { "[]\n" } },
	{ array_of_two, &plain,
	  { "[{\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",\"owner\":\"admin\"},\n",
	    "{\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",\"owner\":\"admin\"}",
	    "]\n" } },
};

START_TEST(test_print)
{
	char *text = printed_by(prints[_i].print, prints[_i].entry);
	char want[512] = "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prints[_i].parts) && prints[_i].parts[i]; i++)
		strcat(want, prints[_i].parts[i]);
	ck_assert_str_eq(text, want);
	free(text);
}

void *print_suite(void)
{
	void *tests;
	void *suite = suite_new("print", &tests);

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_loop_test(tests, test_print, 0, ARRAY_SIZE(prints));
	return suite;
}
