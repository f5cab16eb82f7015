/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way back to the sender of a packet.
 */
#ifndef _P25_ROUTE_H
#define _P25_ROUTE_H

#include <linux/types.h>

struct nf_hook_state;
struct sk_buff;

bool p25_route_to_sender(struct sk_buff *skb, const struct nf_hook_state *state);

#endif /* _P25_ROUTE_H */
