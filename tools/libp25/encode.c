// SPDX-License-Identifier: GPL-2.0
/*
 * From structures to attributes. What a value may be is the kernel's to judge,
 * which answers in words; here nothing more is checked than what is needed to
 * write it down.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "internal.h"

/*
 * One put after the other, the first failure is the result. libnl returns its
 * own error numbers; the only one that can come is "no room".
 */
static int put(int err, struct nl_msg *msg, int type, size_t size,
	       const void *data)
{
	if (err)
		return err;
	return nla_put(msg, type, size, data) < 0 ? -EMSGSIZE : 0;
}

static int put_u8(int err, struct nl_msg *msg, int type, uint8_t value)
{
	return put(err, msg, type, sizeof(value), &value);
}

/* Strings with their NUL, in case the field has none: cut, never overrun. */
static int put_string(int err, struct nl_msg *msg, int type, const char *text,
		      size_t room)
{
	char copy[P25_COMMENT_MAXLEN + 1];
	size_t len = strnlen(text, room);

	if (len >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return put(err, msg, type, len + 1, copy);
}

static int address_size(const struct p25_prefix *prefix)
{
	switch (prefix->family) {
	case AF_INET:
		return 4;
	case AF_INET6:
		return 16;
	default:
		return -EINVAL;
	}
}

int p25_encode_addr(struct nl_msg *msg, int type,
		    const struct p25_prefix *prefix)
{
	int size = address_size(prefix);

	return size < 0 ? size : put(0, msg, type, size, prefix->addr);
}

/* What an entry is known by. */
static int put_key(struct nl_msg *msg, const struct p25_entry *entry)
{
	int err = put_u8(0, msg, P25_A_ENTRY_KIND, entry->kind);

	if (!err)
		err = p25_encode_addr(msg, P25_A_ENTRY_ADDR, &entry->prefix);
	err = put_u8(err, msg, P25_A_ENTRY_PREFIXLEN, entry->prefix.len);
	if (*entry->owner)
		err = put_string(err, msg, P25_A_ENTRY_OWNER, entry->owner,
				 sizeof(entry->owner));
	if (entry->cookie)
		err = put(err, msg, P25_A_ENTRY_COOKIE, sizeof(entry->cookie),
			  &entry->cookie);
	return err;
}

static int put_entry(struct nl_msg *msg, const struct p25_entry *entry)
{
	int err = put_key(msg, entry);

	if (entry->timeout)
		err = put(err, msg, P25_A_ENTRY_TIMEOUT,
			  sizeof(entry->timeout), &entry->timeout);
	if (entry->expires)
		err = put(err, msg, P25_A_ENTRY_EXPIRES,
			  sizeof(entry->expires), &entry->expires);
	if (*entry->comment)
		err = put_string(err, msg, P25_A_ENTRY_COMMENT, entry->comment,
				 sizeof(entry->comment));
	return err;
}

static int encode(struct nl_msg *msg, const struct p25_entry *entry,
		  int (*put_it)(struct nl_msg *msg,
				const struct p25_entry *entry))
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_ENTRY);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = put_it(msg, entry);
	if (err) {
		nla_nest_cancel(msg, nest);
		return err;
	}
	nla_nest_end(msg, nest);
	return 0;
}

/* p25_encode_entry - an entry that is to be added */
int p25_encode_entry(struct nl_msg *msg, const struct p25_entry *entry)
{
	return encode(msg, entry, put_entry);
}

/* p25_encode_key - an entry that is to be deleted */
int p25_encode_key(struct nl_msg *msg, const struct p25_entry *entry)
{
	return encode(msg, entry, put_key);
}

int p25_encode_filter(struct nl_msg *msg, const struct p25_filter *filter)
{
	int err = 0;

	if (!filter)
		return 0;
	if (filter->kind != P25_KIND_NONE)
		err = put_u8(err, msg, P25_A_KIND, filter->kind);
	if (filter->owner)
		err = put_string(err, msg, P25_A_OWNER, filter->owner,
				 P25_COMMENT_MAXLEN + 1);
	if (!filter->prefix)
		return err;
	if (!err)
		err = p25_encode_addr(msg, P25_A_ADDR, filter->prefix);
	return put_u8(err, msg, P25_A_PREFIXLEN, filter->prefix->len);
}

int p25_encode_settings(struct nl_msg *msg, const struct p25_settings *set)
{
	int err = 0;

	if (set->has_action)
		err = put_u8(err, msg, P25_A_ACTION, set->action);
	if (set->has_inbound)
		err = put_u8(err, msg, P25_A_INBOUND, set->inbound);
	if (set->has_limit)
		err = put(err, msg, P25_A_LIMIT, sizeof(set->limit),
			  &set->limit);
	return err;
}
