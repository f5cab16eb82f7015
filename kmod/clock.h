/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When entries expire.
 *
 * An expiry is kept in whole seconds of the boot-time clock, which goes on
 * while the machine sleeps and does not jump when somebody sets the date. 0 and
 * P25_NEVER are special, so that one comparison says if an entry counts.
 */
#ifndef _P25_CLOCK_H
#define _P25_CLOCK_H

#include <linux/math64.h>
#include <linux/timekeeping.h>

#define P25_ABSENT	0U		/* expired since ever: not there */
#define P25_NEVER	U32_MAX		/* does not expire */

/* Now, in the unit of expiry; context: any. */
static inline u32 p25_now(void)
{
	return ktime_get_boottime_seconds();
}

/* Expiry of an entry that is to last @timeout full seconds from now on. */
static inline u32 p25_until_timeout(u32 timeout)
{
	return p25_now() + timeout + 1;
}

/* Seconds that are left until @until, at least 1; it lies in the future. */
static inline u32 p25_timeout_left(u32 until)
{
	u32 now = p25_now() + 1;

	return until > now ? until - now : 1;
}

/*
 * Nanoseconds between the boot-time clock and the time of day. Taken from the
 * timekeeper's own offsets, not from two readings of two clocks: the same
 * expiry must give the same time of day each time it is asked for.
 */
static inline s64 p25_boot_to_real_ns(void)
{
	return ktime_to_ns(ktime_mono_to_real(0)) -
	       ktime_to_ns(ktime_mono_to_any(0, TK_OFFS_BOOT));
}

/* The time of day of @until, in seconds since 1970. */
static inline s64 p25_until_to_real(u32 until)
{
	s64 ns = until * (s64)NSEC_PER_SEC + p25_boot_to_real_ns();

	return div_s64(ns, NSEC_PER_SEC);
}

/*
 * Expiry at time of day @real; what has passed long ago becomes the earliest
 * moment there is. Rounded up, so that p25_until_to_real() gives @real again.
 * The caller has made sure that @real is less than P25_TIMEOUT_MAX ahead.
 */
static inline u32 p25_until_real(s64 real)
{
	s64 offset = p25_boot_to_real_ns();
	s64 until;

	if (real <= div_s64(offset, NSEC_PER_SEC))
		return P25_ABSENT + 1;
	until = div_s64(real * NSEC_PER_SEC - offset + NSEC_PER_SEC - 1,
			NSEC_PER_SEC);
	return max_t(s64, until, P25_ABSENT + 1);
}

#endif /* _P25_CLOCK_H */
