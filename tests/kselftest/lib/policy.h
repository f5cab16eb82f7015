/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries in few words: what a test adds and deletes, and what is there then.
 */
#ifndef _POLICY_H
#define _POLICY_H

#include "handle.h"

static inline struct p25_entry entry(enum p25_kind kind, const char *prefix)
{
	struct p25_entry e = { .kind = kind };
	const char *why;

	if (p25_prefix_parse(prefix, &e.prefix, &why))
		ktap_bail_out(why);
	return e;
}

static inline int add(struct p25 *p25, enum p25_kind kind, const char *prefix)
{
	struct p25_entry e = entry(kind, prefix);

	return p25_add(p25, &e, 1);
}

static inline int del(struct p25 *p25, enum p25_kind kind, const char *prefix,
		      uint32_t cookie)
{
	struct p25_entry e = entry(kind, prefix);

	e.cookie = cookie;
	return p25_del(p25, &e, 1, false);
}

static inline struct p25_status status(struct p25 *p25)
{
	struct p25_status s;

	must(p25, p25_show(p25, &s));
	return s;
}

/* Bytes that the policy takes. */
static inline uint64_t memory(struct p25 *p25)
{
	return status(p25).memory;
}

/* Entries of all kinds. */
static inline unsigned int count(struct p25 *p25)
{
	struct p25_status s = status(p25);
	unsigned int n = 0;
	int kind;

	for (kind = P25_KIND_RELAY; kind <= P25_KIND_MAX; kind++)
		n += s.entries[kind];
	return n;
}

/* The policy that each case of the transaction tests begins with. */
static inline void start_policy(struct p25 *p25)
{
	struct p25_settings set = {
		.has_action = true, .action = P25_ACTION_DROP,
		.has_limit = true, .limit = P25_LIMIT_DEFAULT,
	};

	must(p25, p25_flush(p25, NULL));
	must(p25, p25_set(p25, &set));
	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	must(p25, add(p25, P25_KIND_STATIC, "198.51.100.64/28"));
}

/* What decides on mail from there, as the packet path sees it. */
static inline enum p25_kind reason(struct p25 *p25, const char *src)
{
	struct p25_entry from = entry(P25_KIND_POOL, src);
	struct p25_entry to = entry(P25_KIND_RELAY, "203.0.113.25");
	struct p25_judgement j;

	must(p25, p25_check(p25, &from.prefix, &to.prefix, &j));
	return j.reason;
}

/* Add so many hosts of 2001:db8::/32, with cookies 1, 2, ...; @net: other ones. */
static inline int add_numbered(struct p25 *p25, uint8_t net, unsigned int n)
{
	struct p25_entry e = entry(P25_KIND_POOL, "2001:db8::");
	unsigned int i;
	int err = 0;

	e.prefix.addr[4] = net;
	for (i = 0; i < n && !err; i++) {
		e.prefix.addr[12] = i >> 24;
		e.prefix.addr[13] = i >> 16;
		e.prefix.addr[14] = i >> 8;
		e.prefix.addr[15] = i;
		e.cookie = i + 1;
		err = p25_add(p25, &e, 1);
	}
	return err;
}

#endif /* _POLICY_H */
