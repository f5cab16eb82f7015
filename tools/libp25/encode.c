// SPDX-License-Identifier: GPL-2.0
/*
 * From structures to attributes. The kernel checks values, and says what is wrong
 * with them; here only what the encoding itself needs is checked.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "encode.h"
#include "libp25.h"
#include "request.h"

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

/*
 * An entry is written by hand, into a buffer that has room for the largest one:
 * a policy has a million of them, and nla_put() is slow. Each function
 * returns where the next attribute goes.
 */
static char *write_attr(char *to, int type, size_t size, const void *data)
{
	const struct nlattr attr = {
		.nla_len = NLA_HDRLEN + size,
		.nla_type = type,
	};

	memcpy(to, &attr, sizeof(attr));
	to += NLA_HDRLEN;
	if (!size)
		return to;
	/* The padding, which is in the last four bytes. */
	memset(to + NLA_ALIGN(size) - NLA_ALIGNTO, 0, NLA_ALIGNTO);
	memcpy(to, data, size);
	return to + NLA_ALIGN(size);
}

static char *write_u8(char *to, int type, uint8_t value)
{
	return write_attr(to, type, sizeof(value), &value);
}

/* Nothing for an empty string; otherwise with its NUL. */
static char *write_text(char *to, int type, const char *text)
{
	return *text ? write_attr(to, type, strlen(text) + 1, text) : to;
}

/* A comment that an entry must have; an empty one says that it must have none. */
static char *write_condition(char *to, const struct p25_entry *entry)
{
	return write_attr(to, P25_A_ENTRY_COMMENT, strlen(entry->comment) + 1,
			  entry->comment);
}

/* What an entry is known by. */
static char *write_key(char *to, const struct p25_entry *entry)
{
	to = write_u8(to, P25_A_ENTRY_KIND, entry->kind);
	to = write_attr(to, P25_A_ENTRY_ADDR, address_size(&entry->prefix),
			entry->prefix.addr);
	to = write_u8(to, P25_A_ENTRY_PREFIXLEN, entry->prefix.len);
	if (strcmp(entry->owner, P25_OWNER_DEFAULT))
		to = write_text(to, P25_A_ENTRY_OWNER, entry->owner);
	if (entry->cookie)
		to = write_attr(to, P25_A_ENTRY_COOKIE, sizeof(entry->cookie),
				&entry->cookie);
	return to;
}

/* As many bytes of the rates as it has; none: it is off. */
static size_t guard_size(const struct p25_guard *guard)
{
	return guard->n * sizeof(*guard->rate);
}

static bool guard_is_sound(const struct p25_guard *guard)
{
	return guard->n <= P25_GUARD_RATES_MAX;
}

/* What is to be said of it. */
static char *write_options(char *to, const struct p25_entry *entry)
{
	if (entry->timeout)
		to = write_attr(to, P25_A_ENTRY_TIMEOUT,
				sizeof(entry->timeout), &entry->timeout);
	if (entry->expires)
		to = write_attr(to, P25_A_ENTRY_EXPIRES,
				sizeof(entry->expires), &entry->expires);
	if (entry->has_action)
		to = write_u8(to, P25_A_ENTRY_ACTION, entry->action);
	if (entry->has_guard)
		to = write_attr(to, P25_A_ENTRY_GUARD,
				guard_size(&entry->guard), entry->guard.rate);
	return write_text(to, P25_A_ENTRY_COMMENT, entry->comment);
}

/* Can it be encoded? */
static bool is_sound(const struct p25_entry *entry)
{
	return address_size(&entry->prefix) > 0 &&
	       memchr(entry->owner, '\0', sizeof(entry->owner)) &&
	       memchr(entry->comment, '\0', sizeof(entry->comment)) &&
	       (!entry->has_guard || guard_is_sound(&entry->guard));
}

static int encode_nest(struct nl_msg *msg, const struct p25_entry *entry,
		       bool whole)
{
	char nest[P25_ENTRY_ROOM];
	struct nlattr head = { .nla_type = P25_A_ENTRY | NLA_F_NESTED };
	char *end;

	if (!is_sound(entry))
		return -EINVAL;
	end = write_key(nest + NLA_HDRLEN, entry);
	if (whole)
		end = write_options(end, entry);
	else if (entry->if_comment)
		end = write_condition(end, entry);
	head.nla_len = end - nest;
	memcpy(nest, &head, sizeof(head));
	return nlmsg_append(msg, nest, end - nest, NLA_ALIGNTO) < 0 ?
	       -EMSGSIZE : 0;
}

/* p25_encode_entry - an entry that is to be added */
int p25_encode_entry(struct nl_msg *msg, const struct p25_entry *entry)
{
	return encode_nest(msg, entry, true);
}

/* p25_encode_key - an entry that is to be deleted */
int p25_encode_key(struct nl_msg *msg, const struct p25_entry *entry)
{
	return encode_nest(msg, entry, false);
}

/*
 * One put after the other, the first failure is the result. libnl returns its
 * own error numbers; the only one that can come is "no room".
 */
static int put_attr(int err, struct nl_msg *msg, int type, size_t size,
		    const void *data)
{
	if (err)
		return err;
	return nla_put(msg, type, size, data) < 0 ? -EMSGSIZE : 0;
}

static int put_u8(int err, struct nl_msg *msg, int type, uint8_t value)
{
	return put_attr(err, msg, type, sizeof(value), &value);
}

int p25_encode_addr(struct nl_msg *msg, int type,
		    const struct p25_prefix *prefix)
{
	int size = address_size(prefix);

	return size < 0 ? size : put_attr(0, msg, type, size, prefix->addr);
}

int p25_encode_filter(struct nl_msg *msg, const struct p25_filter *filter)
{
	int err = 0;

	if (!filter)
		return 0;
	if (filter->kind != P25_KIND_NONE)
		err = put_u8(err, msg, P25_A_KIND, filter->kind);
	if (filter->owner)
		err = put_attr(err, msg, P25_A_OWNER, strlen(filter->owner) + 1,
			       filter->owner);
	if (filter->groups) {
		err = put_attr(err, msg, P25_A_GROUPS, P25_DIGEST_GROUPS / 8,
			       filter->groups);
		err = put_attr(err, msg, P25_A_SEED, P25_DIGEST_SEEDLEN,
			       filter->seed);
	}
	if (!filter->prefix)
		return err;
	if (!err)
		err = p25_encode_addr(msg, P25_A_ADDR, filter->prefix);
	return put_u8(err, msg, P25_A_PREFIXLEN, filter->prefix->len);
}

static int put_guard(int err, struct nl_msg *msg, const struct p25_settings *set)
{
	if (!guard_is_sound(&set->guard))
		return -EINVAL;
	err = put_attr(err, msg, P25_A_GUARD, guard_size(&set->guard),
		       set->guard.rate);
	return put_attr(err, msg, P25_A_GUARD_FOR, sizeof(set->guard_for),
			&set->guard_for);
}

int p25_encode_settings(struct nl_msg *msg, const struct p25_settings *set)
{
	int err = 0;

	if (set->has_action)
		err = put_u8(err, msg, P25_A_ACTION, set->action);
	if (set->has_inbound)
		err = put_u8(err, msg, P25_A_INBOUND, set->inbound);
	if (set->has_limit)
		err = put_attr(err, msg, P25_A_LIMIT, sizeof(set->limit),
			       &set->limit);
	if (set->has_senders)
		err = put_attr(err, msg, P25_A_SENDERS, sizeof(set->senders),
			       &set->senders);
	if (set->has_guard)
		err = put_guard(err, msg, set);
	return err;
}
