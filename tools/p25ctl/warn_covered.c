// SPDX-License-Identifier: GPL-2.0
/*
 * A pool or a block that covers a relay, or an address of the router itself, is a
 * mistake most of the time: a change that makes it so prints a warning.
 *
 * The kernel is asked which entry decides, before the change and after it.
 */
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl.h"
#include "netns.h"
#include "prefix_check.h"
#include "report.h"
#include "session.h"
#include "warn_covered.h"

/* Warnings that are printed one by one. */
#define SHOWN 20

/**
 * struct address - a relay, or an address of the router
 * @prefix: what it is
 * @own: it is the router's
 * @decided: by which kind of entry it is blocked; P25_KIND_NONE: it isn't
 * @by: the prefix of that entry
 */
struct address {
	struct p25_prefix prefix;
	bool own;
	enum p25_kind decided;
	struct p25_prefix by;
};

struct addresses {
	struct address *v;
	size_t n, room;
};

/**
 * struct watch - a change that is being made
 * @on: there may be something to warn of afterwards
 * @only: a single address that it is about; no family: it is about more
 * @before: what there was before
 */
static struct {
	bool on;
	struct p25_prefix only;
	struct addresses before;
} watch;

/* If there is no memory, a warning is missing. */
static int add_address(struct addresses *list, const struct p25_prefix *prefix,
		       bool own)
{
	size_t room = list->room ? list->room * 2 : 16;
	struct address *v = list->v;

	if (watch.only.family && !prefix_covers(prefix, &watch.only))
		return 0;
	if (list->n == list->room) {
		v = reallocarray(v, room, sizeof(*v));
		if (!v)
			return -1;
		list->v = v;
		list->room = room;
	}
	list->v[list->n++] = (struct address){ .prefix = *prefix, .own = own };
	return 0;
}

static int add_relay(const struct p25_entry *entry, void *arg)
{
	return add_address(arg, &entry->prefix, false);
}

static struct p25_prefix single(const struct p25_prefix *prefix, bool none)
{
	struct p25_prefix address = *prefix;

	address.len = prefix->family == AF_INET ? 32 : 128;
	if (none)
		memset(address.addr, 0, sizeof(address.addr));
	return address;
}

/* A listing takes long in a large policy; for one address CHECK tells. */
static void add_relays(struct ctl *c, struct addresses *list)
{
	struct p25_filter filter = { .kind = P25_KIND_RELAY };
	struct p25_judgement answer;
	struct p25_prefix none;

	if (!watch.only.family) {
		p25_list(c->p25, &filter, add_relay, list);
		return;
	}
	none = single(&watch.only, true);
	if (!p25_check(c->p25, &none, &watch.only, &answer) &&
	    answer.reason == P25_KIND_RELAY)
		add_address(list, &watch.only, false);
}

static void add_sockaddr(struct addresses *list, const struct sockaddr *from)
{
	const struct sockaddr_in6 *in6 = (const void *)from;
	const struct sockaddr_in *in = (const void *)from;
	struct p25_prefix prefix = { 0 };

	if (from && from->sa_family == AF_INET) {
		prefix = (struct p25_prefix){ AF_INET, 32, { 0 } };
		memcpy(prefix.addr, &in->sin_addr, 4);
	} else if (from && from->sa_family == AF_INET6) {
		prefix = (struct p25_prefix){ AF_INET6, 128, { 0 } };
		memcpy(prefix.addr, &in6->sin6_addr, 16);
	}
	if (prefix.family && !prefix_unforwardable(&prefix))
		add_address(list, &prefix, true);
}

static void add_own(struct ctl *c, struct addresses *list)
{
	struct ifaddrs *all, *one;
	int before;

	if (netns_enter(c, &before))
		return;
	if (!getifaddrs(&all)) {
		for (one = all; one; one = one->ifa_next)
			add_sockaddr(list, one->ifa_addr);
		freeifaddrs(all);
	}
	netns_leave(c, before);
}

/* Which entry decides on mail from there to no relay? */
static void find_decider(struct ctl *c, struct address *address)
{
	struct p25_prefix from = single(&address->prefix, false);
	struct p25_prefix to = single(&address->prefix, true);
	struct p25_judgement answer;

	if (p25_check(c->p25, &from, &to, &answer))
		return;
	if (answer.reason != P25_KIND_POOL &&
	    answer.reason != P25_KIND_BLOCK)
		return;
	address->decided = answer.reason;
	address->by = answer.prefix;
}

