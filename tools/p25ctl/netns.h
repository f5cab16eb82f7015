/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NETNS_H
#define _NETNS_H

struct ctl;

int netns_enter(struct ctl *c, int *before);
int netns_leave(struct ctl *c, int before);

#endif /* _NETNS_H */
