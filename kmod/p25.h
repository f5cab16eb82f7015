/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that p25 keeps for a network namespace.
 */
#ifndef _P25_P25_H
#define _P25_P25_H

#include <linux/netfilter.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>

#include "offender.h"
#include "policy.h"
#include "statistics.h"

/**
 * struct p25_net - p25 in a network namespace
 * @policy: who is who; its lock guards all the rest of this struct too
 * @statistics: counters
 * @since: when they began to count, by the boot-time clock, in nanoseconds
 * @offenders: who tried to send blocked mail; NULL until hooks are in place
 * @net: the namespace
 * @hooks: the hooks, IPv4 and IPv6
 * @hooked: are they in place?
 * @watches_resets: are those of reject.c?
 * @transactions: open transactions
 * @transactions_lock: held by who changes that list, too, and by who reads it
 *	without the policy's lock
 * @n_transactions: how many
 * @n_waiting: changes that they have collected
 * @orphans: forgets the transactions of sockets that have closed
 * @expiry: removes entries that have expired
 * @gc: frees memory, after a grace period
 * @gc_pending: has it been queued?
 */
struct p25_net {
	struct p25_policy		policy;
	struct p25_statistics __percpu	*statistics;
	s64				since;
	struct p25_offenders		*offenders;
	struct net			*net;
	struct nf_hook_ops		hooks[2];
	bool				hooked;
	bool				watches_resets;
	struct list_head		transactions;
	spinlock_t			transactions_lock; /* see above */
	unsigned int			n_transactions;
	unsigned int			n_waiting;
	struct work_struct		orphans;
	struct delayed_work		expiry;
	struct rcu_work			gc;
	bool				gc_pending;
};

/*
 * Whose work waits for the policy's lock: a long commit must not keep others'
 * work from being done.
 */
extern struct workqueue_struct *p25_workqueue;

struct p25_net *p25_net(struct net *net);

#endif /* _P25_P25_H */
