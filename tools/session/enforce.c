// SPDX-License-Identifier: GPL-2.0
/*
 * Events of sessions change files and the kernel's entries.
 *
 * A prefix belongs to the session that began last, in whatever order events arrive; the
 * entries of its predecessor are deleted before any is added. Files are written before
 * the kernel is told: where the module is missing, "sync" makes up for it by them.
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
#include "history.h"
#include "session_settings.h"
#include "store.h"

static const enum p25_kind kinds[] = {
	P25_KIND_BLOCK, P25_KIND_STATIC, P25_KIND_OPTOUT,
};

/* One entry of each length can cover an address; each is deleted, and not found again. */
#define COVERING_MAX 129

static bool is_held_by(const struct context *ctx, const struct p25_prefix *prefix,
		       const char *key)
{
	char holder[STORE_KEYLEN];

	return store_holder(ctx->store, prefix, holder) && !strcmp(holder, key);
}

/* Is this prefix held by a session that has begun after that moment? */
static bool has_later_holder(const struct context *ctx,
			     const struct p25_prefix *prefix, const char *key,
			     int64_t begin)
{
	char holder[STORE_KEYLEN];
	struct session other;

	return store_holder(ctx->store, prefix, holder) && strcmp(holder, key) &&
	       store_load(ctx->store, holder, &other) && other.begin > begin;
}

static bool is_stale(const struct context *ctx, const struct p25_prefix *prefix,
		     const char *key, const struct session *session, bool reused)
{
	if (has_later_holder(ctx, prefix, key, session->begin))
		return true;
	return ctx->history && !reused &&
	       history_is_stale(ctx->history, prefix, session->session,
				session->begin, ctx->now);
}

/*
 * Delete entries of earlier sessions that cover this prefix's first address. Return: false:
 * there is one of a later session.
 */
static bool evict_covering(struct context *ctx, const struct p25_prefix *prefix,
			   const char *key, const struct session *session)
{
	struct p25_judgement judgement;
	int i;

	for (i = 0; i < COVERING_MAX; i++) {
		const struct p25_entry *entry = &judgement.entry;

		if (kernel_check(ctx, prefix, false, &judgement) ||
		    judgement.reason == P25_KIND_NONE ||
		    strcmp(entry->owner, SESSION_OWNER) ||
		    !strcmp(entry->comment, session->session))
			break;
		if (has_later_holder(ctx, &entry->prefix, key, session->begin))
			return false;
		kernel_del(ctx, entry->kind, &entry->prefix, entry->comment);
		store_release(ctx->store, &entry->prefix);
	}
	return true;
}

/*
 * Delete entries of earlier sessions, on the prefix itself and around it. Return: false:
 * it lies in one of a later session.
 */
static bool evict(struct context *ctx, const struct p25_prefix *prefix,
		  const char *key, const struct session *session)
{
	size_t i;

	if (!is_held_by(ctx, prefix, key))
		store_release(ctx->store, prefix);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i] != session->kind)
			kernel_del(ctx, kinds[i], prefix, NULL);
	}
	return evict_covering(ctx, prefix, key, session);
}

static void log_grant(const struct context *ctx, const struct session *session,
		      const struct p25_prefix *prefix, const char *user)
{
	char text[P25_PREFIX_STRLEN], time[DURATION_STRLEN];
	int64_t left = session->until - ctx->now;

	log_info("%s: %s %s for %s (%s)", user, p25_kind_name(session->kind),
		 p25_prefix_format(prefix, text),
		 duration_format(left > 0 ? left : 0, time), session->session);
}

static void log_refusal(const struct session *session, const struct p25_prefix *prefix,
			const char *user, const char *why)
{
	char text[P25_PREFIX_STRLEN];

	log_warning("%s: no %s %s: %s (%s)", user, p25_kind_name(session->kind),
		    p25_prefix_format(prefix, text), why, session->session);
}

/*
 * Add an entry, if the session may have it; @user: for the log; NULL: it isn't new, and was
 * refused before if it is refused now. Return: false: it is refused.
 */
static bool grant(struct context *ctx, const struct p25_prefix *prefix,
		  const struct session *session, const char *user)
{
	const char *why = bounds_refuse(ctx, session->kind, prefix);

	if (why) {
		if (user)
			log_refusal(session, prefix, user, why);
		/* It may have been another one until now; of which a mistake is no sign. */
		if (!ctx->settings->broken)
			kernel_del(ctx, session->kind, prefix, NULL);
		return false;
	}
	if (!kernel_add(ctx, session, prefix) && user)
		log_grant(ctx, session, prefix, user);
	return true;
}

