// SPDX-License-Identifier: GPL-2.0
/*
 * Policy files: settings and entries, one a line, in the command's words.
 *
 * What "list" prints is accepted as well: an entry may carry its counters,
 * which mean nothing here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl.h"
#include "file.h"
#include "options.h"
#include "parse.h"
#include "policy.h"
#include "prefix_check.h"
#include "quote.h"
#include "report.h"
#include "session.h"
#include "settings.h"
#include "targets.h"
#include "words.h"

static int check_owner(const struct ctl *c, const struct policy *policy,
		       struct p25_entry *options)
{
	const char *acting = c->owner ? c->owner : P25_OWNER_DEFAULT;

	if (!*options->owner)
		strcpy(options->owner, acting);
	if (policy->all || !strcmp(options->owner, acting))
		return DONE;
	return report_misuse(c,
			     "unexpected owner %s: entries of owners other than \"%s\" need \"apply --all\"",
			     quote(options->owner), acting);
}

static int each_target(struct ctl *c, struct policy *policy,
		       const struct p25_entry *options, struct entries *list)
{
	int status = DONE;
	size_t i;

	for (i = 0; i < list->n && !status; i++) {
		struct p25_entry *entry = &list->v[i];

		memcpy(entry->owner, options->owner, sizeof(entry->owner));
		entry->timeout = options->timeout;
		entry->expires = options->expires;
		entry->has_action = options->has_action;
		entry->action = options->action;
		entry->has_guard = options->has_guard;
		entry->guard = options->guard;
		if (*options->comment)
			strcpy(entry->comment, options->comment);
		if (entry->kind == P25_KIND_POOL && !has_lapsed(entry))
			policy->pools[entry->prefix.family == AF_INET6]++;
		status = prefix_check(c, entry);
		if (!status)
			status = policy->entry(c, entry, policy->arg);
	}
	return status;
}

/*
 * An entry that has lapsed meanwhile, in a policy that was saved long ago, is
 * no error.
 */
static int entry_line(struct ctl *c, struct words *w, enum p25_kind kind,
		      struct policy *policy)
{
	struct p25_entry options = { .kind = kind };
	struct entries list = { 0 };
	bool lapsed;
	int status;

	status = parse_targets(c, w, kind, 1, &list);
	if (!status)
		status = parse_options(c, w, OPTION_PAST | OPTION_OWNER |
				       OPTION_COUNTERS, &options);
	if (!status)
		status = check_owner(c, policy, &options);
	lapsed = !status && has_lapsed(&options);
	policy->lapsed += lapsed;
	if (!status && (!lapsed || policy->past))
		status = each_target(c, policy, &options, &list);
	free(list.v);
	return status;
}

static int setting_line(struct ctl *c, struct words *w, struct policy *policy)
{
	struct p25_settings *given = &policy->given;
	struct p25_settings set = { 0 };

	int i;

	if (parse_setting(c, w, &set) || words_end(c, w))
		return MISUSED;
	for (i = 0; i < SETTINGS_N; i++) {
		if (setting_given(&set, i) && setting_given(given, i))
			return report_misuse(c, "duplicate \"%s\"", w->v[0]);
	}
	settings_merge(given, &set);
	if (set.has_limit)
		policy->limit_line = c->line;
	return DONE;
}

/* Is this a line of a batch? A policy says what there is, not what to do. */
static int check_command(const struct ctl *c, const struct words *w,
			 enum p25_kind kind)
{
	static const char *const verbs[] = { "add", "del", "list", "flush" };
	size_t i;

	if (is_word(w->v[0], "set"))
		return report_misuse(c,
				     "unexpected \"set\": in a policy file it is \"action drop\" alone");
	for (i = 0; kind && w->n > 1 && i < ARRAY_SIZE(verbs); i++) {
		if (is_word(w->v[1], verbs[i]))
			return report_misuse(c,
					     "unexpected \"%s\": in a policy file an entry is \"%s PREFIX\"",
					     verbs[i], w->v[0]);
	}
	return DONE;
}

/* What lines of ipset, nft and RouterOS begin with. */
static bool is_foreign(const char *word)
{
	static const char *const words[] = {
		"create", "add", "-N", "-A", "Name:", "table", "define", "elements",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (is_word(word, words[i]))
			return true;
	}
	return *word == '/' || *word == ':';
}

static int policy_line(struct ctl *c, struct words *w, void *arg)
{
	static const char *const names[] = {
		"relay", "pool", "static", "optout", "block",
		"action", "inbound", "limit", "senders", "guard",
	};
	enum p25_kind kind = p25_kind_parse(w->v[0]);
	size_t i;

	if (check_command(c, w, kind))
		return MISUSED;
	if (kind != P25_KIND_NONE) {
		w->at++;
		return entry_line(c, w, kind, arg);
	}
	for (i = 5; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(w->v[0], names[i]))
			return setting_line(c, w, arg);
	}
	if (is_foreign(w->v[0]))
		return report_misuse(c,
				     "unexpected %s: not a line of a policy file; \"p25ctl convert\" reads what ipset, nft and RouterOS print",
				     quote(w->v[0]));
	if (looks_like_prefix(w->v[0]))
		return report_misuse(c,
				     "missing kind before %s; expected one of: pool, static, optout, block, relay (\"p25ctl convert\" makes a policy file of a list)",
				     quote(w->v[0]));
	return report_unknown_word(c, w->v[0], names, ARRAY_SIZE(names),
				   "kind or setting");
}

/*
 * A policy without entries may be intended, but an empty file is what a program that
 * failed leaves, or a full disk; and /dev/null is the standard input of a background
 * job.
 */
static int check_bytes(const struct ctl *c)
{
	if (c->read)
		return DONE;
	return report_misuse(c,
			     "the file is empty: did its writer fail? (if no entry is intended, write a comment line and use --empty)");
}

/* policy_read - read a policy file */
int policy_read(struct ctl *c, const char *file, struct policy *policy)
{
	int status;

	policy->given = (struct p25_settings){ 0 };
	policy->lapsed = 0;
	memset(policy->pools, 0, sizeof(policy->pools));
	status = file_each_line(c, file, policy_line, policy);
	if (!status)
		status = check_bytes(c);
	if (!status && policy->lapsed && !policy->noted)
		hint(c, "%lu %s expired: left out", policy->lapsed,
		     policy->lapsed == 1 ? "entry has" : "entries have");
	policy->noted |= !status;
	return status;
}

/*
 * refuses_limit - is it the limit that the kernel refuses? The number of senders may be out
 * of range, too, and only the kernel's words tell which it is.
 */
bool refuses_limit(const struct ctl *c, const struct p25_settings *set, int err)
{
	return err == -ERANGE && set->has_limit &&
	       !strstr(p25_error(c->p25), "senders");
}

/* report_policy_refusal - say that the kernel refuses what is in the file, and where */
int report_policy_refusal(struct ctl *c, const struct policy *policy, int err)
{
	if (!refuses_limit(c, &policy->given, err))
		return ctl_result(c, NULL, err);
	c->line = policy->limit_line;
	c->failure = REFUSED;
	return report_error(c, err, "limit %u: %s", policy->given.limit,
			    p25_error(c->p25));
}
