// SPDX-License-Identifier: GPL-2.0
/*
 * Is mail of the pools being judged? A filter that has stopped working looks like one that
 * works, so each thing that it needs is looked at.
 */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "bridges.h"
#include "ctl.h"
#include "duration.h"
#include "flowtables.h"
#include "health.h"
#include "held.h"
#include "netns.h"
#include "report.h"
#include "session.h"

static const char *const names[HEALTH_CHECKS] = {
	[HEALTH_MODULE] = "module",
	[HEALTH_POLICY] = "policy",
	[HEALTH_HOOK] = "hook",
	[HEALTH_COUNTERS] = "counters",
	[HEALTH_BRIDGE] = "bridge",
	[HEALTH_FLOWTABLE] = "flowtable",
	[HEALTH_HELD] = "held",
};

/* health_name - the word for a check */
const char *health_name(enum health_check check)
{
	return names[check];
}

static void __printf(3, 4) is_wrong(struct health *health, enum health_check check,
				    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(health->why[check], HEALTH_WHY_ROOM, format, args);
	va_end(args);
	health->wrong[check] = true;
}

static void examine_module(struct ctl *c, struct health *health)
{
	if (ctl_open(c))
		is_wrong(health, HEALTH_MODULE, "%s", c->why);
	else if (p25_show(c->p25, &health->status))
		is_wrong(health, HEALTH_MODULE, "%s", p25_error(c->p25));
	else
		health->answers = true;
}

static void examine_policy(struct health *health)
{
	const uint32_t *entries = health->status.entries;

	if (!entries[P25_KIND_POOL] && !entries[P25_KIND_BLOCK])
		is_wrong(health, HEALTH_POLICY,
			 "there is no pool, so nothing is blocked: see \"p25ctl apply\"");
}

/* An older module doesn't tell. */
static void examine_hook(struct health *health)
{
	const struct p25_status *status = &health->status;

	if (status->has_hooked && !status->hooked && !health->wrong[HEALTH_POLICY])
		is_wrong(health, HEALTH_HOOK, "the kernel shows no packets to p25");
}

static void examine_counters(struct health *health)
{
	const struct p25_status *status = &health->status;
	int64_t last = status->counted ? status->counted : status->since;
	char age[DURATION_STRLEN], most[DURATION_STRLEN];
	int64_t now = time(NULL);

	if (health->idle && status->has_hooked && now - last > health->idle)
		is_wrong(health, HEALTH_COUNTERS, "no mail has come by for %s, and %s is the most",
			 age_format(last, now, age), duration_format(health->idle, most));
}

static bool is_ignored(const struct health *health, enum health_check check)
{
	return health->ignored & 1 << check;
}

/* Mail of exempt customers doesn't pass then, though nothing else is wrong. */
static void examine_held(struct health *health)
{
	if (held_closed())
		is_wrong(health, HEALTH_HELD,
			 "the table p25_guard of nft holds port 25 closed, for exempt customers as well: \"journalctl -u p25\" says why");
}

/* What passes p25 by. */
static void examine_ways_past(struct health *health)
{
	char why[HEALTH_WHY_ROOM];

	if (!is_ignored(health, HEALTH_BRIDGE) && bridges_unseen(why, sizeof(why)))
		is_wrong(health, HEALTH_BRIDGE, "%s", why);
	if (!is_ignored(health, HEALTH_FLOWTABLE) &&
	    flowtables_take_mail(why, sizeof(why)))
		is_wrong(health, HEALTH_FLOWTABLE, "%s", why);
}

/* What else there is where the packets are. */
static void examine_namespace(struct ctl *c, struct health *health)
{
	int before;

	if (netns_enter(c, &before))
		return;
	if (health->answers)
		examine_ways_past(health);
	examine_held(health);
	netns_leave(c, before);
}

/* health_examine - look at everything; @health says what is not to be looked at */
void health_examine(struct ctl *c, struct health *health)
{
	int i;

	examine_module(c, health);
	if (health->answers) {
		examine_policy(health);
		examine_hook(health);
		examine_counters(health);
	}
	examine_namespace(c, health);
	health->healthy = true;
	for (i = 0; i < HEALTH_CHECKS; i++)
		health->healthy &= !health->wrong[i];
}
