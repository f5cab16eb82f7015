// SPDX-License-Identifier: GPL-2.0
/*
 * A policy file that deletes much is often a mistake: a feed that says "temporarily
 * unavailable", a database that returned nothing, another owner's file.
 */
#include <stdio.h>

#include "apply_options.h"
#include "ctl.h"
#include "deletions.h"
#include "policy.h"
#include "report.h"

/* Fewer may be deleted in any case, if the file has any entry: small policies. */
#define FEW 10

static bool are_too_many(const struct apply *apply,
			 const struct deletions *deletions)
{
	if (!apply->has_most)
		return deletions->deleted >= FEW &&
		       deletions->deleted > deletions->had / 2;
	if (apply->percent)
		return deletions->deleted * 100 > deletions->had * apply->most;
	return deletions->deleted > apply->most;
}

/* Whose they are, and how many. */
static const char *who_has(const struct ctl *c, const struct apply *apply,
			   const struct deletions *deletions)
{
	const char *owner = apply_owner(c, apply);
	static char text[64];

	if (owner)
		snprintf(text, sizeof(text), "owner \"%s\" has %llu", owner,
			 (unsigned long long)deletions->had);
	else
		snprintf(text, sizeof(text), "the policy has %llu",
			 (unsigned long long)deletions->had);
	return text;
}

static int refuse_empty(const struct ctl *c, const struct apply *apply,
			const struct policy *policy,
			const struct deletions *deletions)
{
	return report_failure(c,
			      "the file has no entry%s, and %s: did its writer fail? (use --empty if that is intended)",
			      policy->lapsed ? " that has not expired" : "",
			      who_has(c, apply, deletions));
}

static int refuse_many(const struct ctl *c, const struct apply *apply,
		       const struct deletions *deletions)
{
	char most[32] = "half of them";

	if (apply->has_most)
		snprintf(most, sizeof(most), "%llu%s",
			 (unsigned long long)apply->most,
			 apply->percent ? "% of them" : "");
	return report_failure(c,
			      "%s entries, the file has %llu: %llu would be deleted, but at most %s may be (use --force if that is intended; --max-delete sets another limit)",
			      who_has(c, apply, deletions),
			      (unsigned long long)deletions->left,
			      (unsigned long long)deletions->deleted, most);
}

/* deletions_check - may so many entries be deleted? Return: DONE or FAILED */
int deletions_check(const struct ctl *c, const struct apply *apply,
		    const struct policy *policy,
		    const struct deletions *deletions)
{
	if (apply->force)
		return DONE;
	if (deletions->had && !deletions->left)
		return apply->empty ? DONE :
		       refuse_empty(c, apply, policy, deletions);
	if (are_too_many(apply, deletions))
		return refuse_many(c, apply, deletions);
	return DONE;
}
