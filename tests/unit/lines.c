// SPDX-License-Identifier: GPL-2.0
/*
 * Files into lines.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lines.h"
#include "unit.h"

static struct lines in;
static char *line;

/* Begins to read a file that has these bytes. */
static void start(const char *bytes, size_t len)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), len);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	lines_start(&in, fd);
}

/* Reads a line of a file that has these bytes. */
static enum line_result read_one(const char *bytes, size_t len,
				 const char **why)
{
	enum line_result result;

	start(bytes, len);
	result = lines_next(&in, &line, why);
	close(in.fd);
	return result;
}

START_TEST(test_lines)
{
	static const char text[] = "one\n\n two\t\nlast\n";
	static const char *const lines[] = { "one", "", " two\t", "last" };
	const char *why;
	size_t i;

	start(text, strlen(text));
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		ck_assert_int_eq(lines_next(&in, &line, &why), LINE_READ);
		ck_assert_str_eq(line, lines[i]);
	}
	ck_assert_int_eq(lines_next(&in, &line, &why), LINE_END);
	ck_assert_int_eq(lines_next(&in, &line, &why), LINE_END);
	ck_assert_uint_eq(in.read, strlen(text));
	close(in.fd);
}

/* Lines of all lengths, so that each of them ends at any place of the buffer. */
START_TEST(test_many_lines)
{
	size_t most = 3000, len, room = (most + 1) * (most + 2) / 2;
	char *text = malloc(room), *end = text;
	const char *why;

	for (len = 0; len <= most; len++) {
		memset(end, 'a' + len % 26, len);
		end[len] = '\n';
		end += len + 1;
	}
	start(text, end - text);
	for (len = 0; len <= most; len++) {
		ck_assert_int_eq(lines_next(&in, &line, &why), LINE_READ);
		ck_assert_uint_eq(strlen(line), len);
		ck_assert(!len || (line[0] == (char)('a' + len % 26) &&
				   line[len - 1] == line[0]));
	}
	ck_assert_int_eq(lines_next(&in, &line, &why), LINE_END);
	close(in.fd);
	free(text);
}

/* A pipe gives what there is: a line may come in pieces. */
START_TEST(test_pieces)
{
	const char *why;
	int fds[2];

	ck_assert_int_eq(pipe(fds), 0);
	lines_start(&in, fds[0]);
	ck_assert_int_eq(write(fds[1], "one\ntw", 6), 6);
	ck_assert_int_eq(lines_next(&in, &line, &why), LINE_READ);
	ck_assert_str_eq(line, "one");
	ck_assert_int_eq(write(fds[1], "o\nthr", 5), 5);
	ck_assert_int_eq(lines_next(&in, &line, &why), LINE_READ);
	ck_assert_str_eq(line, "two");
	close(fds[1]);
	ck_assert_int_eq(lines_next(&in, &line, &why), LINE_MALFORMED);
	close(fds[0]);
}

START_TEST(test_empty_file)
{
	const char *why;

	ck_assert_int_eq(read_one("", 0, &why), LINE_END);
}

START_TEST(test_unreadable)
{
	const char *why;

	lines_start(&in, open("/", O_RDONLY));
	ck_assert_int_eq(lines_next(&in, &line, &why), LINE_UNREADABLE);
	close(in.fd);
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
	{ "\377\376p\n", 4, "invalid UTF-8" },
	{ "# caf\351\n", 7, "invalid UTF-8" },
	{ "\303\n", 2, "invalid UTF-8" },
	{ "12345678\377", 9, "invalid UTF-8" },
	{ "1234567\377", 8, "invalid UTF-8" },
	{ "static 198.51.100.1", 19, "the last line has no newline" },
	{ "#", 1, "cut off" },
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
	tcase_add_test(tests, test_many_lines);
	tcase_add_test(tests, test_pieces);
	tcase_add_test(tests, test_empty_file);
	tcase_add_test(tests, test_unreadable);
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_test(tests, test_long_line);
	return suite;
}
