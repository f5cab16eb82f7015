// SPDX-License-Identifier: GPL-2.0
/*
 * Rates: who is blocked, and who is never.
 */
#include "rate.h"
#include "table_test.h"

/* A quarter of a second, in which attempts are collected before they are charged for. */
#define PERIOD	(seconds(1) / 4)

/**
 * struct run - attempts of one sender, as time goes by
 * @rate: the rate
 * @paid_until: its state
 * @now: the time
 * @waiting: attempts that have not been charged for
 * @exceeded: attempts that had been made when it exceeded the rate; 0: it has not
 * @made: attempts so far
 */
struct run {
	struct p25_guard_rate	rate;
	s64			paid_until;
	s64			now;
	struct p25_attempts	waiting;
	unsigned int		exceeded;
	unsigned int		made;
};

static struct run run_of(u32 attempts, u32 in_seconds)
{
	return (struct run) {
		.rate = { .attempts = attempts, .seconds = in_seconds },
		.now = seconds(100),
	};
}

static void charge(struct run *run)
{
	if (run->waiting.n &&
	    p25_rate_is_exceeded(&run->rate, &run->paid_until, &run->waiting) &&
	    !run->exceeded)
		run->exceeded = run->made;
	run->waiting.n = 0;
}

/* As the clock of the kernel has it: the last tick. */
static s64 tick(s64 now)
{
	return now - now % TICK_NSEC;
}

static void attempt(struct run *run)
{
	if (!run->waiting.n)
		run->waiting.first = tick(run->now);
	run->waiting.last = tick(run->now);
	run->waiting.n++;
	run->made++;
}

static void pass(struct run *run, s64 time)
{
	s64 end = run->now + time;
	s64 next = run->now + PERIOD - run->now % PERIOD;

	if (next <= end)
		charge(run);
	run->now = end;
}

static const struct p25_guard_rate rates[] = {
	{ 5, 1 }, { 20, 60 }, { 7, 3 }, { 1000, 3600 }, { 1, 1 }, { 1, 86400 },
	{ 1000000, 2592000 }, { 999983, 2592000 }, { 3, 2592000 },
};

/* After a pause, the attempt that is one too many exceeds it, and none before. */
static void exceeds_at_once(void)
{
	size_t i;
	u32 n;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		struct run run = run_of(rates[i].attempts, rates[i].seconds);

		for (n = 0; n < rates[i].attempts; n++) {
			attempt(&run);
			charge(&run);
		}
		CHECK(!run.exceeded);
		attempt(&run);
		charge(&run);
		CHECK(run.exceeded == rates[i].attempts + 1);
		CHECK(p25_rate_attempts(&rates[i], run.paid_until, run.now) ==
		      rates[i].attempts + 1);
	}
}

/* All of a rate's attempts at the same moment, as often as that is allowed. */
static void bursts_are_free(void)
{
	size_t i;
	u32 n;
	int burst;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		struct run run = run_of(rates[i].attempts, rates[i].seconds);

		for (burst = 0; burst < 5; burst++) {
			pass(&run, seconds(rates[i].seconds) + below(1000));
			for (n = 0; n < rates[i].attempts; n++)
				attempt(&run);
		}
		pass(&run, PERIOD);
		CHECK(!run.exceeded);
	}
}

/*
 * At random, but never more than the rate allows within any of its windows: the attempt
 * that was so many before it must be long enough ago.
 */
static void within_is_never_blocked(void)
{
	s64 times[1000] = { };
	size_t i;
	u32 n;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		struct run run = run_of(rates[i].attempts, rates[i].seconds);
		u32 most = rates[i].attempts;
		s64 mean = seconds(rates[i].seconds) / most;

		if (most > ARRAY_SIZE(times))
			continue;
		memset(times, 0, sizeof(times));
		for (n = 0; n < 5000; n++) {
			s64 *before = &times[n % most];
			s64 wait = mean * below(1000) / 500;

			if (below(3))
				wait /= 50;
			if (n >= most && run.now + wait - *before <
					 seconds(rates[i].seconds))
				wait = *before + seconds(rates[i].seconds) - run.now;
			pass(&run, wait);
			*before = run.now;
			attempt(&run);
		}
		CHECK(!run.exceeded);
	}
}

/* At its rate for ever; at twice that, not for long. */
static void twice_the_rate_is(void)
{
	size_t i;
	u32 n;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		s64 mean = seconds(rates[i].seconds) / rates[i].attempts + 1;
		struct run run = run_of(rates[i].attempts, rates[i].seconds);

		for (n = 0; n < 3 * rates[i].attempts; n++) {
			attempt(&run);
			pass(&run, mean);
		}
		CHECK(!run.exceeded);
		run.made = 0;
		for (n = 0; n < 2 * rates[i].attempts + 10; n++) {
			attempt(&run);
			pass(&run, mean / 2);
		}
		pass(&run, PERIOD);
		CHECK(run.exceeded);
		/* A quarter of a second of attempts may be lost. */
		CHECK(run.exceeded <= 2 * rates[i].attempts + 2 +
		      2 * PERIOD / mean);
	}
}

/* Whoever was let go on for long, as with "monitor", is not blamed for all of it. */
static void has_an_end(void)
{
	struct run run = run_of(20, 60);
	int i;

	for (i = 0; i < 100000; i++) {
		attempt(&run);
		charge(&run);
	}
	run.waiting = (struct p25_attempts) { .n = U32_MAX, .first = run.now,
					      .last = run.now };
	charge(&run);
	CHECK(p25_rate_attempts(&run.rate, run.paid_until, run.now) == 40);
	run.now += seconds(61);
	CHECK(!p25_rate_is_exceeded(&run.rate, &run.paid_until,
				    &(struct p25_attempts) {
					    .first = run.now, .last = run.now }));
}

const struct test rate_tests[] = {
	{ exceeds_at_once, "rate: after a pause, one too many exceeds it" },
	{ bursts_are_free, "rate: all at once is within it" },
	{ within_is_never_blocked, "rate: who keeps to it in any window is not blocked" },
	{ twice_the_rate_is, "rate: twice the rate exceeds it" },
	{ has_an_end, "rate: twice as long is the most that is charged" },
	{ }
};
