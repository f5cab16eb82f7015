/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DRYRUN_H
#define _DRYRUN_H

struct apply;
struct ctl;

int dry_run(struct ctl *c, const struct apply *apply);

#endif /* _DRYRUN_H */
