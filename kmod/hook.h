/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_HOOK_H
#define _P25_HOOK_H

#include "p25.h"

int p25_hook_enable(struct p25_net *p25, bool resets);
void p25_hook_disable_resets(struct p25_net *p25);
void p25_hook_disable(struct p25_net *p25);

#endif /* _P25_HOOK_H */
