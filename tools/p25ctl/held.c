// SPDX-License-Identifier: GPL-2.0
/*
 * The table of nft(8) that holds port 25 closed where the policy is not in force: see
 * tools/boot/service.in.
 */
#include <stdlib.h>

#include "held.h"

/* held_closed - is it there? In the caller's network namespace; without nft it is not. */
bool held_closed(void)
{
	return !system("nft list table inet p25_guard > /dev/null 2>&1");
}
