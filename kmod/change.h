/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Changing the policy: a list of changes is made whole or not at all.
 */
#ifndef _P25_CHANGE_H
#define _P25_CHANGE_H

#include <linux/list.h>
#include <linux/netlink.h>

#include "p25.h"

enum p25_change_type {
	P25_CHANGE_ADD,
	P25_CHANGE_DEL,
	P25_CHANGE_FLUSH,
	P25_CHANGE_SET,
};

/**
 * struct p25_change - one change
 * @list: in its list of changes
 * @type: which of the four it is
 * @cookie: the sender's mark, given back if this change is refused
 * @entry: add: what goes into the table, unless an entry is there already;
 *	delete: names the entry
 * @until: add: the new expiry
 * @comment: add: the new comment, or NULL; then the old one
 * @target: add: the entry in the table; valid while the change is under way
 * @renewed: add: @target did not count before, its counters start anew
 * @ignore_missing: delete: what is not there is no error
 * @kind: flush: only this kind; P25_KIND_NONE: all
 * @owner: flush: only this owner's, held; P25_OWNER_ANY: all
 * @settings: set: the new values of what is given
 * @has_limit: set: the limit is given
 * @has_action: set: the action is given
 * @has_inbound: set: inbound is given
 */
struct p25_change {
	struct list_head	list;
	u8			type;
	u32			cookie;
	union {
		struct {
			struct p25_entry	*entry;
			struct p25_entry	*target;
			char			*comment;
			u32			until;
			bool			renewed;
			bool			ignore_missing;
		};
		struct {
			u8			kind;
			u8			owner;
		} flush;
		struct {
			struct p25_settings	settings;
			bool			has_limit;
			bool			has_action;
			bool			has_inbound;
		} set;
	};
};

/**
 * struct p25_changes - changes that belong together, in their order
 * @list: struct p25_change
 * @n: how many
 */
struct p25_changes {
	struct list_head	list;
	unsigned int		n;
};

void p25_changes_init(struct p25_changes *changes);
struct p25_change *p25_changes_new(struct p25_changes *changes, u8 type);
void p25_changes_move(struct p25_changes *from, struct p25_changes *to);
void p25_changes_free(struct p25_net *p25, struct p25_changes *changes);

void p25_change_refused(const struct p25_change *change,
			struct netlink_ext_ack *extack);
int p25_changes_make(struct p25_net *p25, struct p25_changes *changes,
		     struct netlink_ext_ack *extack);
void p25_changes_expire(struct p25_net *p25);

#endif /* _P25_CHANGE_H */
