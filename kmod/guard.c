// SPDX-License-Identifier: GPL-2.0
/*
 * The guard; see guard.h.
 *
 * A block is an ordinary entry, which is added as commands add entries: so it counts for the
 * limit, is listed, saved and digested, expires, and has its event and revision.
 *
 * Forged senders could have any number of entries added, so there is a limit to a second's
 * and to all of them.
 */
#include <linux/jhash.h>
#include <linux/lockdep.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "change.h"
#include "commit.h"
#include "event.h"
#include "guard.h"
#include "history.h"
#include "judge.h"
#include "netlink.h"
#include "p25.h"
#include "packet.h"
#include "sender.h"

/* Room for the attributes of an event of the guard, but for an entry and a sender. */
#define EVENT_ROOM	64

/**
 * struct offence - a sender has exceeded a rate
 * @record: the sender
 * @prefix: what is to be blocked
 * @rate: a copy of the rate, as adding an entry may remove others with their guards
 * @attempts: how many it has made within the rate's time, at least
 */
struct offence {
	const struct p25_sender_record	*record;
	struct p25_prefix		prefix;
	struct p25_guard_rate		rate;
	u32				attempts;
};

/**
 * p25_guard_prepare - prepare for a guard that is about to be set
 * @p25: the namespace
 * @guard: the guard
 * @extack: message
 *
 * Return: 0 or -ENOMEM.
 */
int p25_guard_prepare(struct p25_net *p25, const struct p25_guard *guard,
		      struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&p25->policy.lock);
	if (!guard->n || p25->guard.history)
		return 0;
	p25->guard.history = p25_history_alloc();
	if (p25->guard.history)
		return 0;
	NL_SET_ERR_MSG(extack, "no memory for the guard");
	return -ENOMEM;
}

/* p25_guard_exit - free what has been prepared; nobody uses it any more */
void p25_guard_exit(struct p25_guard_state *state)
{
	p25_history_free(state->history);
}

static void sender_prefix(const struct p25_sender *sender, u8 bits,
			  struct p25_prefix *prefix)
{
	*prefix = (struct p25_prefix) {
		.addr = sender->src,
		.family = sender->family,
	};
	p25_prefix_cut(prefix, bits);
}

/* The entry that decides on mail of this sender now, or NULL: none does. */
static struct p25_entry *deciding_entry(struct p25_policy *policy,
					const struct p25_sender *sender)
{
	struct p25_packet packet = {
		.class = P25_PACKET_TO_25 | P25_PACKET_NO_DST,
	};
	struct p25_judgement judgement;
	struct p25_view view;

	sender_prefix(sender, p25_family_bits(sender->family), &packet.src);
	rcu_read_lock();
	view = p25_policy_view(policy);
	p25_judge(&view, &packet, &judgement);
	rcu_read_unlock();
	return judgement.reason ? p25_policy_entry(policy, judgement.entry) : NULL;
}

/* The entry that exempts a sender, and did so with its last attempt, or NULL. */
static struct p25_entry *exempting_entry(struct p25_policy *policy,
					 const struct p25_sender *sender)
{
	struct p25_entry *entry;

	if (!p25_kind_is_exempt(sender->kind))
		return NULL;
	entry = deciding_entry(policy, sender);
	return entry && p25_kind_is_exempt(entry->kind) ? entry : NULL;
}

/**
 * struct own_guard - which of the guards that entries on a prefix have of their own counts
 * @policy: the policy
 * @table: the table of these entries
 * @owner: name of the owner whose guard it is
 * @guard: the guard; NULL: none of them has one
 */
struct own_guard {
	const struct p25_policy	*policy;
	const struct p25_table	*table;
	const char		*owner;
	const struct p25_guard	*guard;
};

/*
 * Does this owner's guard take precedence? "off" does over rates; of several rates, those of
 * the owner whose name comes first. So the order in which entries were added makes no
 * difference, nor does a policy that is saved and loaded.
 */
