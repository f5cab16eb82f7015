/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When entries expire.
 *
 * A timeout runs by the boot-time clock, which goes on while the machine sleeps
 * and does not jump when the date is set. A date follows the wall clock. An expiry is
 * one of the two, in 32 bits:
 *
 *	0				P25_NOT_IN_GEN
 *	1 to 2^31 - 1			a timeout: seconds since boot
 *	2^31 to 2^32 - 2		a date: seconds since P25_EXPIRES_MIN
 *	2^32 - 1			P25_NEVER
 *
 * So setting the clock takes nothing, and an entry's expiry is one word, which
 * can be replaced while packets read it.
 */
#ifndef _P25_EXPIRY_H
#define _P25_EXPIRY_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/p25.h>
#include <linux/timekeeping.h>

#define P25_NOT_IN_GEN	0U		/* the entry is not in this generation */
#define P25_NEVER	U32_MAX		/* does not expire */

/* Seconds ahead of its expiry that an entry is said to expire soon, at least half so. */
#define P25_SOON	60

#define P25_WALL_CLOCK	BIT(31)		/* a date, by the wall clock */

static inline bool p25_is_wall_clock(u32 expires)
{
	return expires & P25_WALL_CLOCK && expires != P25_NEVER;
}

/* Now, by the boot-time clock, in the unit of expiry; context: any. */
static inline u32 p25_now(void)
{
	return ktime_get_boottime_seconds();
}

/* The expiry at date @real, in seconds since 1970, or the nearest that there is. */
static inline u32 p25_expires_at(s64 real)
{
	BUILD_BUG_ON(P25_EXPIRES_MAX - P25_EXPIRES_MIN !=
		     P25_NEVER - 1 - P25_WALL_CLOCK);
	return P25_WALL_CLOCK + clamp_t(s64, real, P25_EXPIRES_MIN,
				    P25_EXPIRES_MAX) - P25_EXPIRES_MIN;
}

/* Now, by the wall clock, in the unit of expiry; context: any. */
static inline u32 p25_now_wall_clock(void)
{
	return p25_expires_at(ktime_get_real_seconds());
}

/* Has @expires not been reached? @now is p25_now(), or was; context: any. */
static inline bool p25_not_expired(u32 expires, u32 now)
{
	return expires > now && (!p25_is_wall_clock(expires) ||
			       expires > p25_now_wall_clock());
}

/* Expiry of an entry that is to last @timeout full seconds from now on. */
static inline u32 p25_expires_in(u32 timeout)
{
	return min_t(u32, p25_now() + timeout + 1, P25_WALL_CLOCK - 1);
}

/*
 * Nanoseconds between the boot-time clock and the time of day. Taken from the
 * timekeeper's own offsets, not from two readings of two clocks: the same
 * boot time must give the same time of day each time it is asked for.
 */
static inline s64 p25_boot_to_real_ns(void)
{
	return ktime_to_ns(ktime_mono_to_real(0)) -
	       ktime_to_ns(ktime_mono_to_any(0, TK_OFFS_BOOT));
}

/* The time of day of @expires, in seconds since 1970. */
static inline s64 p25_expires_to_real(u32 expires)
{
	if (p25_is_wall_clock(expires))
		return (s64)P25_EXPIRES_MIN + (expires - P25_WALL_CLOCK);
	return div_s64(expires * (s64)NSEC_PER_SEC + p25_boot_to_real_ns(),
		       NSEC_PER_SEC);
}

/*
 * Seconds that are left until @expires: at least 1, as it lies ahead, and no more
 * than a timeout can be. A date exceeds that if the clock is far behind.
 */
static inline u32 p25_timeout_left(u32 expires)
{
	s64 left = p25_is_wall_clock(expires) ?
		   p25_expires_to_real(expires) - ktime_get_real_seconds() :
		   (s64)expires - p25_now() - 1;

	return clamp_t(s64, left, 1, P25_TIMEOUT_MAX);
}

#endif /* _P25_EXPIRY_H */
