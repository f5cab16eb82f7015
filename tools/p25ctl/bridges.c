// SPDX-License-Identifier: GPL-2.0
/*
 * Bridges whose frames pass the router without being seen: what goes from port to port
 * comes by the hook only with br_netfilter, and its settings.
 *
 * A bridge to subscribers that are routed, with the router's address on it, is none: their
 * mail leaves by another device. One that the default route goes through, or that has no
 * address at all, has the way out on one of its ports.
 */
#include <errno.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bridges.h"
#include "ctl.h"

/* What frames in a VLAN or in PPPoE need is needed in any case: subscribers can send them. */
static const char *const settings[] = {
	"bridge-nf-call-iptables", "bridge-nf-call-ip6tables",
	"bridge-nf-filter-vlan-tagged", "bridge-nf-filter-pppoe-tagged",
};

/* Bridges that are looked at; a router has few. */
#define BRIDGES_MAX 64

/**
 * struct links - devices
 * @index: of the first ones
 * @n: how many there are
 */
struct links {
	unsigned int index[BRIDGES_MAX];
	unsigned int n;
};

static int take_link(struct nl_msg *msg, void *arg)
{
	const struct ifinfomsg *link = nlmsg_data(nlmsg_hdr(msg));
	struct links *links = arg;

	if (links->n < BRIDGES_MAX)
		links->index[links->n] = link->ifi_index;
	links->n++;
	return NL_OK;
}

/* All bridges; or all ports of one. The kernel leaves out the others. */
static struct nl_msg *link_request(unsigned int master)
{
	const struct ifinfomsg all = { .ifi_family = AF_UNSPEC };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP);
	struct nlattr *nest;

	if (!msg || nlmsg_append(msg, (void *)&all, sizeof(all), NLMSG_ALIGNTO))
		return msg;
	nla_put_u32(msg, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	if (master) {
		nla_put_u32(msg, IFLA_MASTER, master);
		return msg;
	}
	nest = nla_nest_start(msg, IFLA_LINKINFO);
	nla_put_string(msg, IFLA_INFO_KIND, "bridge");
	nla_nest_end(msg, nest);
	return msg;
}

static int list_links(struct nl_sock *sock, unsigned int master, struct links *links)
{
	struct nl_msg *msg = link_request(master);
	int err = -NLE_NOMEM;

	links->n = 0;
	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, take_link, links);
	if (msg)
		err = nl_send_auto(sock, msg);
	nlmsg_free(msg);
	return err < 0 ? err : nl_recvmsgs_default(sock);
}

/* A link-local address of IPv6 is there in any case. */
static bool is_own_address(const struct sockaddr *addr)
{
	if (!addr)
		return false;
	if (addr->sa_family == AF_INET6)
		return !IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)addr)->sin6_addr);
	return addr->sa_family == AF_INET;
}

static bool has_address(const char *device)
{
	struct ifaddrs *all, *at;
	bool found = false;

	if (getifaddrs(&all))
		return false;
	for (at = all; at && !found; at = at->ifa_next)
		found = !strcmp(at->ifa_name, device) && is_own_address(at->ifa_addr);
	freeifaddrs(all);
	return found;
}

/* By IPv4. Of a large table, the default route is the first one. */
static bool has_default_route(const char *device)
{
	FILE *in = fopen("/proc/net/route", "re");
	unsigned int destination = 0;
	bool found = false;
	char name[IFNAMSIZ + 1], line[256];

	if (!in)
		return false;
	if (!fgets(line, sizeof(line), in))
		*line = '\0';
	while (!found && !destination && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "%16s %x", name, &destination) == 2)
			found = !destination && !strcmp(name, device);
	}
	fclose(in);
	return found;
}

/* The first setting that lets frames pass unseen, or NULL. */
static const char *missing_setting(void)
{
	char path[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		FILE *in;
		int value;

		snprintf(path, sizeof(path), "/proc/sys/net/bridge/%s", settings[i]);
		in = fopen(path, "re");
		value = in ? getc(in) : EOF;
		if (in)
			fclose(in);
		if (value != '1')
			return settings[i];
	}
	return NULL;
}

static bool is_way_out(struct nl_sock *sock, unsigned int bridge, char name[IFNAMSIZ])
{
	struct links ports;

	if (list_links(sock, bridge, &ports) || ports.n < 2 || !if_indextoname(bridge, name))
		return false;
	return !has_address(name) || has_default_route(name);
}

static int find_bridge(struct nl_sock *sock, char name[IFNAMSIZ])
{
	struct links bridges;
	unsigned int i;

	if (list_links(sock, 0, &bridges))
		return 0;
	for (i = 0; i < bridges.n && i < BRIDGES_MAX; i++) {
		if (is_way_out(sock, bridges.index[i], name))
			return 1;
	}
	return 0;
}

/*
 * bridges_unseen - is there a bridge whose frames pass unseen?
 * @why: which, and what is to be done
 * @room: of @why
 *
 * In the caller's network namespace. Return: 1; 0: there is none.
 */
int bridges_unseen(char *why, size_t room)
{
	const char *setting = missing_setting();
	char name[IFNAMSIZ];
	struct nl_sock *sock;
	int found = 0;

	if (!setting)
		return 0;
	sock = nl_socket_alloc();
	if (sock && !nl_connect(sock, NETLINK_ROUTE))
		found = find_bridge(sock, name);
	nl_socket_free(sock);
	if (found)
		snprintf(why, room,
			 "bridge %s carries frames past p25: load br_netfilter, and set net.bridge.%s to 1",
			 name, setting);
	return found;
}
