// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl apply FILE, when the file differs in little from the policy: digests
 * tell where, and only that is sent.
 *
 *	file --> digests --.
 *	                    +-- which groups differ? --> their entries in the
 *	kernel's digests --'    file, and in the kernel --> add, delete
 *
 * Nothing is kept between two calls. If the policy or the file changes meanwhile,
 * or if the difference is large, the file is loaded as a whole instead.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply_options.h"
#include "ctl.h"
#include "deletions.h"
#include "difference.h"
#include "guard.h"
#include "options.h"
#include "policy.h"
#include "rows.h"
#include "session.h"
#include "settings.h"
#include "warn_covered.h"

/* More groups, or more entries in them, than are worth telling apart. */
#define GROUPS_MAX (P25_DIGEST_GROUPS / 4)
#define ENTRIES_MAX 65536

/**
 * struct difference - the policy as it is and as the file has it
 * @p25: the handle
 * @apply: what is to be done
 * @owner: whose entries; NULL: all
 * @file: digests of the file
 * @again: the same, when it is read for the second time
 * @kernel: digests of the policy
 * @differs: groups that differ: a bit for each
 * @n: how many
 * @vain: there are too many, by timeouts alone
 * @entries: entries of the file, by group
 * @lapsed: those of them that have expired
 * @same: entries in the groups that don't differ, without expired ones
 * @settings: what the file sets, with what else is set already left out
 * @before: entries of those groups in the policy
 * @after: in the file
 * @had: those that are before, but for what the kernel only keeps
 * @deleted: those of them that are not after
 * @left: those that are after, and have not expired
 * @changes: what has been sent
 */
struct difference {
	struct p25 *p25;
	const struct apply *apply;
	const char *owner;
	struct p25_digests file, again, kernel;
	uint8_t differs[P25_DIGEST_GROUPS / 8];
	unsigned int n;
	bool vain;
	uint32_t entries[P25_DIGEST_GROUPS];
	uint32_t lapsed[P25_DIGEST_GROUPS];
	uint64_t same;
	struct p25_settings settings;
	struct rows before, after;
	uint64_t had, deleted, left;
	size_t changes;
};

static bool differs(const struct difference *d, unsigned int group)
{
	return d->differs[group / 8] >> group % 8 & 1;
}

static void mark_group(struct difference *d, unsigned int group)
{
	d->n += !differs(d, group);
	d->differs[group / 8] |= 1 << group % 8;
}

/*
 * First reading. A timeout runs from now on, so it differs in any case. If that makes for
 * too much, it needs not be read to the end; but each wrong line is reported once.
 */
static int digest_entry(struct ctl *c, const struct p25_entry *entry, void *arg)
{
	struct difference *d = arg;
	unsigned int group = p25_digests_add(&d->file, entry);

	d->entries[group]++;
	d->lapsed[group] += has_lapsed(entry);
	if (entry->timeout)
		mark_group(d, group);
	d->vain = d->n > GROUPS_MAX && !c->bad;
	return d->vain ? FAILED : DONE;
}

/* Second reading. Out of memory is not reported: a load needs none. */
static int take_entry(struct ctl *c, const struct p25_entry *entry, void *arg)
{
	struct difference *d = arg;

	if (!differs(d, p25_digests_add(&d->again, entry)))
		return DONE;
	warn_covered_before(c, entry, 1);
	return rows_add(&d->after, entry) ? FAILED : DONE;
}

static int take_listed(const struct p25_entry *entry, void *arg)
{
	struct rows *rows = arg;

	return rows->n == 2 * ENTRIES_MAX ? -E2BIG : rows_add(rows, entry);
}

/* Leave out settings that have the value already. */
static int compare_settings(struct ctl *c, struct p25_settings *set)
{
	struct p25_status now;
	int err = p25_show(c->p25, &now);

	if (err)
		return err;
	settings_leave_out(set, &now.settings);
	return 0;
}

/* Which groups differ? False if there is too much in them. */
static bool compare_digests(struct difference *d)
{
	unsigned int entries = 0, i;

	for (i = 0; i < P25_DIGEST_GROUPS; i++) {
		if (d->file.group[i] != d->kernel.group[i])
			mark_group(d, i);
		if (!differs(d, i)) {
			d->same += d->entries[i] - d->lapsed[i];
			continue;
		}
		entries += d->entries[i];
	}
	return d->n <= GROUPS_MAX && entries <= ENTRIES_MAX;
}

static bool is_same_entry(const struct p25_entry *before,
			  const struct p25_entry *after)
{
	return !after->timeout && before->expires == after->expires &&
	       has_same_action(before, after) && has_same_guard(before, after) &&
	       !strcmp(before->comment, after->comment);
}

/*
 * Is it an expired entry that the kernel keeps in case the clock is wrong? One
 * below P25_EXPIRES_MIN has a timeout that has not run out.
 */
static bool is_kept(const struct p25_entry *entry)
{
	return entry->expires >= P25_EXPIRES_MIN && has_lapsed(entry);
}

static int count_entry(const struct p25_entry *from, const struct p25_entry *to,
		       void *arg)
{
	struct difference *d = arg;
	bool was = from && !is_kept(from), is = to && !has_lapsed(to);

	d->had += was;
	d->deleted += was && !is;
	d->left += is;
	return 0;
}

/* May so many entries be deleted? */
static int check_deletions(const struct ctl *c, const struct policy *policy,
			   struct difference *d)
{
	struct deletions deletions;

