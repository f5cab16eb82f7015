// SPDX-License-Identifier: GPL-2.0
/*
 * Leases: dnsmasq's script; and a form for whatever other program has sessions.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "attributes.h"
#include "ctl.h"
#include "duration.h"
#include "session_event.h"
#include "log.h"
#include "quote.h"
#include "session_settings.h"
#include "utf8.h"

/* A DUID has up to 130 bytes (RFC 8415, 11.1), each written as "xx:". */
#define DUID_STRLEN (3 * 130)

/* Tags are words: "known p25-optout eth0". */
static void mark_by_tags(struct event *event, const struct session_settings *settings,
			 const char *tags)
{
	struct attributes mark = { 0 };

	while (tags && *tags) {
		size_t len = strcspn(tags, " ");

		attributes_add(&mark, "FILTER_ID", 9, tags, len);
		tags += len + strspn(tags + len, " ");
	}
	event_mark(event, settings, &mark, NULL);
	event->marked = true;
}

/*
 * dnsmasq_event - add|old|del MAC-OR-DUID ADDRESS [NAME]
 *
 * "old" is a lease that is renewed, or that dnsmasq has found as it started; only
 * "del" ends it. Return: 0, or -1: not for us.
 */
int dnsmasq_event(struct event *event, const struct session_settings *settings,
		  char *const *args, size_t n, const struct attributes *a)
{
	const char *tags = attributes_get(a, "DNSMASQ_TAGS");
	struct p25_prefix prefix;
	char id[DUID_STRLEN + 1 + INET6_ADDRSTRLEN];

	if (n && (!strcmp(args[0], "tftp") || !strncmp(args[0], "arp-", 4) ||
		  !strcmp(args[0], "init") || !strncmp(args[0], "relay-", 6)))
		return -1;
	if (n < 3 || !prefix_read(args[2], strlen(args[2]), &prefix)) {
		log_warning("dnsmasq: expected: add|old|del MAC ADDRESS");
		return -1;
	}
	event->type = !strcmp(args[0], "add") ? EVENT_BEGIN :
		      !strcmp(args[0], "old") ? EVENT_CHANGE :
		      !strcmp(args[0], "del") ? EVENT_END : EVENT_NONE;
	p25_utf8_quote(event->user, 64, args[1]);
	event_add_prefix(event, &prefix);
	event->whole = true;
	snprintf(id, sizeof(id), "%s-%s", args[1], args[2]);
	if (event->type == EVENT_NONE || !event_name_session(event, "dhcp", id)) {
		log_warning("dnsmasq: %s is not known", quote(args[0]));
		return -1;
	}
	attributes_number(a, "DNSMASQ_TIME_REMAINING", &event->timeout);
	/* dnsmasq has forgotten the tags of leases that it finds when it starts. */
	if (event->type == EVENT_BEGIN || tags)
		mark_by_tags(event, settings, tags);
	return 0;
}

static int report_generic(void)
{
	log_warning("write: begin SESSION [KIND] [timeout DURATION] PREFIX...");
	return -1;
}

/*
 * generic_event - SESSION [KIND] [timeout DURATION] PREFIX...
 *
 * Return: 0, or -1: malformed; that has been logged.
 */
int generic_event(struct event *event, enum event_type type, char *const *args,
		  size_t n)
{
	struct p25_prefix prefix;
	const char *why;
	size_t i = 1;

	event->type = type;
	event->marked = true;
	event->whole = type != EVENT_END;
	if (!n || !event_name_session(event, "session", args[0]))
		return report_generic();
	p25_utf8_quote(event->user, 64, args[0]);
	if (i < n && p25_kind_parse(args[i]))
		event->kind = p25_kind_parse(args[i++]);
	if (event->kind == P25_KIND_RELAY || event->kind == P25_KIND_POOL)
		return report_generic();
	if (i + 1 < n && !strcmp(args[i], "timeout")) {
		if (duration_parse(args[i + 1], &event->timeout, &why))
			return report_generic();
		i += 2;
	}
	for (; i < n; i++) {
		if (!prefix_read(args[i], strlen(args[i]), &prefix))
			return report_generic();
		event_add_prefix(event, &prefix);
	}
	return 0;
}
