// SPDX-License-Identifier: GPL-2.0
/*
 * The monitor: a socket that events come to.
 *
 * It is a member of two groups: that of p25's events, and that in which generic netlink
 * announces families that come and go. When the module is unloaded, the kernel takes its
 * group from the socket; when it is loaded again, it has another number, and is joined.
 *
 * The kernel says only once, and before what is in the socket already, that something has
 * been lost. Where and how much shows by the numbers of events; if none follows, the
 * overrun is reported when the socket is empty.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "decode.h"
#include "error.h"
#include "event.h"
#include "export.h"
#include "libp25.h"

/* An event of many entries has less than 16 KiB. */
#define RECEIVE_ROOM 65536

/* What may wait in the socket: some ten thousand events. */
#define SOCKET_BUFFER (8 << 20)

/**
 * struct p25_monitor - a monitor
 * @sock: the socket
 * @ready: 0, or the negative errno value that p25_monitor_ready() returns
 * @family: number of the generic netlink family; 0: the module is not loaded
 * @number: of the latest event; 0: it is not known
 * @lost: events have been lost, and the overrun was not reported yet
 * @events: those that have been received and not been read yet
 * @error: see p25_monitor_error()
 */
struct p25_monitor {
	struct nl_sock *sock;
	int ready;
	int family;
	uint64_t number;
	bool lost;
	struct p25_events events;
	char error[P25_ERROR_LEN];
};

__printf(3, 4)
static int set_error(struct p25_monitor *monitor, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(monitor->error, sizeof(monitor->error), format, args);
	va_end(args);
	return err;
}

static int out_of_memory(struct p25_monitor *monitor)
{
	return set_error(monitor, -ENOMEM, "out of memory");
}

/*
 * Numbers of the family and its group, asked for by a socket of its own: at this one,
 * answers would come among events. Both 0: the module is not loaded.
 */
static int resolve(struct p25_monitor *monitor, int *family, int *group)
{
	struct nl_sock *sock = nl_socket_alloc();
	int err;

	*family = 0;
	*group = 0;
	if (!sock)
		return out_of_memory(monitor);
	err = genl_connect(sock);
	if (err >= 0)
		err = genl_ctrl_resolve(sock, P25_GENL_NAME);
	if (err > 0) {
		*family = err;
		*group = genl_ctrl_resolve_grp(sock, P25_GENL_NAME,
					       P25_MCGRP_EVENTS);
	}
	nl_socket_free(sock);
	if (err >= 0 || err == -NLE_OBJ_NOTFOUND)
		return 0;
	return set_error(monitor, -EIO,
			 "asking for the generic netlink family: %s",
			 nl_geterror(err));
}

static int join(struct p25_monitor *monitor, int group)
{
	int err = nl_socket_add_membership(monitor->sock, group);

	if (err == -NLE_PERM || err == -NLE_NOACCESS)
		return set_error(monitor, -EPERM, "not permitted to listen to events");
	if (err < 0)
		return set_error(monitor, -EIO, "listening to events: %s",
				 nl_geterror(err));
	return 0;
}

/* Join the group, if the module is loaded. */
static int join_events(struct p25_monitor *monitor)
{
	int family, group;
	int err;

	err = resolve(monitor, &family, &group);
	if (err || !family)
		return err;
	if (group <= 0)
		return set_error(monitor, -EOPNOTSUPP,
				 "the p25 kernel module has no events: it is too old, or this kernel is, which must be Linux 5.12 or 5.10.204 at least");
	err = join(monitor, group);
	if (err)
		return err;
	monitor->family = family;
	monitor->number = 0;
	return 0;
}

