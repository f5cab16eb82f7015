/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Watching senders; see watch.c.
 */
#ifndef _P25_WATCH_H
#define _P25_WATCH_H

struct p25_net;

void p25_watch_init(struct p25_net *p25);
void p25_watch_start(struct p25_net *p25);
void p25_watch_note_counted(struct p25_net *p25);
void p25_watch_exit(struct p25_net *p25);

#endif /* _P25_WATCH_H */
