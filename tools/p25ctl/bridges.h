/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bridges whose frames pass the router without being seen.
 */
#ifndef _BRIDGES_H
#define _BRIDGES_H

#include <stddef.h>

int bridges_unseen(char *why, size_t room);

#endif /* _BRIDGES_H */
