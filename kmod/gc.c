// SPDX-License-Identifier: GPL-2.0
/*
 * Garbage collection, as deferred work: entries that have expired, entries that
 * have been removed and may have had readers, and an index that is replaced.
 *
 * It is about memory only: an entry that has expired is not valid, whether it has
 * been collected or not.
 */
#include <linux/lockdep.h>

#include "account.h"
#include "expire.h"
#include "gc.h"
#include "p25.h"

/* Collecting visits every entry, so it is not done more often than this. */
#define GC_INTERVAL	(5 * HZ)

static bool tables_need_gc(struct p25_policy *policy)
{
	struct p25_table *table;
	unsigned int i;

	p25_for_each_table(table, policy, i)
		if (p25_table_needs_gc(table))
			return true;
	return false;
}

/* Begin a grace period for all that has been removed from the tables. */
static void schedule_tables(struct p25_net *p25)
{
	struct p25_table *table;
	unsigned int i;

	if (p25->gc_pending)
		return;
	p25->gc_pending = true;
	p25_for_each_table(table, &p25->policy, i)
		p25_table_start_grace(table);
	queue_rcu_work(p25_workqueue, &p25->gc);
}

static void gc_tables(struct work_struct *work)
{
	struct p25_net *p25 = container_of(to_rcu_work(work), struct p25_net,
					   gc);
	struct p25_table *table;
	bool more = false;
	unsigned int i;

	mutex_lock(&p25->policy.lock);
	p25->gc_pending = false;
	/* No sum refers to an entry that is about to be freed. */
	p25_accounting_book(p25->accounting);
	p25_for_each_table(table, &p25->policy, i)
		more |= p25_table_gc(table);
	if (more)
		schedule_tables(p25);
	mutex_unlock(&p25->policy.lock);
}

static void collect_expired(struct work_struct *work)
{
	struct p25_net *p25 = container_of(to_delayed_work(work),
					   struct p25_net, expiry);

	mutex_lock(&p25->policy.lock);
	p25_expire(p25);
	p25_gc_schedule(p25);
	mutex_unlock(&p25->policy.lock);
}

/**
 * p25_gc_schedule - schedule the work that the policy needs after a change
 * @p25: the namespace
 *
 * Context: process, under @p25->policy.lock.
 */
void p25_gc_schedule(struct p25_net *p25)
{
	lockdep_assert_held(&p25->policy.lock);
	if (p25_expire_is_pending(&p25->policy))
		queue_delayed_work(p25_workqueue, &p25->expiry, GC_INTERVAL);
	if (tables_need_gc(&p25->policy))
		schedule_tables(p25);
}

/* p25_gc_init - initialise the work; nothing is scheduled yet */
void p25_gc_init(struct p25_net *p25)
{
	INIT_DELAYED_WORK(&p25->expiry, collect_expired);
	INIT_RCU_WORK(&p25->gc, gc_tables);
}

/**
 * p25_gc_exit - cancel the work
 * @p25: the namespace
 *
 * Context: process, without the policy's lock; the policy doesn't change any
 * more.
 */
void p25_gc_exit(struct p25_net *p25)
{
	cancel_delayed_work_sync(&p25->expiry);
	while (flush_rcu_work(&p25->gc))
		;
}
