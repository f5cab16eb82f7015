/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Removing entries that have expired; see expire.c.
 */
#ifndef _P25_EXPIRE_H
#define _P25_EXPIRE_H

#include <linux/types.h>

struct p25_net;
struct p25_policy;

void p25_expire_note(struct p25_policy *policy, u32 expires);
bool p25_expire_is_pending(const struct p25_policy *policy);
void p25_expire(struct p25_net *p25);
void p25_expire_in_budget(struct p25_net *p25, u32 most);
void p25_expire_for_command(struct p25_net *p25, u32 most);

#endif /* _P25_EXPIRE_H */
