/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of nft(8) that holds port 25 closed where the policy is not in force.
 */
#ifndef _HELD_H
#define _HELD_H

#include <stdbool.h>

bool held_closed(void);

#endif /* _HELD_H */
