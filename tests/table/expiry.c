// SPDX-License-Identifier: GPL-2.0
/*
 * Timeouts and dates in one word; expiry.h.
 */
#include "table_test.h"

static void set_clocks(s64 boottime, s64 real)
{
	kernel_clocks.boottime = seconds(boottime);
	kernel_clocks.real = seconds(real);
}

/* A timeout lasts as many full seconds; it is never taken for a date, or for "never". */
static void test_timeouts(void)
{
	static const u32 timeouts[] = { 1, 2, 3600, P25_TIMEOUT_MAX };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(timeouts); i++) {
		u32 expires;

		set_clocks(100, 1700000000);
		expires = p25_expires_in(timeouts[i]);
		CHECK(expires == 101 + timeouts[i]);
		CHECK(!p25_is_wall_clock(expires));
		CHECK(p25_timeout_left(expires) == timeouts[i]);
		CHECK(p25_not_expired(expires, 100 + timeouts[i]));
		CHECK(!p25_not_expired(expires, 101 + timeouts[i]));
		CHECK(p25_expires_to_real(expires) == 1700000001LL + timeouts[i]);
	}
	/* After 48 years without a reboot. */
	set_clocks(P25_WALL_CLOCK - P25_TIMEOUT_MAX, 1700000000);
	CHECK(p25_expires_in(P25_TIMEOUT_MAX) == P25_WALL_CLOCK - 1);
	CHECK(!p25_is_wall_clock(p25_expires_in(P25_TIMEOUT_MAX)));
}

static void check_date(s64 date, s64 kept)
{
	u32 expires = p25_expires_at(date);

	CHECK(p25_is_wall_clock(expires));
	CHECK(p25_expires_to_real(expires) == kept);
	set_clocks(100, kept - 1);
	/* The first one has always passed. */
	CHECK(p25_not_expired(expires, p25_now()) == (kept > P25_EXPIRES_MIN));
	CHECK(p25_timeout_left(expires) == 1);
	set_clocks(100, kept);
	CHECK(!p25_not_expired(expires, p25_now()));
	CHECK(p25_timeout_left(expires) == 1);
	set_clocks(100, kept - P25_TIMEOUT_MAX - 1LL);
	CHECK(p25_timeout_left(expires) == P25_TIMEOUT_MAX);
}

/* Dates from the first to the last one, and the nearest where there is none. */
static void test_dates(void)
{
	check_date(P25_EXPIRES_MIN, P25_EXPIRES_MIN);
	check_date(P25_EXPIRES_MIN + 1LL, P25_EXPIRES_MIN + 1LL);
	check_date(INT32_MAX, INT32_MAX);
	check_date(INT32_MAX + 1LL, INT32_MAX + 1LL);
	check_date(P25_EXPIRES_MAX - 1LL, P25_EXPIRES_MAX - 1LL);
	check_date(P25_EXPIRES_MAX, P25_EXPIRES_MAX);
	check_date(0, P25_EXPIRES_MIN);
	check_date(INT64_MIN, P25_EXPIRES_MIN);
	check_date(UINT32_MAX, P25_EXPIRES_MAX);
	check_date(INT64_MAX, P25_EXPIRES_MAX);
	CHECK(p25_expires_at(P25_EXPIRES_MIN) == P25_WALL_CLOCK);
	CHECK(p25_expires_at(P25_EXPIRES_MAX) == P25_NEVER - 1);
}

static void test_never(void)
{
	set_clocks(P25_WALL_CLOCK - 1, P25_EXPIRES_MAX);
	CHECK(p25_not_expired(P25_NEVER, p25_now()));
	CHECK(!p25_is_wall_clock(P25_NEVER));
	CHECK(!p25_not_expired(P25_NOT_IN_GEN, 0));
	CHECK(!p25_is_wall_clock(P25_NOT_IN_GEN));
}

/* The clock is set, and the machine sleeps: only dates follow the one. */
static void test_clocks(void)
{
	u32 expires;

	set_clocks(1000, 1700000000);
	expires = p25_expires_in(59);
	CHECK(p25_expires_to_real(expires) == 1700000060);
	set_clocks(1000, 1600000000);
	CHECK(p25_expires_to_real(expires) == 1600000060);
	set_clocks(1010, 1600000010);
	kernel_clocks.slept = seconds(7);
	CHECK(p25_expires_to_real(expires) == 1600000060);
	CHECK(p25_timeout_left(expires) == 49);
}

const struct test expiry_tests[] = {
	{ test_timeouts, "timeouts, short and long" },
	{ test_dates, "dates, from the first to the last one" },
	{ test_never, "never, and not there" },
	{ test_clocks, "clocks that are set, and stand still" },
	{ }
};
