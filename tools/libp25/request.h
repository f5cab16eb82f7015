/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One message to the kernel, and what comes back.
 */
#ifndef _P25_REQUEST_H
#define _P25_REQUEST_H

#include <netlink/msg.h>
#include <stdint.h>

struct p25;

/*
 * Room of one message, and what an entry takes of it at most. The kernel takes
 * a message as large as the socket's send buffer, by default 208 KiB; beyond
 * 32 KiB larger messages are no faster.
 */
#define P25_MSG_ROOM 32768
#define P25_ENTRY_ROOM 208

/* Entries that fit one message, however long their comments are. */
#define P25_MSG_ENTRIES ((P25_MSG_ROOM - 64) / P25_ENTRY_ROOM)

/* Handles one message of an answer; returns 0 or a negative errno value. */
typedef int (*p25_answer_t)(struct nlmsghdr *nlh, void *arg);

struct nl_msg *p25_request_new(struct p25 *p25, uint8_t cmd, int flags);
int p25_request_send(struct p25 *p25, struct nl_msg *msg, p25_answer_t answer,
		     void *arg);
int p25_request_simple(struct p25 *p25, uint8_t cmd);
int p25_ask_once(struct p25 *p25, struct nl_msg *msg, p25_answer_t decode,
		 void *to);

#endif /* _P25_REQUEST_H */
