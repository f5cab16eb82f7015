/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that p25 keeps for a network namespace.
 */
#ifndef _P25_P25_H
#define _P25_P25_H

#include <linux/netfilter.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "guard.h"
#include "policy.h"

struct p25_accounting;
struct p25_statistics;

/**
 * struct p25_net - p25 in a network namespace
 * @policy: the policy; its lock guards the rest of this struct, too
 * @statistics: counters
 * @since: when they were zero: nanoseconds of the boot-time clock
 * @accounting: what packets add to entries; NULL until the hooks are first registered
 * @booked: the second in which the CPUs last booked what is in there for a commit
 * @booked_date: the same by the wall clock
 * @net: the namespace
 * @hooks: the hooks, IPv4 and IPv6
 * @hooked: are they registered?
 * @watches_answers: are the hooks of reject.c?
 * @transactions: open transactions
 * @transactions_lock: guards that list, too, for readers without the policy's lock
 * @n_transactions: number of open transactions
 * @n_waiting: changes that are queued in them
 * @orphans: frees the transactions of sockets that have closed
 * @expiry: removes entries that have expired
 * @gc: frees memory, after a grace period
 * @gc_pending: has it been queued?
 * @events: number of the latest event
 * @watch: looks at what senders have done
 * @counted: how many packets had been counted when it last looked
 * @counted_at: when that number last grew: nanoseconds of the boot-time clock; 0: never
 * @guard: what the guard has done
 * @reported_senders: those that were reported to listeners in this second
 * @unreported_senders: those that were not, since listeners last got their number
 */
struct p25_net {
	struct p25_policy		policy;
	struct p25_statistics __percpu	*statistics;
	s64				since;
	struct p25_accounting		*accounting;
	u32				booked;
	u32				booked_date;
	struct net			*net;
	struct nf_hook_ops		hooks[2];
	bool				hooked;
	bool				watches_answers;
	struct list_head		transactions;
	spinlock_t			transactions_lock; /* see above */
	unsigned int			n_transactions;
	unsigned int			n_waiting;
	struct work_struct		orphans;
	struct delayed_work		expiry;
	struct rcu_work			gc;
	bool				gc_pending;
	u64				events;
	struct delayed_work		watch;
	u64				counted;
	s64				counted_at;
	struct p25_guard_state		guard;
	struct p25_quota		reported_senders;
	u32				unreported_senders;
};

/*
 * For work that waits for the policy's lock: a long commit must not delay work of
 * others in the system's workqueue.
 */
extern struct workqueue_struct *p25_workqueue;

struct p25_net *p25_net(struct net *net);

#endif /* _P25_P25_H */