/* Only root may have such a large buffer; others get the largest that they may. */
static void set_buffer(struct nl_sock *sock)
{
	int fd = nl_socket_get_fd(sock);
	int size = SOCKET_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static int connect_socket(struct p25_monitor *monitor)
{
	struct nl_sock *sock = monitor->sock;
	int families;
	int err;

	errno = 0;
	err = genl_connect(sock);
	if (err >= 0)
		err = nl_socket_set_nonblocking(sock);
	if (err < 0)
		return set_error(monitor, errno ? -errno : -EIO,
				 "opening a netlink socket: %s", nl_geterror(err));
	nl_socket_disable_msg_peek(sock);
	if (nl_socket_set_msg_buf_size(sock, RECEIVE_ROOM) < 0)
		return out_of_memory(monitor);
	set_buffer(sock);
	families = genl_ctrl_resolve_grp(sock, "nlctrl", "notify");
	if (families < 0)
		return set_error(monitor, -EIO,
				 "asking for generic netlink's own events: %s",
				 nl_geterror(families));
	err = join(monitor, families);
	if (!err)
		err = join_events(monitor);
	if (!err && !monitor->family)
		err = set_error(monitor, -ENOENT,
				"the p25 kernel module is not loaded");
	return err;
}

P25_EXPORT struct p25_monitor *p25_monitor_open(void)
{
	struct p25_monitor *monitor = calloc(1, sizeof(*monitor));

	if (!monitor)
		return NULL;
	monitor->sock = nl_socket_alloc();
	if (!monitor->sock) {
		free(monitor);
		return NULL;
	}
	monitor->ready = connect_socket(monitor);
	return monitor;
}

P25_EXPORT int p25_monitor_ready(const struct p25_monitor *monitor)
{
	return monitor->ready;
}

P25_EXPORT void p25_monitor_close(struct p25_monitor *monitor)
{
	if (!monitor)
		return;
	nl_socket_free(monitor->sock);
	free(monitor->events.v);
	free(monitor);
}

P25_EXPORT const char *p25_monitor_error(const struct p25_monitor *monitor)
{
	return monitor->error;
}

P25_EXPORT int p25_monitor_fd(const struct p25_monitor *monitor)
{
	return nl_socket_get_fd(monitor->sock);
}

/* An event that is not the kernel's. */
static int add_own(struct p25_monitor *monitor, enum p25_event_type type, uint64_t n)
{
	struct p25_event event = { .type = type, .time = time(NULL), .n = n };

	return p25_events_add(&monitor->events, &event);
}

static int report_overrun(struct p25_monitor *monitor, uint64_t n)
{
	monitor->lost = false;
	return add_own(monitor, P25_EVENT_OVERRUN, n);
}

static int take_event(struct p25_monitor *monitor, struct nlmsghdr *nlh)
{
	uint64_t before = monitor->number, number;
	int64_t when;
	int err = 0;

	if (p25_decode_event_number(nlh, &number, &when) || !number)
		return -EBADMSG;
	monitor->number = number;
	if (before && number > before + 1)
		err = report_overrun(monitor, number - before - 1);
	return err ? err : p25_decode_event(nlh, &monitor->events);
}

static int take_unloaded(struct p25_monitor *monitor)
{
	monitor->family = 0;
	return add_own(monitor, P25_EVENT_UNLOADED, 0);
}

static int take_loaded(struct p25_monitor *monitor)
{
	int err = join_events(monitor);

	if (err || !monitor->family)
		return err;
	return add_own(monitor, P25_EVENT_LOADED, 0);
}

/* A family has come or gone. It is of interest only if it is p25. */
static int take_control(struct p25_monitor *monitor, struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);
	struct nlattr *a[CTRL_ATTR_MAX + 1];
	uint16_t family;

	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN ||
	    p25_decode_attrs(a, CTRL_ATTR_MAX, nlmsg_attrdata(nlh, GENL_HDRLEN),
			     nlmsg_attrlen(nlh, GENL_HDRLEN)) ||
	    !a[CTRL_ATTR_FAMILY_NAME] ||
	    nla_strcmp(a[CTRL_ATTR_FAMILY_NAME], P25_GENL_NAME) ||
	    p25_decode_number(a[CTRL_ATTR_FAMILY_ID], &family, sizeof(family)))
		return 0;
	if (genl->cmd == CTRL_CMD_DELFAMILY && family == monitor->family)
		return take_unloaded(monitor);
	if (genl->cmd == CTRL_CMD_NEWFAMILY && family != monitor->family)
		return take_loaded(monitor);
	return 0;
}

static int take_datagram(struct p25_monitor *monitor, unsigned char *bytes, int n)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)bytes;
	int err = 0;

	for (; nlmsg_ok(nlh, n) && !err; nlh = nlmsg_next(nlh, &n)) {
		if (nlh->nlmsg_type == GENL_ID_CTRL)
			err = take_control(monitor, nlh);
		else if (monitor->family && nlh->nlmsg_type == monitor->family)
			err = take_event(monitor, nlh);
	}
	if (err == -EBADMSG)
		set_error(monitor, err, "the kernel's event is malformed");
	else if (err == -ENOMEM)
		out_of_memory(monitor);
	return err;
}

/* That the module has been replaced may be among what was lost. */
static int find_family(struct p25_monitor *monitor)
{
	int family, group;
	int err;

	err = resolve(monitor, &family, &group);
	if (err || family == monitor->family)
		return err;
	if (monitor->family)
		err = take_unloaded(monitor);
	return err || !family ? err : take_loaded(monitor);
}

/* The socket is empty. Returns 1 if there is something to tell, else 0. */
static int take_nothing(struct p25_monitor *monitor)
{
	int err;

	if (!monitor->lost)
		return 0;
	/* The next number, which may show the same, is not compared. */
	monitor->number = 0;
	err = report_overrun(monitor, 0);
	if (!err)
		err = find_family(monitor);
	return err ? err : 1;
}

/* Returns 1 if something has been received, 0 if there is nothing. */
static int receive(struct p25_monitor *monitor)
{
	unsigned char *bytes = NULL;
	struct sockaddr_nl from;
	int n, err = 0;

	errno = 0;
	n = nl_recv(monitor->sock, &from, &bytes, NULL);
	if (n == -NLE_AGAIN || !n)
		return take_nothing(monitor);
	if (n < 0 && errno == ENOBUFS) {
		monitor->lost = true;
		return 1;
	}
	if (n < 0)
		return set_error(monitor, -EIO, "receiving from the kernel: %s",
				 nl_geterror(n));
	if (!from.nl_pid)
		err = take_datagram(monitor, bytes, n);
	free(bytes);
	return err ? err : 1;
}

P25_EXPORT int p25_monitor_read(struct p25_monitor *monitor,
				struct p25_event *event)
{
	struct p25_events *events = &monitor->events;
	int err = monitor->ready ? monitor->ready : 1;

	while (err > 0 && events->at == events->n) {
		events->at = 0;
		events->n = 0;
		err = receive(monitor);
	}
	if (err <= 0)
		return err;
	*event = events->v[events->at++];
	return 1;
}