static int by_address(const void *left, const void *right)
{
	const struct address *a = left, *b = right;

	if (a->own != b->own)
		return a->own - b->own;
	return p25_prefix_cmp(&a->prefix, &b->prefix);
}

/* The same address may be on many interfaces. */
static void sort_addresses(struct addresses *list)
{
	size_t n = 0, i;

	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), by_address);
	for (i = 0; i < list->n; i++) {
		if (!n || by_address(&list->v[n - 1], &list->v[i]))
			list->v[n++] = list->v[i];
	}
	list->n = n;
}

static void fetch_addresses(struct ctl *c, struct addresses *list)
{
	size_t i;

	add_relays(c, list);
	add_own(c, list);
	sort_addresses(list);
	for (i = 0; i < list->n; i++)
		find_decider(c, &list->v[i]);
}

static int find_exempt(const struct p25_entry *entry, void *arg)
{
	const struct p25_prefix *relay = arg;

	return (entry->kind == P25_KIND_STATIC ||
		entry->kind == P25_KIND_OPTOUT) &&
	       prefix_covers(relay, &entry->prefix);
}

/* Of a relay that is a network, perhaps only the servers in it may send. */
static bool is_exempt_within(struct ctl *c, struct address *address)
{
	struct p25_filter filter = { .prefix = &address->prefix };
	struct p25_prefix all = single(&address->prefix, false);

	return address->prefix.len < all.len &&
	       p25_list(c->p25, &filter, find_exempt, &address->prefix) == 1;
}

static bool is_news(const struct address *address)
{
	const struct addresses *list = &watch.before;
	const struct address *found = NULL;

	if (address->decided == P25_KIND_NONE)
		return false;
	if (list->n)
		found = bsearch(address, list->v, list->n, sizeof(*list->v),
				by_address);
	if (!found || found->decided == P25_KIND_NONE)
		return true;
	/* That of a pool, which is usual, is no warning: see warn_own(). */
	return address->own && address->decided == P25_KIND_BLOCK &&
	       found->decided != P25_KIND_BLOCK;
}

/*
 * The router of a pool usually has an address in it, and its own mail is not
 * checked at all.
 */
static void warn_own(const struct ctl *c, const struct address *address,
		     const char *by, const char *text)
{
	if (address->decided == P25_KIND_BLOCK)
		note(c,
		     "warning: block %s covers %s, an address of this router: is it the right prefix? (mail of the router itself is not judged)",
		     by, text);
	else
		hint(c,
		     "pool %s covers %s, an address of this router (whose own mail is not judged)",
		     by, text);
}

static void warn_one(const struct ctl *c, const struct address *address)
{
	char by[P25_PREFIX_STRLEN], text[P25_PREFIX_STRLEN];

	p25_prefix_format(&address->by, by);
	p25_prefix_format(&address->prefix, text);
	if (address->own)
		warn_own(c, address, by, text);
	else
		note(c,
		     "warning: %s %s covers the relay %s: mail that it sends itself is blocked, unless it has an entry \"static\"",
		     p25_kind_name(address->decided), by, text);
}

static void warn_all(struct ctl *c, struct addresses *after)
{
	size_t told = 0, i;

	for (i = 0; i < after->n; i++) {
		if (!is_news(&after->v[i]) ||
		    is_exempt_within(c, &after->v[i]))
			continue;
		if (told++ < SHOWN)
			warn_one(c, &after->v[i]);
	}
	if (told > SHOWN)
		note(c, "warning: %zu more relays and addresses of this router are covered",
		     told - SHOWN);
}

/*
 * warn_covered_before - entries are going to be added; more may follow
 *
 * Nothing is asked of the kernel unless one of them blocks.
 */
void warn_covered_before(struct ctl *c, const struct p25_entry *entries,
			 size_t n)
{
	struct p25_prefix all;

	if (watch.on || !n || (entries->kind != P25_KIND_POOL &&
			       entries->kind != P25_KIND_BLOCK))
		return;
	if (ctl_open(c))
		return;
	watch.on = true;
	all = single(&entries->prefix, false);
	if (n == 1 && !c->file && entries->prefix.len == all.len)
		watch.only = entries->prefix;
	fetch_addresses(c, &watch.before);
}

/* warn_covered_after - they are in force, if @status is DONE: warn of what they block */
void warn_covered_after(struct ctl *c, int status)
{
	struct addresses after = { 0 };

	if (watch.on && !status) {
		fetch_addresses(c, &after);
		warn_all(c, &after);
	}
	free(after.v);
	free(watch.before.v);
	memset(&watch, 0, sizeof(watch));
}
