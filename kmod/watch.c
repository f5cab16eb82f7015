// SPDX-License-Identifier: GPL-2.0
/*
 * Watching senders: four times a second, the CPUs book what they have noted, and who has
 * made attempts since is looked at. The guard may block a sender, and listeners hear of its
 * first attempt, its 10th, its 100th and so on.
 *
 * So a packet does nothing of that, nor does it start any work. Without a hook there are no
 * packets, and the work stops.
 *
 * Senders are looked at in pieces, between which commands have a turn.
 */
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "account.h"
#include "event.h"
#include "guard.h"
#include "netlink.h"
#include "p25.h"
#include "sender.h"
#include "statistics.h"
#include "watch.h"

/*
 * A block is to be in force within a second of the attempt that was one too many. What is
 * left of that is for the work to begin, and to wait for commands.
 */
#define INTERVAL	(HZ / 4)

/* Buckets of a piece. */
#define PIECE		32

/**
 * struct piece - senders that are looked at without a break
 * @p25: the namespace
 * @senders: its list
 * @bucket: where to go on
 * @begun: has the event been begun?
 * @event: P25_CMD_EVENT_SENDER
 */
struct piece {
	struct p25_net		*p25;
	struct p25_senders	*senders;
	unsigned int		bucket;
	bool			begun;
	struct p25_event	event;
};

static void begin_event(struct piece *piece)
{
	if (piece->begun)
		return;
	piece->begun = true;
	p25_event_new(&piece->event, piece->p25, P25_CMD_EVENT_SENDER,
		      nla_total_size(sizeof(u32)) +
		      P25_EVENT_SENDERS_MAX * P25_EVENT_SENDER_ROOM);
}

static void end_event(struct piece *piece)
{
	struct p25_event *event = &piece->event;
	u32 *unlisted = &piece->p25->unreported_senders;

	if (!piece->begun)
		return;
	if (event->skb && *unlisted &&
	    nla_put_u32(event->skb, P25_A_UNLISTED, *unlisted))
		event->lost = true;
	*unlisted = 0;
	p25_event_send(event);
}

/* How many powers of ten are there up to @n? */
static unsigned int powers_of_ten(u64 n)
{
	unsigned int powers = 0;

	for (; n; n = div_u64(n, 10))
		powers++;
	return powers;
}

/* Those that it may not have made don't count. */
static void report_sender(struct piece *piece, struct p25_sender_record *record)
{
	struct p25_net *p25 = piece->p25;
	unsigned int powers = powers_of_ten(record->attempts - record->sender.error);

	if (powers <= record->sender.reported)
		return;
	record->sender.reported = powers;
	if (!p25_quota_take(&p25->reported_senders, P25_EVENT_SENDERS_MAX)) {
		p25->unreported_senders++;
		return;
	}
	begin_event(piece);
	if (piece->event.skb && p25_netlink_put_sender(piece->event.skb, record))
		piece->event.lost = true;
}

static void look_at_bucket(struct piece *piece)
{
	unsigned int number = piece->bucket * P25_SENDERS_BUCKET;
	unsigned int end = number + P25_SENDERS_BUCKET;
	struct p25_sender_record record;

	for (; number < end; number++) {
		if (!p25_senders_take_unjudged(piece->senders, number, &record))
			continue;
		report_sender(piece, &record);
		p25_guard_judge(piece->p25, &record);
		p25_senders_judged(piece->senders, number, &record);
	}
}

/* Returns true if there are more. The list may be another one by then. */
static bool look_at_some(struct p25_net *p25, unsigned int *bucket)
{
	struct piece piece = {
		.p25 = p25,
		.senders = p25_accounting_senders(p25->accounting),
		.bucket = *bucket,
	};
	unsigned int left;

	for (left = PIECE; left; left--) {
		if (!p25_senders_next_unjudged(piece.senders, &piece.bucket))
			break;
		look_at_bucket(&piece);
		piece.bucket++;
	}
	end_event(&piece);
	*bucket = piece.bucket;
	return !left;
}

static void look_at_all(struct p25_net *p25)
{
	unsigned int bucket = 0;
	bool more;

	do {
		mutex_lock(&p25->policy.lock);
		more = look_at_some(p25, &bucket);
		mutex_unlock(&p25->policy.lock);
		cond_resched();
	} while (more);
}

/* Where no more senders were to be reported in the next second. */
static void report_unlisted(struct p25_net *p25)
{
	struct piece piece = { .p25 = p25 };

	if (!p25->unreported_senders || p25->reported_senders.second == p25_now())
		return;
	begin_event(&piece);
	end_event(&piece);
}

/**
 * p25_watch_note_counted - note when a packet was counted last
 * @p25: the namespace
 *
 * To note it with each packet would cost each of them. Called by the work as well, it is
 * right to a quarter of a second.
 */
void p25_watch_note_counted(struct p25_net *p25)
{
	u64 counted = p25_statistics_total(p25->statistics);

	lockdep_assert_held(&p25->policy.lock);
	if (counted == p25->counted)
		return;
	p25->counted = counted;
	p25->counted_at = ktime_get_boottime_ns();
}

static void watch(struct work_struct *work)
{
	struct p25_net *p25 = container_of(to_delayed_work(work), struct p25_net,
					   watch);

	/* Without the lock: CPUs may take their time. */
	p25_accounting_book_notes(p25->accounting);
	look_at_all(p25);
	mutex_lock(&p25->policy.lock);
	report_unlisted(p25);
	p25_guard_report_missed(p25);
	p25_watch_note_counted(p25);
	if (p25->hooked)
		queue_delayed_work(p25_workqueue, &p25->watch, INTERVAL);
	mutex_unlock(&p25->policy.lock);
}

/* p25_watch_init - initialise the work, which is not going yet */
void p25_watch_init(struct p25_net *p25)
{
	INIT_DELAYED_WORK(&p25->watch, watch);
}

/**
 * p25_watch_start - start the work, which goes on as long as there are hooks
 * @p25: the namespace, which has accounts
 *
 * Context: process, under @p25->policy.lock.
 */
void p25_watch_start(struct p25_net *p25)
{
	lockdep_assert_held(&p25->policy.lock);
	queue_delayed_work(p25_workqueue, &p25->watch, INTERVAL);
}

/**
 * p25_watch_exit - stop the work
 * @p25: the namespace, which no command uses any more
 *
 * Context: process, without the policy's lock; may sleep.
 */
void p25_watch_exit(struct p25_net *p25)
{
	cancel_delayed_work_sync(&p25->watch);
}
