// SPDX-License-Identifier: GPL-2.0
/*
 * To be preloaded into p25ctl: a test has its say at each message to the kernel
 * and from it. What the environment has in
 *
 *	ON_SEND		is run before a message is sent
 *	ON_RECEIVE	before one is received
 *
 * by the shell. If that fails, so does the call, with ENOBUFS.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

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

ssize_t recvmsg(int fd, struct msghdr *msg, int flags)
{
	return intercept("ON_RECEIVE", "recvmsg", fd, msg, flags);
}
