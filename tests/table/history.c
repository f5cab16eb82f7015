// SPDX-License-Identifier: GPL-2.0
/*
 * The guard's history: who comes back soon is blocked for twice as long.
 */
#include "history.h"
#include "table_test.h"

#define DAY	86400U

static void doubles(void)
{
	struct p25_history *history = p25_history_alloc();
	struct p25_prefix prefix = prefix_of("198.51.100.7");
	u32 now = 1000;
	u32 timeout;
	u32 right;

	for (right = 3600; right < 60 * DAY; right *= 2) {
		timeout = p25_history_timeout(history, &prefix, 3600, now);
		CHECK(timeout == min(right, 30 * DAY));
		p25_history_note(history, &prefix, timeout, now);
		/* Its end, and as long again. */
		now += 2 * timeout;
	}
	CHECK(p25_history_timeout(history, &prefix, 3600, now + 1) == 3600);
	CHECK(p25_history_timeout(history, &prefix, 0, now) == 0);
	p25_history_free(history);
}

/* Let go early: it counts as if it had not been. */
static void doubles_when_let_go(void)
{
	struct p25_history *history = p25_history_alloc();
	struct p25_prefix prefix = prefix_of("2001:db8::/64");

	p25_history_note(history, &prefix, 10, 100);
	CHECK(p25_history_timeout(history, &prefix, 10, 101) == 20);
	CHECK(p25_history_timeout(history, &prefix, 300, 101) == 300);
	CHECK(p25_history_timeout(history, &prefix, 30 * DAY, 101) == 30 * DAY);
	p25_history_free(history);
}

static void tells_prefixes_apart(void)
{
	struct p25_history *history = p25_history_alloc();
	struct p25_prefix a = prefix_of("2001:db8::/64");
	struct p25_prefix b = prefix_of("2001:db8::/128");
	struct p25_prefix c = prefix_of("198.51.100.7");

	p25_history_note(history, &a, 10, 100);
	CHECK(p25_history_timeout(history, &b, 10, 101) == 10);
	CHECK(p25_history_timeout(history, &c, 10, 101) == 10);
	p25_history_note(history, &c, 0, 100);
	CHECK(p25_history_timeout(history, &c, 10, 101) == 10);
	p25_history_free(history);
}

/* A flood of others makes it forget those first that it would forget first anyway. */
static void outlasts_a_flood(void)
{
	struct p25_history *history = p25_history_alloc();
	struct p25_prefix prefix = prefix_of("198.51.100.7");
	unsigned int i;

	p25_history_note(history, &prefix, 7200, 100);
	for (i = 0; i < 200000; i++) {
		struct p25_prefix other = random_address(AF_INET);

		p25_history_note(history, &other, 3600, 100 + i / 256);
	}
	CHECK(p25_history_timeout(history, &prefix, 3600, 900) == 14400);
	p25_history_free(history);
}

const struct test history_tests[] = {
	{ doubles, "history: the time doubles, up to 30 days" },
	{ doubles_when_let_go, "history: it does for who is let go early, too" },
	{ tells_prefixes_apart, "history: each prefix has its own" },
	{ outlasts_a_flood, "history: a longer block outlasts a flood of others" },
	{ }
};
