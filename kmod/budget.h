/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much time commands may take.
 */
#ifndef _P25_BUDGET_H
#define _P25_BUDGET_H

#include <linux/netlink.h>

struct mutex;

/**
 * struct p25_budget - what a namespace's commands have taken of late
 * @lock: the policy's
 * @limited: it is a user namespace's: all of these share some time
 * @since: of when on, in nanoseconds
 * @walked: slots that walks through all entries have looked at
 * @longest: slots that one of them had
 */
struct p25_budget {
	struct mutex	*lock;	/* the policy's */
	bool		limited;
	u64		since;
	u64		walked;
	u64		longest;
};

int p25_budget_begin(struct p25_budget *budget, struct netlink_ext_ack *extack);
bool p25_budget_may_go_on(const struct p25_budget *budget,
			  struct netlink_ext_ack *extack);
void p25_budget_end(struct p25_budget *budget);
bool p25_budget_may_walk(struct p25_budget *budget, u64 slots,
			 struct netlink_ext_ack *extack);
#endif /* _P25_BUDGET_H */
