// SPDX-License-Identifier: GPL-2.0
/*
 * Events.
 *
 * Nothing waits for listeners. Without any, no message is written; if there is no memory,
 * or no room in a listener's socket, that is an overrun: recvmsg() returns ENOBUFS, and the
 * number of the next event shows how many were lost.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "event.h"
#include "netlink.h"
#include "p25.h"
#include "sequence.h"

/* Room for what every event has: its number and time. */
#define EVENT_ROOM	(2 * nla_total_size_64bit(sizeof(u64)))

/* Room for the rest of an event of the policy, but for entries. */
#define POLICY_ROOM	512

/* Once the family is going, its group's number may become that of another one's. */
static bool stopped;

static bool has_listeners(const struct p25_net *p25)
{
	return P25_HAS_ADMIN_GROUPS && !READ_ONCE(stopped) &&
	       genl_has_listeners(&p25_netlink_family, p25->net,
				  P25_NETLINK_EVENTS) > 0;
}

/**
 * p25_event_new - begin an event
 * @event: the event
 * @p25: the namespace
 * @cmd: P25_CMD_EVENT_*
 * @room: bytes of its attributes, as nla_total_size() counts them
 */
void p25_event_new(struct p25_event *event, struct p25_net *p25, u8 cmd,
		   size_t room)
{
	lockdep_assert_held(&p25->policy.lock);
	*event = (struct p25_event) { .p25 = p25 };
	if (!has_listeners(p25))
		return;
	event->skb = genlmsg_new(EVENT_ROOM + room,
				 GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	if (event->skb)
		event->hdr = genlmsg_put(event->skb, 0, 0, &p25_netlink_family,
					 0, cmd);
	event->lost = !event->hdr;
}

static bool put_number_and_time(const struct p25_event *event)
{
	return !nla_put_u64_64bit(event->skb, P25_A_EVENT, event->p25->events,
				  P25_A_PAD) &&
	       !nla_put_s64(event->skb, P25_A_TIME, ktime_get_real_seconds(),
			    P25_A_PAD);
}

/* Listeners have not got all. */
static void report_overrun(const struct p25_net *p25)
{
	genl_set_err(&p25_netlink_family, p25->net, 0, P25_NETLINK_EVENTS,
		     -ENOBUFS);
}

/**
 * p25_event_send - end an event, and send it to listeners
 * @event: the event
 */
void p25_event_send(struct p25_event *event)
{
	struct p25_net *p25 = event->p25;

	lockdep_assert_held(&p25->policy.lock);
	p25->events++;
	if (!event->lost && !event->skb)
		return;
	if (event->lost || !put_number_and_time(event)) {
		nlmsg_free(event->skb);
		report_overrun(p25);
		return;
	}
	genlmsg_end(event->skb, event->hdr);
	/* With memory that is there: otherwise it would yield to slow readers. */
	genlmsg_multicast_netns(&p25_netlink_family, p25->net, event->skb, 0,
				P25_NETLINK_EVENTS, GFP_NOWAIT | __GFP_NOWARN);
}

/**
 * p25_event_policy_begin - the policy is about to change, or may be
 * @change: the event of that
 * @p25: the namespace
 * @most: no more entries will change, or so
 */
void p25_event_policy_begin(struct p25_event_policy *change,
			    struct p25_net *p25, unsigned int most)
{
	*change = (struct p25_event_policy) {
		.event.p25 = p25,
		.most = min_t(unsigned int, most, P25_EVENT_ENTRIES_MAX),
	};
}

/* Returns the message, or NULL: there is none, or it has no room for entries. */
static struct sk_buff *begun(struct p25_event_policy *change)
{
	if (!change->begun) {
		change->begun = true;
		p25_event_new(&change->event, change->event.p25,
			      P25_CMD_EVENT_POLICY,
			      POLICY_ROOM + change->most * P25_EVENT_ENTRY_ROOM);
	}
	return change->full ? NULL : change->event.skb;
}

/* @type: P25_A_ADDED, P25_A_CHANGED, P25_A_DELETED or P25_A_EXPIRED */
static void put_entry(struct p25_event_policy *change, int type,
		      const struct p25_table *table,
		      const struct p25_entry *entry, unsigned int gen)
{
	struct sk_buff *skb = begun(change);

	if (++change->entries > P25_EVENT_ENTRIES_MAX)
		change->full = true;
	else if (skb && p25_netlink_put_entry_as(skb, type, change->event.p25,
						 table, entry, gen))
		change->full = true;
}

/* What an entry's change is to those who knew it, or not, as it was. */
static int type_of(bool before, bool after, bool in_gen)
{
	if (before && after)
		return P25_A_CHANGED;
	if (after)
		return P25_A_ADDED;
	if (!before)
		return P25_A_UNSPEC;
	return in_gen ? P25_A_EXPIRED : P25_A_DELETED;
}

/**
 * p25_event_policy_settle - an entry's generations are about to become alike
 * @change: the event
 * @table: the entry's table
 * @entry: the entry; P25_ENTRY_LAPSED is brought up to date
 * @gen: the generation that stays
 */
void p25_event_policy_settle(struct p25_event_policy *change,
			     const struct p25_table *table,
			     struct p25_entry *entry, unsigned int gen)
{
	bool before = entry->expires[!gen] != P25_NOT_IN_GEN &&
		      !(entry->flags & P25_ENTRY_LAPSED);
	bool after = p25_entry_is_valid(entry, gen, p25_now());
	bool in_gen = entry->expires[gen] != P25_NOT_IN_GEN;
	int type = type_of(before, after, in_gen);

	if (after)
		entry->flags &= ~P25_ENTRY_LAPSED;
	else
		entry->flags |= P25_ENTRY_LAPSED;
	if (type != P25_A_UNSPEC)
		put_entry(change, type, table, entry, in_gen ? gen : !gen);
}

/**
 * p25_event_policy_cleared - all entries have been deleted at once
 * @change: the event
 * @n: how many
 */
void p25_event_policy_cleared(struct p25_event_policy *change, unsigned int n)
{
	change->entries += n;
	change->full = true;
}

/**
 * p25_event_policy_set - settings have changed
 * @change: the event
 */
void p25_event_policy_set(struct p25_event_policy *change)
{
	begun(change);
	change->settings = true;
}

/* The settings are put last: entries that don't fit are taken out. */
static bool complete_policy(struct p25_event_policy *change)
{
	struct p25_policy *policy = &change->event.p25->policy;
	struct sk_buff *skb = change->event.skb;

	/* Back to what is behind the headers. */
	if (change->full)
		nlmsg_trim(skb, change->event.hdr);
	return !nla_put_u64_64bit(skb, P25_A_REVISION, policy->revision,
				  P25_A_PAD) &&
	       (!change->full ||
		!nla_put_u32(skb, P25_A_CHANGES, change->entries)) &&
	       (!change->settings ||
		!p25_netlink_put_settings(skb, p25_policy_settings(policy)));
}

/**
 * p25_event_policy_end - the policy has changed, or has not
 * @change: the event
 * @at_once: a reader who lists the policy can't have seen some changes but not all
 */
void p25_event_policy_end(struct p25_event_policy *change, bool at_once)
{
	struct p25_event *event = &change->event;

	if (!change->entries && !change->settings)
		return;
	begun(change);
	p25_sequence_advance_revision(&event->p25->policy,
				      at_once && change->entries > 1);
	if (event->skb && !complete_policy(change))
		event->lost = true;
	p25_event_send(event);
}

/**
 * p25_events_stop - no event is sent from here on
 *
 * To be called before the family is unregistered, which waits for commands.
 */
void p25_events_stop(void)
{
	WRITE_ONCE(stopped, true);
	flush_workqueue(p25_workqueue);
}
