/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of libnl's socket: requests go to a function of the target's, the
 * kernel that it plays, and what that says is what libp25 receives.
 */
#ifndef _SOCKET_H
#define _SOCKET_H

#include <netlink/msg.h>

#define FAMILY 42

/* kernel.c, or the target: takes a request, and answers with socket_say() */
void kernel_hear(struct nlmsghdr *request);

/* Nothing is there to be received: ends it, or says more and returns */
void kernel_silent(void);

/* socket.c: one datagram for each call; @bytes are copied */
void socket_say(const void *bytes, size_t n);

/* socket.c: forget what hasn't been received */
void socket_clear(void);

#endif /* _SOCKET_H */
