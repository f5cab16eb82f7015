// SPDX-License-Identifier: GPL-2.0
/*
 * -n: another network namespace, by the name that "ip netns" gave it or by
 * path. Only the netlink socket is opened there: host names are looked up, and
 * files are read, where the caller is.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "netns.h"
#include "report.h"
#include "utf8.h"

#define NETNS_DIR "/run/netns/"

/* Reported later, if at all: quote() would blame the word for the next message. */
static int set_why(struct ctl *c, const char *what)
{
	char quoted[80 + P25_UTF8_QUOTE_ROOM];
	const char *hint = "";

	c->why_err = -errno;
	if (errno == EPERM || errno == EACCES)
		hint = " (this needs root, or CAP_SYS_ADMIN)";
	p25_utf8_quote(quoted, 80, what);
	snprintf(c->why, sizeof(c->why), "network namespace %s: %s%s", quoted,
		 strerror(-c->why_err), hint);
	return FAILED;
}

static int open_netns(const char *name)
{
	char path[256];

	if (strchr(name, '/'))
		return open(name, O_RDONLY | O_CLOEXEC);
	if ((size_t)snprintf(path, sizeof(path), NETNS_DIR "%s", name) >=
	    sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, O_RDONLY | O_CLOEXEC);
}

/*
 * netns_enter - enter the namespace that -n names, if it does
 * @before: where to go back to, for netns_leave()
 *
 * If it fails, @c->why says of what; so do netns_leave()'s failures.
 */
int netns_enter(struct ctl *c, int *before)
{
	int fd, err = 0;

	*before = -1;
	if (!c->netns)
		return DONE;
	fd = open_netns(c->netns);
	if (fd < 0)
		return set_why(c, c->netns);
	*before = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (*before < 0 || setns(fd, CLONE_NEWNET))
		err = set_why(c, c->netns);
	close(fd);
	if (err && *before >= 0)
		close(*before);
	return err;
}

int netns_leave(struct ctl *c, int before)
{
	int err = DONE;

	if (before < 0)
		return DONE;
	if (setns(before, CLONE_NEWNET))
		err = set_why(c, "/proc/self/ns/net");
	close(before);
	return err;
}
