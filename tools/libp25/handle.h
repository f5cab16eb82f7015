/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The handle. What the files beside handle.c do:
 *
 * entries.c, transaction.c, digest.c, status.c and senders.c make the requests.
 * monitor.c has a handle of its own, which only receives; event.c reads what comes.
 * encode.c turns structures into attributes, decode.c and answer.c turn attributes
 * into structures, without a socket. request.c sends a message and receives its
 * answer, and error.c keeps the error. names.c and prefix.c need no handle.
 */
#ifndef _P25_HANDLE_H
#define _P25_HANDLE_H

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "error.h"
#include "libp25.h"

/**
 * struct p25 - a handle
 * @sock: netlink socket
 * @family: number of the generic netlink family
 * @ready: 0, or the negative errno value that p25_ready() returns
 * @transaction: between p25_begin() and p25_commit()
 * @pending: message of the transaction that still has room; NULL if none
 * @pending_cmd: its command
 * @pending_ignore: it has P25_A_IGNORE_MISSING
 * @revision: see p25_revision()
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
	uint64_t revision;
	uint32_t cookie;
	char error[P25_ERROR_LEN];
};

#endif /* _P25_HANDLE_H */
