// SPDX-License-Identifier: GPL-2.0
/*
 * The handle: one generic netlink socket.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "error.h"
#include "export.h"
#include "handle.h"
#include "libp25.h"
#include "transaction.h"

/* A listing fills skbs of up to 32 KiB; more would be cut off (NLE_MSG_TRUNC). */
#define RECEIVE_ROOM 65536

/* Socket buffers: several messages of either direction. */
#define SOCKET_BUFFER 262144

static int set_option(struct nl_sock *sock, int option)
{
	int on = 1;

	if (setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, option, &on,
		       sizeof(on)))
		return -errno;
	return 0;
}

/* The kernel's messages are wanted, a copy of the refused request is not. */
static int set_options(struct nl_sock *sock)
{
	int err = set_option(sock, NETLINK_EXT_ACK);

	if (!err)
		err = set_option(sock, NETLINK_CAP_ACK);
	nl_socket_disable_auto_ack(sock);
	nl_socket_disable_msg_peek(sock);
	if (!err && nl_socket_set_msg_buf_size(sock, RECEIVE_ROOM) < 0)
		err = -ENOMEM;
	/* No harm if it is refused: the default buffers do, more slowly. */
	nl_socket_set_buffer_size(sock, SOCKET_BUFFER, SOCKET_BUFFER);
	return err;
}

static int resolve_family(struct p25 *p25)
{
	int family = genl_ctrl_resolve(p25->sock, P25_GENL_NAME);

	if (family == -NLE_OBJ_NOTFOUND)
		return p25_set_error(p25, -ENOENT,
				     "the p25 kernel module is not loaded");
	if (family < 0)
		return p25_set_error(p25, -EIO,
				     "asking for the generic netlink family: %s",
				     nl_geterror(family));
	p25->family = family;
	return 0;
}

static int connect_socket(struct p25 *p25)
{
	int err;

	errno = 0;
	err = genl_connect(p25->sock);
	if (err < 0)
		return p25_set_error(p25, errno ? -errno : -EIO,
				     "opening a netlink socket: %s",
				     nl_geterror(err));
	err = set_options(p25->sock);
	if (err)
		return p25_set_error(p25, err,
				     "setting up a netlink socket: %s",
				     strerror(-err));
	return resolve_family(p25);
}

P25_EXPORT struct p25 *p25_open(void)
{
	struct p25 *p25 = calloc(1, sizeof(*p25));

	if (!p25)
		return NULL;
	p25->sock = nl_socket_alloc();
	if (!p25->sock) {
		free(p25);
		return NULL;
	}
	p25->ready = connect_socket(p25);
	return p25;
}

P25_EXPORT int p25_ready(struct p25 *p25)
{
	return p25->ready;
}

P25_EXPORT void p25_close(struct p25 *p25)
{
	if (!p25)
		return;
	p25_pending_drop(p25);
	nl_socket_free(p25->sock);
	free(p25);
}
