// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl apply FILE: make the owner's entries exactly this file.
 *
 * If little is to change, difference.c does it. Otherwise in one transaction the
 * old entries are flushed, and those of the file are added as they are read. The
 * kernel keeps the counters of those that are in both.
 *
 * The kernel makes changes in the order in which they are sent, but a file's
 * lines have none: a limit belongs before the entries that it makes room for,
 * and may stand behind them. Then the file is read a second time.
 */
#include <errno.h>
#include <string.h>

#include "apply.h"
#include "file.h"

/**
 * struct load - a file that is being loaded as a whole
 * @owner: whose entries; NULL: all
 * @err: what the kernel has refused, 0 if nothing; then nothing more is sent
 * @line: where that was
 */
struct load {
	const char *owner;
	int err;
	unsigned long line;
};

/* What is refused is said when the file has been read to its end. */
static int send_entry(struct ctl *c, const struct p25_entry *entry, void *arg)
{
	struct load *load = arg;

	if (only_reads(c) || load->err)
		return DONE;
	load->err = p25_add(c->p25, entry, 1);
	load->line = c->line;
	return DONE;
}

static int send_settings(struct ctl *c, const struct p25_settings *set)
{
	return is_given(set) ? p25_set(c->p25, set) : 0;
}

/* With the settings that are known from having read it before, if it has been. */
static int send_policy(struct ctl *c, const char *file, struct policy *policy,
		       struct load *load)
{
	const struct p25_settings known = policy->given;
	struct p25_filter filter = { .owner = load->owner };
	int status = ctl_begin(c);

	load->line = 0;
	load->err = c->deaf ? 0 : p25_flush(c->p25, &filter);
	if (!load->err && !c->deaf)
		load->err = send_settings(c, &known);
	policy->entry = send_entry;
	policy->arg = load;
	if (!status)
		status = policy_read(c, file, policy);
	if (status || load->err || c->deaf)
		return status;
	load->line = 0;
	if (memcmp(&known, &policy->given, sizeof(known)))
		load->err = send_settings(c, &policy->given);
	if (!load->err)
		load->err = p25_commit(c->p25);
	return DONE;
}

/* Has the limit come too late? */
static bool needs_limit(const struct load *load,
			const struct p25_settings *known,
			const struct p25_settings *given)
{
	return load->err == -ENOSPC && given->has_limit && !known->has_limit;
}

static int load(struct ctl *c, const char *file, struct policy *policy,
		const char *owner, bool again)
{
	const struct p25_settings known = policy->given;
	struct load load = { .owner = owner };
	int status = send_policy(c, file, policy, &load);

	if (!status && again && needs_limit(&load, &known, &policy->given)) {
		p25_abort(c->p25);
		status = send_policy(c, file, policy, &load);
	}
	if (!status && again && has_past(policy, load.err)) {
		policy->past = false;
		p25_abort(c->p25);
		status = send_policy(c, file, policy, &load);
	}
	if (c->deaf)
		return ctl_finish(c, status);
	if (!status && load.err) {
		c->line = load.line;
		status = policy_refused(c, policy, load.err);
	}
	if (status)
		p25_abort(c->p25);
	return status;
}

static int apply(struct ctl *c, const char *file, bool all)
{
	const char *owner = all ? NULL :
			    c->owner ? c->owner : P25_OWNER_DEFAULT;
	struct policy policy = { .all = all, .past = true };
	bool again;
	int status;

	status = file_keep(c, file, &again);
	if (status)
		return status;
	if (again && apply_difference(c, file, &policy, owner, &status))
		return status;
	return load(c, file, &policy, owner, again);
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
