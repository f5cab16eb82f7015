/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict on a packet, by the policy.
 */
#ifndef _P25_JUDGE_H
#define _P25_JUDGE_H

#include "policy.h"

struct p25_packet;

/**
 * struct p25_view - the policy as one packet sees it, even if it changes meanwhile
 * @policy: the policy
 * @gen: generation that the packet reads
 * @now: the time, in the unit of expiry
 * @soon: the policy's, see there
 */
struct p25_view {
	const struct p25_policy	*policy;
	unsigned int		gen;
	u32			now;
	u32			soon;
};

/* Context: any, under rcu_read_lock() for as long as the view is used. */
static inline struct p25_view p25_policy_view(const struct p25_policy *policy)
{
	return (struct p25_view) {
		.policy = policy,
		/* Pairs with publish(): its entries are complete. */
		.gen = smp_load_acquire(&policy->generation),
		.now = p25_now(),
		/* Pairs with expire() and set_soon(): what is before it is marked. */
		.soon = smp_load_acquire(&policy->soon),
	};
}

/**
 * struct p25_judgement - the verdict on a packet, and the reason
 * @verdict: enum p25_verdict
 * @reason: enum p25_kind of the deciding entry; P25_KIND_NONE: no entry did
 * @monitored: it is accepted only because the action is "monitor"
 * @inbound: it is an answer to mail, not mail
 * @counted: it is mail, or treated as such, and has a counter
 * @len: length of the deciding entry's prefix, if one did
 * @entry: p25_policy_id() of the deciding entry, if one did; refers to it while the
 *	caller is under rcu_read_lock()
 */
struct p25_judgement {
	u8	verdict;
	u8	reason;
	bool	monitored;
	bool	inbound;
	bool	counted;
	u8	len;
	u32	entry;
};

/* The verdict by an action other than "monitor". Only what is @rejectable is answered. */
static inline u8 p25_verdict_of(u8 action, bool rejectable)
{
	if (rejectable && action == P25_ACTION_REJECT)
		return P25_VERDICT_REJECT;
	if (rejectable && action == P25_ACTION_PROHIBIT)
		return P25_VERDICT_PROHIBIT;
	return P25_VERDICT_DROP;
}

void p25_judge(const struct p25_view *view, const struct p25_packet *packet,
	       struct p25_judgement *judgement);

#endif /* _P25_JUDGE_H */
