// SPDX-License-Identifier: GPL-2.0
/*
 * Flowtables that take mail: connections that a flowtable has offloaded go by no hook. A
 * rule "flow add" takes none if it is about other ports or protocols, or if two rules before
 * it, in its chain, end what is to and from port 25:
 *
 *	tcp dport 25 return
 *	tcp sport 25 return
 *	meta l4proto tcp flow add @f
 *
 * Rules are those that nft(8) lists, as JSON (libnftables-json(5)).
 */
#include <json-c/json_tokener.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "flowtables.h"

/* Bytes of a list of rules that is read. */
#define RULESET_MAX (64u << 20)

/* Sets without their elements: these may be millions. */
#define LIST_FLOWTABLES	"nft -j list flowtables 2>/dev/null"
#define LIST_RULESET	"nft -j -t list ruleset 2>/dev/null"

#define MAIL_PORT 25

/**
 * struct chain - the chain whose rules are being read
 * @id: its family, table and name
 * @dport: a rule has ended what goes to port 25
 * @sport: what comes from there
 */
struct chain {
	char id[256];
	bool dport;
	bool sport;
};

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, key, &value);
	return value;
}

static const char *text(struct json_object *object, const char *key)
{
	struct json_object *value = member(object, key);

	return value ? json_object_get_string(value) : "";
}

/* Is @value, or one of a set or a range, this number or this word? */
static bool includes(struct json_object *value, int number, const char *word)
{
	struct json_object *list = member(value, "set"), *range = member(value, "range");
	size_t i;

	if (range && json_object_array_length(range) == 2)
		return json_object_get_int(json_object_array_get_idx(range, 0)) <= number &&
		       json_object_get_int(json_object_array_get_idx(range, 1)) >= number;
	if (json_object_is_type(list, json_type_array)) {
		for (i = 0; i < json_object_array_length(list); i++) {
			if (includes(json_object_array_get_idx(list, i), number, word))
				return true;
		}
		return false;
	}
	if (json_object_is_type(value, json_type_int))
		return json_object_get_int(value) == number;
	/* A named set may have anything. */
	return json_object_is_type(value, json_type_string) &&
	       (!strcmp(json_object_get_string(value), word) ||
		*json_object_get_string(value) == '@');
}

/* Is it about "tcp dport", "tcp sport", or "th ..."? */
static bool is_port(struct json_object *left, const char *field)
{
	struct json_object *payload = member(left, "payload");

	return (!strcmp(text(payload, "protocol"), "tcp") ||
		!strcmp(text(payload, "protocol"), "th")) &&
	       !strcmp(text(payload, "field"), field);
}

/* Is it about the protocol behind IP? */
static bool is_protocol(struct json_object *left)
{
	return !strcmp(text(member(left, "meta"), "key"), "l4proto") ||
	       !strcmp(text(member(left, "payload"), "field"), "protocol") ||
	       !strcmp(text(member(left, "payload"), "field"), "nexthdr");
}

static bool is_equal(struct json_object *match)
{
	return !strcmp(text(match, "op"), "==") || !strcmp(text(match, "op"), "in");
}

/* Can mail not match this? */
static bool excludes_mail(struct json_object *match)
{
	struct json_object *left = member(match, "left"), *right = member(match, "right");

	if (!is_equal(match))
		return false;
	if (is_port(left, "dport"))
		return !includes(right, MAIL_PORT, "smtp");
	if (is_protocol(left))
		return !includes(right, 6, "tcp");
	return !strcmp(text(member(left, "payload"), "protocol"), "udp");
}

/* Does all mail match this? Then @port is one of the chain's. */
static bool covers_mail(struct json_object *match, struct chain *chain, bool **port)
{
	struct json_object *left = member(match, "left"), *right = member(match, "right");

	if (!is_equal(match) || member(right, "range") ||
	    (json_object_is_type(right, json_type_string) &&
	     *json_object_get_string(right) == '@'))
		return false;
	if (is_protocol(left))
		return includes(right, 6, "tcp");
	if (is_port(left, "dport"))
		*port = &chain->dport;
	else if (is_port(left, "sport"))
		*port = &chain->sport;
	else
		return false;
	return includes(right, MAIL_PORT, "smtp");
}

static bool is_verdict(struct json_object *statement)
{
	static const char *const verdicts[] = { "return", "accept", "drop" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (json_object_object_get_ex(statement, verdicts[i], NULL))
			return true;
	}
	return false;
}

