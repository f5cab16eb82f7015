/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is mail of the pools being judged?
 */
#ifndef _HEALTH_H
#define _HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include "libp25.h"

struct ctl;

/* What is looked at, in the order in which it is reported. */
enum health_check {
	HEALTH_MODULE,
	HEALTH_POLICY,
	HEALTH_HOOK,
	HEALTH_COUNTERS,
	HEALTH_BRIDGE,
	HEALTH_FLOWTABLE,
	HEALTH_HELD,

	HEALTH_CHECKS
};

#define HEALTH_WHY_ROOM 640

/**
 * struct health - what was found
 * @idle: a packet has to have been counted within so many seconds; 0: whenever
 * @ignored: a bit for each check that isn't made
 * @healthy: nothing is wrong
 * @wrong: by enum health_check
 * @why: of what is wrong, what it is and what to do
 * @answers: the module answers; then there is
 * @status: what it says
 */
struct health {
	uint32_t idle;
	unsigned int ignored;
	bool healthy;
	bool wrong[HEALTH_CHECKS];
	char why[HEALTH_CHECKS][HEALTH_WHY_ROOM];
	bool answers;
	struct p25_status status;
};

void health_examine(struct ctl *c, struct health *health);
const char *health_name(enum health_check check);

#endif /* _HEALTH_H */
