/* SPDX-License-Identifier: GPL-2.0 */
/*
 * So many a second.
 */
#ifndef _P25_QUOTA_H
#define _P25_QUOTA_H

#include "expiry.h"

/**
 * struct p25_quota - what has been taken in this second
 * @second: the second, by the boot-time clock
 * @taken: how many
 */
struct p25_quota {
	u32	second;
	u32	taken;
};

/* May one more be taken than @most in this second? Then it is. */
static inline bool p25_quota_take(struct p25_quota *quota, u32 most)
{
	u32 now = p25_now();

	if (quota->second != now)
		*quota = (struct p25_quota) { .second = now };
	if (quota->taken >= most)
		return false;
	quota->taken++;
	return true;
}

#endif /* _P25_QUOTA_H */
