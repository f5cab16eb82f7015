// SPDX-License-Identifier: GPL-2.0
/*
 * Suggestions and quotes.
 */
#include <stdlib.h>
#include <string.h>

#include "confusable.h"
#include "quote.h"
#include "suggest.h"
#include "synonyms.h"
#include "unit.h"

static const char *const names[] = {
	"relay", "pool", "static", "optout", "block", "list", "flush", "set",
};

static const struct {
	const char *word;
	const char *meant;
} words[] = {
	{ "poool", "pool" },
	{ "pol", "pool" },
	{ "opol", "pool" },
	{ "pools", "pool" },
	{ "sttaic", "static" },
	{ "otpout", "optout" },
	{ "blcok", "block" },
	{ "stat", "static" },
	{ "ste", "set" },
	{ "strtaic", "static" },
	{ "POOL", "pool" },
	{ "Relay", "relay" },
	/* words of their own */
	{ "reload", NULL },
	{ "unblock", NULL },
	{ "owner", NULL },
	{ "for", NULL },
	{ "st", "static" },
	{ "s", NULL },
	{ "x", NULL },
	{ "", NULL },
	{ "delete", NULL },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
};

START_TEST(test_suggest)
{
	const char *name = suggest(words[_i].word, names, ARRAY_SIZE(names));

	if (!words[_i].meant)
		ck_assert_ptr_null(name);
	else
		ck_assert_pstr_eq(name, words[_i].meant);
}

START_TEST(test_synonym)
{
	ck_assert_pstr_eq(synonym("ban", "object", names, ARRAY_SIZE(names)),
			  "block add");
	ck_assert_ptr_null(synonym("ba", "object", names, ARRAY_SIZE(names)));
	ck_assert_ptr_null(synonym("", "object", names, ARRAY_SIZE(names)));
	ck_assert_ptr_null(synonym("ban", "option", names, ARRAY_SIZE(names)));
	/* "show" is none of the names. */
	ck_assert_ptr_null(synonym("stats", "object", names,
				   ARRAY_SIZE(names)));
}

START_TEST(test_odd)
{
	ck_assert_ptr_null(confusable_character("B\303\274ro 25"));
	ck_assert_ptr_null(confusable_character(""));
	ck_assert_pstr_eq(confusable_character("a\302\255b"),
			  "U+00AD, a soft hyphen");
	ck_assert_pstr_eq(confusable_character("caf\351"),
			  "the byte 0xE9, which is not UTF-8");
}

START_TEST(test_quote)
{
	char *word = malloc(1001);

	ck_assert_str_eq(quote("a b"), "\"a b\"");
	ck_assert_str_eq(quote(""), "\"\"");
	ck_assert_str_eq(quote("a\" b\\"), "\"a\\\" b\\\\\"");
	ck_assert_str_eq(quote("a\n\033[2J"), "\"a??[2J\"");
	ck_assert_str_eq(quote("caf\351"), "\"caf?\"");
	ck_assert_str_eq(quote("B\303\274ro"), "\"B\303\274ro\"");
	memset(word, 'x', 1000);
	word[1000] = '\0';
	ck_assert_uint_lt(strlen(quote(word)), 90);
	ck_assert_ptr_nonnull(strstr(quote(word), "xxx...\""));
	/* A character of four bytes where it is cut. */
	memcpy(word + 79, "\360\237\223\247", 4);
	ck_assert_uint_lt(strlen(quote(word)), 90);
	free(word);
}

void *words_suite(void)
{
	void *tests;
	void *suite = suite_new("words", &tests);

	tcase_add_loop_test(tests, test_suggest, 0, ARRAY_SIZE(words));
	tcase_add_test(tests, test_synonym);
	tcase_add_test(tests, test_odd);
	tcase_add_test(tests, test_quote);
	return suite;
}
