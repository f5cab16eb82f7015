/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_REJECT_H
#define _P25_REJECT_H

#include <linux/p25.h>

struct net;
struct netlink_ext_ack;
struct nf_hook_state;
struct sk_buff;

int p25_reject_load(struct netlink_ext_ack *extack);
void p25_reject_unload(void);
int p25_reject_watch(struct net *net);
void p25_reject_unwatch(struct net *net);
enum p25_counter p25_reject_answer(struct sk_buff *skb,
				   const struct nf_hook_state *state, u8 verdict);

#endif /* _P25_REJECT_H */
