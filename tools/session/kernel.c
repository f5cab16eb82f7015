// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's entries of sessions. Each call changes one entry: that needs no
 * grace period, and so takes some microseconds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "enforce.h"
#include "log.h"
#include "prefix_check.h"
#include "store.h"

/* kernel_open - Return: false if there is no module; that has been logged, once */
bool kernel_open(struct context *ctx)
{
	int err;

	if (ctx->p25)
		return true;
	ctx->p25 = p25_open();
	err = ctx->p25 ? p25_ready(ctx->p25) : -ENOMEM;
	if (!err) {
		ctx->complained = false;
		return true;
	}
	if (!ctx->complained)
		log_warning("%s: sessions get no entries until \"p25-session sync\"",
			    err == -ENOENT ? "the kernel module p25 is not loaded" :
			    ctx->p25 ? p25_error(ctx->p25) : strerror(ENOMEM));
	ctx->complained = true;
	kernel_close(ctx);
	return false;
}

/* If the module is replaced, the next event has a new handle. */
static int result(struct context *ctx, int err)
{
	if (err == -ENODEV)
		kernel_close(ctx);
	return err;
}

static struct p25_entry entry_of(enum p25_kind kind,
				 const struct p25_prefix *prefix)
{
	struct p25_entry entry = { .kind = kind, .prefix = *prefix };

	strcpy(entry.owner, SESSION_OWNER);
	return entry;
}

/* kernel_add - Return: 0 or a negative errno value; that has been logged */
int kernel_add(struct context *ctx, const struct session *session,
	       const struct p25_prefix *prefix)
{
	struct p25_entry entry = entry_of(session->kind, prefix);
	int64_t left = session->until - ctx->now;
	int err;

	if (!kernel_open(ctx))
		return -ENODEV;
	entry.timeout = left < 1 ? 1 : left > P25_TIMEOUT_MAX ? P25_TIMEOUT_MAX :
								left;
	strcpy(entry.comment, session->session);
	err = p25_add(ctx->p25, &entry, 1);
	if (err)
		log_warning("%s: can't add: %s", session->session,
			    p25_error(ctx->p25));
	return result(ctx, err);
}

/* kernel_del - delete an entry, only if it is that session's; @session NULL: in any case */
void kernel_del(struct context *ctx, enum p25_kind kind,
		const struct p25_prefix *prefix, const char *session)
{
	struct p25_entry entry = entry_of(kind, prefix);
	int err;

	if (!kernel_open(ctx))
		return;
	if (session) {
		entry.if_comment = true;
		snprintf(entry.comment, sizeof(entry.comment), "%s", session);
	}
	err = p25_del(ctx->p25, &entry, 1, true);
	if (err)
		log_warning("can't delete: %s", p25_error(ctx->p25));
	result(ctx, err);
}

/*
 * kernel_check - what decides about the prefix's first address
 * @as_relay: and is that one a relay's?
 *
 * Return: 0 or a negative errno value.
 */
int kernel_check(struct context *ctx, const struct p25_prefix *prefix,
		 bool as_relay, struct p25_judgement *judgement)
{
	struct p25_prefix first = *prefix;
	int err;

	if (!kernel_open(ctx))
		return -ENODEV;
	first.len = first.family == AF_INET ? 32 : 128;
	err = p25_check(ctx->p25, &first, as_relay ? &first : NULL, judgement);
	return result(ctx, err);
}

/**
 * struct covering - for p25_list()
 * @prefix: what is covered
 * @owner: by any other owner's entry
 */
struct covering {
	const struct p25_prefix *prefix;
	const char *owner;
};

static int is_covering(const struct p25_entry *entry, void *arg)
{
	const struct covering *covering = arg;

	return entry->prefix.len < covering->prefix->len &&
	       prefix_covers(&entry->prefix, covering->prefix) &&
	       strcmp(entry->owner, covering->owner);
}

/*
 * kernel_is_blocked_around - does another owner block a wider prefix around this one?
 *
 * The kernel looks at each entry. Return: 1: yes, 0: no, or a negative errno value.
 */
int kernel_is_blocked_around(struct context *ctx, const struct p25_prefix *prefix)
{
	struct covering covering = { .prefix = prefix, .owner = SESSION_OWNER };
	struct p25_filter filter = { .kind = P25_KIND_BLOCK, .prefix = prefix };
	int err = -EINTR, tries = LIST_TRIES;

	if (!kernel_open(ctx))
		return -ENODEV;
	while (err == -EINTR && tries--)
		err = p25_list(ctx->p25, &filter, is_covering, &covering);
	return result(ctx, err);
}

/* kernel_close - close the handle */
void kernel_close(struct context *ctx)
{
	p25_close(ctx->p25);
	ctx->p25 = NULL;
}
