// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl check SRC [DST]: ask the kernel what mail from SRC to DST gets.
 */
#include <stdio.h>

#include "cmd.h"
#include "ctl.h"
#include "json.h"
#include "parse.h"
#include "print.h"
#include "quote.h"
#include "report.h"
#include "session.h"
#include "timestamp.h"
#include "words.h"

static void print_text(const struct p25_judgement *answer)
{
	printf("%s", p25_verdict_name(answer->verdict));
	if (answer->monitored)
		printf(" (monitor; would %s)",
		       p25_verdict_name(answer->would));
	fputs(": ", stdout);
	if (answer->reason == P25_KIND_NONE)
		fputs("none (no entry covers the source)", stdout);
	else
		print_entry(&answer->entry, PRINT_TIMEOUT);
	putchar('\n');
	if (answer->local)
		puts("not judged: what this router sends or gets itself is not forwarded");
}

/* The deciding entry, but for what stands beside it already. */
static void add_entry(struct json_object *o, const struct p25_entry *entry)
{
	char text[TIMESTAMP_STRLEN];

	json_add(o, "prefix", json_prefix(&entry->prefix));
	if (*entry->owner)
		json_add(o, "owner", json_object_new_string(entry->owner));
	if (entry->expires) {
		json_add(o, "timeout", json_object_new_int64(entry->timeout));
		json_add(o, "expires",
			 json_object_new_string(timestamp_format(entry->expires,
								 text)));
	}
	if (entry->has_action)
		json_add(o, "action",
			 json_object_new_string(p25_action_name(entry->action)));
	if (entry->has_guard)
		json_add(o, "guard", json_guard(&entry->guard));
	if (*entry->comment)
		json_add(o, "comment", json_object_new_string(entry->comment));
}

static void print_json(const struct p25_prefix *src,
		       const struct p25_prefix *dst,
		       const struct p25_judgement *answer)
{
	struct json_object *o = json_object_new_object();

	json_add(o, "src", json_prefix(src));
	if (dst)
		json_add(o, "dst", json_prefix(dst));
	json_add(o, "verdict",
		 json_object_new_string(p25_verdict_name(answer->verdict)));
	if (answer->monitored)
		json_add(o, "would",
			 json_object_new_string(p25_verdict_name(answer->would)));
	json_add(o, "reason",
		 json_object_new_string(p25_kind_name(answer->reason)));
	if (answer->reason != P25_KIND_NONE)
		add_entry(o, &answer->entry);
	if (answer->local)
		json_add(o, "local", json_object_new_boolean(true));
	json_print(o);
}

static int verdict_status(enum p25_verdict verdict)
{
	switch (verdict) {
	case P25_VERDICT_ACCEPT:
		return DONE;
	case P25_VERDICT_REJECT:
		return SAYS_REJECT;
	case P25_VERDICT_PROHIBIT:
		return SAYS_PROHIBIT;
	default:
		return SAYS_DROP;
	}
}

/* @dst->family stays 0 if there is no destination. */
static int parse_addresses(const struct ctl *c, struct words *w,
			   struct p25_prefix *src, struct p25_prefix *dst)
{
	if (!words_peek(w))
		return report_misuse(c,
				     "\"check\" requires an argument: the sender's address (and optionally the destination's)");
	if (parse_address(c, words_next(w), src))
		return MISUSED;
	if (!words_peek(w))
		return DONE;
	if (parse_address(c, words_next(w), dst) || words_end(c, w))
		return MISUSED;
	if (src->family != dst->family)
		return report_misuse(c, "%s and %s: one is IPv4, the other is IPv6",
				     quote(w->v[w->at - 2]),
				     quote(w->v[w->at - 1]));
	return DONE;
}

int cmd_check(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_prefix src, to = { 0 }, *dst = NULL;
	struct p25_judgement answer;
	int status;

	(void)kind;
	status = parse_addresses(c, w, &src, &to);
	if (to.family)
		dst = &to;
	if (!status)
		status = ctl_ready(c);
	if (!status)
		status = ctl_result(c, NULL,
				    p25_check(c->p25, &src, dst, &answer));
	if (status)
		return status;
	if (c->quiet)
		return verdict_status(answer.verdict);
	if (c->json)
		print_json(&src, dst, &answer);
	else
		print_text(&answer);
	return DONE;
}
