// SPDX-License-Identifier: GPL-2.0
/*
 * Entries to and from netlink attributes. What is read here comes from user space
 * and is not trusted.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "change.h"
#include "netlink.h"
#include "p25.h"
#include "validate.h"

static struct netlink_range_validation timeout_range = {
	.min = 1,
	.max = P25_TIMEOUT_MAX,
};

/* An entry that is to be added. */
const struct nla_policy p25_netlink_entry[P25_A_ENTRY_MAX + 1] = {
	[P25_A_ENTRY_KIND]	= P25_NLA_KIND,
	[P25_A_ENTRY_ADDR]	= P25_NLA_ADDRESS,
	[P25_A_ENTRY_PREFIXLEN]	= P25_NLA_PREFIXLEN,
	[P25_A_ENTRY_OWNER]	= P25_NLA_OWNER,
	[P25_A_ENTRY_TIMEOUT]	= NLA_POLICY_FULL_RANGE(NLA_U32,
							&timeout_range),
	[P25_A_ENTRY_EXPIRES]	= { .type = NLA_S64 },
	[P25_A_ENTRY_COMMENT]	= { .type = NLA_STRING,
				    .len = P25_COMMENT_MAXLEN },
	[P25_A_ENTRY_COOKIE]	= { .type = NLA_U32 },
	[P25_A_ENTRY_ACTION]	= P25_NLA_ACTION,
	[P25_A_ENTRY_GUARD]	= P25_NLA_GUARD,
};

/* An entry that is to be deleted: what identifies it, and the comment it must have. */
const struct nla_policy p25_netlink_entry_name[P25_A_ENTRY_MAX + 1] = {
	[P25_A_ENTRY_KIND]	= P25_NLA_KIND,
	[P25_A_ENTRY_ADDR]	= P25_NLA_ADDRESS,
	[P25_A_ENTRY_PREFIXLEN]	= P25_NLA_PREFIXLEN,
	[P25_A_ENTRY_OWNER]	= P25_NLA_OWNER,
	[P25_A_ENTRY_COMMENT]	= { .type = NLA_STRING,
				    .len = P25_COMMENT_MAXLEN },
	[P25_A_ENTRY_COOKIE]	= { .type = NLA_U32 },
};

/**
 * p25_netlink_read_address - read an address, as a prefix of full length
 * @attr: 4 bytes or 16
 * @prefix: the result
 * @extack: message
 *
 * Return: 0 or -EINVAL.
 */
int p25_netlink_read_address(const struct nlattr *attr,
			     struct p25_prefix *prefix,
			     struct netlink_ext_ack *extack)
{
	struct in6_addr addr;

	switch (nla_len(attr)) {
	case sizeof(__be32):
		p25_prefix_from_ipv4(prefix, nla_get_in_addr(attr));
		return 0;
	case sizeof(struct in6_addr):
		addr = nla_get_in6_addr(attr);
		p25_prefix_from_ipv6(prefix, &addr);
		return 0;
	default:
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an address has 4 bytes or 16");
		return -EINVAL;
	}
}

/**
 * p25_netlink_read_prefix - read a prefix without host bits
 * @addr: its address; NULL: missing
 * @len: its length; NULL: missing
 * @prefix: the result
 * @extack: message
 *
 * Return: 0 or -EINVAL.
 */
int p25_netlink_read_prefix(const struct nlattr *addr, const struct nlattr *len,
			    struct p25_prefix *prefix,
			    struct netlink_ext_ack *extack)
{
	int err;

