// SPDX-License-Identifier: GPL-2.0
/*
 * What nobody has to wait for: collecting entries that have expired, giving
 * memory back that readers might still have been in, completing an index that
 * has been replaced.
 *
 * It is about memory only: an entry stops counting at the very second it
 * expires, whether it has been collected or not.
 */
#include "commit.h"
#include "upkeep.h"

/* Collecting looks at every entry, so it is not done more often than this. */
#define INTERVAL	(5 * HZ)

static bool tables_need_upkeep(struct p25_policy *policy)
{
	unsigned int i;

	for (i = 0; i < P25_POLICY_TABLES; i++)
		if (p25_table_needs_upkeep(p25_policy_nth(policy, i)))
			return true;
	return false;
}

/* Begin a grace period for all that has left the tables. */
static void start_tables(struct p25_net *p25)
{
	unsigned int i;

	if (p25->upkeep_pending)
		return;
	p25->upkeep_pending = true;
	for (i = 0; i < P25_POLICY_TABLES; i++)
		p25_table_leave(p25_policy_nth(&p25->policy, i));
	queue_rcu_work(p25_workqueue, &p25->upkeep);
}

static void upkeep_tables(struct work_struct *work)
{
	struct p25_net *p25 = container_of(to_rcu_work(work), struct p25_net,
					   upkeep);
	bool more = false;
	unsigned int i;

	mutex_lock(&p25->policy.lock);
	p25->upkeep_pending = false;
	for (i = 0; i < P25_POLICY_TABLES; i++)
		more |= p25_table_upkeep(p25_policy_nth(&p25->policy, i));
	if (more)
		start_tables(p25);
	mutex_unlock(&p25->policy.lock);
}

static void collect_expired(struct work_struct *work)
{
	struct p25_net *p25 = container_of(to_delayed_work(work),
					   struct p25_net, expiry);

	mutex_lock(&p25->policy.lock);
	p25_commit_expired(p25);
	p25_upkeep_schedule(p25);
	mutex_unlock(&p25->policy.lock);
}

/**
 * p25_upkeep_schedule - the policy has changed: see to it that it is kept up
 * @p25: the namespace
 *
 * Context: process, under @p25->policy.lock.
 */
void p25_upkeep_schedule(struct p25_net *p25)
{
	lockdep_assert_held(&p25->policy.lock);
	if (p25_commit_awaits_expiry(&p25->policy))
		queue_delayed_work(p25_workqueue, &p25->expiry, INTERVAL);
	if (tables_need_upkeep(&p25->policy))
		start_tables(p25);
}

/** p25_upkeep_init - prepare; nothing is done yet */
void p25_upkeep_init(struct p25_net *p25)
{
	INIT_DELAYED_WORK(&p25->expiry, collect_expired);
	INIT_RCU_WORK(&p25->upkeep, upkeep_tables);
}

/**
 * p25_upkeep_exit - do no more of it
 * @p25: the namespace
 *
 * Context: process, without the policy's lock; nobody changes the policy any
 * more.
 */
void p25_upkeep_exit(struct p25_net *p25)
{
	cancel_delayed_work_sync(&p25->expiry);
	while (flush_rcu_work(&p25->upkeep))
		;
}
