// SPDX-License-Identifier: GPL-2.0
/*
 * The owner's entries become exactly the sessions that are up: what has ended without a
 * word goes, what the kernel has forgotten comes back.
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

/* A listing is made again if the policy changes meanwhile. */
#define TRIES 10

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

static int list(struct desk *desk, struct entries *entries)
{
	const struct p25_filter filter = { .owner = SESSION_OWNER };
	int err = -EINTR, tries = TRIES;

	while (err == -EINTR && tries--) {
		entries->n = 0;
		err = p25_list(desk->p25, &filter, take_entry, entries);
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

static int delete_strays(struct desk *desk, const struct store *local,
			 const struct store *remote)
{
	struct entries entries = { 0 };
	unsigned int deleted = 0;
	size_t i;
	int err;

	err = list(desk, &entries);
	for (i = 0; !err && i < entries.n; i++) {
		const struct p25_entry *entry = &entries.v[i];

		if (belongs(local, entry) || belongs(remote, entry))
			continue;
		kernel_del(desk, entry->kind, &entry->prefix, entry->comment);
		deleted++;
	}
	free(entries.v);
	if (err)
		log_problem("sync: the entries can't be listed: %s",
			    p25_error(desk->p25));
	else if (deleted)
		log_done("sync: %u entries of sessions that are over", deleted);
	return err;
}

static bool is_up(const struct desk *desk, const struct session *session)
{
	if (*session->ifname)
		return local_is_up(session);
	return session->until > desk->now;
}

static int restore(const char *key, const struct session *session, void *arg)
{
	struct session renewed = *session;
	struct desk *desk = arg;

	if (!is_up(desk, session)) {
		log_done("sync: %s is over", session->session);
		desk_end(desk, key, session, 0);
		return 0;
	}
	if (*session->ifname && !session->fixed) {
		renewed.until = desk->now + desk->settings->timeout;
		store_save(desk->store, key, &renewed);
	}
	desk_restore(desk, key, &renewed);
	return 0;
}

static int restore_all(struct desk *desk, struct store *store)
{
	int err;

	if (store->dir < 0)
		return 0;
	desk->store = store;
	err = store_each(store, restore, desk);
	if (err)
		log_problem("sync: sessions can't be read: %s", strerror(-err));
	return err;
}

/*
 * sync_sessions - make it so
 *
 * Both stores are locked; one that was never used has no folder. What can't be read
 * deletes nothing. Return: 0 or a negative errno value; that has been logged.
 */
int sync_sessions(const struct session_settings *settings, struct store *local,
		  struct store *remote)
{
	struct desk desk = { .settings = settings, .now = time(NULL) };
	int err = 0;

	if (!kernel_open(&desk))
		err = -ENODEV;
	if (!err)
		err = restore_all(&desk, local);
	if (!err)
		err = restore_all(&desk, remote);
	if (!err)
		err = kernel_open(&desk) ? delete_strays(&desk, local, remote) :
					   -ENODEV;
	desk_close(&desk);
	return err;
}