	if (!addr || !len) {
		NL_SET_ERR_MSG(extack, "a prefix needs address and length");
		return -EINVAL;
	}
	err = p25_netlink_read_address(addr, prefix, extack);
	if (err)
		return err;
	if (nla_get_u8(len) > p25_family_bits(prefix->family)) {
		NL_SET_ERR_MSG_ATTR(extack, len,
				    "prefix is longer than its address");
		return -EINVAL;
	}
	prefix->len = nla_get_u8(len);
	if (!p25_prefix_is_canonical(prefix)) {
		NL_SET_ERR_MSG_ATTR(extack, addr, "prefix has host bits set");
		return -EINVAL;
	}
	/* RFC 4291, 2.5.5.2: such packets don't exist on the wire */
	if (prefix->family == AF_INET6 && prefix->len >= 96 &&
	    ipv6_addr_v4mapped(&prefix->addr)) {
		NL_SET_ERR_MSG_ATTR(extack, addr,
				    "IPv4-mapped prefix: give it as IPv4");
		return -EINVAL;
	}
	return 0;
}

/* Length of a string attribute, with or without its NUL. */
static size_t text_len(const struct nlattr *attr)
{
	const char *text = nla_data(attr);
	size_t len = nla_len(attr);

	return len && !text[len - 1] ? len - 1 : len;
}

/**
 * p25_netlink_read_owner_name - read the name of an owner
 * @attr: the name
 * @name: the result, ends in NUL
 * @extack: message
 *
 * Return: 0 or -EINVAL.
 */
int p25_netlink_read_owner_name(const struct nlattr *attr,
				char name[P25_OWNER_MAXLEN + 1],
				struct netlink_ext_ack *extack)
{
	if (!p25_owner_is_valid(nla_data(attr), text_len(attr))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "an owner is 1 to 15 of a-z 0-9 . _ -");
		return -EINVAL;
	}
	memcpy(name, nla_data(attr), text_len(attr));
	name[text_len(attr)] = '\0';
	return 0;
}

/**
 * p25_netlink_read_owner - read an owner; the caller has to put it
 * @p25: the namespace; the caller holds its lock
 * @attr: the name; NULL: the default
 * @extack: message
 *
 * Return: the owner's number, -EINVAL or -ENOSPC.
 */
int p25_netlink_read_owner(struct p25_net *p25, const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	char name[P25_OWNER_MAXLEN + 1] = P25_OWNER_DEFAULT;
	int owner;

	if (attr && p25_netlink_read_owner_name(attr, name, extack))
		return -EINVAL;
	owner = p25_owner_get(&p25->policy.owners, name);
	if (owner < 0)
		NL_SET_ERR_MSG(extack,
			       "too many owners: delete all entries of some");
	return owner;
}

static int read_expires(struct nlattr **tb, u32 *result,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *timeout = tb[P25_A_ENTRY_TIMEOUT];
	const struct nlattr *expires = tb[P25_A_ENTRY_EXPIRES];

	*result = P25_NEVER;
	if (timeout && expires) {
		NL_SET_ERR_MSG_ATTR(extack, expires,
				    "timeout and expires exclude each other");
		return -EINVAL;
	}
	if (timeout)
		*result = p25_expires_in(nla_get_u32(timeout));
	if (expires)
		*result = p25_expires_at(nla_get_s64(expires));
	return 0;
}

/* An empty comment says something only as the condition of a delete: there is none. */
static int read_comment(const struct nlattr *attr, u8 type, char **comment,
			struct netlink_ext_ack *extack)
{
	if (!attr || (type == P25_CHANGE_ADD && !text_len(attr)))
		return 0;
	if (!p25_comment_is_valid(nla_data(attr), text_len(attr))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a comment is printable UTF-8");
		return -EINVAL;
	}
	*comment = kmemdup_nul(nla_data(attr), text_len(attr), P25_GFP);
	if (!*comment) {
		NL_SET_ERR_MSG(extack, "no memory for the comment");
		return -ENOMEM;
	}
	return 0;
}

/* What identifies an entry: kind, prefix and owner; the caller puts that. */
static int read_identity(struct p25_net *p25, struct nlattr **tb,
			 struct p25_change_entry *entry,
			 struct netlink_ext_ack *extack)
{
	int owner;
	int err;

