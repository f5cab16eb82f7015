/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The handle, and its errors.
 */
#ifndef _SESSION_H
#define _SESSION_H

struct ctl;
struct p25_status;
struct words;

int ctl_open(struct ctl *c);
int ctl_ready(struct ctl *c);
int ctl_monitor(struct ctl *c);
int ctl_result(struct ctl *c, const struct words *w, int err);
int ctl_show(struct ctl *c, struct p25_status *status);
int ctl_begin(struct ctl *c);
int ctl_finish(struct ctl *c, int status);

#endif /* _SESSION_H */
