/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deleting all entries at once.
 */
#ifndef _P25_CLEAR_H
#define _P25_CLEAR_H

struct netlink_ext_ack;
struct p25_change;
struct p25_net;

int p25_clear(struct p25_net *p25, const struct p25_change *flush,
	      unsigned int *n, struct netlink_ext_ack *extack);

#endif /* _P25_CLEAR_H */
