// SPDX-License-Identifier: GPL-2.0
/*
 * What p25ctl says of an error, as text and as JSON, and its exit status.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch_copy.h"
#include "quote.h"
#include "report.h"
#include "session.h"
#include "unit.h"

/* A handle that has an error, and does nothing else. */
static struct p25 p25;
static struct ctl ctl;
static FILE *before;
static char *said;
static size_t said_size;

static void setup(void)
{
	memset(&p25, 0, sizeof(p25));
	p25.ready = -EIO;
	ctl = (struct ctl){ .p25 = &p25 };
	before = stderr;
	stderr = open_memstream(&said, &said_size);
}

static void teardown(void)
{
	fclose(stderr);
	stderr = before;
	free(said);
}

static void ck_said(const char *want)
{
	fflush(stderr);
	ck_assert_str_eq(said, want);
}

START_TEST(test_text)
{
	ctl.file = "policy";
	ctl.line = 7;
	ck_assert_int_eq(report_misuse(&ctl, "%s is odd", quote("x")), MISUSED);
	ctl.line = 0;
	ck_assert_int_eq(report_error(&ctl, -EIO, "%d", 5), FAILED);
	note(&ctl, "by the way");
	ck_said("p25ctl: policy:7: \"x\" is odd\n"
		"p25ctl: policy: 5\n"
		"p25ctl: policy: by the way\n");
}

START_TEST(test_json)
{
	ctl.json = true;
	report_misuse(&ctl, "nothing");
	ctl.file = "policy";
	report_error(&ctl, -ENOENT, "it fails");
	ctl.line = 7;
	report_misuse(&ctl, "%s is odd", quote("x"));
	note(&ctl, "by the way");
	ck_said("{\"message\":\"nothing\"}\n"
		"{\"file\":\"policy\",\"errno\":2,\"message\":\"it fails\"}\n"
		"{\"file\":\"policy\",\"line\":7,\"word\":\"x\",\"message\":\"\\\"x\\\" is odd\"}\n"
		"{\"file\":\"policy\",\"line\":7,\"note\":true,\"message\":\"by the way\"}\n");
}

/* Whatever the bytes of a word and of a file's name are, it stays JSON. */
START_TEST(test_json_bytes)
{
	char word[300];

	ctl.json = true;
	ctl.file = "\351";
	report_misuse(&ctl, "%s", quote("\303\274\351\n\1"));
	fflush(stderr);
	ck_assert_ptr_nonnull(strstr(said, "{\"file\":\"\357\277\275\","));
	ck_assert_ptr_nonnull(strstr(said, "\"word\":\"\303\274\357\277\275\\n\\u0001\","));
	ck_assert_ptr_nonnull(strstr(said, "\"message\":\"\\\"\303\274???\\\"; there is "));
	/* The first 255 bytes are kept, but no part of a character. */
	memset(word, 'x', sizeof(word));
	memcpy(word + 254, "\303\274", 3);
	blame(word);
	ck_assert_uint_eq(strlen(blamed_word()), 254);
	ck_assert_ptr_null(blamed_word());
}

/* A word belongs to one message. */
START_TEST(test_blame)
{
	ctl.json = true;
	blame("a");
	report_misuse(&ctl, "%s", quote("b"));
	report_misuse(&ctl, "c");
	ck_said("{\"word\":\"a\",\"message\":\"\\\"b\\\"\"}\n"
		"{\"message\":\"c\"}\n");
}

static const struct {
	int err;
	uint32_t cookie;
	int failure;
} failures[] = {
	{ -ENOENT, 1, MISSING },
	{ -ENOENT, 0, REFUSED },
	{ -ENODEV, 0, UNLOADED },
	{ -EPERM, 0, FORBIDDEN },
	{ -ENOSPC, 1, REFUSED },
	{ -EBUSY, 0, REFUSED },
	{ -ENOMEM, 0, REFUSED },
};

START_TEST(test_failure)
{
	p25.cookie = failures[_i].cookie;
	ck_assert_int_eq(ctl_result(&ctl, NULL, failures[_i].err), FAILED);
	ck_assert_int_eq(ctl.failure, failures[_i].failure);
}

static const struct {
	const char *line;
	const char *says;
} missing[] = {
	{ "static del 192.0.2.1",
	  "p25ctl: -:2: \"192.0.2.1\": owner \"hooks\" has no such entry\n" },
	{ "optout del 192.0.2.1 comment \"call 1\"",
	  "p25ctl: -:2: \"192.0.2.1\": owner \"hooks\" has no such entry\n" },
	{ " op d 192.0.2.1 2001:db8::/32",
	  "p25ctl: -:2: \"192.0.2.1\": owner \"hooks\" has no such entry\n" },
	/* The file has changed since: the line deletes no entry any more. */
	{ "static flush", "p25ctl: -:2: there is no such entry\n" },
	{ "set action drop", "p25ctl: -:2: there is no such entry\n" },
	{ "# nothing", "p25ctl: -:2: there is no such entry\n" },
};

START_TEST(test_missing)
{
	batch_copy_begin("-");
	batch_copy_add("pool add 192.0.2.0/24");
	batch_copy_add(missing[_i].line);
	ctl.file = "-";
	strcpy(p25.error, "there is no such entry");
	p25.cookie = 2;
	ctl.owner = "hooks";
	ctl.batch = true;
	ck_assert_int_eq(ctl_result(&ctl, NULL, -ENOENT), FAILED);
	ck_assert_int_eq(ctl.failure, MISSING);
	ck_said(missing[_i].says);
	batch_copy_end();
}

void *report_suite(void)
{
	void *tests;
	void *suite = suite_new("report", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_text);
	tcase_add_test(tests, test_json);
	tcase_add_test(tests, test_json_bytes);
	tcase_add_test(tests, test_blame);
	tcase_add_loop_test(tests, test_failure, 0, ARRAY_SIZE(failures));
	tcase_add_loop_test(tests, test_missing, 0, ARRAY_SIZE(missing));
	return suite;
}