	if (!tb[P25_A_ENTRY_KIND]) {
		NL_SET_ERR_MSG(extack, "an entry needs a kind");
		return -EINVAL;
	}
	entry->kind = nla_get_u8(tb[P25_A_ENTRY_KIND]);
	err = p25_netlink_read_prefix(tb[P25_A_ENTRY_ADDR],
				      tb[P25_A_ENTRY_PREFIXLEN],
				      &entry->prefix, extack);
	if (err)
		return err;
	owner = p25_netlink_read_owner(p25, tb[P25_A_ENTRY_OWNER], extack);
	if (owner < 0)
		return owner;
	entry->owner = owner;
	return 0;
}

static int read_action(const struct nlattr *attr, struct p25_change_entry *entry,
		       struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (!p25_kind_is_blocked(entry->kind)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "only pool and block can have an action");
		return -EINVAL;
	}
	entry->action = nla_get_u8(attr) + 1;
	return 0;
}

static int read_guard(const struct nlattr *attr, struct p25_change_entry *entry,
		      struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (!p25_kind_is_exempt(entry->kind)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "only static and optout can have a guard");
		return -EINVAL;
	}
	entry->guard = kmalloc(sizeof(*entry->guard), P25_GFP);
	if (!entry->guard) {
		NL_SET_ERR_MSG(extack, "no memory for the guard");
		return -ENOMEM;
	}
	return p25_netlink_read_guard(attr, entry->guard, extack);
}

/* If this fails, the caller frees owner, comment and guard all the same. */
static int read_entry_attributes(struct p25_net *p25, u8 type, struct nlattr **tb,
				 struct p25_change_entry *entry,
				 struct netlink_ext_ack *extack)
{
	int err;

	err = read_identity(p25, tb, entry, extack);
	if (err)
		return err;
	err = read_expires(tb, &entry->expires, extack);
	if (err)
		return err;
	err = read_action(tb[P25_A_ENTRY_ACTION], entry, extack);
	if (err)
		return err;
	err = read_guard(tb[P25_A_ENTRY_GUARD], entry, extack);
	if (err)
		return err;
	return read_comment(tb[P25_A_ENTRY_COMMENT], type, &entry->comment,
			    extack);
}

/**
 * p25_netlink_read_entry - read an entry that is to be added or deleted
 * @p25: the namespace; the caller holds its lock
 * @changes: list that the change is appended to
 * @type: P25_CHANGE_ADD or P25_CHANGE_DEL
 * @attr: P25_A_ENTRY
 * @ignore_missing: delete: not an error if there is none
 * @extack: message, and the entry's cookie if it is refused
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_read_entry(struct p25_net *p25, struct p25_changes *changes,
			   u8 type, const struct nlattr *attr,
			   bool ignore_missing, struct netlink_ext_ack *extack)
{
	const struct nla_policy *policy = type == P25_CHANGE_ADD ?
					  p25_netlink_entry :
					  p25_netlink_entry_name;
	struct p25_change_entry entry = {
		.owner = P25_OWNER_ANY,
		.ignore_missing = ignore_missing,
	};
	struct nlattr *tb[P25_A_ENTRY_MAX + 1];
	int err;

	err = nla_parse_nested(tb, P25_A_ENTRY_MAX, attr, policy, extack);
	if (err)
		return err;
	if (tb[P25_A_ENTRY_COOKIE])
		entry.cookie = nla_get_u32(tb[P25_A_ENTRY_COOKIE]);
	err = read_entry_attributes(p25, type, tb, &entry, extack);
	if (err)
		goto refused;
	err = p25_changes_new_entry(changes, type, &entry);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for the change");
		goto refused;
	}
	return 0;

refused:
	kfree(entry.guard);
	kfree(entry.comment);
	p25_owner_put(&p25->policy.owners, entry.owner);
	p25_change_put_cookie(entry.cookie, extack);
	return err;
}

/* Write an address; returns 0 or -EMSGSIZE. */
int p25_netlink_put_address(struct sk_buff *skb, int type,
			    const struct p25_prefix *prefix)
{
	return nla_put(skb, type, p25_family_bits(prefix->family) / 8,
		       &prefix->addr);
}

