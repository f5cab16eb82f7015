// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions. A transaction belongs to the socket that opened it; changes that
 * the socket sends are queued until it commits, and freed when it aborts or closes.
 *
 * Unless it says otherwise, everything here is called in process context, and may
 * sleep.
 */
#include <linux/lockdep.h>
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "commit.h"
#include "p25.h"
#include "transaction.h"

/**
 * p25_transaction_find - the open transaction of a socket
 * @p25: the namespace
 * @portid: the socket
 *
 * Return: the transaction, or NULL.
 */
struct p25_transaction *p25_transaction_find(struct p25_net *p25, u32 portid)
{
	struct p25_transaction *transaction;

	lockdep_assert_held(&p25->policy.lock);
	list_for_each_entry(transaction, &p25->transactions, list)
		if (transaction->portid == portid &&
		    !READ_ONCE(transaction->orphaned))
			return transaction;
	return NULL;
}

static void free_transaction(struct p25_net *p25, struct p25_transaction *transaction)
{
	lockdep_assert_held(&p25->policy.lock);
	spin_lock(&p25->transactions_lock);
	list_del(&transaction->list);
	WRITE_ONCE(p25->n_transactions, p25->n_transactions - 1);
	spin_unlock(&p25->transactions_lock);
	p25->n_waiting -= transaction->changes.n;
	p25_changes_free(p25, &transaction->changes);
	kfree(transaction);
}

static void free_orphans(struct p25_net *p25)
{
	struct p25_transaction *transaction;
	struct p25_transaction *next;

	lockdep_assert_held(&p25->policy.lock);
	list_for_each_entry_safe(transaction, next, &p25->transactions, list)
		if (READ_ONCE(transaction->orphaned))
			free_transaction(p25, transaction);
}

/**
 * p25_transaction_begin - open a transaction
 * @p25: the namespace
 * @portid: the socket
 * @extack: message
 *
 * Return: 0; -EBUSY: the socket has one open; -ENOSPC: too many are open;
 * -ENOMEM.
 */
int p25_transaction_begin(struct p25_net *p25, u32 portid,
			  struct netlink_ext_ack *extack)
{
	struct p25_transaction *transaction;

	lockdep_assert_held(&p25->policy.lock);
	if (p25_transaction_find(p25, portid)) {
		NL_SET_ERR_MSG(extack,
			       "a transaction is open already: commit or abort it");
		return -EBUSY;
	}
	free_orphans(p25);
	if (p25->n_transactions >= P25_TRANSACTIONS_MAX) {
		NL_SET_ERR_MSG(extack,
			       "too many transactions are open: wait for one to end");
		return -ENOSPC;
	}
	transaction = kzalloc(sizeof(*transaction), P25_GFP);
	if (!transaction) {
		NL_SET_ERR_MSG(extack, "no memory for a transaction");
		return -ENOMEM;
	}
	transaction->portid = portid;
	p25_changes_init(&transaction->changes);
	spin_lock(&p25->transactions_lock);
	list_add(&transaction->list, &p25->transactions);
	WRITE_ONCE(p25->n_transactions, p25->n_transactions + 1);
	spin_unlock(&p25->transactions_lock);
	return 0;
}

/* Highest limit while changes are queued and committed. */
static u64 highest_limit(const struct p25_net *p25,
			 struct p25_transaction *transaction,
			 const struct p25_changes *changes)
{
	u32 limit = p25_policy_settings(&p25->policy)->limit;
	const struct p25_change_settings *settings;
	struct p25_change_position position;
	struct p25_change *first;

	/* A message with settings has one change. */
	first = p25_changes_first(changes, &position);
	if (first && first->type == P25_CHANGE_SET) {
		settings = p25_change_settings(first);
		if (settings->given & P25_SET_LIMIT)
			transaction->limit = max(transaction->limit,
						 min(settings->values.limit,
						     p25->policy.limit_max));
	}
	return max(limit, transaction->limit);
}

/**
 * p25_transaction_add - queue changes
 * @p25: the namespace
 * @transaction: an open transaction
 * @changes: the changes; empty afterwards, unless they are refused
 * @extack: message
 *
 * A transaction may replace a full policy by another full one, so all transactions
 * together may queue twice as many changes as the limit, or the one that this
 * transaction sets, has entries.
 *
 * Return: 0, or -ENOSPC: too many changes are queued.
 */
int p25_transaction_add(struct p25_net *p25,
			struct p25_transaction *transaction,
			struct p25_changes *changes,
			struct netlink_ext_ack *extack)
{
	u64 limit = highest_limit(p25, transaction, changes);

