// SPDX-License-Identifier: GPL-2.0
/*
 * Lists of changes: records of different sizes in a list of blocks.
 *
 *	list --> block                  block
 *	         +---------------------+------------------+
 *	         | add 198.51.100.7/32 | add 2001:db8::/64| ...
 *	         | del 203.0.113.0/24  | set              |
 *	         +---------------------+------------------+
 *
 * Everything here is called in process context.
 */
#include <linux/lockdep.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "change.h"
#include "p25.h"

/* Bytes of the first block; small, since most lists have one change. */
#define BLOCK_FIRST	256

/* Bytes of each block after it. */
#define BLOCK_NEXT	PAGE_SIZE

struct p25_change_block {
	struct list_head	list;
	u32			used;
	u32			size;
	u64			bytes[];
};

/* Initialise an empty list. */
void p25_changes_init(struct p25_changes *changes)
{
	INIT_LIST_HEAD(&changes->blocks);
	changes->n = 0;
	changes->conditional = false;
	xa_init_flags(&changes->comments, XA_FLAGS_ACCOUNT);
}

/* Pointers to the comment and to the guard follow the address, aligned. */
static size_t comment_offset(u8 flags)
{
	size_t addr = flags & P25_CHANGE_IPV6 ? sizeof(struct in6_addr) :
						sizeof(struct in_addr);

	return ALIGN(offsetof(struct p25_change, addr) + addr, sizeof(char *));
}

static size_t guard_offset(u8 flags)
{
	return comment_offset(flags) +
	       (flags & P25_CHANGE_COMMENT ? sizeof(char *) : 0);
}

static size_t change_size(u8 type, u8 flags)
{
	size_t size = type == P25_CHANGE_SET ?
		      offsetof(struct p25_change, addr) +
		      sizeof(struct p25_change_settings) : guard_offset(flags);

	if (flags & P25_CHANGE_GUARD)
		size += sizeof(struct p25_guard *);
	return ALIGN(size, sizeof(u64));
}

static struct p25_change_block *block_with_room(struct p25_changes *changes,
						size_t room)
{
	struct p25_change_block *block;
	size_t bytes = BLOCK_FIRST;

	if (!list_empty(&changes->blocks)) {
		block = list_last_entry(&changes->blocks,
					struct p25_change_block, list);
		if (block->size - block->used >= room)
			return block;
		bytes = BLOCK_NEXT;
	}
	block = kmalloc(bytes, P25_GFP);
	if (!block)
		return NULL;
	block->used = 0;
	block->size = bytes - sizeof(*block);
	list_add_tail(&block->list, &changes->blocks);
	return block;
}

static struct p25_change *append_change(struct p25_changes *changes, u8 type,
					u8 flags)
{
	struct p25_change_block *block;
	struct p25_change *change;
	size_t size = change_size(type, flags);

	block = block_with_room(changes, size);
	if (!block)
		return NULL;
	change = (void *)block->bytes + block->used;
	memset(change, 0, size);
	change->type = type;
	change->flags = flags;
	block->used += size;
	changes->n++;
	return change;
}

/**
 * p25_changes_new - append a change of all entries or of settings
 * @changes: the list
 * @type: P25_CHANGE_FLUSH or P25_CHANGE_SET
 *
 * Return: the change, to be filled in, or NULL: no memory.
 */
struct p25_change *p25_changes_new(struct p25_changes *changes, u8 type)
{
	struct p25_change *change = append_change(changes, type, 0);

	if (change)
		change->owner = P25_OWNER_ANY;
	return change;
}

/**
 * p25_changes_new_entry - append a change of one entry
 * @changes: the list
 * @type: P25_CHANGE_ADD or P25_CHANGE_DEL
 * @entry: the entry
 *
 * Return: 0 or -ENOMEM; then owner, comment and guard are still the caller's.
 */
int p25_changes_new_entry(struct p25_changes *changes, u8 type,
			  const struct p25_change_entry *entry)
{
	struct p25_change *change;
	u8 flags = 0;

	if (entry->prefix.family != AF_INET)
		flags |= P25_CHANGE_IPV6;
	if (entry->comment)
		flags |= P25_CHANGE_COMMENT;
	if (entry->guard)
		flags |= P25_CHANGE_GUARD;
	if (entry->ignore_missing)
		flags |= P25_CHANGE_IGNORE;
	change = append_change(changes, type, flags);
	if (!change)
		return -ENOMEM;
	change->kind = entry->kind;
	change->own = entry->action;
	change->owner = entry->owner;
	change->len = entry->prefix.len;
	change->cookie = entry->cookie;
	change->expires = entry->expires;
	memcpy(change->addr, &entry->prefix.addr,
	       p25_family_bits(entry->prefix.family) / 8);
	if (entry->comment)
		*p25_change_comment(change) = entry->comment;
	if (entry->guard)
		*p25_change_guard(change) = entry->guard;
	changes->conditional |= type == P25_CHANGE_DEL && entry->comment;
	return 0;
}

