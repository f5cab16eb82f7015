// SPDX-License-Identifier: GPL-2.0
/*
 * Entries as text and as JSON.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "print.h"
#include "unit.h"

#define LISTED (PRINT_TIMEOUT | PRINT_EXPIRES | PRINT_COUNTERS)

static struct p25_entry plain, full, longest, odd, acting, guarded, unguarded;

static void setup(void)
{
	int i;

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
	acting = plain;
	acting.has_action = true;
	acting.action = P25_ACTION_PROHIBIT;
	strcpy(acting.comment, "x");
	guarded = full;
	guarded.expires = 0;
	guarded.timeout = 0;
	guarded.has_guard = true;
	guarded.guard = (struct p25_guard){ 2, { { 20, 60 }, { 1000, 3600 } } };
	unguarded = guarded;
	unguarded.guard.n = 0;
	*unguarded.comment = '\0';
	odd = plain;
	strcpy(odd.comment, "\33[J \177 \303\244");
	longest = full;
	longest.timeout = UINT32_MAX;
	longest.bytes = UINT64_MAX;
	longest.prefix = prefix_of("2001:db8:1111:2222:3333:4444:5555:6666/127");
	longest.has_action = true;
	longest.action = P25_ACTION_PROHIBIT;
	longest.has_guard = true;
	longest.guard.n = P25_GUARD_RATES_MAX;
	for (i = 0; i < P25_GUARD_RATES_MAX; i++)
		longest.guard.rate[i] =
			(struct p25_guard_rate){ UINT32_MAX, UINT32_MAX };
	memset(longest.owner, 'o', P25_OWNER_MAXLEN);
	memset(longest.comment, 1, P25_COMMENT_MAXLEN);
}

static void list_text(void *arg)
{
	print_entry(arg, LISTED);
}

static void save_text(void *arg)
{
	print_entry(arg, PRINT_EXPIRES);
}

static void twice_json(const struct p25_entry *entry, unsigned int what)
{
	json_array_begin();
	json_array_element(json_entry(entry, what));
	json_array_entry(entry, what);
	json_array_end();
}

static void list_json(void *arg)
{
	twice_json(arg, LISTED);
}

static void save_json(void *arg)
{
	twice_json(arg, PRINT_EXPIRES);
}

static void bare_json(void *arg)
{
	twice_json(arg, 0);
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
	const char *parts[4];
} prints[] = {
	{ list_text, &plain, { "pool 198.51.100.0/24 packets 0 bytes 0" } },
	{ list_text, &full,
	  { "optout 2001:db8::7 owner hooks timeout 7h59m59s",
	    " expires 2038-01-19T03:14:08Z",
	    " comment \"call \\\"0815\\\" \\\\ /\"",
	    " packets 18446744073709551615 bytes 180" } },
	{ save_text, &plain, { "pool 198.51.100.0/24" } },
	{ save_text, &acting,
	  { "pool 198.51.100.0/24 action prohibit comment \"x\"" } },
	{ save_text, &full,
	  { "optout 2001:db8::7 owner hooks expires 2038-01-19T03:14:08Z",
	    " comment \"call \\\"0815\\\" \\\\ /\"" } },
	{ save_text, &guarded,
	  { "optout 2001:db8::7 owner hooks guard 20/1m,1000/1h",
	    " comment \"call \\\"0815\\\" \\\\ /\"" } },
	{ save_text, &unguarded, { "optout 2001:db8::7 owner hooks guard off" } },
	{ array_of_none, NULL, { "[]\n" } },
};

/* Each is printed as an object, and as an element that never was one. */
static const struct {
	void (*print)(void *arg);
	void *entry;
	const char *parts[4];
} objects[] = {
	{ bare_json, &plain,
	  { "{\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",",
	    "\"owner\":\"admin\"}" } },
	{ list_json, &plain,
	  { "{\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",",
	    "\"owner\":\"admin\",\"packets\":0,\"bytes\":0}" } },
	{ list_json, &full,
	  { "{\"kind\":\"optout\",\"prefix\":\"2001:db8::7\",\"owner\":\"hooks\",",
	    "\"timeout\":28799,\"expires\":\"2038-01-19T03:14:08Z\",",
	    "\"comment\":\"call \\\"0815\\\" \\\\ /\",",
	    "\"packets\":18446744073709551615,\"bytes\":180}" } },
	{ save_json, &full,
	  { "{\"kind\":\"optout\",\"prefix\":\"2001:db8::7\",\"owner\":\"hooks\",",
	    "\"expires\":\"2038-01-19T03:14:08Z\",",
	    "\"comment\":\"call \\\"0815\\\" \\\\ /\"}" } },
	{ save_json, &acting,
	  { "{\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",",
	    "\"owner\":\"admin\",\"action\":\"prohibit\",\"comment\":\"x\"}" } },
	{ bare_json, &guarded,
	  { "{\"kind\":\"optout\",\"prefix\":\"2001:db8::7\",\"owner\":\"hooks\",",
	    "\"guard\":[{\"attempts\":20,\"seconds\":60},",
	    "{\"attempts\":1000,\"seconds\":3600}],",
	    "\"comment\":\"call \\\"0815\\\" \\\\ /\"}" } },
	{ bare_json, &unguarded,
	  { "{\"kind\":\"optout\",\"prefix\":\"2001:db8::7\",\"owner\":\"hooks\",",
	    "\"guard\":[]}" } },
	{ bare_json, &odd,
	  { "{\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",",
	    "\"owner\":\"admin\",\"comment\":\"\\u001b[J \177 \303\244\"}" } },
};

static void join(const char *const parts[4], char want[512])
{
	size_t i;

	*want = '\0';
	for (i = 0; i < 4 && parts[i]; i++)
		strcat(want, parts[i]);
}

START_TEST(test_print)
{
	char *text = printed_by(prints[_i].print, prints[_i].entry);
	char want[512];

	join(prints[_i].parts, want);
	ck_assert_str_eq(text, want);
	free(text);
}

START_TEST(test_object)
{
	char *text = printed_by(objects[_i].print, objects[_i].entry);
	char one[512], want[2048];

	join(objects[_i].parts, one);
	snprintf(want, sizeof(want), "[%s,\n%s]\n", one, one);
	ck_assert_str_eq(text, want);
	free(text);
}

/* There is room for all of it. */
START_TEST(test_longest)
{
	char *text = printed_by(list_json, &longest);

	ck_assert_ptr_nonnull(strstr(text, "\"bytes\":18446744073709551615},\n"));
	ck_assert_uint_lt(strlen(text), 2 * 1024);
	free(text);
	memset(longest.comment, '"', P25_COMMENT_MAXLEN);
	text = printed_by(list_text, &longest);
	ck_assert_uint_lt(strlen(text), ENTRY_STRLEN);
	free(text);
}

void *print_suite(void)
{
	void *tests;
	void *suite = suite_new("print", &tests);

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_loop_test(tests, test_print, 0, ARRAY_SIZE(prints));
	tcase_add_loop_test(tests, test_object, 0, ARRAY_SIZE(objects));
	tcase_add_test(tests, test_longest);
	return suite;
}
