// SPDX-License-Identifier: GPL-2.0
/*
 * The words for kinds, actions, verdicts, counters and events, and what owners and
 * comments may look like.
 */
#include <assert.h>
#include <string.h>

#include "export.h"
#include "libp25.h"
#include "utf8.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const char *const kinds[] = {
	[P25_KIND_NONE] = "none",
	[P25_KIND_RELAY] = "relay",
	[P25_KIND_POOL] = "pool",
	[P25_KIND_STATIC] = "static",
	[P25_KIND_OPTOUT] = "optout",
	[P25_KIND_BLOCK] = "block",
};

static const char *const actions[] = {
	[P25_ACTION_DROP] = "drop",
	[P25_ACTION_REJECT] = "reject",
	[P25_ACTION_MONITOR] = "monitor",
	[P25_ACTION_PROHIBIT] = "prohibit",
};

static const char *const verdicts[] = {
	[P25_VERDICT_ACCEPT] = "accept",
	[P25_VERDICT_DROP] = "drop",
	[P25_VERDICT_REJECT] = "reject",
	[P25_VERDICT_PROHIBIT] = "prohibit",
};

static const char *const events[] = {
	[P25_EVENT_NONE] = "none",
	[P25_EVENT_ADDED] = "added",
	[P25_EVENT_CHANGED] = "changed",
	[P25_EVENT_DELETED] = "deleted",
	[P25_EVENT_EXPIRED] = "expired",
	[P25_EVENT_MANY] = "many",
	[P25_EVENT_SETTINGS] = "settings",
	[P25_EVENT_OVERRUN] = "overrun",
	[P25_EVENT_UNLOADED] = "unloaded",
	[P25_EVENT_LOADED] = "loaded",
	[P25_EVENT_SENDER] = "sender",
	[P25_EVENT_SENDERS_MANY] = "senders_many",
	[P25_EVENT_GUARD] = "guard",
	[P25_EVENT_GUARD_FULL] = "guard_full",
};

static const char *const counters[] = {
	[P25_COUNTER_ACCEPT_RELAY] = "accept_relay",
	[P25_COUNTER_ACCEPT_STATIC] = "accept_static",
	[P25_COUNTER_ACCEPT_OPTOUT] = "accept_optout",
	[P25_COUNTER_ACCEPT_NONE] = "accept_none",
	[P25_COUNTER_DROP_POOL] = "drop_pool",
	[P25_COUNTER_DROP_BLOCK] = "drop_block",
	[P25_COUNTER_REJECT_POOL] = "reject_pool",
	[P25_COUNTER_REJECT_BLOCK] = "reject_block",
	[P25_COUNTER_MONITOR_POOL] = "monitor_pool",
	[P25_COUNTER_MONITOR_BLOCK] = "monitor_block",
	[P25_COUNTER_INBOUND_DROP_POOL] = "inbound_drop_pool",
	[P25_COUNTER_INBOUND_DROP_BLOCK] = "inbound_drop_block",
	[P25_COUNTER_INBOUND_MONITOR_POOL] = "inbound_monitor_pool",
	[P25_COUNTER_INBOUND_MONITOR_BLOCK] = "inbound_monitor_block",
	[P25_COUNTER_TCP_SHORT] = "tcp_short",
	[P25_COUNTER_IPV6_CHAIN] = "ipv6_chain",
	[P25_COUNTER_SOURCE_ROUTE] = "source_route",
	[P25_COUNTER_LATER_FRAGMENT] = "later_fragment",
	[P25_COUNTER_RESET_SENT] = "reset_sent",
	[P25_COUNTER_RESET_UNSENT] = "reset_unsent",
	[P25_COUNTER_PROHIBIT_POOL] = "prohibit_pool",
	[P25_COUNTER_PROHIBIT_BLOCK] = "prohibit_block",
	[P25_COUNTER_UNREACHABLE_SENT] = "unreachable_sent",
	[P25_COUNTER_UNREACHABLE_UNSENT] = "unreachable_unsent",
};

static_assert(ARRAY_SIZE(kinds) == __P25_KIND_MAX, "a kind has no name");
static_assert(ARRAY_SIZE(actions) == __P25_ACTION_MAX, "an action has no name");
static_assert(ARRAY_SIZE(verdicts) == __P25_VERDICT_MAX,
	      "a verdict has no name");
static_assert(ARRAY_SIZE(events) == __P25_EVENT_MAX, "an event has no name");
static_assert(ARRAY_SIZE(counters) == __P25_COUNTER_MAX,
	      "a counter has no name");

static const char *name_of(const char *const *names, unsigned int n,
			   unsigned int value)
{
	return value < n ? names[value] : NULL;
}

static int value_of(const char *const *names, unsigned int n, const char *name)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		/* Most differ in their first letter. */
		if (names[i] && *names[i] == *name && !strcmp(names[i], name))
			return i;
	}
	return -1;
}

P25_EXPORT const char *p25_kind_name(enum p25_kind kind)
{
	return name_of(kinds, ARRAY_SIZE(kinds), kind);
}

P25_EXPORT enum p25_kind p25_kind_parse(const char *name)
{
	int kind = value_of(kinds, ARRAY_SIZE(kinds), name);

	return kind < 0 ? P25_KIND_NONE : (enum p25_kind)kind;
}

P25_EXPORT const char *p25_action_name(enum p25_action action)
{
	return name_of(actions, ARRAY_SIZE(actions), action);
}

P25_EXPORT int p25_action_parse(const char *name)
{
	return value_of(actions, ARRAY_SIZE(actions), name);
}

P25_EXPORT const char *p25_verdict_name(enum p25_verdict verdict)
{
	return name_of(verdicts, ARRAY_SIZE(verdicts), verdict);
}

P25_EXPORT const char *p25_event_name(enum p25_event_type type)
{
	return name_of(events, ARRAY_SIZE(events), type);
}

P25_EXPORT const char *p25_counter_name(enum p25_counter counter)
{
	return name_of(counters, ARRAY_SIZE(counters), counter);
}

P25_EXPORT bool p25_owner_valid(const char *owner)
{
	size_t len = strspn(owner, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	return len && len <= P25_OWNER_MAXLEN && !owner[len];
}

P25_EXPORT bool p25_comment_valid(const char *comment)
{
	size_t len = strnlen(comment, P25_COMMENT_MAXLEN + 1);

	return len <= P25_COMMENT_MAXLEN && p25_utf8_printable(comment, len);
}
