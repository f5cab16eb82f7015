// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl set action|inbound|limit|senders|guard VALUE.
 */
#include "cmd.h"
#include "ctl.h"
#include "notes.h"
#include "parse.h"
#include "policy.h"
#include "report.h"
#include "session.h"
#include "words.h"

int cmd_set(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_settings set = { 0 };
	int status = DONE, err;

	(void)kind;
	if (!words_peek(w))
		return report_misuse(c,
				     "\"set\" requires an argument: action, inbound, limit, senders or guard");
	while (!status && words_peek(w))
		status = parse_setting(c, w, &set);
	if (status || only_checks(c))
		return status;
	status = ctl_ready(c);
	if (status)
		return status;
	err = p25_set(c->p25, &set);
	if (!err && !c->batch)
		notes_set(c);
	if (c->file || !refuses_limit(c, &set, err))
		return ctl_result(c, NULL, err);
	c->failure = REFUSED;
	return report_error(c, err, "limit %u: %s", set.limit,
			    p25_error(c->p25));
}