/* Append all changes of one list to another, and leave it empty. */
void p25_changes_move(struct p25_changes *from, struct p25_changes *to)
{
	list_splice_tail_init(&from->blocks, &to->blocks);
	to->n += from->n;
	to->conditional |= from->conditional;
	from->n = 0;
	from->conditional = false;
}

/**
 * p25_changes_free - free all changes, with their owners, comments and guards
 * @p25: the namespace
 * @changes: the list, empty afterwards
 *
 * Context: process, under @p25->policy.lock; may sleep.
 */
void p25_changes_free(struct p25_net *p25, struct p25_changes *changes)
{
	struct p25_change_position position;
	struct p25_change_block *block;
	struct p25_change_block *next;
	struct p25_change *change;

	lockdep_assert_held(&p25->policy.lock);
	p25_for_each_change(change, changes, &position) {
		p25_owner_put(&p25->policy.owners, change->owner);
		if (change->flags & P25_CHANGE_COMMENT)
			kfree(*p25_change_comment(change));
		if (change->flags & P25_CHANGE_GUARD)
			kfree(*p25_change_guard(change));
		cond_resched();
	}
	list_for_each_entry_safe(block, next, &changes->blocks, list) {
		kfree(block);
		cond_resched();
	}
	xa_destroy(&changes->comments);
	p25_changes_init(changes);
}

static struct p25_change *change_at(const struct p25_changes *changes,
				    struct p25_change_position *position)
{
	while (!list_entry_is_head(position->block, &changes->blocks, list)) {
		if (position->at < position->block->used)
			return (void *)position->block->bytes + position->at;
		position->block = list_next_entry(position->block, list);
		position->at = 0;
	}
	return NULL;
}

/**
 * p25_changes_first - begin a walk through the list
 * @changes: the list
 * @position: set to the first change
 *
 * Return: the first change, or NULL.
 */
struct p25_change *p25_changes_first(const struct p25_changes *changes,
				     struct p25_change_position *position)
{
	position->block = list_first_entry(&changes->blocks,
					   struct p25_change_block, list);
	position->at = 0;
	return change_at(changes, position);
}

/* Move @position to the next change, and return that, or NULL. */
struct p25_change *p25_changes_next(const struct p25_changes *changes,
				    struct p25_change_position *position)
{
	struct p25_change *change = (void *)position->block->bytes +
				    position->at;

	position->at += change_size(change->type, change->flags);
	return change_at(changes, position);
}

/* The prefix of the entry that is to be added or deleted. */
void p25_change_prefix(const struct p25_change *change,
		       struct p25_prefix *prefix)
{
	u8 family = p25_change_family(change);

	*prefix = (struct p25_prefix) { .family = family, .len = change->len };
	memcpy(&prefix->addr, change->addr, p25_family_bits(family) / 8);
}

/* Is an entry one of those that a flush is about? */
bool p25_change_flushes(const struct p25_change *change,
			const struct p25_entry *entry)
{
	return (change->kind == P25_KIND_NONE || change->kind == entry->kind) &&
	       (change->owner == P25_OWNER_ANY || change->owner == entry->owner);
}

/* Where the pointer to the comment is, if @change has P25_CHANGE_COMMENT. */
char **p25_change_comment(const struct p25_change *change)
{
	return (void *)change + comment_offset(change->flags);
}

/* Where the pointer to the guard is, if @change has P25_CHANGE_GUARD. */
struct p25_guard **p25_change_guard(const struct p25_change *change)
{
	return (void *)change + guard_offset(change->flags);
}

/* What a change of settings is about. */
struct p25_change_settings *p25_change_settings(struct p25_change *change)
{
	return (void *)change->addr;
}

/**
 * p25_change_put_cookie - say which change was refused
 * @cookie: the change's cookie; 0: it has none
 * @extack: where it is put; may be NULL
 */
void p25_change_put_cookie(u32 cookie, struct netlink_ext_ack *extack)
{
	if (!extack || !cookie)
		return;
	memcpy(extack->cookie, &cookie, sizeof(cookie));
	extack->cookie_len = sizeof(cookie);
}
