// SPDX-License-Identifier: GPL-2.0
/*
 * Names of kinds, actions, verdicts, counters; owners and comments.
 */
#include <string.h>

#include "unit.h"

START_TEST(test_kinds)
{
	static const char *const names[] = {
		"none", "relay", "pool", "static", "optout", "block",
	};
	int kind;

	for (kind = 0; kind <= P25_KIND_MAX; kind++) {
		ck_assert_str_eq(p25_kind_name(kind), names[kind]);
		ck_assert_int_eq(p25_kind_parse(names[kind]), kind);
	}
	ck_assert_int_eq(p25_kind_parse("pools"), P25_KIND_NONE);
	ck_assert_int_eq(p25_kind_parse("Pool"), P25_KIND_NONE);
	ck_assert_int_eq(p25_kind_parse(""), P25_KIND_NONE);
	ck_assert_ptr_null(p25_kind_name(P25_KIND_MAX + 1));
}

START_TEST(test_actions)
{
	ck_assert_int_eq(p25_action_parse("drop"), P25_ACTION_DROP);
	ck_assert_int_eq(p25_action_parse("reject"), P25_ACTION_REJECT);
	ck_assert_int_eq(p25_action_parse("monitor"), P25_ACTION_MONITOR);
	ck_assert_int_eq(p25_action_parse("prohibit"), P25_ACTION_PROHIBIT);
	ck_assert_int_eq(p25_action_parse("accept"), -1);
	ck_assert_int_eq(p25_action_parse(""), -1);
	ck_assert_str_eq(p25_action_name(P25_ACTION_MONITOR), "monitor");
	ck_assert_ptr_null(p25_action_name(P25_ACTION_MAX + 1));
	ck_assert_str_eq(p25_verdict_name(P25_VERDICT_ACCEPT), "accept");
	ck_assert_str_eq(p25_verdict_name(P25_VERDICT_DROP), "drop");
	ck_assert_str_eq(p25_verdict_name(P25_VERDICT_REJECT), "reject");
}

START_TEST(test_counters)
{
	int i, j;

	ck_assert_ptr_null(p25_counter_name(P25_COUNTER_UNSPEC));
	ck_assert_ptr_null(p25_counter_name(P25_COUNTER_PAD));
	ck_assert_ptr_null(p25_counter_name(P25_COUNTER_MAX + 1));
	ck_assert_str_eq(p25_counter_name(P25_COUNTER_DROP_POOL), "drop_pool");
	ck_assert_str_eq(p25_counter_name(P25_COUNTER_LATER_FRAGMENT),
			 "later_fragment");
	for (i = P25_COUNTER_PAD + 1; i <= P25_COUNTER_MAX; i++) {
		ck_assert_ptr_nonnull(p25_counter_name(i));
		for (j = P25_COUNTER_PAD + 1; j < i; j++)
			ck_assert_str_ne(p25_counter_name(i),
					 p25_counter_name(j));
	}
}

START_TEST(test_owners)
{
	static const char *const good[] = {
		"a", "admin", "abuse-desk", "hooks_1.2", "0", "-", "123456789012345",
	};
	static const char *const bad[] = {
		"", "Admin", "a b", "1234567890123456", "a/b", "\303\274", "a\n",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		ck_assert_msg(p25_owner_valid(good[i]), "%s", good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		ck_assert_msg(!p25_owner_valid(bad[i]), "%s", bad[i]);
}

static const struct {
	const char *text;
	bool valid;
} comments[] = {
	{ "", true },
	{ "call 0815, \"x\" \\ ~", true },
	{ "B\303\274ro", true },			/* U+00FC */
	{ "\342\202\254", true },			/* U+20AC */
	{ "\360\237\223\247", true },			/* U+1F4E7 */
	{ "\364\217\277\275", true },			/* U+10FFFD */
	{ "a\tb", false },
	{ "a\nb", false },
	{ "\033[2J", false },
	{ "\177", false },
	{ "\302\205", false },				/* U+0085 */
	{ "\303", false },				/* cut off */
	{ "\303(", false },
	{ "\200", false },				/* no first byte */
	{ "\300\200", false },				/* overlong NUL */
	{ "\301\277", false },
	{ "\340\202\254", false },			/* overlong */
	{ "\355\240\200", false },			/* a surrogate */
	{ "\360\202\202\254", false },			/* overlong */
	{ "\364\220\200\200", false },			/* above U+10FFFF */
	{ "\370\210\200\200\200", false },		/* five bytes */
	{ "\376", false },
	{ "\342\200\256cod.exe", false },		/* U+202E turns text */
	{ "\330\234x", false },				/* U+061C, too */
	{ "\342\201\246x", false },			/* U+2066, too */
	{ "\342\200\250", false },			/* U+2028 breaks lines */
	{ "\357\273\277x", false },			/* U+FEFF */
	{ "\357\277\277", false },			/* U+FFFF is none */
};

START_TEST(test_comments)
{
	ck_assert_int_eq(p25_comment_valid(comments[_i].text),
			 comments[_i].valid);
}

START_TEST(test_comment_length)
{
	char text[P25_COMMENT_MAXLEN + 2];

	memset(text, 'x', sizeof(text));
	text[P25_COMMENT_MAXLEN] = '\0';
	ck_assert(p25_comment_valid(text));
	text[P25_COMMENT_MAXLEN] = 'x';
	text[P25_COMMENT_MAXLEN + 1] = '\0';
	ck_assert(!p25_comment_valid(text));
}

void *names_suite(void)
{
	void *tests;
	void *suite = suite_new("names", &tests);

	tcase_add_test(tests, test_kinds);
	tcase_add_test(tests, test_actions);
	tcase_add_test(tests, test_counters);
	tcase_add_test(tests, test_owners);
	tcase_add_loop_test(tests, test_comments, 0, ARRAY_SIZE(comments));
	tcase_add_test(tests, test_comment_length);
	return suite;
}
