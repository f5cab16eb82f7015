// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl set action|inbound|limit VALUE.
 */
#include "parse.h"

int run_set(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct p25_settings set = { 0 };
	int status = DONE;

	(void)kind;
	if (!words_peek(w))
		return misused(c, "set what? \"action\", \"inbound\" or \"limit\" is missing");
	while (!status && words_peek(w))
		status = parse_setting(c, w, &set);
	if (status || c->deaf)
		return status;
	status = ctl_ready(c);
	return status ? status : ctl_result(c, NULL, p25_set(c->p25, &set));
}
