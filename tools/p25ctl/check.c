// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl check SRC DST: ask the kernel what mail from SRC to DST gets.
 */
#include <stdio.h>

#include "parse.h"
#include "print.h"

static void print_text(const struct p25_judgement *answer)
{
	char prefix[P25_PREFIX_STRLEN];

	printf("%s", p25_verdict_name(answer->verdict));
	if (answer->monitored)
		printf(" (monitor; would %s)",
		       p25_verdict_name(answer->would));
	printf(": %s", p25_kind_name(answer->reason));
	if (answer->reason == P25_KIND_NONE)
		puts(" (no entry covers the source)");
	else
		printf(" %s\n", p25_prefix_format(&answer->prefix, prefix));
}

static void print_json(const struct p25_prefix *src,
		       const struct p25_prefix *dst,
		       const struct p25_judgement *answer)
{
	struct json_object *o = json_object_new_object();

	json_add(o, "src", json_prefix(src));
	json_add(o, "dst", json_prefix(dst));
	json_add(o, "verdict",
		 json_object_new_string(p25_verdict_name(answer->verdict)));
	if (answer->monitored)
		json_add(o, "would",
			 json_object_new_string(p25_verdict_name(answer->would)));
	json_add(o, "reason",
		 json_object_new_string(p25_kind_name(answer->reason)));
	if (answer->reason != P25_KIND_NONE)
		json_add(o, "prefix", json_prefix(&answer->prefix));
	json_print(o);
}

static int parse(const struct ctl *c, struct words *w, struct p25_prefix *src,
		 struct p25_prefix *dst)
{
	if (w->n - w->at < 2)
		return misused(c, "check wants two addresses: the sender's and the mail server's");
	if (parse_address(c, words_next(w), src) ||
	    parse_address(c, words_next(w), dst) || words_end(c, w))
		return MISUSED;
	if (src->family != dst->family)
		return misused(c, "%s and %s: one is IPv4, the other is IPv6",
			       quote(w->v[w->at - 2]),
			       quote(w->v[w->at - 1]));
	return DONE;
}

int run_check(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_judgement answer;
	struct p25_prefix src, dst;
	int status;

	(void)kind;
	status = parse(c, w, &src, &dst);
	if (!status)
		status = ctl_ready(c);
	if (!status)
		status = ctl_result(c, NULL,
				    p25_check(c->p25, &src, &dst, &answer));
	if (status)
		return status;
	if (c->json)
		print_json(&src, &dst, &answer);
	else
		print_text(&answer);
	return DONE;
}
