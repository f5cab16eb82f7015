/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making changes to the policy.
 */
#ifndef _P25_COMMIT_H
#define _P25_COMMIT_H

#include <linux/netlink.h>

#include "change.h"

struct p25_policy;

int p25_commit(struct p25_net *p25, struct p25_changes *changes,
	       struct netlink_ext_ack *extack);
u64 p25_commit_mark(const struct p25_policy *policy, u8 owner);
bool p25_commit_has_changed(const struct p25_policy *policy, u64 mark,
			    u8 owner);
int p25_commit_expired(struct p25_net *p25);
void p25_commit_may_expire(struct p25_net *p25, u32 most);
bool p25_commit_awaits_expiry(const struct p25_policy *policy);

#endif /* _P25_COMMIT_H */
