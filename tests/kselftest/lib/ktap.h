/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Results in KTAP (Documentation/dev-tools/ktap.rst of the kernel), and what
 * else the C programs among the tests share.
 */
#ifndef _KTAP_H
#define _KTAP_H

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Exit statuses that kselftest knows. */
enum { KTAP_PASS = 0, KTAP_FAIL = 1, KTAP_SKIP = 4 };

/*
 * Seconds after which a wait is given up, unless TEST_PATIENCE in the environment
 * says something else: only what hangs takes so long.
 */
#define KTAP_PATIENCE 600

static unsigned int ktap_results;
static unsigned int ktap_failures;

static inline void ktap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("KTAP version 1");
}

__attribute__((format(printf, 2, 3)))
static inline bool ktap_result(bool good, const char *format, ...)
{
	va_list args;

	printf("%s %u ", good ? "ok" : "not ok", ++ktap_results);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	ktap_failures += !good;
	return good;
}

/* Something is not tested, and why: that is neither good nor bad. */
static inline void ktap_skip(const char *name, const char *why)
{
	printf("ok %u %s # SKIP %s\n", ++ktap_results, name, why);
}

/* The plan stands at the end, where it is known. Returns the exit status. */
static inline int ktap_end(void)
{
	printf("1..%u\n", ktap_results);
	return ktap_failures ? KTAP_FAIL : KTAP_PASS;
}

__attribute__((noreturn))
static inline void ktap_bail_out(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(KTAP_FAIL);
}

__attribute__((noreturn))
static inline void ktap_skip_all(const char *why)
{
	if (ktap_results)
		ktap_bail_out(why);
	printf("1..0 # SKIP %s\n", why);
	exit(KTAP_SKIP);
}

/* Nanoseconds that @clock shows; -1: it is a thread's or process's that has ended. */
static inline int64_t ktap_clock(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now))
		return -1;
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Wait until something is so. Returns false if it never is. */
static inline bool ktap_wait(bool (*is_so)(void *arg), void *arg)
{
	const char *patience = getenv("TEST_PATIENCE");
	int64_t seconds = patience ? atoll(patience) : KTAP_PATIENCE;
	int64_t until = ktap_clock(CLOCK_MONOTONIC) + seconds * 1000000000LL;

	while (!is_so(arg)) {
		if (ktap_clock(CLOCK_MONOTONIC) > until)
			return false;
		usleep(2000);
	}
	return true;
}

/* From here on in a network namespace of our own: its policy is empty. */
static inline void ktap_own_netns(void)
{
	if (unshare(CLONE_NEWNET))
		ktap_skip_all("no network namespace of our own: not root?");
}

#endif /* _KTAP_H */
