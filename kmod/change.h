/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lists of changes to the policy, in order; commit.c makes all of a list's changes
 * or none.
 */
#ifndef _P25_CHANGE_H
#define _P25_CHANGE_H

#include <linux/list.h>
#include <linux/xarray.h>

#include "prefix.h"
#include "settings.h"

struct netlink_ext_ack;
struct p25_entry;
struct p25_net;

enum p25_change_type {
	P25_CHANGE_ADD,
	P25_CHANGE_DEL,
	P25_CHANGE_FLUSH,
	P25_CHANGE_SET,
};

#define P25_CHANGE_PREPARED	BIT(0)	/* it is to be settled */
#define P25_CHANGE_IPV6		BIT(1)	/* add, delete: else IPv4 */
#define P25_CHANGE_COMMENT	BIT(2)	/* add: there is one; delete: only if it is */
#define P25_CHANGE_IGNORE	BIT(3)	/* delete: not an error if missing */
#define P25_CHANGE_GUARD	BIT(4)	/* add: there is one */

/**
 * struct p25_change - one change
 * @type: enum p25_change_type
 * @kind: enum p25_kind; flush: P25_KIND_NONE means all
 * @own: add: the entry's own action, as of p25_entry_action()
 * @flags: P25_CHANGE_*
 * @owner: number of the owner, with a reference; flush: P25_OWNER_ANY means all
 * @len: add, delete: length of the prefix
 * @cookie: add, delete: given back to the sender if this change is refused
 * @target: add, delete: number of the entry, once the change is prepared
 * @expires: add: the new expiry
 * @addr: add, delete: address of the prefix, one word or four. If there is a
 *	comment, a pointer to it follows; if there is a guard, a pointer to that.
 *	Set: struct p25_change_settings
 *
 * A transaction may queue a whole policy, so they are small: 16 bytes for
 * IPv4 without a comment.
 */
struct p25_change {
	u8		type:2;
	u8		kind:3;
	u8		own:3;
	u8		flags;
	u8		owner;
	u8		len;
	union {
		u32	cookie;
		u32	target;
	};
	u32		expires;
	__be32		addr[];
};

#define P25_SET_ACTION		BIT(0)
#define P25_SET_INBOUND		BIT(1)
#define P25_SET_LIMIT		BIT(2)
#define P25_SET_SENDERS		BIT(3)
#define P25_SET_GUARD		BIT(4)
#define P25_SET_GUARD_FOR	BIT(5)

/**
 * struct p25_change_settings - new settings
 * @given: P25_SET_*: which of them
 * @values: their values
 */
struct p25_change_settings {
	u32			given;
	struct p25_settings	values;
};

/**
 * struct p25_changes - changes that belong together
 * @blocks: blocks of memory with changes one after the other
 * @n: number of changes
 * @conditional: is one of them a delete that depends on the comment?
 * @comments: if so: changes that set comments, see condition.c
 */
struct p25_changes {
	struct list_head	blocks;
	unsigned int		n;
	bool			conditional;
	struct xarray		comments;
};

/**
 * struct p25_change_entry - the entry that is to be added or deleted
 * @prefix: its prefix
 * @kind: enum p25_kind
 * @owner: number of its owner; the list takes over the reference
 * @cookie: given back to the sender if the change is refused; 0: it gave none
 * @expires: add: the expiry
 * @comment: NULL, or allocated; the list takes it over. Delete: only if that is the
 *	entry's, "" if it has none
 * @guard: add: its own guard, or NULL: it has none; allocated, the list takes it over
 * @action: add: its own action, as of p25_entry_action()
 * @ignore_missing: delete: not an error if there is none
 */
struct p25_change_entry {
	struct p25_prefix	prefix;
	u8			kind;
	u8			owner;
	u32			cookie;
	u32			expires;
	char			*comment;
	struct p25_guard	*guard;
	u8			action;
	bool			ignore_missing;
};

/* A position in a list; changes may be appended meanwhile. */
struct p25_change_position {
	struct p25_change_block	*block;
	size_t			at;
};

void p25_changes_init(struct p25_changes *changes);
struct p25_change *p25_changes_new(struct p25_changes *changes, u8 type);
int p25_changes_new_entry(struct p25_changes *changes, u8 type,
			  const struct p25_change_entry *entry);
void p25_changes_move(struct p25_changes *from, struct p25_changes *to);
void p25_changes_free(struct p25_net *p25, struct p25_changes *changes);

struct p25_change *p25_changes_first(const struct p25_changes *changes,
				     struct p25_change_position *position);
struct p25_change *p25_changes_next(const struct p25_changes *changes,
				    struct p25_change_position *position);

/* Each change of a list, in order; @position: struct p25_change_position *. */
#define p25_for_each_change(change, changes, position)			\
	for ((change) = p25_changes_first(changes, position); (change);	\
	     (change) = p25_changes_next(changes, position))

static inline u8 p25_change_family(const struct p25_change *change)
{
	return change->flags & P25_CHANGE_IPV6 ? AF_INET6 : AF_INET;
}

void p25_change_prefix(const struct p25_change *change,
		       struct p25_prefix *prefix);
bool p25_change_flushes(const struct p25_change *change,
			const struct p25_entry *entry);
char **p25_change_comment(const struct p25_change *change);
struct p25_guard **p25_change_guard(const struct p25_change *change);
struct p25_change_settings *p25_change_settings(struct p25_change *change);
void p25_change_put_cookie(u32 cookie, struct netlink_ext_ack *extack);

#endif /* _P25_CHANGE_H */
