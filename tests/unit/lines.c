// SPDX-License-Identifier: GPL-2.0
/*
 * Files into lines.
 */
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "unit.h"

static char line[LINE_MAXLEN + 1];

/* Reads a line of a file that has these bytes. */
static enum line_result read_one(const char *bytes, size_t len,
				 const char **why)
{
	FILE *in = fmemopen((void *)bytes, len, "r");
	enum line_result result;

	ck_assert_ptr_nonnull(in);
	result = line_read(in, line, why);
	fclose(in);
	return result;
}

START_TEST(test_lines)
{
	static const char text[] = "one\n\n two\t\nlast";
	static const char *const lines[] = { "one", "", " two\t", "last" };
	FILE *in = fmemopen((void *)text, strlen(text), "r");
	const char *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		ck_assert_int_eq(line_read(in, line, &why), LINE_READ);
		ck_assert_str_eq(line, lines[i]);
	}
	ck_assert_int_eq(line_read(in, line, &why), LINE_END);
	fclose(in);
}

START_TEST(test_empty_file)
{
	FILE *in = fopen("/dev/null", "r");
	const char *why;

	ck_assert_int_eq(line_read(in, line, &why), LINE_END);
	fclose(in);
}

START_TEST(test_unreadable)
{
	FILE *in = fopen("/", "r");
	const char *why;

	ck_assert_int_eq(line_read(in, line, &why), LINE_UNREADABLE);
	fclose(in);
}

static const struct {
	const char *bytes;
	size_t len;
	const char *why;
} bad[] = {
	{ "a\0b\n", 4, "NUL byte" },
	{ "\0", 1, "NUL byte" },
	{ "pool\r\n", 6, "CR LF" },
	{ "pool\r", 5, "CR LF" },
	{ "\377\376p\n", 4, "no UTF-8" },
	{ "# caf\351\n", 7, "no UTF-8" },
	{ "\303\n", 2, "no UTF-8" },
};

START_TEST(test_bad)
{
	const char *why = "";

	ck_assert_int_eq(read_one(bad[_i].bytes, bad[_i].len, &why),
			 LINE_MALFORMED);
	ck_assert_msg(strstr(why, bad[_i].why), "%s", why);
}

START_TEST(test_long_line)
{
	char *text = malloc(LINE_MAXLEN + 2);
	const char *why = "";

	memset(text, 'x', LINE_MAXLEN + 1);
	text[LINE_MAXLEN] = '\n';
	ck_assert_int_eq(read_one(text, LINE_MAXLEN + 1, &why), LINE_READ);
	ck_assert_uint_eq(strlen(line), LINE_MAXLEN);
	text[LINE_MAXLEN] = 'x';
	text[LINE_MAXLEN + 1] = '\n';
	ck_assert_int_eq(read_one(text, LINE_MAXLEN + 2, &why),
			 LINE_MALFORMED);
	ck_assert_msg(strstr(why, "too long"), "%s", why);
	free(text);
}

void *lines_suite(void)
{
	void *tests;
	void *suite = suite_new("lines", &tests);

	tcase_add_test(tests, test_lines);
	tcase_add_test(tests, test_empty_file);
	tcase_add_test(tests, test_unreadable);
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(tests, test_long_line);
	return suite;
}
