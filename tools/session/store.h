/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of sessions that have entries: a folder
 *
 *	sessions/KEY		of each session: what it gets, and until when
 *	holders/PREFIX		a link whose text is the KEY of the session that this
 *				prefix belongs to now
 *	lock			held by whoever changes any of it
 *
 * Local sessions' are in /run, and so gone at a reboot as they are themselves; those of
 * other machines, and leases, outlast it in /var/lib.
 */
#ifndef _STORE_H
#define _STORE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "session_event.h"

#define STORE_LOCAL "/run/p25-session"
#define STORE_REMOTE "/var/lib/p25-session"

/*
 * A key is a session's identifier with ',' for its blank, as no other ',' is in it; or an
 * interface's name.
 */
#define STORE_KEYLEN (P25_COMMENT_MAXLEN + 1)

/**
 * struct store - a folder of sessions
 * @dir: its file descriptor, -1: there is none
 * @lock: file descriptor of the lock, -1 while it isn't held
 */
struct store {
	int dir;
	int lock;
};

/* One that is not open. */
#define STORE_NONE ((struct store){ .dir = -1, .lock = -1 })

/**
 * struct session - a session that has entries
 * @session: its identifier, and the comment of its entries
 * @kind: what it gets
 * @begin: when it began, in seconds since 1970-01-01 UTC
 * @until: when its entries expire
 * @fixed: @until is when it ends; else the entries are renewed as long as it goes on
 * @prefixes: what it has asked for
 * @n: how many
 * @ifname: see struct event
 * @ifindex: see struct event
 * @pid: see struct event
 */
struct session {
	char session[P25_COMMENT_MAXLEN + 1];
	enum p25_kind kind;
	int64_t begin;
	int64_t until;
	bool fixed;
	struct p25_prefix prefixes[EVENT_PREFIXES];
	size_t n;
	char ifname[IF_NAMESIZE];
	unsigned int ifindex;
	unsigned int pid;
};

int store_open(struct store *store, const char *path, bool create);
void store_close(struct store *store);
int store_lock(struct store *store, int seconds);
void store_unlock(struct store *store);
void store_key(char key[STORE_KEYLEN], const char *session);
bool store_load(const struct store *store, const char *key,
		struct session *session);
int store_save(const struct store *store, const char *key,
	       const struct session *session);
void store_remove(const struct store *store, const char *key);
bool store_holder(const struct store *store, const struct p25_prefix *prefix,
		  char key[STORE_KEYLEN]);
int store_hold(const struct store *store, const struct p25_prefix *prefix,
	       const char *key);
void store_release(const struct store *store, const struct p25_prefix *prefix);
int store_each(const struct store *store,
	       int (*each)(const char *key, const struct session *session,
			   void *arg), void *arg);

/* session_text.c */
int session_write(char *text, size_t room, const struct session *session);
bool session_parse(char *text, struct session *session);

#endif /* _STORE_H */
