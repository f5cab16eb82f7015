/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes of an event: files and the kernel's entries.
 */
#ifndef _ENFORCE_H
#define _ENFORCE_H

#include <stdbool.h>
#include <stdint.h>

#include "libp25.h"

#define SESSION_OWNER "session"

struct event;
struct order;
struct session;
struct session_settings;
struct store;

/**
 * struct desk - what events are worked off with
 * @settings: what sessions may do
 * @store: what is known of those that have entries
 * @order: what comes late; NULL: nothing does
 * @p25: handle; NULL: not open
 * @now: the time, in seconds since 1970-01-01 UTC
 * @complained: it has been logged that there is no module
 */
struct desk {
	const struct session_settings *settings;
	struct store *store;
	struct order *order;
	struct p25 *p25;
	int64_t now;
	bool complained;
};

void desk_event(struct desk *desk, const struct event *event);
void desk_end(struct desk *desk, const char *key, const struct session *session,
	      int family);
void desk_restore(struct desk *desk, const char *key,
		  const struct session *session);
void desk_close(struct desk *desk);

/* kernel.c */
bool kernel_open(struct desk *desk);
int kernel_add(struct desk *desk, const struct session *session,
	       const struct p25_prefix *prefix);
void kernel_del(struct desk *desk, enum p25_kind kind,
		const struct p25_prefix *prefix, const char *session);
int kernel_check(struct desk *desk, const struct p25_prefix *prefix,
		 bool as_relay, struct p25_judgement *judgement);
/* bounds.c */
const char *bounds_refuse(struct desk *desk, enum p25_kind kind,
			  const struct p25_prefix *prefix);

#endif /* _ENFORCE_H */
