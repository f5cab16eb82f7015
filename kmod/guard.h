/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guard: blocks senders that are exempt and exceed a rate. Everything here is called in
 * process context, under the policy's lock, and may sleep.
 */
#ifndef _P25_GUARD_H
#define _P25_GUARD_H

#include <linux/types.h>

#include "quota.h"
#include "rate.h"

struct netlink_ext_ack;
struct p25_history;
struct p25_net;
struct p25_sender_record;

/**
 * struct p25_guard_state - what the guard has done in a namespace
 * @history: whom it has blocked; NULL until there is a guard
 * @blocks: those of this second
 * @missed: senders that were to be blocked, and were not, since that was last reported
 * @reported: when they were, in this second
 * @total_blocks: all blocks
 * @total_missed: all that were missed
 */
struct p25_guard_state {
	struct p25_history	*history;
	struct p25_quota	blocks;
	u32			missed;
	struct p25_quota	reported;
	u64			total_blocks;
	u64			total_missed;
};

int p25_guard_prepare(struct p25_net *p25, const struct p25_guard *guard,
		      struct netlink_ext_ack *extack);
void p25_guard_exit(struct p25_guard_state *state);
void p25_guard_judge(struct p25_net *p25, struct p25_sender_record *record);
void p25_guard_report_missed(struct p25_net *p25);

#endif /* _P25_GUARD_H */
