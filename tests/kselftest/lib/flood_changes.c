// SPDX-License-Identifier: GPL-2.0
/*
 * usage: flood_changes COUNTS
 *
 * Changes the policy of its network namespace as fast as it goes, until SIGTERM:
 * single optouts come and go, and every hundred of them the whole of the owner's
 * 10,000 entries is replaced.
 *
 * COUNTS is a file descriptor, see flood.h: how many single changes there were,
 * how many replacements.
 */
#include <libp25.h>

#include "flood.h"

#define POLICY	10000
#define SINGLES	100

enum count { CHANGES, POLICIES };

static struct p25 *p25;

static void must(int err)
{
	if (!err)
		return;
	fprintf(stderr, "%s\n", p25_error(p25));
	exit(1);
}

static struct p25_entry entry(uint8_t net, uint32_t number)
{
	struct p25_entry e = {
		.kind = P25_KIND_OPTOUT,
		.owner = "flood",
		.prefix = {
			.family = AF_INET6,
			.len = 128,
			.addr = { 0x20, 1, 0xd, 0xb8, 2, net },
		},
	};

	e.prefix.addr[13] = number >> 16;
	e.prefix.addr[14] = number >> 8;
	e.prefix.addr[15] = number;
	return e;
}

static void replace_policy(uint8_t net)
{
	struct p25_filter own = { .owner = "flood" };
	struct p25_entry e;
	uint32_t i;

	must(p25_begin(p25));
	must(p25_flush(p25, &own));
	for (i = 0; i < POLICY; i++) {
		e = entry(net, i);
		snprintf(e.comment, sizeof(e.comment), "call %u", i);
		must(p25_add(p25, &e, 1));
	}
	must(p25_commit(p25));
}

static void come_and_go(uint32_t number)
{
	struct p25_entry e = entry(255, number);

	must(p25_add(p25, &e, 1));
	must(p25_del(p25, &e, 1, false));
}

int main(int argc, char **argv)
{
	atomic_uint_least64_t *counts;

	if (argc != 2) {
		fprintf(stderr, "usage: %s COUNTS\n", argv[0]);
		return 1;
	}
	counts = flood_begin(argv[1]);
	p25 = p25_open();
	if (!p25)
		return 1;
	while (!flood_stop) {
		come_and_go(counts[CHANGES]);
		counts[CHANGES] += 2;
		if (counts[CHANGES] % (2 * SINGLES))
			continue;
		replace_policy(counts[POLICIES] % 8 + 1);
		counts[POLICIES]++;
	}
	p25_close(p25);
	return 0;
}
