// SPDX-License-Identifier: GPL-2.0
/*
 * Warn of a policy that has pools of one family only: what the subscribers send in the
 * other one is not blocked. Where that is not forwarded, there is nothing to warn of.
 */
#include <stdio.h>
#include <sys/socket.h>

#include "ctl.h"
#include "netns.h"
#include "policy.h"
#include "report.h"
#include "session.h"
#include "warn_family.h"

static bool is_forwarded(struct ctl *c, int family)
{
	const char *setting = family == AF_INET ?
				      "/proc/sys/net/ipv4/ip_forward" :
				      "/proc/sys/net/ipv6/conf/all/forwarding";
	int before, value = 0;
	FILE *in;

	if (netns_enter(c, &before))
		return false;
	in = fopen(setting, "re");
	if (in) {
		if (fscanf(in, "%d", &value) != 1)
			value = 0;
		fclose(in);
	}
	netns_leave(c, before);
	return value;
}

static int find_family(const struct p25_entry *entry, void *arg)
{
	return entry->prefix.family == *(int *)arg;
}

/* Other owners may have pools, too. */
static bool has_pool(struct ctl *c, int family)
{
	struct p25_filter filter = { .kind = P25_KIND_POOL };

	return p25_list(c->p25, &filter, find_family, &family) != 0;
}

/* warn_family - a policy file has been applied */
void warn_family(struct ctl *c, const struct policy *policy)
{
	int other = policy->pools[0] ? AF_INET6 : AF_INET;

	if (!policy->pools[0] == !policy->pools[1] || !is_forwarded(c, other) ||
	    has_pool(c, other))
		return;
	c->line = 0;
	note(c,
	     "warning: there are pools of %s only, and this router forwards %s: mail that subscribers send over it is not blocked",
	     other == AF_INET6 ? "IPv4" : "IPv6",
	     other == AF_INET6 ? "IPv6" : "IPv4");
}
