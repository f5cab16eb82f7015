/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transactions: changes that a socket queues, to be committed together.
 */
#ifndef _P25_TRANSACTION_H
#define _P25_TRANSACTION_H

#include "change.h"

struct netlink_ext_ack;
struct p25_net;

/* Transactions that may be open in a namespace at a time. */
#define P25_TRANSACTIONS_MAX	64

/**
 * struct p25_transaction - an open transaction
 * @list: in the namespace's list
 * @portid: port ID of the socket that opened it
 * @orphaned: has that socket been closed?
 * @limit: the highest limit that it sets; 0: none
 * @changes: the queue
 */
struct p25_transaction {
	struct list_head	list;
	u32			portid;
	bool			orphaned;
	u32			limit;
	struct p25_changes	changes;
};

struct p25_transaction *p25_transaction_find(struct p25_net *p25, u32 portid);
int p25_transaction_begin(struct p25_net *p25, u32 portid,
			  struct netlink_ext_ack *extack);
int p25_transaction_add(struct p25_net *p25,
			struct p25_transaction *transaction,
			struct p25_changes *changes,
			struct netlink_ext_ack *extack);
int p25_transaction_commit(struct p25_net *p25, u32 portid,
			   struct netlink_ext_ack *extack);
int p25_transaction_abort(struct p25_net *p25, u32 portid,
			  struct netlink_ext_ack *extack);

void p25_transactions_init(struct p25_net *p25);
void p25_transactions_exit(struct p25_net *p25);
void p25_transactions_free(struct p25_net *p25);

int p25_transactions_watch_sockets(void);
void p25_transactions_unwatch_sockets(void);

#endif /* _P25_TRANSACTION_H */
