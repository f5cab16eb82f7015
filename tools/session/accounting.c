// SPDX-License-Identifier: GPL-2.0
/*
 * RADIUS accounting (RFC 2866): what a NAS says about its sessions, by way of a
 * RADIUS server. P25_NAS is who it is; the server knows that by the secret that the NAS
 * has, not by what it says of itself.
 */
#include <stdio.h>
#include <string.h>

#include "attributes.h"
#include "ctl.h"
#include "session_event.h"
#include "log.h"
#include "quote.h"
#include "session_settings.h"
#include "utf8.h"

static const struct {
	const char *status;
	enum event_type type;
} types[] = {
	{ "Start", EVENT_BEGIN },
	{ "Interim-Update", EVENT_CHANGE },
	{ "Alive", EVENT_CHANGE },
	{ "Stop", EVENT_END },
	{ "Accounting-On", EVENT_RESET },
	{ "Accounting-Off", EVENT_RESET },
};

static enum event_type type_of(const char *status)
{
	size_t i;

	for (i = 0; status && i < ARRAY_SIZE(types); i++) {
		if (!strcmp(status, types[i].status))
			return types[i].type;
	}
	return EVENT_NONE;
}

/*
 * An Acct-Session-Id of Debian 12's pppd is literally "%lX6b0815b8%hX", the same for all.
 * The port tells its sessions apart, but for those that follow one another.
 */
static bool name_session(struct event *event, const struct attributes *a,
			 const char *nas)
{
	const char *id = attributes_get(a, "ACCT_SESSION_ID");
	const char *port = attributes_get(a, "NAS_PORT");
	char both[512];

	if (!id)
		return false;
	if (!strchr(id, '%'))
		return event_name_session(event, nas, id);
	event->reused = true;
	snprintf(both, sizeof(both), "%s port %s", id, port ? port : "");
	return event_name_session(event, nas, both);
}

static uint32_t add_up(unsigned int a, unsigned int b)
{
	return a + b < a ? UINT32_MAX : a + b;
}

/* How old the session is: the NAS may have waited with what it says. */
static void read_age(struct event *event, const struct attributes *a)
{
	unsigned int delay = 0, age = 0;

	attributes_number(a, "ACCT_DELAY_TIME", &delay);
	event->has_age = attributes_number(a, "ACCT_SESSION_TIME", &age) ||
			 event->type == EVENT_BEGIN;
	event->age = add_up(age, delay);
}

static void add_prefixes(struct event *event, const struct attributes *a)
{
	const char *address = attributes_get(a, "FRAMED_IP_ADDRESS");

	/* Of an access request: the NAS or the user is to choose one. */
	if (address && strcmp(address, "255.255.255.254") &&
	    strcmp(address, "255.255.255.255"))
		event_add_text(event, address);
	event_add_attribute(event, a, "FRAMED_ROUTE");
	event_add_attribute(event, a, "FRAMED_IPV6_PREFIX");
	event_add_attribute(event, a, "FRAMED_IPV6_ADDRESS");
	event_add_attribute(event, a, "FRAMED_IPV6_ROUTE");
	event_add_attribute(event, a, "DELEGATED_IPV6_PREFIX");
}

/*
 * accounting_event - what an accounting request says
 *
 * Return: 0, or -1: nothing that can be used; that has been logged.
 */
int accounting_event(struct event *event, const struct session_settings *settings,
		     const struct attributes *a)
{
	const char *user = attributes_get(a, "USER_NAME");
	const char *nas = attributes_get(a, "P25_NAS");
	const char *status = attributes_get(a, "ACCT_STATUS_TYPE");

	event->type = type_of(status);
	if (event->type == EVENT_NONE || !nas || !event_source_valid(nas)) {
		log_warning("accounting: no status that is known, or no NAS: status %s, NAS %s",
			    quote(status ? status : ""), quote(nas ? nas : ""));
		return -1;
	}
	p25_utf8_quote(event->user, 64, user ? user : nas);
	if (event->type == EVENT_RESET) {
		strcpy(event->session, nas);
		return 0;
	}
	if (!name_session(event, a, nas)) {
		log_warning("accounting: %s: no Acct-Session-Id", event->user);
		return -1;
	}
	attributes_number(a, "SESSION_TIMEOUT", &event->timeout);
	read_age(event, a);
	if (event->type != EVENT_END)
		event_mark(event, settings, a, user);
	/* An earlier session of this name need not be this one: it leaves nothing to it. */
	if (event->type == EVENT_BEGIN)
		event->marked = true;
	add_prefixes(event, a);
	return 0;
}
