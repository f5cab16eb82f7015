// SPDX-License-Identifier: GPL-2.0
/*
 * The owner's entries become exactly the sessions that are up: those of a pppd that was
 * killed go, those that the kernel has lost come back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "enforce.h"
#include "local.h"
#include "log.h"
#include "session_settings.h"
#include "store.h"
#include "sync.h"

/**
 * struct entries - the owner's
 * @v: they
 * @n: how many
 * @room: for so many
 */
struct entries {
	struct p25_entry *v;
	size_t n;
	size_t room;
};

static int take_entry(const struct p25_entry *entry, void *arg)
{
	struct entries *entries = arg;

	if (entries->n == entries->room) {
		size_t room = entries->room ? 2 * entries->room : 64;
		struct p25_entry *v = realloc(entries->v, room * sizeof(*v));

		if (!v)
			return -ENOMEM;
		entries->v = v;
		entries->room = room;
	}
	entries->v[entries->n++] = *entry;
	return 0;
}

static int list(struct context *ctx, struct entries *entries)
{
	const struct p25_filter filter = { .owner = SESSION_OWNER };
	int err = -EINTR, tries = LIST_TRIES;

	while (err == -EINTR && tries--) {
		entries->n = 0;
		err = p25_list(ctx->p25, &filter, take_entry, entries);
	}
	return err;
}

/* Is an entry that of a session which holds its prefix? */
static bool belongs(const struct store *store, const struct p25_entry *entry)
{
	char key[STORE_KEYLEN];
	struct session session;

	return store->dir >= 0 && store_holder(store, &entry->prefix, key) &&
	       store_load(store, key, &session) &&
	       session.kind == entry->kind &&
	       !strcmp(session.session, entry->comment);
}

static int delete_strays(struct context *ctx, const struct store *local,
			 const struct store *remote)
{
	struct entries entries = { 0 };
	unsigned int deleted = 0;
	size_t i;
	int err;

	err = list(ctx, &entries);
	for (i = 0; !err && i < entries.n; i++) {
		const struct p25_entry *entry = &entries.v[i];

		if (belongs(local, entry) || belongs(remote, entry))
			continue;
		kernel_del(ctx, entry->kind, &entry->prefix, entry->comment);
		deleted++;
	}
	free(entries.v);
	if (err)
		log_warning("sync: the entries can't be listed: %s",
			    p25_error(ctx->p25));
	else if (deleted)
		log_info("sync: deleted %u that no session has which is up", deleted);
	return err;
}

static bool is_up(const struct context *ctx, const struct session *session)
{
	if (*session->ifname)
		return local_is_up(session);
	return session->until > ctx->now;
}

static int restore(const char *key, const struct session *session, void *arg)
{
	struct session renewed = *session;
	struct context *ctx = arg;

	if (!is_up(ctx, session)) {
		log_info("sync: %s is over", session->session);
		enforce_end(ctx, key, session, 0);
		return 0;
	}
	if (*session->ifname && !session->fixed) {
		renewed.until = ctx->now + ctx->settings->timeout;
		store_save(ctx->store, key, &renewed);
	}
	ctx->refused += enforce_restore(ctx, key, &renewed);
	return 0;
}

static int restore_all(struct context *ctx, struct store *store)
{
	int err;

	if (store->dir < 0)
		return 0;
	ctx->store = store;
	err = store_each(store, restore, ctx);
	if (err)
		log_warning("sync: sessions can't be read: %s", strerror(-err));
	return err;
}

/*
 * sync_sessions - make the entries those of the sessions that are up
 *
 * Both stores are locked; one that was never used has no folder. What can't be read
 * deletes nothing. Return: 0 or a negative errno value; that has been logged.
 */
int sync_sessions(const struct session_settings *settings, struct store *local,
		  struct store *remote)
{
	struct context ctx = { .settings = settings, .now = time(NULL) };
	int err = 0;

	if (!kernel_open(&ctx))
		err = -ENODEV;
	if (!err)
		err = restore_all(&ctx, local);
	if (!err)
		err = restore_all(&ctx, remote);
	if (!err)
		err = kernel_open(&ctx) ? delete_strays(&ctx, local, remote) :
					   -ENODEV;
	if (!err && ctx.refused)
		log_info("sync: %u prefixes of sessions are refused, as when they began, or are in no pool as there is no policy yet",
			 ctx.refused);
	kernel_close(&ctx);
	return err;
}
