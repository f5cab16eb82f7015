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
 * struct reading - a message that is being read
 * @events: what is appended to
 * @event: what all of its events have
 */
struct reading {
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
	struct reading *reading = arg;
	struct p25_event event = reading->event;

	event.type = types[nla_type(nest)];
	if (p25_decode_entry(nest, &event.entry))
		return -EBADMSG;
	return p25_events_add(reading->events, &event);
}

static int take_entries(struct nlmsghdr *nlh, struct reading *reading)
{
	static const int types[] = {
		P25_A_ADDED, P25_A_CHANGED, P25_A_DELETED, P25_A_EXPIRED,
	};
	int err = 0;
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types) && !err; i++)
		err = p25_decode_each(nlh, types[i], take_entry, reading);
	return err;
}

static int take_number(struct nlattr **a, struct reading *reading)
{
	struct p25_event event = reading->event;
	uint32_t n;

	if (p25_decode_number(a[P25_A_CHANGES], &n, sizeof(n)))
		return -EBADMSG;
	event.type = P25_EVENT_MANY;
	event.n = n;
	return p25_events_add(reading->events, &event);
}

static int take_settings(struct nlattr **a, struct reading *reading)
{
	struct p25_event event = reading->event;

	event.type = P25_EVENT_SETTINGS;
	if (p25_decode_settings(a, &event.settings))
		return -EBADMSG;
	return p25_events_add(reading->events, &event);
}

static int decode_policy(struct nlmsghdr *nlh, int64_t time,
			 struct p25_events *events)
{
	struct reading reading = {
		.events = events,
		.event.time = time,
	};
	struct nlattr *a[P25_A_MAX + 1];
	int err;

	if (p25_decode_message(a, nlh) ||
	    p25_decode_number(a[P25_A_REVISION], &reading.event.revision,
			      sizeof(reading.event.revision)))
		return -EBADMSG;
	err = a[P25_A_CHANGES] ? take_number(a, &reading) :
				 take_entries(nlh, &reading);
	return err || !a[P25_A_ACTION] ? err : take_settings(a, &reading);
}

static int take_sender(struct nlattr *nest, void *arg)
{
	struct reading *reading = arg;
	struct p25_event event = reading->event;

	event.type = P25_EVENT_SENDER;
	if (p25_decode_sender(nest, &event.sender))
		return -EBADMSG;
	return p25_events_add(reading->events, &event);
}

/* How many had no room in it. */
static int take_unlisted(const struct nlattr *attr, enum p25_event_type type,
			 struct reading *reading)
{
	struct p25_event event = reading->event;
	uint32_t n;

	if (p25_decode_number(attr, &n, sizeof(n)))
		return -EBADMSG;
	event.type = type;
	event.n = n;
	return p25_events_add(reading->events, &event);
}

static int decode_senders(struct nlmsghdr *nlh, int64_t time,
			  struct p25_events *events)
{
	struct reading reading = { .events = events, .event.time = time };
	struct nlattr *a[P25_A_MAX + 1];
	int err;

	if (p25_decode_message(a, nlh))
		return -EBADMSG;
	err = p25_decode_each(nlh, P25_A_SENDER, take_sender, &reading);
	return err || !a[P25_A_UNLISTED] ? err :
	       take_unlisted(a[P25_A_UNLISTED], P25_EVENT_SENDERS_MANY, &reading);
}

static int take_guard(struct nlattr **a, struct reading *reading)
{
	struct p25_event event = reading->event;

	event.type = P25_EVENT_GUARD;
	if (p25_decode_sender(a[P25_A_SENDER], &event.sender) ||
	    p25_decode_number(a[P25_A_RATE], &event.rate, sizeof(event.rate)) ||
	    !a[P25_A_ENTRY] || p25_decode_entry(a[P25_A_ENTRY], &event.entry))
		return -EBADMSG;
	return p25_events_add(reading->events, &event);
}

static int decode_guard(struct nlmsghdr *nlh, int64_t time,
			struct p25_events *events)
{
	struct reading reading = { .events = events, .event.time = time };
	struct nlattr *a[P25_A_MAX + 1];
	int err = 0;

	if (p25_decode_message(a, nlh))
		return -EBADMSG;
	if (a[P25_A_SENDER])
		err = take_guard(a, &reading);
	return err || !a[P25_A_UNLISTED] ? err :
	       take_unlisted(a[P25_A_UNLISTED], P25_EVENT_GUARD_FULL, &reading);
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
	case P25_CMD_EVENT_SENDER:
		return decode_senders(nlh, time, events);
	case P25_CMD_EVENT_GUARD:
		return decode_guard(nlh, time, events);
	default:
		return 0;
	}
}
