/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_HOOK_H
#define _P25_HOOK_H

struct netlink_ext_ack;
struct p25_net;

int p25_hook_enable(struct p25_net *p25, unsigned int gen,
		    struct netlink_ext_ack *extack);
void p25_hook_disable_unneeded(struct p25_net *p25);
void p25_hook_disable(struct p25_net *p25);

#endif /* _P25_HOOK_H */
