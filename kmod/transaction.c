// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions. One belongs to the socket that opened it; what the socket sends
 * is kept until it commits, and forgotten when it aborts or closes.
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
 * Return: the transaction, or NULL if it has opened none.
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

static void forget(struct p25_net *p25, struct p25_transaction *transaction)
{
	lockdep_assert_held(&p25->policy.lock);
	spin_lock(&p25->transactions_lock);
	list_del(&transaction->list);
	p25->n_transactions--;
	spin_unlock(&p25->transactions_lock);
	p25->n_waiting -= transaction->changes.n;
	p25_changes_free(p25, &transaction->changes);
	kfree(transaction);
}

static void forget_orphans(struct p25_net *p25)
{
	struct p25_transaction *transaction;
	struct p25_transaction *next;

	list_for_each_entry_safe(transaction, next, &p25->transactions, list)
		if (READ_ONCE(transaction->orphaned))
			forget(p25, transaction);
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

	if (p25_transaction_find(p25, portid)) {
		NL_SET_ERR_MSG(extack,
			       "a transaction is open already: commit or abort it");
		return -EBUSY;
	}
	forget_orphans(p25);
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
	p25->n_transactions++;
	spin_unlock(&p25->transactions_lock);
	return 0;
}

/* Entries that there may be when it has been committed. */
static u64 future_limit(const struct p25_net *p25,
			struct p25_transaction *transaction,
			const struct p25_changes *changes)
{
	u32 limit = p25_policy_settings(&p25->policy)->limit;
	struct p25_change_position position;
	struct p25_change *first;

	/* A message that sets something has nothing else. */
	first = p25_changes_first(changes, &position);
	if (first && first->type == P25_CHANGE_SET &&
	    first->flags & P25_CHANGE_LIMIT)
		transaction->limit = max(transaction->limit,
					 min(first->limit,
					     p25->policy.limit_max));
	return max(limit, transaction->limit);
}

/**
 * p25_transaction_add - keep changes for later
 * @p25: the namespace
 * @transaction: an open transaction
 * @changes: what to keep; empty afterwards, if it was taken
 * @extack: message
 *
 * A transaction may replace a full policy by another, so twice as many changes
 * may wait as the limit has entries, be it the one that the transaction sets.
 * That is for all transactions together.
 *
 * Return: 0, or -ENOSPC: too many changes wait.
 */
int p25_transaction_add(struct p25_net *p25,
			struct p25_transaction *transaction,
			struct p25_changes *changes,
			struct netlink_ext_ack *extack)
{
	u64 limit = future_limit(p25, transaction, changes);

	lockdep_assert_held(&p25->policy.lock);
	forget_orphans(p25);
	if ((u64)p25->n_waiting + changes->n > 2 * limit + 16) {
		NL_SET_ERR_MSG(extack,
			       "more changes wait than twice the policy's limit: raise it, or change less at once");
		return -ENOSPC;
	}
	p25->n_waiting += changes->n;
	p25_changes_move(changes, &transaction->changes);
	return 0;
}

static int no_transaction(struct netlink_ext_ack *extack)
{
	NL_SET_ERR_MSG(extack, "no transaction is open");
	return -ENOENT;
}

/**
 * p25_transaction_commit - make its changes and close it
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

	if (!transaction)
		return no_transaction(extack);
	err = p25_commit(p25, &transaction->changes, extack);
	forget(p25, transaction);
	return err;
}

/**
 * p25_transaction_abort - close it and make none of its changes
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

	if (!transaction)
		return no_transaction(extack);
	forget(p25, transaction);
	return 0;
}

static void forget_orphans_work(struct work_struct *work)
{
	struct p25_net *p25 = container_of(work, struct p25_net, orphans);

	mutex_lock(&p25->policy.lock);
	forget_orphans(p25);
	mutex_unlock(&p25->policy.lock);
}

/** p25_transactions_init - prepare a namespace's; there are none yet */
void p25_transactions_init(struct p25_net *p25)
{
	INIT_LIST_HEAD(&p25->transactions);
	spin_lock_init(&p25->transactions_lock);
	INIT_WORK(&p25->orphans, forget_orphans_work);
}

/**
 * p25_transactions_exit - its sockets have all closed: no work of theirs is left
 * @p25: the namespace
 *
 * Context: process, without the policy's lock.
 */
void p25_transactions_exit(struct p25_net *p25)
{
	cancel_work_sync(&p25->orphans);
}

/**
 * p25_transactions_free - forget all of them
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
		forget(p25, transaction);
	mutex_unlock(&p25->policy.lock);
}

/*
 * The notifiers' lock is held, and who waits for it makes every netlink socket
 * of the machine wait that closes. So this must not wait for the policy's lock,
 * which a commit may hold for seconds: the transaction is only marked.
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
	/* Most sockets that close have nothing to do with p25: no lock. */
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

static struct notifier_block sockets = {
	.notifier_call = socket_event,
};

/**
 * p25_transactions_watch_sockets - forget transactions of sockets that close
 *
 * Context: process, without any lock.
 * Return: 0 or a negative errno value.
 */
int p25_transactions_watch_sockets(void)
{
	return netlink_register_notifier(&sockets);
}

/** p25_transactions_unwatch_sockets - the reverse */
void p25_transactions_unwatch_sockets(void)
{
	netlink_unregister_notifier(&sockets);
}
