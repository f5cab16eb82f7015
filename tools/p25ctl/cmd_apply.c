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

#include "apply_options.h"
#include "cmd.h"
#include "ctl.h"
#include "deletions.h"
#include "difference.h"
#include "dryrun.h"
#include "keys.h"
#include "last_apply.h"
#include "options.h"
#include "policy.h"
#include "session.h"
#include "settings.h"
#include "spool.h"
#include "warn_covered.h"
#include "warn_family.h"
#include "warn_isolated.h"
#include "words.h"

/**
 * struct load - a file that is being loaded as a whole
 * @apply: what is to be done
 * @before: the entries that there are; those that the file has as well are marked
 * @n: entries of the file so far
 * @err: what the kernel has refused, 0 if nothing; then nothing more is sent
 * @line: where that was
 */
struct load {
	const struct apply *apply;
	struct keys before;
	uint64_t n;
	int err;
	unsigned long line;
};

/* A refusal is reported when the file has been read to its end. */
static int send_entry(struct ctl *c, const struct p25_entry *entry, void *arg)
{
	struct load *load = arg;

	if (only_checks(c) || load->err)
		return DONE;
	if (!has_lapsed(entry)) {
		load->n++;
		keys_mark(&load->before, entry);
	}
	warn_covered_before(c, entry, 1);
	load->err = p25_add(c->p25, entry, 1);
	load->line = c->line;
	return DONE;
}

static int send_settings(struct ctl *c, const struct p25_settings *set)
{
	return settings_given(set) ? p25_set(c->p25, set) : 0;
}

static int check_deletions(const struct ctl *c, const struct policy *policy,
			   const struct load *load)
{
	size_t kept = keys_marked(&load->before);
	struct deletions deletions = {
		.had = load->before.n,
		.deleted = load->before.n - kept,
		.left = load->n,
	};

	return deletions_check(c, load->apply, policy, &deletions);
}

static void start_load(struct ctl *c, const struct p25_settings *known,
		       struct load *load)
{
	struct p25_filter filter = { .owner = apply_owner(c, load->apply) };

	load->line = 0;
	load->n = 0;
	keys_unmark(&load->before);
	load->err = c->check_only ? 0 : p25_flush(c->p25, &filter);
	if (!load->err && !c->check_only)
		load->err = send_settings(c, known);
}

/* With the settings that are known from having read it before, if it has been. */
static int send_policy(struct ctl *c, struct policy *policy, struct load *load)
{
	const struct p25_settings known = policy->given;
	int status = ctl_begin(c);

	start_load(c, &known, load);
	policy->entry = send_entry;
	policy->arg = load;
	if (!status)
		status = policy_read(c, load->apply->file, policy);
	if (status || load->err || c->check_only)
		return status;
	status = check_deletions(c, policy, load);
	if (status)
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

static int send_file(struct ctl *c, struct policy *policy, struct load *load,
		     bool again)
{
	const struct p25_settings known = policy->given;
	int status = send_policy(c, policy, load);

	if (!status && again && needs_limit(load, &known, &policy->given)) {
		p25_abort(c->p25);
		status = send_policy(c, policy, load);
	}
	if (!status && again && has_past(policy, load->err)) {
		policy->past = false;
		p25_abort(c->p25);
		status = send_policy(c, policy, load);
	}
	if (c->check_only)
		return ctl_finish(c, status);
	if (!status && load->err) {
		c->line = load->line;
		status = report_policy_refusal(c, policy, load->err);
	}
	if (status)
		p25_abort(c->p25);
	return status;
}

/* If there is no kernel to talk to, that is reported when the file has been read. */
static int load_file(struct ctl *c, const struct apply *apply,
		     struct policy *policy, bool again)
{
	struct load load = { .apply = apply };
	int status = DONE;

	if (!apply->force && !ctl_open(c))
		status = keys_fetch(c, apply_owner(c, apply), &load.before);
	if (!status)
		status = send_file(c, policy, &load, again);
	keys_free(&load.before);
	return status;
}

static int apply_file(struct ctl *c, const struct apply *apply)
{
	struct policy policy = { .all = apply->all, .past = true };
	bool again;
	int status;

	status = spool_file(c, apply->file, &again);
	if (status)
		return status;
	if (!again || !apply_difference(c, apply, &policy, &status))
		status = load_file(c, apply, &policy, again);
	warn_covered_after(c, status);
	if (!status) {
		warn_family(c, &policy);
		warn_isolated(c);
	}
	return status;
}

int cmd_apply(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct apply options = { 0 };
	const char *owner;
	int status;

	(void)kind;
	if (apply_parse(c, w, &options))
		return MISUSED;
	c->wide |= options.wide;
	owner = apply_owner(c, &options);
	if (options.dry)
		return dry_run(c, &options);
	status = apply_file(c, &options);
	last_apply_note(c, owner ? owner : "", status);
	return status;
}
