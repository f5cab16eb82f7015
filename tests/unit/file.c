// SPDX-License-Identifier: GPL-2.0
/*
 * Reading files: every malformed line is reported, and a file that is written to
 * meanwhile is refused.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "quote.h"
#include "report.h"
#include "spool.h"
#include "unit.h"
#include "words.h"

static char path[32];
static struct ctl ctl;
static unsigned int lines;
static char *errors;
static size_t errors_size;
static FILE *before;

static void setup(void)
{
	strcpy(path, "/tmp/p25-unit-XXXXXX");
	close(mkstemp(path));
	memset(&ctl, 0, sizeof(ctl));
	lines = 0;
	before = stderr;
	stderr = open_memstream(&errors, &errors_size);
}

static void teardown(void)
{
	unlink(path);
	fclose(stderr);
	stderr = before;
	free(errors);
}

static void write_file(const char *mode, const char *text)
{
	FILE *to = fopen(path, mode);

	ck_assert_ptr_nonnull(to);
	fputs(text, to);
	fclose(to);
}

/* Lines "bad" and "quoted" are not understood, "fails" fails, "grow" is written to. */
static int take(struct ctl *c, struct words *w, void *arg)
{
	(void)arg;
	lines++;
	if (!strcmp(w->v[0], "bad"))
		return report_misuse(c, "it is bad");
	if (!strcmp(w->v[0], "quoted"))
		return report_misuse(c, "%s is bad", quote(w->v[0]));
	if (!strcmp(w->v[0], "fails"))
		return report_failure(c, "it fails");
	if (!strcmp(w->v[0], "grow"))
		write_file("a", "more\n");
	if (!strcmp(w->v[0], "rewrite"))
		write_file("w", "rewrite\nagain\n");
	if (!strcmp(w->v[0], "shrink"))
		ck_assert(!truncate(path, 3));
	return DONE;
}

static int read_file(void)
{
	return file_each_line(&ctl, path, take, NULL);
}

static void says(const char *text)
{
	fflush(stderr);
	ck_assert_msg(strstr(errors, text), "%s", errors);
}

START_TEST(test_all_that_is_wrong)
{
	write_file("w", "bad\ngood\n\"\nbad\r\n\377\nbad");
	ck_assert_int_eq(read_file(), MISUSED);
	ck_assert_uint_eq(lines, 2);
	ck_assert_uint_eq(ctl.bad, 5);
	says(":1: it is bad\n");
	says(":3: unterminated quote\n");
	says(":4: the line ends in CR LF");
	says(":5: invalid UTF-8\n");
	says(":6: the last line has no newline");
}

START_TEST(test_many_are_wrong)
{
	int i;

	for (i = 0; i < BAD_SHOWN + 5; i++)
		write_file("a", "bad\n");
	ck_assert_int_eq(read_file(), MISUSED);
	says(":20: it is bad\n");
	says(": 5 more lines are wrong\n");
	ck_assert_ptr_null(strstr(errors, ":21:"));
}

/* The one that is not shown is not what the last message is about, either. */
START_TEST(test_one_too_many_is_wrong)
{
	int i;

	for (i = 0; i < BAD_SHOWN + 1; i++)
		write_file("a", "quoted\n");
	ctl.json = true;
	ck_assert_int_eq(read_file(), MISUSED);
	says("\"line\":20,\"word\":\"quoted\",");
	says("\",\"note\":true,\"message\":\"1 more line is wrong\"}\n");
	ck_assert_ptr_null(strstr(errors, "\"word\":\"quoted\",\"note\""));
}

/* What is no text may have no end; what is JSON, a reason in each of its lines. */
START_TEST(test_no_such_file)
{
	write_file("w", "{\nbad\nbad\n");
	ck_assert_int_eq(read_file(), MISUSED);
	ck_assert_uint_eq(ctl.bad, 1);
	says(":1: this is JSON");
	ck_assert_int_eq(file_each_line(&ctl, "/dev/zero", take, NULL),
			 MISUSED);
	says("/dev/zero:1: NUL byte");
}

START_TEST(test_failure_ends_it)
{
	write_file("w", "good\nfails\nbad\n");
	ck_assert_int_eq(read_file(), FAILED);
	ck_assert_uint_eq(lines, 2);
}

static const char *const changes[] = {
	"grow\n", "rewrite\nagain\n", "shrink\n",
};

/* The clock of files goes by steps of some milliseconds. */
START_TEST(test_changed)
{
	static const struct timespec long_ago[2] = { 0 };

	write_file("w", changes[_i]);
	ck_assert(!utimensat(AT_FDCWD, path, long_ago, 0));
	ck_assert_int_eq(read_file(), FAILED);
	says("the file was written to while it was read");
	says("rename it");
}

START_TEST(test_unchanged)
{
	write_file("w", "good\n");
	ck_assert_int_eq(read_file(), DONE);
	ck_assert_int_eq(read_file(), DONE);
	ck_assert_uint_eq(ctl.read, 5);
}

/* That is how it should be done: apply reads what it has opened. */
START_TEST(test_renamed)
{
	char old[64];
	bool again;

	write_file("w", "good\n");
	ck_assert_int_eq(spool_file(&ctl, path, &again), DONE);
	ck_assert(again);
	snprintf(old, sizeof(old), "%s.old", path);
	ck_assert(!rename(path, old));
	write_file("w", "bad\n");
	unlink(old);
	ck_assert_int_eq(read_file(), DONE);
	ck_assert_int_eq(read_file(), DONE);
	close(ctl.copy);
}

void *file_suite(void)
{
	void *tests;
	void *suite = suite_new("file", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_all_that_is_wrong);
	tcase_add_test(tests, test_many_are_wrong);
	tcase_add_test(tests, test_one_too_many_is_wrong);
	tcase_add_test(tests, test_no_such_file);
	tcase_add_test(tests, test_failure_ends_it);
	tcase_add_loop_test(tests, test_changed, 0, ARRAY_SIZE(changes));
	tcase_add_test(tests, test_unchanged);
	tcase_add_test(tests, test_renamed);
	return suite;
}
