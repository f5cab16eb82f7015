// SPDX-License-Identifier: GPL-2.0
/*
 * The scripts of pppd and of accel-ppp's pppd_compat. Both give
 *
 *	INTERFACE TTY SPEED LOCAL PEER ...
 *
 * as arguments, with PPPD_PID and PEERNAME in the environment in case of pppd, and
 * without PPPD_PID in that of accel-ppp, which has the IPv6 prefixes there. The rest of
 * what RADIUS has said is in the file of pppd's plugin radattr.so, which accel-ppp
 * writes as well.
 */
#include <ctype.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attributes.h"
#include "ctl.h"
#include "session_event.h"
#include "log.h"
#include "quote.h"
#include "session_settings.h"
#include "utf8.h"

static const struct {
	const char *name;
	enum event_type type;
	int family;
	bool whole;
} scripts[] = {
	/* The link isn't up yet, and the daemon waits. */
	{ "ip-pre-up", EVENT_BEGIN, AF_INET, true },
	{ "ip-up", EVENT_CHANGE, AF_INET, false },
	/* of accel-ppp, when RADIUS has changed attributes (RFC 5176) */
	{ "ip-change", EVENT_CHANGE, AF_INET, true },
	{ "ip-down", EVENT_END, 0, false },
	{ "ipv6-up", EVENT_CHANGE, AF_INET6, false },
	{ "ipv6-down", EVENT_END, AF_INET6, false },
};

/* The kernel would take some control characters; no message may have them. */
static bool is_interface(const char *name)
{
	size_t i;

	if (!*name || strlen(name) >= IF_NAMESIZE || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return false;
	for (i = 0; name[i]; i++) {
		if (name[i] == '/' || isspace((unsigned char)name[i]) ||
		    iscntrl((unsigned char)name[i]))
			return false;
	}
	return true;
}

static void read_radattr(const struct session_settings *settings, const char *ifname,
			 struct attributes *a)
{
	char path[sizeof(settings->radattr) + IF_NAMESIZE + 1];
	int err;

	snprintf(path, sizeof(path), "%s.%s", settings->radattr, ifname);
	err = attributes_file(a, path);
	if (err && err != -ENOENT)
		log_warning("%s: %s", path, strerror(-err));
}

static void add_prefixes(struct event *event, const struct attributes *a,
			 const char *peer)
{
	if (peer && *peer)
		event_add_text(event, peer);
	event_add_attribute(event, a, "FRAMED_ROUTE");
	event_add_attribute(event, a, "RADIUS_FRAMED_ROUTE");
	event_add_attribute(event, a, "FRAMED_IPV6_PREFIX");
	event_add_attribute(event, a, "FRAMED_IPV6_ADDRESS");
	event_add_attribute(event, a, "FRAMED_IPV6_ROUTE");
	event_add_attribute(event, a, "DELEGATED_IPV6_PREFIX");
	event_add_attribute(event, a, "IPV6_PREFIX");
	event_add_attribute(event, a, "IPV6_DELEGATED_PREFIX");
}

/* Unique, as long as an interface isn't two sessions' in one second. */
static void name_session(struct event *event)
{
	char id[64], now[sizeof("2026-01-31T12:00:00Z")];
	time_t time_now = time(NULL);
	struct tm tm;

	gmtime_r(&time_now, &tm);
	strftime(now, sizeof(now), "%FT%TZ", &tm);
	snprintf(id, sizeof(id), "%u-%s", event->pid ? event->pid : event->ifindex,
		 now);
	if (!event_name_session(event, event->ifname, id))
		event_name_session(event, "interface", id);
}

/*
 * ppp_event - what a script's name, arguments and environment say
 * @a: the environment; the attributes in the file are added
 *
 * Return: 0, or -1: it isn't called as these programs do; that has been logged.
 */
int ppp_event(struct event *event, const struct session_settings *settings,
	      const char *script, char *const *args, size_t n,
	      struct attributes *a)
{
	const char *user = attributes_get(a, "PEERNAME");
	size_t i = 0;

	while (i < ARRAY_SIZE(scripts) && strcmp(scripts[i].name, script))
		i++;
	if (i == ARRAY_SIZE(scripts) || !n || !is_interface(args[0])) {
		log_warning("%s: expected: INTERFACE TTY SPEED LOCAL PEER",
			    quote(script));
		return -1;
	}
	event->type = scripts[i].type;
	event->whole = scripts[i].whole;
	strcpy(event->ifname, args[0]);
	event->ifindex = if_nametoindex(event->ifname);
	attributes_number(a, "PPPD_PID", &event->pid);
	snprintf(event->user, sizeof(event->user), "%s ", event->ifname);
	p25_utf8_quote(event->user + strlen(event->user), 48, user ? user : "");
	if (event->type == EVENT_END) {
		event->family = scripts[i].family;
		return 0;
	}
	name_session(event);
	/* Its lines may be those of a user name with line breaks. */
	if (!user || !event_has_control(user))
		read_radattr(settings, event->ifname, a);
	attributes_number(a, "SESSION_TIMEOUT", &event->timeout);
	event_mark(event, settings, a, user);
	/* From now on it is known for certain. */
	event->marked = true;
	add_prefixes(event, a,
		     scripts[i].family == AF_INET && n > 4 ? args[4] : NULL);
	return 0;
}
