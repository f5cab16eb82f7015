/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has happened to a session, whichever program says so.
 */
#ifndef _SESSION_EVENT_H
#define _SESSION_EVENT_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libp25.h"

/* Prefixes of one session. */
#define EVENT_PREFIXES 16

enum event_type {
	EVENT_NONE,
	EVENT_BEGIN,	/* and whatever else was there is another session's */
	EVENT_CHANGE,	/* it goes on, perhaps with more or other prefixes */
	EVENT_END,
	EVENT_RESET,	/* all sessions of this NAS have ended */
};

/**
 * struct event - what has happened to a session
 * @type: what
 * @session: identifier, which is the entries' comment; "" if only the interface is
 *	known. Of EVENT_RESET: the NAS
 * @user: who, as it may stand in a message
 * @kind: what it gets; P25_KIND_NONE: nothing, as most
 * @marked: @kind is said by the event. If not, it may go on as it is
 * @prefixes: the session's
 * @n: how many
 * @whole: these are all: others that it had are no longer its own
 * @family: an end is about prefixes of this family alone; 0: of both
 * @timeout: seconds that it lasts from its begin on; 0: not known
 * @age: seconds since it began
 * @has_age: is @age known?
 * @reused: @session may be that of an earlier session, too
 * @ifname: local interface; "" if it has none here
 * @ifindex: its index, 0 if there is none
 * @pid: process that runs the session; 0: not known
 */
struct event {
	enum event_type type;
	char session[P25_COMMENT_MAXLEN + 1];
	char user[96];
	enum p25_kind kind;
	bool marked;
	struct p25_prefix prefixes[EVENT_PREFIXES];
	size_t n;
	bool whole;
	int family;
	uint32_t timeout;
	uint32_t age;
	bool has_age;
	bool reused;
	char ifname[IF_NAMESIZE];
	unsigned int ifindex;
	unsigned int pid;
};

struct attributes;
struct session_settings;

/* What all sources of events have in common (session_event.c) */
bool prefix_read(const char *text, size_t len, struct p25_prefix *prefix);
void event_add_prefix(struct event *event, const struct p25_prefix *prefix);
void event_add_text(struct event *event, const char *text);
void event_add_attribute(struct event *event, const struct attributes *a,
			 const char *name);
bool event_has_control(const char *text);
void event_mark(struct event *event, const struct session_settings *settings,
		const struct attributes *a, const char *user);
bool event_source_valid(const char *source);
bool event_name_session(struct event *event, const char *source,
			const char *id);

/* ppp.c */
int ppp_event(struct event *event, const struct session_settings *settings,
	      const char *script, char *const *args, size_t n,
	      struct attributes *a);
/* accounting.c */
int accounting_event(struct event *event, const struct session_settings *settings,
		     const struct attributes *a);
/* lease.c */
int dnsmasq_event(struct event *event, const struct session_settings *settings,
		  char *const *args, size_t n, const struct attributes *a);
int generic_event(struct event *event, enum event_type type, char *const *args,
		  size_t n);

#endif /* _SESSION_EVENT_H */
