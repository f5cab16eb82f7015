/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Committing changes: all of them or none.
 */
#ifndef _P25_COMMIT_H
#define _P25_COMMIT_H

struct netlink_ext_ack;
struct p25_changes;
struct p25_net;

int p25_commit(struct p25_net *p25, struct p25_changes *changes,
	       struct netlink_ext_ack *extack);

#endif /* _P25_COMMIT_H */
