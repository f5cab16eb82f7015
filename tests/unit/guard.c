// SPDX-License-Identifier: GPL-2.0
/*
 * Guards as words, and the settings that have one.
 */
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "json.h"
#include "settings.h"
#include "unit.h"

static const struct {
	const char *word;
	const char *same;
	struct p25_guard guard;
} guards[] = {
	{ "off", "off", { 0 } },
	{ "20/60s", "20/1m", { 1, { { 20, 60 } } } },
	{ "20/60", "20/1m", { 1, { { 20, 60 } } } },
	{ "1/1s", "1/1s", { 1, { { 1, 1 } } } },
	{ "5/1s,20/60s,1000/1h", "5/1s,20/1m,1000/1h",
	  { 3, { { 5, 1 }, { 20, 60 }, { 1000, 3600 } } } },
	{ "1000000/30d,1000000/4w2d,1000000/29d23h59m59s,1000000/2592000",
	  "1000000/30d,1000000/30d,1000000/29d23h59m59s,1000000/30d",
	  { 4, { { 1000000, 2592000 }, { 1000000, 2592000 },
		 { 1000000, 2591999 }, { 1000000, 2592000 } } } },
};

START_TEST(test_words)
{
	struct ctl c = { 0 };
	struct p25_guard got, again;
	char text[GUARD_STRLEN];

	ck_assert_int_eq(parse_guard(&c, guards[_i].word, &got), DONE);
	ck_assert_mem_eq(&got, &guards[_i].guard, sizeof(got));
	ck_assert_ptr_eq(format_guard(text, &got), text + strlen(text));
	ck_assert_str_eq(text, guards[_i].same);
	ck_assert_int_eq(parse_guard(&c, text, &again), DONE);
	ck_assert(guard_equal(&got, &again));
}

START_TEST(test_equal)
{
	struct p25_entry a = { 0 }, b = { 0 };

	b.guard.n = 1;
	ck_assert(has_same_guard(&a, &b));
	b.has_guard = true;
	ck_assert(!has_same_guard(&a, &b));
	a.has_guard = true;
	ck_assert(!has_same_guard(&a, &b));
	a.guard.n = 1;
	ck_assert(has_same_guard(&a, &b));
	a.guard.rate[0].attempts = 1;
	ck_assert(!has_same_guard(&a, &b));
	b.guard = a.guard;
	b.guard.rate[1].attempts = 2;	/* there is no second one */
	ck_assert(has_same_guard(&a, &b));
}

static const struct p25_settings all = {
	.has_action = true, .action = P25_ACTION_REJECT,
	.has_inbound = true,
	.has_limit = true, .limit = 1000,
	.has_senders = true, .senders = 131072,
	.has_guard = true, .guard = { 1, { { 20, 60 } } }, .guard_for = 3600,
};

static const char *const values[] = {
	[SETTING_ACTION] = "reject",
	[SETTING_INBOUND] = "off",
	[SETTING_LIMIT] = "1000",
	[SETTING_SENDERS] = "131072",
	[SETTING_GUARD] = "20/1m for 1h",
};

/* Only of what has changed there is something left. */
START_TEST(test_settings)
{
	struct p25_settings set = { 0 }, other = all;
	char text[SETTING_STRLEN];
	int i;

	ck_assert(!settings_given(&set));
	settings_merge(&set, &all);
	for (i = 0; i < SETTINGS_N; i++) {
		ck_assert(setting_given(&set, i));
		ck_assert_str_eq(setting_format(&set, i, text), values[i]);
	}
	settings_leave_out(&set, &all);
	ck_assert(!settings_given(&set));
	other.guard_for = 7200;
	other.senders = 65536;
	settings_merge(&set, &all);
	settings_leave_out(&set, &other);
	for (i = 0; i < SETTINGS_N; i++)
		ck_assert_int_eq(setting_given(&set, i),
				 i == SETTING_SENDERS || i == SETTING_GUARD);
}

/* A module that is older has no such setting to compare with. */
START_TEST(test_older)
{
	struct p25_settings set = all, now = all;

	now.has_guard = false;
	settings_leave_out(&set, &now);
	ck_assert(set.has_guard && !set.has_senders && !set.has_action);
}

static void print_settings(void *arg)
{
	struct json_object *o = json_object_new_object();

	settings_json(o, arg);
	json_print(o);
}

START_TEST(test_json)
{
	struct p25_settings set = all;
	char *text = printed_by(print_settings, &set);

	ck_assert_str_eq(text,
			 "{\"action\":\"reject\",\"inbound\":\"off\",\"limit\":1000,\"senders\":131072,\"guard\":[{\"attempts\":20,\"seconds\":60}],\"guard_for\":3600}\n");
	free(text);
}

void *guard_suite(void)
{
	void *tests;
	void *suite = suite_new("guard", &tests);

	tcase_add_loop_test(tests, test_words, 0, ARRAY_SIZE(guards));
	tcase_add_test(tests, test_equal);
	tcase_add_test(tests, test_settings);
	tcase_add_test(tests, test_older);
	tcase_add_test(tests, test_json);
	return suite;
}
