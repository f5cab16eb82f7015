// SPDX-License-Identifier: GPL-2.0
/*
 * To be preloaded into p25ctl: a test has its say at each message to the kernel
 * and from it. What the environment has in
 *
 *	ON_SEND		is run before a message is sent
 *	ON_RECEIVE	before one is received
 *
 * by the shell. If that fails, so does the call, with ENOBUFS. If there is
 *
 *	REWORD		each message text of the kernel is received as "xxx..."
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

typedef ssize_t (*call_t)(int fd, struct msghdr *msg, int flags);

/* What is run is not to be intercepted itself. */
__attribute__((constructor))
static void not_inherited(void)
{
	unsetenv("LD_PRELOAD");
}

static ssize_t intercept(const char *hook, const char *call, int fd,
			 struct msghdr *msg, int flags)
{
	const char *command = getenv(hook);

	if (command && system(command)) {
		errno = ENOBUFS;
		return -1;
	}
	return ((call_t)dlsym(RTLD_NEXT, call))(fd, msg, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *msg, int flags)
{
	return intercept("ON_SEND", "sendmsg", fd, (struct msghdr *)msg, flags);
}

/* Attributes follow the request, which NLM_F_CAPPED leaves out. */
static void reword_error(struct nlmsghdr *nlh)
{
	const struct nlmsgerr *error = NLMSG_DATA(nlh);
	size_t at = NLMSG_LENGTH(sizeof(*error));

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		at += NLMSG_ALIGN(error->msg.nlmsg_len - NLMSG_HDRLEN);
	while (at + NLA_HDRLEN <= nlh->nlmsg_len) {
		struct nlattr *attr = (void *)((char *)nlh + at);

		if (attr->nla_len <= NLA_HDRLEN)
			break;
		if (attr->nla_type == NLMSGERR_ATTR_MSG)
			memset((char *)attr + NLA_HDRLEN, 'x',
			       attr->nla_len - NLA_HDRLEN - 1);
		at += NLA_ALIGN(attr->nla_len);
	}
}

static void reword(const struct iovec *iov, ssize_t received)
{
	struct nlmsghdr *nlh = iov->iov_base;
	int left = received;

	if (received > (ssize_t)iov->iov_len)
		return;
	for (; NLMSG_OK(nlh, left); nlh = NLMSG_NEXT(nlh, left))
		if (nlh->nlmsg_type == NLMSG_ERROR)
			reword_error(nlh);
}

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	ssize_t received = intercept("ON_RECEIVE", "recvmsg", fd, msg, flags);

	if (getenv("REWORD") && received > 0)
		reword(msg->msg_iov, received);
	return received;
}
