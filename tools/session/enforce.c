// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of an event.
 *
 * A prefix belongs to the session that has begun last; what its predecessor has left goes
 * first, in whatever order we hear of them. Files are written before the kernel is told,
 * and so are there for "sync" if it can't be.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "duration.h"
#include "enforce.h"
#include "session_event.h"
#include "local.h"
#include "log.h"
#include "order.h"
#include "session_settings.h"
#include "store.h"

static const enum p25_kind kinds[] = {
	P25_KIND_BLOCK, P25_KIND_STATIC, P25_KIND_OPTOUT,
};

/* Covering entries that are looked for; each is deleted, and so not found again. */
#define COVERING_MAX 8

static bool is_held_by(const struct desk *desk, const struct p25_prefix *prefix,
		       const char *key)
{
	char holder[STORE_KEYLEN];

	return store_holder(desk->store, prefix, holder) && !strcmp(holder, key);
}

/* Is this prefix held by a session that has begun after that moment? */
static bool has_later_holder(const struct desk *desk,
			     const struct p25_prefix *prefix, const char *key,
			     int64_t begin)
{
	char holder[STORE_KEYLEN];
	struct session other;

	return store_holder(desk->store, prefix, holder) && strcmp(holder, key) &&
	       store_load(desk->store, holder, &other) && other.begin > begin;
}

static bool is_late(const struct desk *desk, const struct p25_prefix *prefix,
		    const char *key, const struct session *session, bool reused)
{
	if (has_later_holder(desk, prefix, key, session->begin))
		return true;
	return desk->order && !reused &&
	       order_is_late(desk->order, prefix, session->session,
			     session->begin, desk->now);
}

/* Entries that a session has left whose prefix covers this one's first address. */
static bool evict_covering(struct desk *desk, const struct p25_prefix *prefix,
			   const char *key, const struct session *session)
{
	struct p25_judgement judgement;
	int i;

	for (i = 0; i < COVERING_MAX; i++) {
		const struct p25_entry *entry = &judgement.entry;

		if (kernel_check(desk, prefix, false, &judgement) ||
		    judgement.reason == P25_KIND_NONE ||
		    strcmp(entry->owner, SESSION_OWNER) ||
		    !strcmp(entry->comment, session->session))
			break;
		if (has_later_holder(desk, &entry->prefix, key, session->begin))
			return false;
		kernel_del(desk, entry->kind, &entry->prefix, entry->comment);
		store_release(desk->store, &entry->prefix);
	}
	return true;
}

/* What its predecessors have left, on the prefix itself and around it. */
static bool evict(struct desk *desk, const struct p25_prefix *prefix,
		  const char *key, const struct session *session)
{
	size_t i;

	if (!is_held_by(desk, prefix, key))
		store_release(desk->store, prefix);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i] != session->kind)
			kernel_del(desk, kinds[i], prefix, NULL);
	}
	return evict_covering(desk, prefix, key, session);
}

static void say_added(const struct desk *desk, const struct session *session,
		      const struct p25_prefix *prefix, const char *user)
{
	char text[P25_PREFIX_STRLEN], time[DURATION_STRLEN];
	int64_t left = session->until - desk->now;

	if (user)
		log_done("%s: %s %s for %s (%s)", user,
			 p25_kind_name(session->kind),
			 p25_prefix_format(prefix, text),
			 duration_format(left > 0 ? left : 0, time),
			 session->session);
}

/* Add an entry, if the session may have it; @user: it is to be said. */
static void grant(struct desk *desk, const struct p25_prefix *prefix,
		  const struct session *session, const char *user)
{
	char text[P25_PREFIX_STRLEN];
	const char *why = bounds_refuse(desk, session->kind, prefix);

	if (why) {
		log_problem("%s: no %s %s: %s", session->session,
			    p25_kind_name(session->kind),
			    p25_prefix_format(prefix, text), why);
		/* It may have been another one until now. */
		kernel_del(desk, session->kind, prefix, NULL);
		return;
	}
	if (!kernel_add(desk, session, prefix))
		say_added(desk, session, prefix, user);
}

static bool has_prefix(const struct p25_prefix *prefixes, size_t n,
		       const struct p25_prefix *prefix)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (prefix_same(&prefixes[i], prefix))
			return true;
	}
	return false;
}

