// SPDX-License-Identifier: GPL-2.0
/*
 * libp25(3) has every structure, enumeration and function of the headers, as they
 * are there, the latter in its synopsis; and its programs, which the Makefile has
 * built, run. p25ctl(8) has every counter.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "unit.h"

#define TEXT_ROOM 131072

static char manual[TEXT_ROOM], header[TEXT_ROOM], contract[TEXT_ROOM];

/* A file below the top of the tree; runs of blanks and newlines become one blank. */
static void read_file(const char *name, char text[TEXT_ROOM])
{
	char path[512];
	size_t n = 0;
	FILE *in;
	int c;

	snprintf(path, sizeof(path), "%s/%s", getenv("TOP"), name);
	in = fopen(path, "re");
	ck_assert_ptr_nonnull(in);
	while ((c = getc(in)) != EOF) {
		if (isspace(c) && (!n || text[n - 1] == ' '))
			continue;
		ck_assert_uint_lt(n, TEXT_ROOM - 1);
		text[n++] = isspace(c) ? ' ' : c;
	}
	text[n] = '\0';
	fclose(in);
}

/* Takes comments out, and the blanks behind them. */
static void strip_comments(char *text)
{
	char *begin, *end;

	while ((begin = strstr(text, "/*"))) {
		end = strstr(begin, "*/");
		ck_assert_ptr_nonnull(end);
		end += 2;
		end += strspn(end, " ");
		memmove(begin, end, strlen(end) + 1);
	}
}

static void setup(void)
{
	read_file("Documentation/libp25.3", manual);
	read_file("include/libp25.h", header);
	read_file("include/uapi/linux/p25.h", contract);
	strip_comments(header);
	strip_comments(contract);
}

/* @definition begins with "struct" or "enum", and ends with the first "};". */
static void ck_in_manual(const char *definition)
{
	const char *end = strstr(definition, "};");
	char *copy;

	ck_assert_ptr_nonnull(end);
	copy = strndup(definition, end + 2 - definition);
	ck_assert_msg(strstr(manual, copy), "libp25(3) lacks: %s", copy);
	free(copy);
}

START_TEST(test_structures)
{
	const char *at = header;
	unsigned int n = 0;

	for (; (at = strstr(at, "struct p25_")); at++) {
		size_t name = strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789 ");

		if (at[name] != '{')
			continue;
		ck_in_manual(at);
		n++;
	}
	ck_assert_uint_eq(n, 11);
}

START_TEST(test_enumerations)
{
	static const char *const names[] = {
		"enum p25_kind {", "enum p25_action {", "enum p25_verdict {",
		"enum p25_counter {", "enum p25_event_type {",
	};
	const char *at = strstr(contract, names[_i]);

	if (!at)
		at = strstr(header, names[_i]);

	ck_assert_ptr_nonnull(at);
	ck_in_manual(at);
}

START_TEST(test_counters)
{
	char want[64];
	int i;

	read_file("Documentation/p25ctl.8", manual);
	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++) {
		snprintf(want, sizeof(want), ".It Ql %s ", p25_counter_name(i));
		ck_assert_msg(strstr(manual, want), "p25ctl(8) lacks %s",
			      p25_counter_name(i));
	}
}

START_TEST(test_functions)
{
	char *end = strstr(manual, ".Sh DESCRIPTION");
	const char *at = header;
	unsigned int n = 0;
	char name[64];

	ck_assert_ptr_nonnull(end);
	*end = '\0';

	for (; (at = strstr(at, "p25_")); at += strlen(name)) {
		size_t len = strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789");
		char want[80];

		snprintf(name, sizeof(name), "%.*s", (int)len, at);
		if (at[len] != '(')
			continue;
		n++;
		snprintf(want, sizeof(want), ".Fn %s ", name);
		if (strstr(manual, want))
			continue;
		snprintf(want, sizeof(want), ".Fo %s ", name);
		ck_assert_msg(strstr(manual, want), "libp25(3) lacks %s()",
			      name);
	}
	ck_assert_uint_ge(n, 30);
}

/* What the programs say before they ask the kernel. */
static const struct {
	const char *command;
	int status;
	const char *says;
} programs[] = {
	{ "lease", 2, "usage: lease ADDRESS SECONDS\n" },
	{ "lease 192.0.2.1/24 60", 1,
	  "invalid prefix \"192.0.2.1/24\": host bits set; did you mean 192.0.2.0/24?\n" },
	{ "mirror", 2, "usage: mirror FILE\n" },
	{ "why", 2, "usage: why SUBSCRIBER SERVER\n" },
	{ "why 192.0.2.1 x", 2, "invalid prefix \"x\": not an IPv4 or IPv6 address or prefix\n" },
};

START_TEST(test_program)
{
	char command[512], said[256] = "";
	int status;
	FILE *out;

	snprintf(command, sizeof(command), "%s/%s 2>&1", getenv("PROGRAMS"),
		 programs[_i].command);
	out = popen(command, "re");
	ck_assert_ptr_nonnull(out);
	ck_assert_ptr_nonnull(fgets(said, sizeof(said), out));
	status = pclose(out);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), programs[_i].status);
	ck_assert_str_eq(said, programs[_i].says);
}

void *manual_suite(void)
{
	void *tests;
	void *suite = suite_new("manual", &tests);

	tcase_add_checked_fixture(tests, setup, NULL);
	tcase_add_test(tests, test_structures);
	tcase_add_loop_test(tests, test_enumerations, 0, 5);
	tcase_add_test(tests, test_counters);
	tcase_add_test(tests, test_functions);
	tcase_add_loop_test(tests, test_program, 0, ARRAY_SIZE(programs));
	return suite;
}