	lockdep_assert_held(&p25->policy.lock);
	free_orphans(p25);
	if ((u64)p25->n_waiting + changes->n > 2 * limit + 16) {
		NL_SET_ERR_MSG(extack,
			       "more changes are queued than twice the policy's limit: raise it, or change less at once");
		return -ENOSPC;
	}
	p25->n_waiting += changes->n;
	p25_changes_move(changes, &transaction->changes);
	return 0;
}

static int err_no_transaction(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "no transaction is open: begin one");
	return -ENOENT;
}

/**
 * p25_transaction_commit - commit a transaction and close it
 * @p25: the namespace
 * @portid: the socket
 * @extack: message
 *
 * Return: 0; -ENOENT: none is open; or as p25_commit(). Whatever it
 * returns, the transaction is closed.
 */
int p25_transaction_commit(struct p25_net *p25, u32 portid,
			   struct netlink_ext_ack *extack)
{
	struct p25_transaction *transaction = p25_transaction_find(p25, portid);
	int err;

	lockdep_assert_held(&p25->policy.lock);
	if (!transaction)
		return err_no_transaction(extack);
	err = p25_commit(p25, &transaction->changes, extack);
	free_transaction(p25, transaction);
	return err;
}

/**
 * p25_transaction_abort - close a transaction without any change
 * @p25: the namespace
 * @portid: the socket
 * @extack: message
 *
 * Return: 0, or -ENOENT: none is open.
 */
int p25_transaction_abort(struct p25_net *p25, u32 portid,
			  struct netlink_ext_ack *extack)
{
	struct p25_transaction *transaction = p25_transaction_find(p25, portid);

	lockdep_assert_held(&p25->policy.lock);
	if (!transaction)
		return err_no_transaction(extack);
	free_transaction(p25, transaction);
	return 0;
}

static void free_orphans_work(struct work_struct *work)
{
	struct p25_net *p25 = container_of(work, struct p25_net, orphans);

	mutex_lock(&p25->policy.lock);
	free_orphans(p25);
	mutex_unlock(&p25->policy.lock);
}

/* Initialise a namespace's transactions: none is open. */
void p25_transactions_init(struct p25_net *p25)
{
	INIT_LIST_HEAD(&p25->transactions);
	spin_lock_init(&p25->transactions_lock);
	INIT_WORK(&p25->orphans, free_orphans_work);
}

/**
 * p25_transactions_exit - cancel the work; all sockets have been closed
 * @p25: the namespace
 *
 * Context: process, without the policy's lock.
 */
void p25_transactions_exit(struct p25_net *p25)
{
	cancel_work_sync(&p25->orphans);
}

/**
 * p25_transactions_free - free all transactions
 * @p25: the namespace
 *
 * Context: process, without the policy's lock.
 */
void p25_transactions_free(struct p25_net *p25)
{
	struct p25_transaction *transaction;
	struct p25_transaction *next;

	mutex_lock(&p25->policy.lock);
	list_for_each_entry_safe(transaction, next, &p25->transactions, list)
		free_transaction(p25, transaction);
	mutex_unlock(&p25->policy.lock);
}

/*
 * Called with the notifiers' lock held, which every netlink socket of the machine
 * takes when it is closed. So this must not wait for the policy's lock, which a
 * commit may hold for seconds: the transaction is marked, and freed by a work.
 */
static int socket_event(struct notifier_block *block, unsigned long event,
			void *data)
{
	struct netlink_notify *notify = data;
	struct p25_transaction *transaction;
	struct p25_net *p25;
	bool found = false;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	p25 = p25_net(notify->net);
	/* Most sockets that are closed have nothing to do with p25: no lock. */
	if (!READ_ONCE(p25->n_transactions))
		return NOTIFY_DONE;
	spin_lock(&p25->transactions_lock);
	list_for_each_entry(transaction, &p25->transactions, list) {
		if (transaction->portid != notify->portid)
			continue;
		WRITE_ONCE(transaction->orphaned, true);
		found = true;
	}
	spin_unlock(&p25->transactions_lock);
	if (found)
		queue_work(p25_workqueue, &p25->orphans);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = {
	.notifier_call = socket_event,
};

/**
 * p25_transactions_watch_sockets - free the transactions of sockets that close
 *
 * Context: process, without any lock.
 * Return: 0 or a negative errno value.
 */
int p25_transactions_watch_sockets(void)
{
	return netlink_register_notifier(&socket_notifier);
}

/* Undo p25_transactions_watch_sockets(). */
void p25_transactions_unwatch_sockets(void)
{
	netlink_unregister_notifier(&socket_notifier);
}
