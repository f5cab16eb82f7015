// SPDX-License-Identifier: GPL-2.0
/*
 * How much apply may delete.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply_options.h"
#include "deletions.h"
#include "policy.h"
#include "unit.h"
#include "words.h"

static const struct {
	const char *options;
	struct deletions deletions;
	const char *says;	/* NULL: it may */
} cases[] = {
	/* nothing there, nothing deleted */
	{ "", { 0, 0, 0 }, NULL },
	{ "", { 0, 0, 500 }, NULL },
	{ "--max-delete 0", { 500, 0, 600 }, NULL },
	/* half of them */
	{ "", { 500, 250, 250 }, NULL },
	{ "", { 500, 251, 249 },
	  "has 500 entries, the file has 249: 251 would be deleted, but at most half of" },
	{ "", { 501, 250, 251 }, NULL },
	{ "", { 501, 251, 250 }, "251 would be deleted" },
	{ "", { 500, 500, 500 }, "500 would be deleted" },
	{ "--all", { 500, 400, 100 }, "the policy has 500 entries, the file" },
	/* few */
	{ "", { 9, 9, 1 }, NULL },
	{ "", { 10, 9, 1 }, NULL },
	{ "", { 10, 10, 1 }, "10 would be deleted" },
	{ "", { 1, 1, 1 }, NULL },
	/* another limit, and none */
	{ "--max-delete 25", { 500, 25, 475 }, NULL },
	{ "--max-delete 25", { 500, 26, 474 }, "but at most 25 may be" },
	{ "--max-delete=0", { 5, 1, 4 }, "but at most 0 may be" },
	{ "--max-delete 10%", { 500, 50, 450 }, NULL },
	{ "--max-delete 10%", { 500, 51, 449 }, "but at most 10% of them may be" },
	{ "--max-delete 0%", { 5, 1, 4 }, "but at most 0% of them may be" },
	{ "--max-delete 100%", { 500, 500, 1 }, NULL },
	{ "--force", { 500, 500, 1 }, NULL },
	/* nothing left */
	{ "", { 1, 1, 0 },
	  "the file has no entry, and owner \"admin\" has 1: did its writer fail? (use --empty" },
	{ "--max-delete 100%", { 5, 5, 0 }, "the file has no entry" },
	{ "--all", { 5, 5, 0 }, "and the policy has 5" },
	{ "--empty", { 500, 500, 0 }, NULL },
	{ "--force", { 500, 500, 0 }, NULL },
	{ "--empty", { 500, 400, 100 }, "400 would be deleted" },
};

static int check_case(size_t i)
{
	char text[64];
	char *words[8];
	struct words w = { .v = words };
	const struct policy policy = { 0 };
	struct apply apply = { 0 };
	struct ctl c = { 0 };

	snprintf(text, sizeof(text), "%s -", cases[i].options);
	for (words[0] = strtok(text, " "); words[w.n]; )
		words[++w.n] = strtok(NULL, " ");
	ck_assert_int_eq(apply_parse(&c, &w, &apply), DONE);
	return deletions_check(&c, &apply, &policy, &cases[i].deletions);
}

START_TEST(test_deletions)
{
	FILE *before = stderr;
	char *errors = NULL;
	size_t size;
	int status;

	stderr = open_memstream(&errors, &size);
	status = check_case(_i);
	fclose(stderr);
	stderr = before;
	ck_assert_int_eq(status != DONE, !!cases[_i].says);
	if (cases[_i].says)
		ck_assert_msg(strstr(errors, cases[_i].says), "%s", errors);
	else
		ck_assert_str_eq(errors, "");
	free(errors);
}

void *deletions_suite(void)
{
	void *tests;
	void *suite = suite_new("deletions", &tests);

	tcase_add_loop_test(tests, test_deletions, 0, ARRAY_SIZE(cases));
	return suite;
}