/* A rule that ends all that is to port 25, or from there, is noted. */
static void note_end(struct json_object *statements, struct chain *chain)
{
	bool *port = NULL, ends = false;
	size_t i;

	for (i = 0; i < json_object_array_length(statements); i++) {
		struct json_object *statement = json_object_array_get_idx(statements, i);
		struct json_object *match = member(statement, "match");

		if (match && !covers_mail(match, chain, &port))
			return;
		ends |= is_verdict(statement);
	}
	if (port && ends)
		*port = true;
}

/* The flowtable that a rule adds mail to, or NULL. */
static const char *adds_mail(struct json_object *statements, const struct chain *chain)
{
	const char *flowtable = NULL;
	size_t i;

	for (i = 0; i < json_object_array_length(statements); i++) {
		struct json_object *statement = json_object_array_get_idx(statements, i);
		struct json_object *flow = member(statement, "flow");

		if (excludes_mail(member(statement, "match")))
			return NULL;
		if (flow)
			flowtable = text(flow, "flowtable");
	}
	return chain->dport && chain->sport ? NULL : flowtable;
}

static const char *rule_takes_mail(struct json_object *rule, struct chain *chain)
{
	struct json_object *statements = member(rule, "expr");
	const char *flowtable;
	char id[sizeof(chain->id)];

	if (!json_object_is_type(statements, json_type_array))
		return NULL;
	snprintf(id, sizeof(id), "%s %s %s", text(rule, "family"), text(rule, "table"),
		 text(rule, "chain"));
	if (strcmp(chain->id, id)) {
		*chain = (struct chain){ 0 };
		strcpy(chain->id, id);
	}
	flowtable = adds_mail(statements, chain);
	note_end(statements, chain);
	return flowtable;
}

/* ruleset_takes_mail - the flowtable that takes mail by these rules, or NULL */
const char *ruleset_takes_mail(struct json_object *ruleset)
{
	struct json_object *list = member(ruleset, "nftables");
	struct chain chain = { 0 };
	const char *flowtable = NULL;
	size_t i;

	if (!json_object_is_type(list, json_type_array))
		return NULL;
	for (i = 0; i < json_object_array_length(list) && !flowtable; i++) {
		struct json_object *rule = member(json_object_array_get_idx(list, i), "rule");

		if (rule)
			flowtable = rule_takes_mail(rule, &chain);
	}
	return flowtable;
}

static char *read_all(FILE *in)
{
	char *all = NULL;
	size_t n = 0;

	while (n < RULESET_MAX) {
		char *more = realloc(all, n + 65536 + 1);
		size_t got;

		if (!more)
			break;
		all = more;
		got = fread(all + n, 1, 65536, in);
		n += got;
		all[n] = '\0';
		if (!got)
			return all;
	}
	free(all);
	return NULL;
}

/* What nft says, or NULL: it isn't there, or has no right. */
static struct json_object *ask_nft(const char *command)
{
	struct json_object *answer = NULL;
	FILE *in = popen(command, "re");
	char *all;

	if (!in)
		return NULL;
	all = read_all(in);
	if (all)
		answer = json_tokener_parse(all);
	free(all);
	pclose(in);
	return answer;
}

static bool are_flowtables(void)
{
	struct json_object *answer = ask_nft(LIST_FLOWTABLES);
	struct json_object *list = member(answer, "nftables");
	bool found = false;
	size_t i;

	if (json_object_is_type(list, json_type_array)) {
		for (i = 0; i < json_object_array_length(list); i++)
			found |= !!member(json_object_array_get_idx(list, i), "flowtable");
	}
	json_object_put(answer);
	return found;
}

/*
 * flowtables_take_mail - is there a flowtable that mail gets into?
 * @why: which, and what is to be done
 * @room: of @why
 *
 * In the caller's network namespace. Return: 1; 0: there is none.
 */
int flowtables_take_mail(char *why, size_t room)
{
	struct json_object *ruleset;
	const char *flowtable;

	if (!are_flowtables())
		return 0;
	ruleset = ask_nft(LIST_RULESET);
	flowtable = ruleset_takes_mail(ruleset);
	if (flowtable)
		snprintf(why, room,
			 "flowtable %s takes connections to port 25: put \"tcp dport 25 return\" and \"tcp sport 25 return\" before \"flow add\"",
			 flowtable);
	json_object_put(ruleset);
	return !!flowtable;
}