static bool counts(const struct own_guard *own, const struct p25_guard *guard,
		   const char *owner)
{
	if (!own->guard || !own->guard->n != !guard->n)
		return !own->guard || !guard->n;
	return strcmp(owner, own->owner) < 0;
}

static bool see_entry(struct p25_entry *entry, void *arg)
{
	struct own_guard *own = arg;
	const struct p25_guard *guard = p25_table_guard(own->table, entry);
	const char *owner = p25_owner_name(&own->policy->owners, entry->owner);

	if (guard && p25_entry_is_valid(entry, own->policy->generation, p25_now()) &&
	    counts(own, guard, owner)) {
		own->guard = guard;
		own->owner = owner;
	}
	return false;
}

/* The guard that the entries on the prefix of this one have of their own, or that which is set. */
static const struct p25_guard *guard_of(struct p25_net *p25, u8 family,
					const struct p25_entry *entry)
{
	struct p25_policy *policy = &p25->policy;
	struct own_guard own = {
		.policy = policy,
		.table = p25_policy_table(policy, entry->kind, family),
	};
	struct p25_prefix prefix;

	p25_entry_prefix(entry, family, &prefix);
	p25_table_visit(own.table, &prefix, see_entry, &own);
	return own.guard ? own.guard : &p25_policy_settings(policy)->guard;
}

/* States are those of the rates that they were made by; others begin anew. */
static void renew_states(struct p25_sender_record *record,
			 const struct p25_guard *guard)
{
	u32 rates = jhash(guard, sizeof(*guard), 0) | 1;

	if (record->sender.rates == rates)
		return;
	record->sender.rates = rates;
	memset(record->paid_until, 0, sizeof(record->paid_until));
}

/* Returns the first rate that is exceeded, or -1. All are charged. */
static int charge(struct p25_sender_record *record, const struct p25_guard *guard)
{
	const struct p25_attempts attempts = {
		.n = record->sender.unjudged,
		.first = record->sender.since,
		.last = record->sender.last,
	};
	int exceeded = -1;
	int i;

	for (i = guard->n - 1; i >= 0; i--)
		if (p25_rate_is_exceeded(&guard->rates[i], &record->paid_until[i],
					 &attempts))
			exceeded = i;
	return exceeded;
}

/* NULL: no memory. */
static char *comment_on(const struct offence *offence)
{
	const struct p25_sender *sender = &offence->record->sender;
	u32 destinations = p25_hyperloglog_estimate(&sender->destinations);

	return kasprintf(P25_GFP, "%u attempts in %u s, %u destination%s in all",
			 offence->attempts, offence->rate.seconds, destinations,
			 destinations == 1 ? "" : "s");
}

/*
 * The owner of the guard's entries, with a reference, or a negative errno value: there is
 * none, or it has too many.
 */
static int get_owner(struct p25_owners *owners)
{
	int owner = p25_owner_get(owners, P25_OWNER_GUARD);

	if (owner < 0 || owners->slots[owner].users <= P25_GUARD_ENTRIES_MAX)
		return owner;
	p25_owner_put(owners, owner);
	return -ENOSPC;
}

/* Returns 0, or a negative errno value: there is no entry. */
static int add_entry(struct p25_net *p25, const struct offence *offence, u8 owner,
		     u32 timeout)
{
	struct p25_change_entry entry = {
		.prefix = offence->prefix,
		.kind = P25_KIND_BLOCK,
		.owner = owner,
		.expires = timeout ? p25_expires_in(timeout) : P25_NEVER,
		.comment = comment_on(offence),
	};
	struct p25_changes changes;
	int err = -ENOMEM;

	p25_changes_init(&changes);
	if (entry.comment)
		err = p25_changes_new_entry(&changes, P25_CHANGE_ADD, &entry);
	if (err) {
		kfree(entry.comment);
		p25_owner_put(&p25->policy.owners, owner);
	} else {
		err = p25_commit(p25, &changes, NULL);
	}
	p25_changes_free(p25, &changes);
	return err;
}

