/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands: each is in cmd_NAME.c, but flush in cmd_kind.c, and offenders in
 * cmd_senders.c.
 */
#ifndef _CMD_H
#define _CMD_H

#include "libp25.h"

struct ctl;
struct words;

int cmd_kind(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_list(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_flush(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_set(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_show(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_check(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_save(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_apply(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_convert(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_monitor(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_top(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_senders(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_offenders(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_health(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_metrics(struct ctl *c, struct words *w, enum p25_kind kind);
int cmd_help(struct ctl *c, struct words *w, enum p25_kind kind);

/* cmd_help.c */
int help_on(const char *object);
void usage_hint(const struct ctl *c);

/* cmd_batch.c */
int cmd_batch(struct ctl *c, const char *file);
int report_missing_line(struct ctl *c, char *line);

#endif /* _CMD_H */
