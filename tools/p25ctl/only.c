// SPDX-License-Identifier: GPL-2.0
/*
 * --only KIND,KIND: a batch that comes from somewhere else may change entries of these
 * kinds, of one owner, and nothing else.
 */
#include <string.h>

#include "ctl.h"
#include "dispatch.h"
#include "only.h"
#include "quote.h"
#include "report.h"

/* only_parse - kinds, with commas between them */
int only_parse(struct ctl *c, const char *text)
{
	const char *kinds = text;
	char word[16];

	while (true) {
		size_t len = strcspn(text, ",");
		enum p25_kind kind = P25_KIND_NONE;

		if (len < sizeof(word)) {
			memcpy(word, text, len);
			word[len] = '\0';
			kind = p25_kind_parse(word);
		}
		if (kind == P25_KIND_NONE)
			return report_misuse(c, "invalid kinds %s: write --only=optout,block",
					     quote(kinds));
		c->only |= 1U << kind;
		if (!text[len])
			return DONE;
		text += len + 1;
	}
}

/* only_check - does --only stand where it can be kept to? */
int only_check(const struct ctl *c, const char *batch)
{
	if (!c->only || (batch && c->owner))
		return DONE;
	return report_misuse(c, "option \"--only\" requires -b, and -o with the owner");
}

/* only_allows - may this object stand in the batch? */
int only_allows(const struct ctl *c, const struct verb *verb)
{
	if (!c->only || (verb->kind && c->only & 1U << verb->kind))
		return DONE;
	return report_misuse(c, "command \"%s\" is not among the kinds of --only",
			     verb->name);
}
