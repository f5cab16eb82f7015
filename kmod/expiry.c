// SPDX-License-Identifier: GPL-2.0
/*
 * Collecting entries that have expired. It is about memory only: an entry stops
 * counting at the very second it expires, whether it has been collected or not.
 */
#include "change.h"
#include "expiry.h"

/* Collecting looks at every entry, so it is not done more often than this. */
#define INTERVAL	(5 * HZ)

/**
 * p25_expiry_schedule - see to it that expired entries are collected
 * @p25: the namespace
 *
 * Context: process, under the policy's lock.
 */
void p25_expiry_schedule(struct p25_net *p25)
{
	if (p25->policy.next_expiry != P25_NEVER)
		queue_delayed_work(system_power_efficient_wq, &p25->expiry,
				   INTERVAL);
}

static void collect(struct work_struct *work)
{
	struct p25_net *p25 = container_of(to_delayed_work(work),
					   struct p25_net, expiry);

	mutex_lock(&p25->policy.lock);
	p25_changes_expire(p25);
	p25_expiry_schedule(p25);
	mutex_unlock(&p25->policy.lock);
}

/** p25_expiry_init - prepare; nothing is collected yet */
void p25_expiry_init(struct p25_net *p25)
{
	INIT_DELAYED_WORK(&p25->expiry, collect);
}

/**
 * p25_expiry_exit - collect no more
 * @p25: the namespace
 *
 * Context: process, without the policy's lock; nobody changes the policy any
 * more.
 */
void p25_expiry_exit(struct p25_net *p25)
{
	cancel_delayed_work_sync(&p25->expiry);
}
