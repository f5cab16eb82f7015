/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy as a naive model: an array, and a loop over all of it. Slow, and
 * so simple that it is right; see model.c.
 *
 * Moments are seconds of the clock by which timeouts run. An entry that expires
 * by the wall clock has done so already: expiry_clock.sh has the others.
 */
#ifndef _MODEL_H
#define _MODEL_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include "handle.h"

#define ENTRIES_MAX 1024
#define NEVER INT64_MAX

struct model_entry {
	struct p25_entry e;
	int64_t expires;		/* the first second in which it is gone */
};

struct model {
	struct model_entry v[ENTRIES_MAX];
	size_t n;
	enum p25_action action;
	unsigned long expired;		/* entries that have, up to now */
};

enum op_type { OP_ADD, OP_DEL, OP_FLUSH, OP_SET };

struct op {
	enum op_type type;
	struct p25_entry e;
	bool ignore_missing;
	enum p25_kind kind;
	const char *owner;
	enum p25_action action;
};

static int bits(const struct p25_prefix *p)
{
	return p->family == AF_INET ? 32 : 128;
}

static bool bit_at(const struct p25_prefix *p, int bit)
{
	return p->addr[bit / 8] >> (7 - bit % 8) & 1;
}

static bool covers(const struct p25_prefix *p, const struct p25_prefix *q)
{
	int bit;

	if (p->family != q->family || p->len > q->len ||
	    memcmp(p->addr, q->addr, p->len / 8))
		return false;
	for (bit = p->len & ~7; bit < p->len; bit++)
		if (bit_at(p, bit) != bit_at(q, bit))
			return false;
	return true;
}

static struct model_entry *model_find(struct model *m,
				      const struct p25_entry *e)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->v[i].e.kind == e->kind &&
		    !p25_prefix_cmp(&m->v[i].e.prefix, &e->prefix) &&
		    !strcmp(m->v[i].e.owner, e->owner))
			return &m->v[i];
	return NULL;
}

static void model_remove(struct model *m, struct model_entry *entry)
{
	*entry = m->v[--m->n];
}

static void model_forget_expired(struct model *m, int64_t now)
{
	size_t i = m->n;

	while (i--) {
		if (m->v[i].expires <= now) {
			model_remove(m, &m->v[i]);
			m->expired++;
		}
	}
}

static void model_add(struct model *m, const struct op *op, int64_t now)
{
	struct model_entry *entry = model_find(m, &op->e);

	if (!entry) {
		if (m->n == ENTRIES_MAX)
			ktap_bail_out("the model is full");
		entry = &m->v[m->n++];
	}
	entry->e = op->e;
	entry->expires = op->e.timeout ? now + op->e.timeout + 1 :
		       op->e.expires ? 0 : NEVER;
}

static void model_flush(struct model *m, const struct op *op)
{
	size_t i = m->n;

	while (i--)
		if ((!op->kind || op->kind == m->v[i].e.kind) &&
		    (!op->owner || !strcmp(op->owner, m->v[i].e.owner)))
			model_remove(m, &m->v[i]);
}

static void copy_model(struct model *to, const struct model *from)
{
	to->n = from->n;
	to->action = from->action;
	to->expired = from->expired;
	memcpy(to->v, from->v, from->n * sizeof(*from->v));
}

/* Returns 0 or what the kernel has to return. */
static int model_apply(struct model *m, const struct op *op, int64_t now)
{
	struct model_entry *entry;

	model_forget_expired(m, now);
	switch (op->type) {
	case OP_ADD:
		model_add(m, op, now);
		return 0;
	case OP_DEL:
		entry = model_find(m, &op->e);
		if (entry && op->e.if_comment &&
		    strcmp(entry->e.comment, op->e.comment))
			entry = NULL;
		if (entry)
			model_remove(m, entry);
		return entry || op->ignore_missing ? 0 : -ENOENT;
	case OP_FLUSH:
		model_flush(m, op);
		return 0;
	default:
		m->action = op->action;
		return 0;
	}
}

static int rank(enum p25_kind kind)
{
	return kind == P25_KIND_POOL ? 1 : kind == P25_KIND_OPTOUT ? 2 :
	       kind == P25_KIND_STATIC ? 3 : 4;
}

static enum p25_action action_of(const struct model *m,
				 const struct p25_entry *e)
{
	return e->has_action ? e->action : m->action;
}

static int strictness(enum p25_action action)
{
	return action == P25_ACTION_MONITOR ? 0 :
	       action == P25_ACTION_REJECT ? 1 :
	       action == P25_ACTION_PROHIBIT ? 2 : 3;
}

static bool decides_over(const struct model *m, const struct p25_entry *a,
			 const struct p25_entry *b)
{
	if (a->prefix.len != b->prefix.len)
		return a->prefix.len > b->prefix.len;
	if (rank(a->kind) != rank(b->kind))
		return rank(a->kind) > rank(b->kind);
	return strictness(action_of(m, a)) > strictness(action_of(m, b));
}

static const struct p25_entry *model_decide(const struct model *m, bool relay,
					    const struct p25_prefix *address,
					    int64_t now)
{
	const struct p25_entry *best = NULL;
	size_t i;

	for (i = 0; i < m->n; i++) {
		const struct p25_entry *e = &m->v[i].e;
		bool is_relay = e->kind == P25_KIND_RELAY;

		if (is_relay != relay || m->v[i].expires <= now ||
		    !covers(&e->prefix, address))
			continue;
		if (!best || decides_over(m, e, best))
			best = e;
	}
	return best;
}

/* The verdict by an action; "monitor" accepts. */
static enum p25_verdict verdict_of(enum p25_action action)
{
	return action == P25_ACTION_DROP ? P25_VERDICT_DROP :
	       action == P25_ACTION_REJECT ? P25_VERDICT_REJECT :
	       action == P25_ACTION_PROHIBIT ? P25_VERDICT_PROHIBIT :
	       P25_VERDICT_ACCEPT;
}

static void model_judge(const struct model *m, const struct p25_prefix *src,
			const struct p25_prefix *dst, int64_t now,
			struct p25_judgement *j)
{
	const struct p25_entry *e = model_decide(m, true, dst, now);
	enum p25_action action;

	memset(j, 0, sizeof(*j));
	if (!e)
		e = model_decide(m, false, src, now);
	if (!e)
		return;
	j->reason = e->kind;
	j->prefix = e->prefix;
	if (e->kind != P25_KIND_POOL && e->kind != P25_KIND_BLOCK)
		return;
	action = action_of(m, e);
	j->verdict = verdict_of(action);
	j->monitored = action == P25_ACTION_MONITOR;
	if (!j->monitored)
		return;
	j->would = m->action == P25_ACTION_MONITOR ? P25_VERDICT_DROP :
						     verdict_of(m->action);
}

#endif
