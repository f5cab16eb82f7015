/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of libp25 share, and programs that link it don't see.
 *
 * entries.c, transaction.c, status.c say what is asked; encode.c and decode.c
 * turn it into attributes and back, without a socket; request.c exchanges the
 * messages with the kernel.
 */
#ifndef _P25_INTERNAL_H
#define _P25_INTERNAL_H

#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>

#include "libp25.h"

#define P25_EXPORT __attribute__((visibility("default")))
#define __printf(a, b) __attribute__((__format__(printf, a, b)))

/* Longest error text. */
#define P25_ERROR_LEN 256

/*
 * Room of one message, and what an entry takes of it at most. The kernel takes
 * a message as large as the socket's send buffer, by default 208 KiB; beyond
 * 32 KiB larger messages are no faster.
 */
#define P25_MSG_ROOM 32768
#define P25_ENTRY_ROOM 192

/* Entries that fit one message, however long their comments are. */
#define P25_MSG_ENTRIES ((P25_MSG_ROOM - 64) / P25_ENTRY_ROOM)

/**
 * struct p25 - a handle
 * @sock: netlink socket
 * @family: number of the generic netlink family
 * @ready: 0, or the negative errno value that p25_ready() returns
 * @transaction: between p25_begin() and p25_commit()
 * @pending: message of the transaction that still has room; NULL if none
 * @pending_cmd: its command
 * @pending_ignore: it has P25_A_IGNORE_MISSING
 * @cookie: see p25_error_cookie()
 * @error: see p25_error()
 */
struct p25 {
	struct nl_sock *sock;
	int family;
	int ready;
	bool transaction;
	struct nl_msg *pending;
	uint8_t pending_cmd;
	bool pending_ignore;
	uint32_t cookie;
	char error[P25_ERROR_LEN];
};

/**
 * struct p25_refusal - what the kernel says about a request that it refuses
 * @err: negative errno value, 0 if it was not refused
 * @cookie: the refused entry's cookie, 0 if none
 * @text: the kernel's message, "" if none
 */
struct p25_refusal {
	int err;
	uint32_t cookie;
	char text[P25_ERROR_LEN];
};

/* Handles one message of an answer; returns 0 or a negative errno value. */
typedef int (*p25_answer_t)(struct nlmsghdr *nlh, void *arg);

/* handle.c */
__printf(3, 4)
int p25_fail(struct p25 *p25, int err, const char *format, ...);

/* request.c */
struct nl_msg *p25_request_new(struct p25 *p25, uint8_t cmd, int flags);
int p25_request_send(struct p25 *p25, struct nl_msg *msg, p25_answer_t answer,
		     void *arg);
int p25_request_simple(struct p25 *p25, uint8_t cmd);
int p25_ask_once(struct p25 *p25, struct nl_msg *msg, p25_answer_t decode,
		 void *to);

/* transaction.c */
int p25_pending_add(struct p25 *p25, uint8_t cmd, bool ignore_missing,
		    const struct p25_entry *entry);
int p25_pending_send(struct p25 *p25);
void p25_pending_drop(struct p25 *p25);

/* encode.c: 0, -EINVAL or -EMSGSIZE (the message has no room left) */
int p25_encode_addr(struct nl_msg *msg, int type,
		    const struct p25_prefix *prefix);
int p25_encode_entry(struct nl_msg *msg, const struct p25_entry *entry);
int p25_encode_key(struct nl_msg *msg, const struct p25_entry *entry);
int p25_encode_filter(struct nl_msg *msg, const struct p25_filter *filter);
int p25_encode_settings(struct nl_msg *msg, const struct p25_settings *set);

/* decode.c: 0, or -EBADMSG for an answer that breaks the contract */
int p25_decode_attrs(struct nlattr **attrs, int max, struct nlattr *head,
		     int len);
int p25_decode_message(struct nlattr **attrs, struct nlmsghdr *nlh);
int p25_decode_each(struct nlmsghdr *nlh, int type,
		    int (*take)(struct nlattr *nest, void *arg), void *arg);
int p25_decode_number(const struct nlattr *attr, void *to, int size);
int p25_decode_next(const struct nlattr *attr, uint64_t *next);
int p25_decode_addr(const struct nlattr *attr, struct p25_prefix *prefix);
int p25_decode_prefix(const struct nlattr *addr, const struct nlattr *len,
		      struct p25_prefix *prefix);
int p25_decode_entry(struct nlattr *nest, struct p25_entry *entry);
int p25_decode_offender(struct nlattr *nest, struct p25_offender *offender);

/* answer.c: likewise, whole messages */
int p25_decode_status(struct nlmsghdr *nlh, struct p25_status *status);
int p25_decode_judgement(struct nlmsghdr *nlh, struct p25_judgement *judgement);
void p25_decode_refusal(struct nlmsghdr *nlh, struct p25_refusal *refusal);

#endif /* _P25_INTERNAL_H */