static int put_expiry(struct sk_buff *skb, u32 expires)
{
	if (expires == P25_NEVER)
		return 0;
	return nla_put_u32(skb, P25_A_ENTRY_TIMEOUT, p25_timeout_left(expires)) ||
	       nla_put_s64(skb, P25_A_ENTRY_EXPIRES, p25_expires_to_real(expires),
			   P25_A_ENTRY_PAD);
}

static int put_prefix(struct sk_buff *skb, const struct p25_table *table,
		      const struct p25_entry *entry)
{
	return nla_put(skb, P25_A_ENTRY_ADDR,
		       p25_family_bits(table->family) / 8, entry->addr) ||
	       nla_put_u8(skb, P25_A_ENTRY_PREFIXLEN, entry->len);
}

static int put_comment(struct sk_buff *skb, const char *comment)
{
	return comment ? nla_put_string(skb, P25_A_ENTRY_COMMENT, comment) : 0;
}

/* @action: as of p25_entry_action() */
static int put_action(struct sk_buff *skb, u8 action)
{
	return action ? nla_put_u8(skb, P25_A_ENTRY_ACTION, action - 1) : 0;
}

static int put_guard(struct sk_buff *skb, const struct p25_guard *guard)
{
	return guard ? p25_netlink_put_guard(skb, P25_A_ENTRY_GUARD, guard) : 0;
}

static int put_entry_attributes(struct sk_buff *skb, struct p25_net *p25,
				const struct p25_table *table,
				const struct p25_entry *entry, unsigned int gen)
{
	return nla_put_u8(skb, P25_A_ENTRY_KIND, entry->kind) ||
	       put_prefix(skb, table, entry) ||
	       nla_put_string(skb, P25_A_ENTRY_OWNER,
			      p25_owner_name(&p25->policy.owners,
					     entry->owner)) ||
	       put_expiry(skb, entry->expires[gen]) ||
	       put_comment(skb, p25_table_comment(table, entry)) ||
	       put_action(skb, p25_entry_action(entry, gen)) ||
	       put_guard(skb, p25_table_guard(table, entry)) ||
	       nla_put_u64_64bit(skb, P25_A_ENTRY_PACKETS,
				 atomic64_read(&entry->packets),
				 P25_A_ENTRY_PAD) ||
	       nla_put_u64_64bit(skb, P25_A_ENTRY_BYTES,
				 atomic64_read(&entry->bytes),
				 P25_A_ENTRY_PAD);
}

/**
 * p25_netlink_put_entry_as - write an entry
 * @skb: the message
 * @type: the attribute that it is written as
 * @p25: the namespace; the caller holds its lock
 * @table: the entry's table
 * @entry: what to write
 * @gen: the generation of which its expiry is
 *
 * Return: 0, or -EMSGSIZE: there is no room; nothing was written.
 */
int p25_netlink_put_entry_as(struct sk_buff *skb, int type, struct p25_net *p25,
			     const struct p25_table *table,
			     const struct p25_entry *entry, unsigned int gen)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	if (put_entry_attributes(skb, p25, table, entry, gen)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * p25_netlink_put_entry - write P25_A_ENTRY
 * @skb: the message
 * @p25: the namespace; the caller holds its lock
 * @table: the entry's table
 * @entry: what to write
 *
 * Return: 0, or -EMSGSIZE: there is no room; nothing was written.
 */
int p25_netlink_put_entry(struct sk_buff *skb, struct p25_net *p25,
			  const struct p25_table *table,
			  const struct p25_entry *entry)
{
	return p25_netlink_put_entry_as(skb, P25_A_ENTRY, p25, table, entry,
					p25->policy.generation);
}
