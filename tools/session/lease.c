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

static int report_generic(const char *word, const char *why)
{
	log_warning("%s: %s; write: begin SESSION [optout|static|block] [timeout DURATION] PREFIX...",
		    quote(word), why);
	return -1;
}

/* Return: 0 or -1: @word is no prefix; that has been logged. */
static int add_word(struct event *event, const char *word)
{
	struct p25_prefix prefix;
	const char *why;

	if (p25_prefix_parse(word, &prefix, &why))
		return report_generic(word, why);
	event_add_prefix(event, &prefix);
	return 0;
}

/*
 * generic_event - SESSION [KIND] [timeout DURATION] PREFIX...
 *
 * Return: 0, or -1: malformed; that has been logged.
 */
int generic_event(struct event *event, enum event_type type, char *const *args,
		  size_t n)
{
	const char *why;
	size_t i = 1;

	event->type = type;
	event->marked = true;
	event->whole = type != EVENT_END;
	if (!n || p25_kind_parse(args[0]) ||
	    !event_name_session(event, "session", args[0]))
		return report_generic(n ? args[0] : "", "a session's name is expected");
	p25_utf8_quote(event->user, 64, args[0]);
	if (i < n && p25_kind_parse(args[i]))
		event->kind = p25_kind_parse(args[i++]);
	if (event->kind == P25_KIND_RELAY || event->kind == P25_KIND_POOL)
		return report_generic(args[i - 1], "no session can have that");
	if (i < n && !strcmp(args[i], "timeout")) {
		if (i + 1 == n || duration_parse(args[i + 1], &event->timeout, &why))
			return report_generic(args[i], "a duration follows, such as 8h");
		i += 2;
	}
	if (i == n && type != EVENT_END)
		return report_generic(args[n - 1], "prefixes are missing");
	for (; i < n; i++) {
		if (add_word(event, args[i]))
			return -1;
	}
	return 0;
}
