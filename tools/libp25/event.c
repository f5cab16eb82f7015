// SPDX-License-Identifier: GPL-2.0
/*
 * Events that the kernel sends: from one message to the events in it. A message that
 * this version doesn't know has none.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdlib.h>

#include "answer.h"
#include "decode.h"
#include "event.h"
#include "libp25.h"

/* p25_events_add - append an event. Return: 0 or -ENOMEM */
int p25_events_add(struct p25_events *events, const struct p25_event *event)
{
	size_t room = events->room ? 2 * events->room : 4;
	struct p25_event *v = events->v;

	if (events->n == events->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return -ENOMEM;
		events->v = v;
		events->room = room;
	}
	v[events->n++] = *event;
	return 0;
}

/* p25_decode_event_number - what every event has */
int p25_decode_event_number(struct nlmsghdr *nlh, uint64_t *number, int64_t *time)
{
	struct nlattr *a[P25_A_MAX + 1];

	if (p25_decode_message(a, nlh) ||
	    p25_decode_number(a[P25_A_EVENT], number, sizeof(*number)) ||
	    p25_decode_number(a[P25_A_TIME], time, sizeof(*time)))
		return -EBADMSG;
	return 0;
}

/**
 * struct policy_change - a change of the policy that is being read
 * @events: what is appended to
 * @event: what all of its events have
 */
struct policy_change {
	struct p25_events *events;
	struct p25_event event;
};

static int take_entry(struct nlattr *nest, void *arg)
{
	static const enum p25_event_type types[P25_A_MAX + 1] = {
		[P25_A_ADDED] = P25_EVENT_ADDED,
		[P25_A_CHANGED] = P25_EVENT_CHANGED,
		[P25_A_DELETED] = P25_EVENT_DELETED,
		[P25_A_EXPIRED] = P25_EVENT_EXPIRED,
	};
	struct policy_change *change = arg;
	struct p25_event event = change->event;

	event.type = types[nla_type(nest)];
	if (p25_decode_entry(nest, &event.entry))
		return -EBADMSG;
	return p25_events_add(change->events, &event);
}

static int take_entries(struct nlmsghdr *nlh, struct policy_change *change)
{
	static const int types[] = {
		P25_A_ADDED, P25_A_CHANGED, P25_A_DELETED, P25_A_EXPIRED,
	};
	int err = 0;
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types) && !err; i++)
		err = p25_decode_each(nlh, types[i], take_entry, change);
	return err;
}

static int take_number(struct nlattr **a, struct policy_change *change)
{
	struct p25_event event = change->event;
	uint32_t n;

	if (p25_decode_number(a[P25_A_CHANGES], &n, sizeof(n)))
		return -EBADMSG;
	event.type = P25_EVENT_MANY;
	event.n = n;
	return p25_events_add(change->events, &event);
}

static int take_settings(struct nlattr **a, struct policy_change *change)
{
	struct p25_event event = change->event;

	event.type = P25_EVENT_SETTINGS;
	if (p25_decode_settings(a, &event.settings))
		return -EBADMSG;
	return p25_events_add(change->events, &event);
}

static int decode_policy(struct nlmsghdr *nlh, int64_t time,
			 struct p25_events *events)
{
	struct policy_change change = {
		.events = events,
		.event.time = time,
	};
	struct nlattr *a[P25_A_MAX + 1];
	int err;

	if (p25_decode_message(a, nlh) ||
	    p25_decode_number(a[P25_A_REVISION], &change.event.revision,
			      sizeof(change.event.revision)))
		return -EBADMSG;
	err = a[P25_A_CHANGES] ? take_number(a, &change) :
				 take_entries(nlh, &change);
	return err || !a[P25_A_ACTION] ? err : take_settings(a, &change);
}

/* p25_decode_event - append the events that a message has */
int p25_decode_event(struct nlmsghdr *nlh, struct p25_events *events)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);
	uint64_t number;
	int64_t time;

	if (p25_decode_event_number(nlh, &number, &time))
		return -EBADMSG;
	switch (genl->cmd) {
	case P25_CMD_EVENT_POLICY:
		return decode_policy(nlh, time, events);
	default:
		return 0;
	}
}
