/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_UPKEEP_H
#define _P25_UPKEEP_H

#include "p25.h"

void p25_upkeep_init(struct p25_net *p25);
void p25_upkeep_exit(struct p25_net *p25);
void p25_upkeep_schedule(struct p25_net *p25);

#endif /* _P25_UPKEEP_H */
