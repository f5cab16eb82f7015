/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events of sessions change files and the kernel's entries.
 */
#ifndef _ENFORCE_H
#define _ENFORCE_H

#include <stdbool.h>
#include <stdint.h>

#include "libp25.h"

#define SESSION_OWNER "session"

/* A listing is made again if the policy changes meanwhile. */
#define LIST_TRIES 10

struct event;
struct history;
struct session;
struct session_settings;
struct store;

/**
 * struct context - what handling an event needs
 * @settings: what sessions may do
 * @store: the sessions that have entries
 * @history: by which events that arrive out of order are recognised; NULL: none do
 * @p25: handle; NULL: not open
 * @now: the time, in seconds since 1970-01-01 UTC
 * @complained: it has been logged that there is no module
 * @refused: prefixes that could not be restored
 */
struct context {
	const struct session_settings *settings;
	struct store *store;
	struct history *history;
	struct p25 *p25;
	int64_t now;
	bool complained;
	unsigned int refused;
};

void enforce_event(struct context *ctx, const struct event *event);
void enforce_end(struct context *ctx, const char *key, const struct session *session,
		 int family);
unsigned int enforce_restore(struct context *ctx, const char *key,
			     const struct session *session);
void kernel_close(struct context *ctx);

/* kernel.c */
bool kernel_open(struct context *ctx);
int kernel_add(struct context *ctx, const struct session *session,
	       const struct p25_prefix *prefix);
void kernel_del(struct context *ctx, enum p25_kind kind,
		const struct p25_prefix *prefix, const char *session);
int kernel_check(struct context *ctx, const struct p25_prefix *prefix,
		 bool as_relay, struct p25_judgement *judgement);
int kernel_is_blocked_around(struct context *ctx, const struct p25_prefix *prefix);
/* bounds.c */
const char *bounds_refuse(struct context *ctx, enum p25_kind kind,
			  const struct p25_prefix *prefix);

#endif /* _ENFORCE_H */
