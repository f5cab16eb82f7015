/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much time a namespace's commands may take.
 */
#ifndef _P25_BUDGET_H
#define _P25_BUDGET_H

#include <linux/netlink.h>

/**
 * struct p25_budget - what commands have taken of late
 * @since: of when on, in the unit of expiry
 * @walked: slots that walks through all entries have looked at
 * @longest: slots that one of them had
 * @committing: nanoseconds that commits have taken
 */
struct p25_budget {
	u32	since;
	u64	walked;
	u64	longest;
	u64	committing;
};

void p25_budget_begin(struct p25_budget *budget);
bool p25_budget_may_walk(struct p25_budget *budget, u64 slots,
			 struct netlink_ext_ack *extack);
bool p25_budget_may_commit(const struct p25_budget *budget,
			   struct netlink_ext_ack *extack);

#endif /* _P25_BUDGET_H */
