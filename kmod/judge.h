/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict on a packet, by the policy.
 */
#ifndef _P25_JUDGE_H
#define _P25_JUDGE_H

#include "packet.h"
#include "policy.h"

/**
 * struct p25_view - the policy as one packet sees it, whatever changes meanwhile
 * @policy: the policy
 * @gen: generation that it is judged by
 * @now: the time, in the unit of expiry
 */
struct p25_view {
	const struct p25_policy	*policy;
	unsigned int		gen;
	u32			now;
};

/* Context: any, under rcu_read_lock() for as long as the view is used. */
static inline struct p25_view p25_policy_view(const struct p25_policy *policy)
{
	return (struct p25_view) {
		.policy = policy,
		/* Pairs with publish(): what this one reads is in place. */
		.gen = smp_load_acquire(&policy->generation),
		.now = p25_now(),
	};
}

/**
 * struct p25_judgement - what a packet gets, and why
 * @verdict: enum p25_verdict
 * @reason: enum p25_kind of the deciding entry; P25_KIND_NONE: no entry did
 * @monitored: it is accepted only because the action is "monitor"
 * @inbound: it is the way back of mail that was judged
 * @counted: it is mail, or taken for it, and so shows in the counters
 * @entry: the deciding entry, of the packet's family; valid while the caller is
 *	under rcu_read_lock()
 */
struct p25_judgement {
	u8			verdict;
	u8			reason;
	bool			monitored;
	bool			inbound;
	bool			counted;
	struct p25_entry	*entry;
};

void p25_judge(const struct p25_view *view, const struct p25_packet *packet,
	       struct p25_judgement *judgement);

#endif /* _P25_JUDGE_H */
