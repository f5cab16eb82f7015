// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions that end on this machine. An interface's name is soon another session's; its
 * index is not, unless accel-ppp keeps interfaces for later ("unit-cache"): then the
 * peer's address tells.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "session_event.h"
#include "local.h"
#include "store.h"

static bool is_running(unsigned int pid)
{
	return !pid || !kill(pid, 0) || errno == EPERM;
}

/* pppd says so itself, in a file of the interface. */
static bool is_its_process(const char *ifname, unsigned int pid)
{
	char path[64];
	unsigned int other;
	FILE *file;
	int n;

	if (!pid)
		return true;
	snprintf(path, sizeof(path), "/run/%s.pid", ifname);
	file = fopen(path, "re");
	if (!file)
		return true;
	n = fscanf(file, "%u", &other);
	fclose(file);
	return n != 1 || other == pid;
}

static bool is_peer(const struct ifaddrs *address,
		    const struct p25_prefix *prefixes, size_t n)
{
	const struct sockaddr_in *peer = (void *)address->ifa_dstaddr;
	size_t i;

	for (i = 0; i < n; i++) {
		if (prefixes[i].family == AF_INET && prefixes[i].len == 32 &&
		    !memcmp(prefixes[i].addr, &peer->sin_addr, 4))
			return true;
	}
	return false;
}

static bool has_address(const struct p25_prefix *prefixes, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (prefixes[i].family == AF_INET && prefixes[i].len == 32)
			return true;
	}
	return false;
}

/* No peer at all: the link isn't up yet, or has no IPv4. */
static bool has_peer(const char *ifname, const struct p25_prefix *prefixes,
		     size_t n)
{
	bool other = false, found = false;
	struct ifaddrs *all, *address;

	if (!has_address(prefixes, n) || getifaddrs(&all))
		return true;
	for (address = all; address; address = address->ifa_next) {
		if (strcmp(address->ifa_name, ifname) || !address->ifa_addr ||
		    address->ifa_addr->sa_family != AF_INET ||
		    !(address->ifa_flags & IFF_POINTOPOINT) ||
		    !address->ifa_dstaddr)
			continue;
		if (is_peer(address, prefixes, n))
			found = true;
		else
			other = true;
	}
	freeifaddrs(all);
	return found || !other;
}

/*
 * local_is_current - is the interface still that of the session which an event is of?
 *
 * Nobody waits for ip-up: it may come when its session has ended, and another one has
 * the interface.
 */
bool local_is_current(const struct event *event)
{
	return event->ifindex && is_running(event->pid) &&
	       is_its_process(event->ifname, event->pid) &&
	       has_peer(event->ifname, event->prefixes, event->n);
}

/* local_is_up - is a session that has begun some time ago still there? */
bool local_is_up(const struct session *session)
{
	unsigned int index = if_nametoindex(session->ifname);

	return index && (!session->ifindex || index == session->ifindex) &&
	       is_running(session->pid) &&
	       is_its_process(session->ifname, session->pid) &&
	       has_peer(session->ifname, session->prefixes, session->n);
}
