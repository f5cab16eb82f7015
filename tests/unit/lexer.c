// SPDX-License-Identifier: GPL-2.0
/*
 * Lines into words.
 */
#include <stdlib.h>
#include <string.h>

#include "lexer.h"
#include "unit.h"
#include "words.h"

static const struct {
	const char *line;
	const char *words[6];
} good[] = {
	{ "", { NULL } },
	{ " \t ", { NULL } },
	{ "# pool", { NULL } },
	{ "  # \"", { NULL } },
	{ "pool", { "pool" } },
	{ "\tpool  198.51.100.0/24\t", { "pool", "198.51.100.0/24" } },
	{ "a # b", { "a" } },
	{ "a#b c", { "a#b", "c" } },
	{ "a \"# b\" c", { "a", "# b", "c" } },
	{ "comment \"mx pool\" # x", { "comment", "mx pool" } },
	{ "comment \"\"", { "comment", "" } },
	{ "\"a \\\"b\\\" \\\\\"", { "a \"b\" \\" } },
	{ "\"a\"\t\"b\"", { "a", "b" } },
	{ "a\\b 'c d'", { "a\\b", "'c", "d'" } },
	{ "B\303\274ro", { "B\303\274ro" } },
};

START_TEST(test_good)
{
	char *line = strdup(good[_i].line);
	struct words w = { 0 };
	const char *why = "";
	size_t i;

	ck_assert_msg(!lex(line, &w, &why), "%s", why);
	for (i = 0; good[_i].words[i]; i++) {
		ck_assert_uint_lt(i, w.n);
		ck_assert_str_eq(w.v[i], good[_i].words[i]);
	}
	ck_assert_uint_eq(w.n, i);
	free(w.v);
	free(line);
}

static const struct {
	const char *line;
	const char *why;
} bad[] = {
	{ "\"", "unterminated" },
	{ "a \"b", "unterminated" },
	{ "\"a\\", "unterminated" },
	{ "\"a\\\"", "unterminated" },
	{ "\"a\\n\"", "may follow a backslash" },
	{ "\"a\"b", "blank must follow" },
	{ "\"a\"\"b\"", "blank must follow" },
	{ "\"a\"#", "blank must follow" },
	{ "a\"b\"", "only begin a word" },
};

START_TEST(test_bad)
{
	char *line = strdup(bad[_i].line);
	struct words w = { 0 };
	const char *why = "";

	ck_assert_int_eq(lex(line, &w, &why), -1);
	ck_assert_msg(strstr(why, bad[_i].why), "%s", why);
	free(w.v);
	free(line);
}

START_TEST(test_many_words)
{
	struct words w = { 0 };
	const char *why;
	char line[2001];
	size_t i;

	for (i = 0; i < 1000; i++)
		memcpy(line + 2 * i, "x ", 3);
	ck_assert(!lex(line, &w, &why));
	ck_assert_uint_eq(w.n, 1000);
	free(w.v);
}

void *lexer_suite(void)
{
	void *tests;
	void *suite = suite_new("lexer", &tests);

	tcase_add_loop_test(tests, test_good, 0, ARRAY_SIZE(good));
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(tests, test_many_words);
	return suite;
}