static void release(struct desk *desk, const struct p25_prefix *prefix,
		    const char *key, const struct session *session)
{
	if (is_held_by(desk, prefix, key))
		store_release(desk->store, prefix);
	kernel_del(desk, session->kind, prefix, session->session);
}

/*
 * desk_end - a session has ended, or has lost its prefixes of a family
 * @family: that family; 0: both
 */
void desk_end(struct desk *desk, const char *key, const struct session *session,
	      int family)
{
	struct session rest = *session;
	size_t i;

	rest.n = 0;
	for (i = 0; i < session->n; i++) {
		if (family && session->prefixes[i].family != family)
			rest.prefixes[rest.n++] = session->prefixes[i];
	}
	if (rest.n)
		store_save(desk->store, key, &rest);
	else
		store_remove(desk->store, key);
	for (i = 0; i < session->n; i++) {
		if (!has_prefix(rest.prefixes, rest.n, &session->prefixes[i]))
			release(desk, &session->prefixes[i], key, session);
	}
}

/* Is this file the event's own session's, or one's that had the interface before? */
static bool is_same_session(const struct event *event,
			    const struct session *session)
{
	if (!*event->ifname)
		return true;
	if (event->pid || session->pid)
		return event->pid == session->pid;
	return event->type != EVENT_BEGIN && event->ifindex == session->ifindex;
}

static void merge(struct session *session, const struct event *event,
		  const struct session *old)
{
	struct event all = *event;
	size_t i;

	if (old && !event->whole) {
		for (i = 0; i < old->n; i++)
			event_add_prefix(&all, &old->prefixes[i]);
	}
	memcpy(session->prefixes, all.prefixes, sizeof(session->prefixes));
	session->n = all.n;
}

/* What is known of it now. */
static void describe(const struct desk *desk, struct session *session,
		     const struct event *event, const struct session *old)
{
	memset(session, 0, sizeof(*session));
	strcpy(session->session, old ? old->session : event->session);
	strcpy(session->ifname, event->ifname);
	session->ifindex = event->ifindex;
	session->pid = event->pid;
	session->kind = old && !event->marked ? old->kind : event->kind;
	session->begin = old && event->type == EVENT_CHANGE && !event->has_age ?
			 old->begin : desk->now - event->age;
	merge(session, event, old);
	if (event->timeout) {
		session->fixed = true;
		session->until = session->begin + event->timeout;
	} else if (old && old->fixed) {
		session->fixed = true;
		session->until = old->until;
	} else {
		session->until = desk->now + desk->settings->timeout;
	}
}

static void report_store(const struct session *session)
{
	log_problem("%s: its files can't be written: %s", session->session,
		    strerror(errno));
}

/* Of a session that nothing was known of, a word in passing says little. */
static bool means_nothing(const struct event *event, const struct session *old)
{
	return event->type == EVENT_CHANGE && !old && !event->has_age &&
	       !*event->ifname && !event->marked;
}

/* What the session had, and another one has taken since: it won't get that back. */
static bool was_taken(const struct desk *desk, const struct p25_prefix *prefix,
		      const char *key, const struct event *event,
		      const struct session *old)
{
	return old && event->type == EVENT_CHANGE &&
	       has_prefix(old->prefixes, old->n, prefix) &&
	       !is_held_by(desk, prefix, key);
}

/* Return: false: it had some, and none is left. */
static bool drop_late(const struct desk *desk, struct session *session,
		      const char *key, const struct event *event,
		      const struct session *old)
{
	size_t i, n = 0;

	if (!session->n)
		return true;
	for (i = 0; i < session->n; i++) {
		const struct p25_prefix *prefix = &session->prefixes[i];

		if (!was_taken(desk, prefix, key, event, old) &&
		    !is_late(desk, prefix, key, session, event->reused))
			session->prefixes[n++] = *prefix;
	}
	session->n = n;
	return n;
}

static void drop_old(struct desk *desk, const char *key,
		     const struct session *session, const struct session *old)
{
	size_t i;

	for (i = 0; old && i < old->n; i++) {
		if (old->kind != session->kind ||
		    !has_prefix(session->prefixes, session->n, &old->prefixes[i]))
			release(desk, &old->prefixes[i], key, old);
	}
}