static bool put_block(struct sk_buff *skb, struct p25_net *p25,
		      const struct offence *offence, const struct p25_entry *entry)
{
	const struct p25_table *table = p25_policy_table(&p25->policy, P25_KIND_BLOCK,
							 offence->prefix.family);

	return !p25_netlink_put_sender(skb, offence->record) &&
	       !nla_put(skb, P25_A_RATE, sizeof(offence->rate), &offence->rate) &&
	       !p25_netlink_put_entry(skb, p25, table, entry);
}

static void report_block(struct p25_net *p25, const struct offence *offence,
			 const struct p25_entry *entry)
{
	struct p25_event event;

	p25_event_new(&event, p25, P25_CMD_EVENT_GUARD, EVENT_ROOM +
		      P25_EVENT_SENDER_ROOM + P25_EVENT_ENTRY_ROOM);
	if (event.skb && !put_block(event.skb, p25, offence, entry))
		event.lost = true;
	p25_event_send(&event);
}

/* Returns 0, or a negative errno value: the sender has not been blocked. */
static int block(struct p25_net *p25, const struct offence *offence)
{
	struct p25_policy *policy = &p25->policy;
	u32 now = p25_now();
	u32 timeout;
	int owner;
	int err;

	owner = get_owner(&policy->owners);
	if (owner < 0)
		return owner;
	timeout = p25_history_timeout(p25->guard.history, &offence->prefix,
				      p25_policy_settings(policy)->guard_for, now);
	err = add_entry(p25, offence, owner, timeout);
	if (err)
		return err;
	p25_history_note(p25->guard.history, &offence->prefix, timeout, now);
	report_block(p25, offence,
		     p25_table_find(p25_policy_table(policy, P25_KIND_BLOCK,
						     offence->prefix.family),
				    &offence->prefix, P25_KIND_BLOCK, owner));
	return 0;
}

/* Who is let go has a new chance: states begin anew. */
static void block_or_miss(struct p25_net *p25, struct p25_sender_record *record,
			  const struct offence *offence)
{
	struct p25_guard_state *state = &p25->guard;

	if (p25_quota_take(&state->blocks, P25_GUARD_SECOND_MAX) &&
	    !block(p25, offence)) {
		memset(record->paid_until, 0, sizeof(record->paid_until));
		state->total_blocks++;
	} else {
		state->missed++;
		state->total_missed++;
	}
}

/**
 * p25_guard_judge - block a sender if it exceeds a rate
 * @p25: the namespace
 * @record: the sender, with attempts that have not been judged; its state with each rate
 *	is brought up to date
 */
void p25_guard_judge(struct p25_net *p25, struct p25_sender_record *record)
{
	const struct p25_sender *sender = &record->sender;
	struct offence offence = { .record = record };
	const struct p25_guard *guard;
	struct p25_entry *entry;
	int exceeded;

	lockdep_assert_held(&p25->policy.lock);
	entry = exempting_entry(&p25->policy, sender);
	if (!entry)
		return;
	guard = guard_of(p25, sender->family, entry);
	renew_states(record, guard);
	exceeded = charge(record, guard);
	if (exceeded < 0)
		return;
	/* A block of a shorter prefix than the exemption's would not decide. */
	sender_prefix(sender, max(sender->bits, entry->len), &offence.prefix);
	offence.rate = guard->rates[exceeded];
	offence.attempts = p25_rate_attempts(&offence.rate,
					     record->paid_until[exceeded], sender->last);
	block_or_miss(p25, record, &offence);
}

/**
 * p25_guard_report_missed - report to listeners the senders that have not been blocked
 * @p25: the namespace
 *
 * Once a second at most.
 */
void p25_guard_report_missed(struct p25_net *p25)
{
	struct p25_event event;

	lockdep_assert_held(&p25->policy.lock);
	if (!p25->guard.missed || !p25_quota_take(&p25->guard.reported, 1))
		return;
	p25_event_new(&event, p25, P25_CMD_EVENT_GUARD, EVENT_ROOM);
	if (event.skb && nla_put_u32(event.skb, P25_A_UNLISTED, p25->guard.missed))
		event.lost = true;
	p25_event_send(&event);
	p25->guard.missed = 0;
}
