// SPDX-License-Identifier: GPL-2.0
/*
 * Whether a flowtable takes mail, by rules as nft lists them.
 */
#include <json-c/json_tokener.h>
#include <stdio.h>

#include "../../tools/p25ctl/flowtables.h"
#include "unit.h"

#define IN(chain, statements) \
	"{\"rule\":{\"family\":\"inet\",\"table\":\"f\",\"chain\":\"" chain "\"," \
	"\"expr\":[" statements "]}}"
#define RULE(statements) IN("forward", statements)
#define PORT(op, field, right) \
	"{\"match\":{\"op\":\"" op "\",\"left\":{\"payload\":{\"protocol\":\"tcp\"," \
	"\"field\":\"" field "\"}},\"right\":" right "}}"
#define PROTOCOL(right) \
	"{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"l4proto\"}}," \
	"\"right\":" right "}}"
#define SOURCE \
	"{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"ip\"," \
	"\"field\":\"saddr\"}},\"right\":\"192.0.2.1\"}}"
#define RETURN "{\"return\":null}"
#define COUNTER "{\"counter\":{\"packets\":0,\"bytes\":0}}"
#define FLOW "{\"flow\":{\"op\":\"add\",\"flowtable\":\"@f\"}}"

#define TO RULE(PORT("==", "dport", "25") "," RETURN)
#define FROM RULE(PORT("==", "sport", "25") "," COUNTER "," RETURN)
#define ALL RULE(PROTOCOL("\"tcp\"") "," FLOW)

static const struct {
	const char *rules;
	bool takes;
} rulesets[] = {
	{ "", false },
	{ "{\"metainfo\":{\"version\":\"1.0.6\"}}", false },
	{ TO "," FROM, false },
	{ ALL, true },
	{ RULE(FLOW), true },
	{ TO "," ALL, true },
	{ FROM "," ALL, true },
	{ TO "," FROM "," ALL, false },
	{ TO "," FROM "," RULE(FLOW), false },
	/* too late, or elsewhere */
	{ TO "," ALL "," FROM, true },
	{ IN("other", PORT("==", "dport", "25") "," RETURN) "," FROM "," ALL, true },
	/* not all mail, or no end */
	{ RULE(SOURCE "," PORT("==", "dport", "25") "," RETURN) "," FROM "," ALL, true },
	{ RULE(PORT("==", "dport", "25") "," COUNTER) "," FROM "," ALL, true },
	{ RULE(PORT("==", "dport", "587") "," RETURN) "," FROM "," ALL, true },
	{ RULE(PORT("!=", "dport", "25") "," PORT("!=", "sport", "25") "," FLOW), true },
	/* as words, with others */
	{ RULE(PORT("==", "dport", "\"smtp\"") "," RETURN) "," FROM "," ALL, false },
	{ RULE(PORT("==", "dport", "{\"set\":[22,25]}") "," RETURN) "," FROM "," ALL, false },
	{ RULE(PORT("==", "dport", "\"@ports\"") "," RETURN) "," FROM "," ALL, true },
	{ RULE(PROTOCOL("\"tcp\"") "," PORT("==", "dport", "25") "," RETURN) "," FROM "," ALL,
	  false },
	/* it is about others */
	{ RULE(PROTOCOL("\"udp\"") "," FLOW), false },
	{ RULE(PROTOCOL("{\"set\":[\"tcp\",\"udp\"]}") "," FLOW), true },
	{ RULE(PORT("==", "dport", "{\"set\":[80,443]}") "," FLOW), false },
	{ RULE(PORT("==", "dport", "{\"set\":[{\"range\":[1,1023]}]}") "," FLOW), true },
	{ RULE(PORT("==", "dport", "{\"range\":[26,1023]}") "," FLOW), false },
	{ RULE(PORT("==", "dport", "\"@ports\"") "," FLOW), true },
	/* what no nft says */
	{ "{\"rule\":{}},{\"rule\":{\"expr\":1}},null,7", false },
	{ RULE("null,1,{\"match\":null}"), false },
	{ RULE("{\"match\":{\"op\":7,\"left\":{\"payload\":9},\"right\":null}}," FLOW), true },
};

START_TEST(test_rulesets)
{
	const char *flowtable;
	struct json_object *o;
	char text[4096];

	snprintf(text, sizeof(text), "{\"nftables\":[%s]}", rulesets[_i].rules);
	o = json_tokener_parse(text);
	ck_assert_ptr_nonnull(o);
	flowtable = ruleset_takes_mail(o);
	if (rulesets[_i].takes)
		ck_assert_pstr_eq(flowtable, "@f");
	else
		ck_assert_ptr_null(flowtable);
	json_object_put(o);
}

START_TEST(test_no_ruleset)
{
	struct json_object *o = json_tokener_parse("{\"nftables\":7}");

	ck_assert_ptr_null(ruleset_takes_mail(o));
	json_object_put(o);
	ck_assert_ptr_null(ruleset_takes_mail(NULL));
}

void *flowtable_suite(void)
{
	void *tests;
	void *suite = suite_new("flowtable", &tests);

	tcase_add_loop_test(tests, test_rulesets, 0, ARRAY_SIZE(rulesets));
	tcase_add_test(tests, test_no_ruleset);
	return suite;
}