static void take(struct desk *desk, const struct p25_prefix *prefix,
		 const char *key, const struct session *session, const char *user)
{
	if (desk->order)
		order_begin(desk->order, prefix, session->session,
			    session->begin, desk->now);
	if (!evict(desk, prefix, key, session) || !session->kind)
		return;
	if (store_hold(desk->store, prefix, key))
		report_store(session);
	grant(desk, prefix, session, user);
}

/* A session begins, or goes on. */
static void go_on(struct desk *desk, const char *key, const struct event *event,
		  const struct session *old)
{
	struct session session;
	bool is_known;
	size_t i;

	if (means_nothing(event, old))
		return;
	describe(desk, &session, event, old);
	is_known = drop_late(desk, &session, key, event, old) && session.kind;
	drop_old(desk, key, &session, old);
	if (!is_known)
		store_remove(desk->store, key);
	else if (store_save(desk->store, key, &session))
		report_store(&session);
	for (i = 0; i < session.n; i++) {
		const struct p25_prefix *prefix = &session.prefixes[i];
		bool renewed = old && old->kind == session.kind &&
			       has_prefix(old->prefixes, old->n, prefix);

		take(desk, prefix, key, &session, renewed ? NULL : event->user);
	}
}

/* The end of a session that nothing is known of: perhaps its files were lost. */
static void end_unknown(struct desk *desk, const struct event *event)
{
	size_t i, j;

	for (i = 0; i < event->n; i++) {
		for (j = 0; j < ARRAY_SIZE(kinds); j++)
			kernel_del(desk, kinds[j], &event->prefixes[i],
				   event->session);
	}
}

static void end(struct desk *desk, const char *key, const struct event *event,
		const struct session *old)
{
	size_t i;

	for (i = 0; desk->order && i < event->n; i++)
		order_end(desk->order, &event->prefixes[i], event->session,
			  desk->now);
	for (i = 0; desk->order && old && i < old->n; i++)
		order_end(desk->order, &old->prefixes[i], event->session,
			  desk->now);
	if (old) {
		log_done("%s: has ended (%s)", event->user, old->session);
		desk_end(desk, key, old, event->family);
	} else if (!*event->ifname) {
		end_unknown(desk, event);
	}
}

struct reset {
	struct desk *desk;
	char begin[P25_COMMENT_MAXLEN + 2];
	unsigned int n;
};

static int reset_session(const char *key, const struct session *session, void *arg)
{
	struct reset *reset = arg;

	if (!strncmp(session->session, reset->begin, strlen(reset->begin))) {
		desk_end(reset->desk, key, session, 0);
		reset->n++;
	}
	return 0;
}

/* A NAS has started, or is going to stop: it has no sessions. */
static void reset(struct desk *desk, const char *nas)
{
	struct reset reset = { .desk = desk };

	snprintf(reset.begin, sizeof(reset.begin), "%s ", nas);
	store_each(desk->store, reset_session, &reset);
	log_done("NAS %s has no sessions any more: %u had entries", nas, reset.n);
}

/* desk_event - work off an event */
void desk_event(struct desk *desk, const struct event *event)
{
	char key[STORE_KEYLEN];
	struct session old;
	bool found;

	if (event->type == EVENT_RESET) {
		reset(desk, event->session);
		return;
	}
	store_key(key, *event->ifname ? event->ifname : event->session);
	found = store_load(desk->store, key, &old);
	if (found && !is_same_session(event, &old)) {
		/* The end of another one than has the interface now comes late. */
		if (event->type == EVENT_END)
			return;
		desk_end(desk, key, &old, 0);
		found = false;
	}
	if (event->type == EVENT_END)
		end(desk, key, event, found ? &old : NULL);
	else if (event->type == EVENT_BEGIN || !*event->ifname ||
		 local_is_current(event))
		go_on(desk, key, event, found ? &old : NULL);
}

/* desk_restore - see to it that a session that is up has its entries */
void desk_restore(struct desk *desk, const char *key,
		  const struct session *session)
{
	size_t i;

	for (i = 0; i < session->n; i++) {
		if (is_held_by(desk, &session->prefixes[i], key))
			grant(desk, &session->prefixes[i], session, NULL);
	}
}
