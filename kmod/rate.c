// SPDX-License-Identifier: GPL-2.0
/*
 * Rates; see rate.h.
 */
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "rate.h"

/* Nobody is charged for more attempts at once than so many times a rate's. */
#define CHARGE_MAX	2

static s64 period_of(const struct p25_guard_rate *rate)
{
	return (s64)rate->seconds * NSEC_PER_SEC;
}

/* What @n attempts cost, to the nanosecond. */
static s64 cost_of(const struct p25_guard_rate *rate, u32 n)
{
	u32 rest;
	u64 one = div_u64_rem(period_of(rate), rate->attempts, &rest);

	return n * one + div_u64((u64)n * rest, rate->attempts);
}

/**
 * p25_rate_is_exceeded - charge for attempts
 * @rate: the rate
 * @paid_until: the sender's state with that rate; 0 at first
 * @attempts: its attempts since
 *
 * Context: any.
 * Return: true if it has exceeded the rate.
 */
bool p25_rate_is_exceeded(const struct p25_guard_rate *rate, s64 *paid_until,
			  const struct p25_attempts *attempts)
{
	s64 period = period_of(rate);
	u32 n = min(attempts->n, CHARGE_MAX * rate->attempts);

	*paid_until = max(*paid_until, attempts->first) + cost_of(rate, n);
	/* It need not wait longer than that for having been let go on. */
	*paid_until = min(*paid_until, attempts->last + CHARGE_MAX * period);
	return *paid_until - attempts->last > period + TICK_NSEC;
}

/**
 * p25_rate_attempts - how many attempts have exceeded a rate?
 * @rate: the rate
 * @paid_until: the sender's state
 * @now: time of its last attempt
 *
 * Context: any.
 * Return: so many at least, within the rate's time.
 */
u32 p25_rate_attempts(const struct p25_guard_rate *rate, s64 paid_until, s64 now)
{
	u64 one = div_u64(period_of(rate), rate->attempts);
	u64 n = div64_u64(paid_until - now + one / 2, one);

	return max_t(u64, n, rate->attempts + 1);
}
