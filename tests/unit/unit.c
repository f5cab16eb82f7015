// SPDX-License-Identifier: GPL-2.0
/*
 * Runs all suites. TAP goes to standard output, so does Check's summary.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

/* 2026-01-01 00:00:00 UTC */
#define NOW 1767225600

/*
 * In place of the C library's: the tests have dates in them, which are always in
 * the future, or always too far away.
 */
time_t time(time_t *now)
{
	if (now)
		*now = NOW;
	return NOW;
}

void *suite_new(const char *name, void **tests)
{
	void *suite = suite_create(name);

	*tests = tcase_create(name);
	/* Only to end a hang. */
	tcase_set_timeout(*tests, 600);
	suite_add_tcase(suite, *tests);
	return suite;
}

struct p25_prefix prefix_of(const char *text)
{
	struct p25_prefix prefix;
	const char *why;

	if (p25_prefix_parse(text, &prefix, &why))
		ck_abort_msg("%s", why);
	return prefix;
}

char *printed_by(void (*fn)(void *arg), void *arg)
{
	FILE *before = stdout;
	char *text = NULL;
	size_t size;

	stdout = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(stdout);
	fn(arg);
	fclose(stdout);
	stdout = before;
	return text;
}

int main(void)
{
	void *(*const suites[])(void) = {
		prefix_suite, names_suite, duration_suite, timestamp_suite,
		lexer_suite, lines_suite, file_suite, words_suite, host_suite,
		prefix_check_suite, policy_suite, deletions_suite, rows_suite, guard_suite,
		flowtable_suite, metrics_suite,
		print_suite, codec_suite, answer_suite, event_suite,
		digest_suite, exchange_suite, command_suite, report_suite, completion_suite,
		top_model_suite, top_screen_suite, manual_suite,
		address_range_suite, aggregate_suite, convert_suite, session_suite,
	};
	void *runner = srunner_create(NULL);
	bool passed;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suites); i++)
		srunner_add_suite(runner, suites[i]());
	srunner_set_tap(runner, "-");
	srunner_run_all(runner, CK_NORMAL);
	/* CK_RUN_CASE may name a case that does not exist. */
	passed = srunner_ntests_run(runner) && !srunner_ntests_failed(runner);
	if (!srunner_ntests_run(runner))
		fputs("unit: no such case; a case is named after its file, without .c\n",
		      stderr);
	srunner_free(runner);
	return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
