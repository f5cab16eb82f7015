/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When entries expire.
 *
 * A timeout runs by the boot-time clock, which goes on while the machine sleeps
 * and does not jump when somebody sets the date. A moment is one of the wall
 * clock, and follows it when it is set. An expiry is either, in 32 bits:
 *
 *	0				P25_ABSENT
 *	1 to 2^31 - 1			a timeout: seconds since boot
 *	2^31 to 2^32 - 2		a moment: seconds since P25_EXPIRES_MIN
 *	2^32 - 1			P25_NEVER
 *
 * So setting the clock takes nothing, and an entry's expiry is one word, which
 * can be replaced while packets read it.
 */
#ifndef _P25_CLOCK_H
#define _P25_CLOCK_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/p25.h>
#include <linux/timekeeping.h>

#define P25_ABSENT	0U		/* expired since ever: not there */
#define P25_NEVER	U32_MAX		/* does not expire */

#define P25_MOMENT	BIT(31)		/* by the wall clock */

static inline bool p25_is_moment(u32 until)
{
	return until & P25_MOMENT && until != P25_NEVER;
}

/* Now, by the boot-time clock, in the unit of expiry; context: any. */
static inline u32 p25_now(void)
{
	return ktime_get_boottime_seconds();
}

/* The expiry at time of day @real, or what there is that is next to it. */
static inline u32 p25_until_moment(s64 real)
{
	BUILD_BUG_ON(P25_EXPIRES_MAX - P25_EXPIRES_MIN !=
		     P25_NEVER - 1 - P25_MOMENT);
	return P25_MOMENT + clamp_t(s64, real, P25_EXPIRES_MIN,
				    P25_EXPIRES_MAX) - P25_EXPIRES_MIN;
}

/* Now, by the wall clock, in the unit of expiry; context: any. */
static inline u32 p25_now_moment(void)
{
	return p25_until_moment(ktime_get_real_seconds());
}

/* Is @until still ahead? @now is p25_now(), or was; context: any. */
static inline bool p25_is_ahead(u32 until, u32 now)
{
	return until > now && (!p25_is_moment(until) ||
			       until > p25_now_moment());
}

/* Expiry of an entry that is to last @timeout full seconds from now on. */
static inline u32 p25_until_timeout(u32 timeout)
{
	return min_t(u32, p25_now() + timeout + 1, P25_MOMENT - 1);
}

/*
 * Nanoseconds between the boot-time clock and the time of day. Taken from the
 * timekeeper's own offsets, not from two readings of two clocks: the same
 * moment of boot time must give the same time of day each time it is asked for.
 */
static inline s64 p25_boot_to_real_ns(void)
{
	return ktime_to_ns(ktime_mono_to_real(0)) -
	       ktime_to_ns(ktime_mono_to_any(0, TK_OFFS_BOOT));
}

/* The time of day of @until, in seconds since 1970. */
static inline s64 p25_until_to_real(u32 until)
{
	if (p25_is_moment(until))
		return (s64)P25_EXPIRES_MIN + (until - P25_MOMENT);
	return div_s64(until * (s64)NSEC_PER_SEC + p25_boot_to_real_ns(),
		       NSEC_PER_SEC);
}

/*
 * Seconds that are left until @until: at least 1, as it lies ahead, and no more
 * than a timeout can be. A moment exceeds that if the clock is far behind.
 */
static inline u32 p25_timeout_left(u32 until)
{
	s64 left = p25_is_moment(until) ?
		   p25_until_to_real(until) - ktime_get_real_seconds() :
		   (s64)until - p25_now() - 1;

	return clamp_t(s64, left, 1, P25_TIMEOUT_MAX);
}

#endif /* _P25_CLOCK_H */
