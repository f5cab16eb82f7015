/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Policy files.
 */
#ifndef _POLICY_H
#define _POLICY_H

#include "parse.h"

/**
 * struct policy - a policy file that is being read
 * @entry: called for each entry
 * @setting: called for each setting, if not NULL
 * @arg: passed to them
 * @all: lines may name any owner
 * @again: it has been read before: what there is to be noted has been
 * @given: settings that the file has given so far
 * @lapsed: entries that were left out because their expiry had passed
 */
struct policy {
	int (*entry)(struct ctl *c, const struct p25_entry *entry, void *arg);
	int (*setting)(struct ctl *c, const struct p25_settings *set,
		       void *arg);
	void *arg;
	bool all;
	bool again;
	struct p25_settings given;
	unsigned long lapsed;
};

int policy_read(struct ctl *c, const char *file, struct policy *policy);

#endif /* _POLICY_H */
