/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events: what has happened in a network namespace, for the members of its multicast
 * group. Everything here is called in process context, under the policy's lock: so events
 * have the order in which things happen.
 */
#ifndef _P25_EVENT_H
#define _P25_EVENT_H

#include <linux/types.h>

/* Room for an entry or a sender, all of whose attributes are there and as long as can be. */
#define P25_EVENT_ENTRY_ROOM	280
#define P25_EVENT_SENDER_ROOM	192

struct p25_entry;
struct p25_net;
struct p25_table;
struct sk_buff;

/**
 * struct p25_event - an event that is being written
 * @p25: the namespace
 * @skb: its message; NULL: there are no listeners, or there was no memory
 * @hdr: the message's header
 * @lost: there are listeners, but there was no memory for all of it
 */
struct p25_event {
	struct p25_net	*p25;
	struct sk_buff	*skb;
	void		*hdr;
	bool		lost;
};

/*
 * Every kind of event has a function of its own, of this form:
 *
 *	p25_event_new(&event, p25, P25_CMD_EVENT_..., room for its attributes);
 *	if (event.skb && put its attributes fails)
 *		event.lost = true;
 *	p25_event_send(&event);
 *
 * An event without listeners is to be sent, too: it has a number.
 */
void p25_event_new(struct p25_event *event, struct p25_net *p25, u8 cmd,
		   size_t room);
void p25_event_send(struct p25_event *event);

/**
 * struct p25_event_policy - the event of a change of the policy
 * @event: the event
 * @begun: has its message been begun?
 * @most: no more entries will change; a guess, that the message is made for
 * @entries: entries that have changed
 * @settings: have settings changed?
 * @full: there is no room for all of these entries: the event has their number
 *
 * There is no event of a change that no listing shows.
 */
struct p25_event_policy {
	struct p25_event	event;
	bool			begun;
	unsigned int		most;
	unsigned int		entries;
	bool			settings;
	bool			full;
};

void p25_event_policy_begin(struct p25_event_policy *change,
			    struct p25_net *p25, unsigned int most);
void p25_event_policy_settle(struct p25_event_policy *change,
			     const struct p25_table *table,
			     struct p25_entry *entry, unsigned int gen);
void p25_event_policy_cleared(struct p25_event_policy *change, unsigned int n);
void p25_event_policy_set(struct p25_event_policy *change);
void p25_event_policy_end(struct p25_event_policy *change, bool at_once);

void p25_events_stop(void);

#endif /* _P25_EVENT_H */
