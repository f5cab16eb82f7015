// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl apply FILE: make the owner's entries exactly this file.
 *
 * If little is to change, difference.c does it. Otherwise in one transaction the
 * old entries are flushed, and those of the file are added as they are read. The
 * kernel keeps the counters of those that are in both.
 */
#include <string.h>

#include "apply.h"
#include "policy.h"

static int send_entry(struct ctl *c, const struct p25_entry *entry, void *arg)
{
	(void)arg;
	return c->deaf ? DONE : ctl_result(c, NULL, p25_add(c->p25, entry, 1));
}

static int send_setting(struct ctl *c, const struct p25_settings *set,
			void *arg)
{
	(void)arg;
	return c->deaf ? DONE : ctl_result(c, NULL, p25_set(c->p25, set));
}

static int load(struct ctl *c, const char *file, struct policy *policy,
		const char *owner)
{
	struct p25_filter filter = { .owner = owner };
	int status = ctl_begin(c);

	policy->entry = send_entry;
	policy->setting = send_setting;
	policy->given = (struct p25_settings){ 0 };
	if (!status && !c->deaf)
		status = ctl_result(c, NULL, p25_flush(c->p25, &filter));
	if (!status)
		status = policy_read(c, file, policy);
	return ctl_finish(c, status);
}

static int apply(struct ctl *c, const char *file, bool all)
{
	const char *owner = all ? NULL :
			    c->owner ? c->owner : P25_OWNER_DEFAULT;
	struct policy policy = { .all = all };
	int status;

	if (apply_difference(c, file, &policy, owner, &status))
		return status;
	return load(c, file, &policy, owner);
}

/* The options of apply, before or after the file. */
static int parse(const struct ctl *c, struct words *w, const char **file,
		 bool *all, bool *dry)
{
	const char *word;

	while ((word = words_next(w))) {
		if (!strcmp(word, "--all"))
			*all = true;
		else if (!strcmp(word, "--dry-run"))
			*dry = true;
		else if (*word == '-' && word[1])
			return misused(c, "%s is no option of apply; --all and --dry-run are",
				       quote(word));
		else if (*file)
			return misused(c, "%s is one word too many",
				       quote(word));
		else
			*file = word;
	}
	if (!*file)
		return misused(c, "apply what? A policy file is missing (\"-\": standard input)");
	if (*all && c->owner)
		return misused(c, "-o and --all exclude each other: --all is about every owner");
	return DONE;
}

int run_apply(struct ctl *c, struct words *w, enum p25_kind kind)
{
	bool all = false, dry = false;
	const char *file = NULL;

	(void)kind;
	if (parse(c, w, &file, &all, &dry))
		return MISUSED;
	return dry ? dry_run(c, file, all) : apply(c, file, all);
}