static bool has_prefix(const struct p25_prefix *prefixes, size_t n,
		       const struct p25_prefix *prefix)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!p25_prefix_cmp(&prefixes[i], prefix))
			return true;
	}
	return false;
}

static void release(struct context *ctx, const struct p25_prefix *prefix,
		    const char *key, const struct session *session)
{
	if (is_held_by(ctx, prefix, key))
		store_release(ctx->store, prefix);
	kernel_del(ctx, session->kind, prefix, session->session);
}

/*
 * enforce_end - a session has ended, or has lost its prefixes of a family
 * @family: that family; 0: both
 */
void enforce_end(struct context *ctx, const char *key, const struct session *session,
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
		store_save(ctx->store, key, &rest);
	else
		store_remove(ctx->store, key);
	for (i = 0; i < session->n; i++) {
		if (!has_prefix(rest.prefixes, rest.n, &session->prefixes[i]))
			release(ctx, &session->prefixes[i], key, session);
	}
}

/* Is the file that of the event's session, or of one that had the interface before? */
static bool is_same_session(const struct event *event,
			    const struct session *session)
{
	if (!*event->ifname)
		return !event->reused || event->type != EVENT_BEGIN;
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

/* When the session began, by this event alone if that says it. */
static int64_t begin_of(const struct context *ctx, const struct event *event,
			const struct session *old)
{
	if (old && event->type == EVENT_CHANGE && !event->has_age)
		return old->begin;
	return event->age < ctx->now ? ctx->now - event->age : 0;
}

/* What is known of the session, with this event. */
static void describe(const struct context *ctx, struct session *session,
		     const struct event *event, const struct session *old)
{
	memset(session, 0, sizeof(*session));
	strcpy(session->session, old ? old->session : event->session);
	strcpy(session->ifname, event->ifname);
	session->ifindex = event->ifindex;
	session->pid = event->pid;
	session->kind = old && !event->marked ? old->kind : event->kind;
	session->begin = begin_of(ctx, event, old);
	merge(session, event, old);
	if (event->timeout) {
		session->fixed = true;
		session->until = session->begin + event->timeout;
	} else if (old && old->fixed) {
		session->fixed = true;
		session->until = old->until;
	} else {
		session->until = ctx->now + ctx->settings->timeout;
	}
	/* An age in whole seconds must not make it older than its predecessor. */
	if (old && event->type == EVENT_CHANGE && !event->reused)
		session->begin = old->begin;
}

static void report_store(const struct session *session)
{
	log_warning("%s: its files can't be written: %s", session->session,
		    strerror(errno));
}

/*
 * An Interim-Update of a session that is not known, without its age or what it gets: it
 * may be over, and need not be one that opts out.
 */
static bool says_nothing(const struct event *event, const struct session *old)
{
	return event->type == EVENT_CHANGE && !old && !event->has_age &&
	       !*event->ifname && !event->marked;
}

/* The session has lost this prefix to a later one, and won't get it back. */
static bool was_taken(const struct context *ctx, const struct p25_prefix *prefix,
		      const char *key, const struct event *event,
		      const struct session *old)
{
	return old && event->type == EVENT_CHANGE &&
	       has_prefix(old->prefixes, old->n, prefix) &&
	       !is_held_by(ctx, prefix, key);
}

/* Drop prefixes that belong to later sessions. Return: false: none is left. */
static bool drop_stale(const struct context *ctx, struct session *session,
		       const char *key, const struct event *event,
		      const struct session *old)
{
	size_t i, n = 0;

	if (!session->n)
		return true;
	for (i = 0; i < session->n; i++) {
		const struct p25_prefix *prefix = &session->prefixes[i];

		if (!was_taken(ctx, prefix, key, event, old) &&
		    !is_stale(ctx, prefix, key, session, event->reused))
			session->prefixes[n++] = *prefix;
	}
	session->n = n;
	return n;
}

/* Delete what the session had and no longer has. */
static void drop_old(struct context *ctx, const char *key,
		     const struct session *session, const struct session *old)
{
	size_t i;

	for (i = 0; old && i < old->n; i++) {
		if (old->kind != session->kind ||
		    !has_prefix(session->prefixes, session->n, &old->prefixes[i]))
			release(ctx, &old->prefixes[i], key, old);
	}
}

/* The prefix belongs to the session now; most sessions get no entry for it. */
static void take(struct context *ctx, const struct p25_prefix *prefix,
		 const char *key, const struct session *session, const char *user)
{
	if (ctx->history)
		history_begin(ctx->history, prefix, session->session,
			      session->begin, ctx->now);
	if (!evict(ctx, prefix, key, session) || !session->kind)
		return;
	if (store_hold(ctx->store, prefix, key))
		report_store(session);
	grant(ctx, prefix, session, user);
}

/* A session begins, or goes on. */
static void go_on(struct context *ctx, const char *key, const struct event *event,
		  const struct session *old)
{
	struct session session;
	bool is_known;
	size_t i;

	if (says_nothing(event, old))
		return;
	describe(ctx, &session, event, old);
	is_known = drop_stale(ctx, &session, key, event, old) && session.kind;
	if (!is_known && session.kind)
		log_info("%s: this comes late, and is ignored: its prefixes are a later session's, or it has ended (%s)",
			 event->user, session.session);
	drop_old(ctx, key, &session, old);
	if (!is_known)
		store_remove(ctx->store, key);
	else if (store_save(ctx->store, key, &session))
		report_store(&session);
	for (i = 0; i < session.n; i++) {
		const struct p25_prefix *prefix = &session.prefixes[i];
		bool renewed = old && old->kind == session.kind &&
			       has_prefix(old->prefixes, old->n, prefix);

		take(ctx, prefix, key, &session, renewed ? NULL : event->user);
	}
}

/* The end of a session that nothing is known of: perhaps its files were lost. */
static void end_unknown(struct context *ctx, const struct event *event)
{
	size_t i, j;

	for (i = 0; i < event->n; i++) {
		for (j = 0; j < ARRAY_SIZE(kinds); j++)
			kernel_del(ctx, kinds[j], &event->prefixes[i],
				   event->session);
	}
}

static void end(struct context *ctx, const char *key, const struct event *event,
		const struct session *old)
{
	int64_t begin = event->has_age && event->age < ctx->now ?
			ctx->now - event->age : 0;
	size_t i;

	for (i = 0; ctx->history && i < event->n; i++)
		history_end(ctx->history, &event->prefixes[i], event->session,
			    begin, ctx->now);
	for (i = 0; ctx->history && old && i < old->n; i++)
		history_end(ctx->history, &old->prefixes[i], event->session,
			    old->begin, ctx->now);
	if (old) {
		log_info("%s: has ended (%s)", event->user, old->session);
		enforce_end(ctx, key, old, event->family);
	} else if (!*event->ifname) {
		end_unknown(ctx, event);
	}
}

/**
 * struct reset - for store_each()
 * @ctx: the context
 * @begin: what identifiers of the NAS' sessions begin with
 * @n: sessions ended so far
 */
struct reset {
	struct context *ctx;
	char begin[P25_COMMENT_MAXLEN + 2];
	unsigned int n;
};

static int reset_session(const char *key, const struct session *session, void *arg)
{
	struct reset *reset = arg;

	if (!strncmp(session->session, reset->begin, strlen(reset->begin))) {
		enforce_end(reset->ctx, key, session, 0);
		reset->n++;
	}
	return 0;
}

/* A NAS has booted, or is about to: all of its sessions have ended. */
static void reset(struct context *ctx, const char *nas)
{
	struct reset reset = { .ctx = ctx };

	snprintf(reset.begin, sizeof(reset.begin), "%s ", nas);
	store_each(ctx->store, reset_session, &reset);
	log_info("NAS %s: all of its sessions have ended; %u of them are known here", nas,
		 reset.n);
}

/* enforce_event - apply an event */
void enforce_event(struct context *ctx, const struct event *event)
{
	char key[STORE_KEYLEN];
	struct session old;
	bool found;

	if (event->type == EVENT_RESET) {
		reset(ctx, event->session);
		return;
	}
	store_key(key, *event->ifname ? event->ifname : event->session);
	found = store_load(ctx->store, key, &old);
	if (found && !is_same_session(event, &old)) {
		/* Another session has the interface by now. */
		if (event->type == EVENT_END)
			return;
		enforce_end(ctx, key, &old, 0);
		found = false;
	}
	if (event->type == EVENT_END)
		end(ctx, key, event, found ? &old : NULL);
	else if (event->type == EVENT_BEGIN || !*event->ifname ||
		 local_is_current(event))
		go_on(ctx, key, event, found ? &old : NULL);
}

/*
 * enforce_restore - add again whatever entries a session has lost
 *
 * Return: how many of its prefixes are refused.
 */
unsigned int enforce_restore(struct context *ctx, const char *key,
			     const struct session *session)
{
	unsigned int refused = 0;
	size_t i;

	for (i = 0; i < session->n; i++) {
		if (is_held_by(ctx, &session->prefixes[i], key))
			refused += !grant(ctx, &session->prefixes[i], session, NULL);
	}
	return refused;
}
