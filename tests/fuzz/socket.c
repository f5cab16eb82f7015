// SPDX-License-Identifier: GPL-2.0
/*
 * In place of libnl's functions that would use a socket.
 */
#include <linux/netlink.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "socket.h"

/**
 * struct datagram - what is to be received next
 * @next: what comes then
 * @n: its size
 * @bytes: its bytes
 */
struct datagram {
	struct datagram *next;
	size_t n;
	unsigned char bytes[];
};

static struct datagram *first, **last = &first;

void socket_say(const void *bytes, size_t n)
{
	struct datagram *datagram = malloc(sizeof(*datagram) + n);

	datagram->next = NULL;
	datagram->n = n;
	memcpy(datagram->bytes, bytes, n);
	*last = datagram;
	last = &datagram->next;
}

static struct datagram *pop(void)
{
	struct datagram *datagram = first;

	if (!datagram)
		return NULL;
	first = datagram->next;
	if (!first)
		last = &first;
	return datagram;
}

void socket_clear(void)
{
	while (first)
		free(pop());
}

int genl_connect(struct nl_sock *sock)
{
	(void)sock;
	return 0;
}

int genl_ctrl_resolve(struct nl_sock *sock, const char *name)
{
	(void)sock;
	(void)name;
	return FAMILY;
}

int genl_ctrl_resolve_grp(struct nl_sock *sock, const char *family,
			  const char *group)
{
	(void)sock;
	(void)family;
	(void)group;
	return FAMILY;
}

int nl_socket_add_membership(struct nl_sock *sock, int group)
{
	(void)sock;
	(void)group;
	return 0;
}

int nl_socket_set_nonblocking(const struct nl_sock *sock)
{
	(void)sock;
	return 0;
}

int nl_send(struct nl_sock *sock, struct nl_msg *msg)
{
	(void)sock;
	kernel_hear(nlmsg_hdr(msg));
	return nlmsg_hdr(msg)->nlmsg_len;
}

int nl_recv(struct nl_sock *sock, struct sockaddr_nl *from,
	    unsigned char **bytes, struct ucred **creds)
{
	struct datagram *datagram;
	int n;

	(void)sock;
	(void)creds;
	if (!first)
		kernel_silent();
	datagram = pop();
	if (!datagram)
		return -NLE_AGAIN;
	memset(from, 0, sizeof(*from));
	from->nl_family = AF_NETLINK;
	n = datagram->n;
	if (!n) {
		free(datagram);
		return 0;
	}
	/* A copy of that size alone: what is read behind its end is seen. */
	*bytes = malloc(n);
	memcpy(*bytes, datagram->bytes, n);
	free(datagram);
	return n;
}
