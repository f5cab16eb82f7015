/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_GC_H
#define _P25_GC_H

struct p25_net;

void p25_gc_init(struct p25_net *p25);
void p25_gc_exit(struct p25_net *p25);
void p25_gc_schedule(struct p25_net *p25);

#endif /* _P25_GC_H */