	rows_compare(&d->before, &d->after, count_entry, d);
	deletions = (struct deletions){
		.had = d->same + d->had,
		.deleted = d->deleted,
		.left = d->same + d->left,
	};
	return deletions_check(c, d->apply, policy, &deletions);
}

static int send_delete(const struct p25_entry *from, const struct p25_entry *to,
		       void *arg)
{
	struct difference *d = arg;

	if (to)
		return 0;
	d->changes++;
	return p25_del(d->p25, from, 1, true);
}

static int send_add(const struct p25_entry *from, const struct p25_entry *to,
		    void *arg)
{
	struct difference *d = arg;

	if (!to || (from && is_same_entry(from, to)))
		return 0;
	d->changes++;
	return p25_add(d->p25, to, 1);
}

static int send_settings(struct difference *d)
{
	if (!settings_given(&d->settings))
		return 0;
	d->changes++;
	return p25_set(d->p25, &d->settings);
}

/*
 * Make the changes, unless there is none. The kernel makes them in this order:
 * what is deleted makes room for a lower limit, a higher one for what is added.
 */
static int send_changes(struct difference *d)
{
	int err = p25_begin(d->p25);

	if (!err)
		err = rows_compare(&d->before, &d->after, send_delete, d);
	if (!err)
		err = send_settings(d);
	if (!err)
		err = rows_compare(&d->before, &d->after, send_add, d);
	if (!err && d->changes)
		return p25_commit_unchanged(d->p25, d->owner, d->kernel.mark);
	return err;
}

/* -EAGAIN is returned; other errors are reported, and become -EINVAL. */
static int report_send(struct ctl *c, const struct policy *policy, int err)
{
	if (has_past(policy, err))
		return -EAGAIN;
	if (!err || err == -EAGAIN)
		return err;
	report_policy_refusal(c, policy, err);
	return -EINVAL;
}

/* The policy's entries in those groups. */
static int fetch_groups(struct ctl *c, const struct policy *policy,
			struct difference *d)
{
	struct p25_filter filter = {
		.owner = d->owner,
		.groups = d->differs,
		.seed = d->file.seed,
	};
	int err = p25_list(c->p25, &filter, take_listed, &d->before);

	/* Too many, no memory to keep them, or interrupted by a change. */
	if (err == -E2BIG || err == -ENOMEM || err == -EINTR)
		return -EAGAIN;
	return report_send(c, policy, err);
}

/* Fetch what differs and send what is to change. */
static int send_difference(struct ctl *c, const struct policy *policy,
			   struct difference *d)
{
	int err = fetch_groups(c, policy, d);

	if (err)
		return err;
	rows_sort(&d->before);
	rows_sort(&d->after);
	rows_unique(&d->after);
	if (check_deletions(c, policy, d))
		return -EINVAL;
	err = report_send(c, policy, send_changes(d));
	p25_abort(c->p25);
	return err;
}

/* 0: the policy is the file; -EAGAIN: better load it; else: it was refused. */
static int apply_rows(struct ctl *c, struct policy *policy,
		      struct difference *d)
{
	policy->entry = take_entry;
	if (policy_read(c, d->apply->file, policy) ||
	    memcmp(d->file.group, d->again.group, sizeof(d->file.group)))
		return -EAGAIN;		/* the file has changed */
	return send_difference(c, policy, d);
}

static int try_difference(struct ctl *c, struct policy *policy,
			  struct difference *d, int *status)
{
	if (p25_digests_init(&d->file))
		return -EAGAIN;
	d->again = d->file;
	*status = policy_read(c, d->apply->file, policy);
	if (d->vain)
		return -EAGAIN;
	if (*status)
		return -EINVAL;
	d->settings = policy->given;
	memcpy(d->kernel.seed, d->file.seed, sizeof(d->kernel.seed));
	if (p25_digests_get(c->p25, d->owner, &d->kernel) ||
	    compare_settings(c, &d->settings) || !compare_digests(d))
		return -EAGAIN;
	if (!d->n && !settings_given(&d->settings))
		return 0;
	*status = FAILED;
	return apply_rows(c, policy, d);
}

/* Is there anything that the file could be compared with? */
static bool has_entries(struct ctl *c)
{
	struct p25_status now;
	uint32_t entries = 0;
	int kind;

	if (ctl_open(c) || p25_show(c->p25, &now))
		return false;
	for (kind = P25_KIND_RELAY; kind <= P25_KIND_MAX; kind++)
		entries += now.entries[kind];
	return entries;
}

/*
 * apply_difference - send only what differs, if that can be found out
 * @apply: has the file's name; it can be read twice
 * @policy: has @all
 * @status: the result
 *
 * Return: false if nothing has been done: the file is to be loaded as a whole.
 */
bool apply_difference(struct ctl *c, const struct apply *apply,
		      struct policy *policy, int *status)
{
	struct difference *d;
	int err;

	if (!has_entries(c))
		return false;
	d = calloc(1, sizeof(*d));
	if (!d)
		return false;
	d->p25 = c->p25;
	d->apply = apply;
	d->owner = apply_owner(c, apply);
	policy->entry = digest_entry;
	policy->arg = d;
	err = try_difference(c, policy, d, status);
	if (!err)
		*status = DONE;
	rows_free(&d->before);
	rows_free(&d->after);
	free(d);
	return err != -EAGAIN;
}
