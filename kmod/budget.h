/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much time commands may take.
 */
#ifndef _P25_BUDGET_H
#define _P25_BUDGET_H

#include <linux/types.h>

struct mutex;
struct netlink_ext_ack;

/**
 * struct p25_budget - what a namespace's commands have taken in this interval
 * @lock: the policy's
 * @limited: it is a user namespace's: all of these share some time
 * @since: when the interval began, in nanoseconds
 * @walked: slots that all walks through all entries have visited
 * @longest: slots that the longest of them has visited
 */
struct p25_budget {
	struct mutex	*lock;	/* the policy's */
	bool		limited;
	u64		since;
	u64		walked;
	u64		longest;
};

int p25_budget_begin(struct p25_budget *budget, struct netlink_ext_ack *extack);
int p25_budget_check(const struct p25_budget *budget,
		     struct netlink_ext_ack *extack);
int p25_budget_walk(struct p25_budget *budget, u64 slots,
		    struct netlink_ext_ack *extack);
void p25_budget_end(struct p25_budget *budget);

#endif /* _P25_BUDGET_H */
