/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy files.
 */
#ifndef _POLICY_H
#define _POLICY_H

#include <errno.h>
#include <stdbool.h>

#include "libp25.h"

struct ctl;

/**
 * struct policy - a policy file that is being read
 * @entry: called for each entry
 * @arg: passed to it
 * @all: lines may name any owner
 * @past: @entry is called for those that have expired by the clock, too
 * @noted: it has been read before, and notes about it have been printed
 * @given: settings that the file has given so far
 * @limit_line: line of the limit among them
 * @lapsed: entries whose expiry had passed
 * @pools: pools of IPv4, and of IPv6
 */
struct policy {
	int (*entry)(struct ctl *c, const struct p25_entry *entry, void *arg);
	void *arg;
	bool all;
	bool past;
	bool noted;
	struct p25_settings given;
	unsigned long limit_line;
	unsigned long lapsed;
	unsigned long pools[2];
};

/*
 * Has the kernel no room for a file that has more than it needs? What has expired
 * is sent because the clock may be wrong, but is no reason to refuse the rest.
 */
static inline bool has_past(const struct policy *policy, int err)
{
	return err == -ENOSPC && policy->past && policy->lapsed;
}

bool refuses_limit(const struct ctl *c, const struct p25_settings *set, int err);
int policy_read(struct ctl *c, const char *file, struct policy *policy);
int report_policy_refusal(struct ctl *c, const struct policy *policy, int err);

#endif /* _POLICY_H */
