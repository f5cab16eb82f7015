/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rates that a sender must not exceed, and whether it does: the generic cell rate algorithm
 * (ITU-T I.371, annex A, "virtual scheduling"), which is a leaky bucket in one word.
 *
 * With a rate of 3 attempts in 60 s, an attempt costs 20 s. The word says until when all
 * attempts so far are paid for:
 *
 *	attempt at	paid until	ahead by
 *	  0 s		 20 s		20 s
 *	  1 s		 40 s		39 s
 *	  2 s		 60 s		58 s
 *	  3 s		 80 s		77 s: more than 60 s, it exceeds the rate
 *
 * Who never makes more than 3 within any 60 s is never ahead by more than 60 s. Who makes
 * one more than that at once, which is in less time than an attempt costs, is; and so is,
 * after a while, who goes on at a higher rate.
 *
 * Attempts are charged for some at a time. Only the first one's and the last one's time is
 * known, so all are charged at the time of the first, and compared at that of the last,
 * which is in the sender's favour. Times are those of the last tick of the clock, so a tick
 * is allowed for.
 */
#ifndef _P25_RATE_H
#define _P25_RATE_H

#include <linux/p25.h>
#include <linux/types.h>

/**
 * struct p25_guard - rates, each of which is kept
 * @n: how many; 0: the guard is off
 * @rates: the rates; what is behind @n is 0
 */
struct p25_guard {
	u32			n;
	struct p25_guard_rate	rates[P25_GUARD_RATES_MAX];
};

/**
 * struct p25_attempts - attempts of a sender
 * @n: how many
 * @first: time of the first one, in nanoseconds of the boot-time clock
 * @last: time of the last one
 */
struct p25_attempts {
	u32	n;
	s64	first;
	s64	last;
};

bool p25_rate_is_exceeded(const struct p25_guard_rate *rate, s64 *paid_until,
			  const struct p25_attempts *attempts);
u32 p25_rate_attempts(const struct p25_guard_rate *rate, s64 paid_until, s64 now);

#endif /* _P25_RATE_H */
