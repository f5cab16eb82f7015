// SPDX-License-Identifier: GPL-2.0
/*
 * From attributes to structures. A wrong length or a missing attribute makes the
 * answer malformed.
 * Attributes that this version doesn't know are left aside.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "decode.h"
#include "libp25.h"

/*
 * p25_decode_attrs - sort attributes by their type
 * @attrs: table of @max + 1, NULL where there is none
 *
 * Every byte must belong to an attribute; only the last one's padding may be
 * missing.
 */
int p25_decode_attrs(struct nlattr **attrs, int max, struct nlattr *head,
		     int len)
{
	struct nlattr *attr;
	int rest;

	memset(attrs, 0, sizeof(*attrs) * (max + 1));
	nla_for_each_attr(attr, head, len, rest) {
		if (nla_type(attr) <= max)
			attrs[nla_type(attr)] = attr;
	}
	return rest > 0 ? -EBADMSG : 0;
}

/* p25_decode_message - sort those of a message: @attrs has P25_A_MAX + 1 */
int p25_decode_message(struct nlattr **attrs, struct nlmsghdr *nlh)
{
	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -EBADMSG;
	return p25_decode_attrs(attrs, P25_A_MAX,
				nlmsg_attrdata(nlh, GENL_HDRLEN),
				nlmsg_attrlen(nlh, GENL_HDRLEN));
}

/*
 * p25_decode_each - call a function for each attribute of one type
 * @take: returns 0 to go on
 */
int p25_decode_each(struct nlmsghdr *nlh, int type,
		    int (*take)(struct nlattr *nest, void *arg), void *arg)
{
	struct nlattr *attr;
	int err, rest;

	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -EBADMSG;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		err = nla_type(attr) == type ? take(attr, arg) : 0;
		if (err)
			return err;
	}
	return rest > 0 ? -EBADMSG : 0;
}

/* p25_decode_number - copy a number of exactly @size bytes */
int p25_decode_number(const struct nlattr *attr, void *to, int size)
{
	if (!attr || nla_len(attr) != size)
		return -EBADMSG;
	memcpy(to, nla_data(attr), size);
	return 0;
}

/*
 * p25_decode_next - where a listing goes on: ahead of where it was, or nowhere
 *
 * One that went back would never end.
 */
int p25_decode_next(const struct nlattr *attr, uint64_t *next)
{
	uint64_t before = *next;

	if (p25_decode_number(attr, next, sizeof(*next)))
		return -EBADMSG;
	return *next && *next <= before ? -EBADMSG : 0;
}

/* p25_decode_addr - an address, as a prefix of full length */
int p25_decode_addr(const struct nlattr *attr, struct p25_prefix *prefix)
{
	int size = attr ? nla_len(attr) : 0;

	if (size != 4 && size != 16)
		return -EBADMSG;
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = size == 4 ? AF_INET : AF_INET6;
	prefix->len = size * 8;
	memcpy(prefix->addr, nla_data(attr), size);
	return 0;
}

int p25_decode_prefix(const struct nlattr *addr, const struct nlattr *len,
		      struct p25_prefix *prefix)
{
	uint8_t bits;

	if (p25_decode_addr(addr, prefix) ||
	    p25_decode_number(len, &bits, sizeof(bits)) || bits > prefix->len)
		return -EBADMSG;
	prefix->len = bits;
	return 0;
}

static int decode_kind(const struct nlattr *attr, enum p25_kind *kind)
{
	uint8_t value;

	if (p25_decode_number(attr, &value, sizeof(value)) ||
	    value == P25_KIND_NONE || value > P25_KIND_MAX)
		return -EBADMSG;
	*kind = value;
	return 0;
}

/* p25_decode_string - one of 1 to @room - 1 bytes; its NUL may be missing, not stand inside */
int p25_decode_string(const struct nlattr *attr, char *to, size_t room)
{
	size_t size = nla_len(attr);
	size_t len = strnlen(nla_data(attr), size);

	if (!len || len >= room || len + 1 < size)
		return -EBADMSG;
	memcpy(to, nla_data(attr), len);
	to[len] = '\0';
	return 0;
}

static int decode_entry_text(struct nlattr **a, struct p25_entry *entry)
{
	struct nlattr *comment = a[P25_A_ENTRY_COMMENT];

	if (!a[P25_A_ENTRY_OWNER] ||
	    p25_decode_string(a[P25_A_ENTRY_OWNER], entry->owner,
			      sizeof(entry->owner)))
		return -EBADMSG;
	if (comment && p25_decode_string(comment, entry->comment,
					 sizeof(entry->comment)))
		return -EBADMSG;
	return 0;
}

/* Both forms of the expiry, or none. */
static int decode_expiry(struct nlattr **a, struct p25_entry *entry)
{
	if (!a[P25_A_ENTRY_TIMEOUT] && !a[P25_A_ENTRY_EXPIRES])
		return 0;
	if (p25_decode_number(a[P25_A_ENTRY_TIMEOUT], &entry->timeout,
			      sizeof(entry->timeout)) ||
	    p25_decode_number(a[P25_A_ENTRY_EXPIRES], &entry->expires,
			      sizeof(entry->expires)))
		return -EBADMSG;
	return 0;
}

static int decode_action(const struct nlattr *attr, struct p25_entry *entry)
{
	uint8_t value;

	if (!attr)
		return 0;
	if (p25_decode_number(attr, &value, sizeof(value)) ||
	    value > P25_ACTION_MAX)
		return -EBADMSG;
	entry->has_action = true;
	entry->action = value;
	return 0;
}

/* p25_decode_guard - rates; none: it is off */
int p25_decode_guard(const struct nlattr *attr, struct p25_guard *guard)
{
	size_t size = attr ? nla_len(attr) : 0;

	if (!attr || size > sizeof(guard->rate) || size % sizeof(*guard->rate))
		return -EBADMSG;
	guard->n = size / sizeof(*guard->rate);
	memcpy(guard->rate, nla_data(attr), size);
	return 0;
}

static int decode_own_guard(const struct nlattr *attr, struct p25_entry *entry)
{
	if (!attr)
		return 0;
	entry->has_guard = true;
	return p25_decode_guard(attr, &entry->guard);
}

int p25_decode_entry(struct nlattr *nest, struct p25_entry *entry)
{
	struct nlattr *a[P25_A_ENTRY_MAX + 1];

	memset(entry, 0, sizeof(*entry));
	if (p25_decode_attrs(a, P25_A_ENTRY_MAX, nla_data(nest),
			     nla_len(nest)) ||
	    decode_kind(a[P25_A_ENTRY_KIND], &entry->kind) ||
	    p25_decode_prefix(a[P25_A_ENTRY_ADDR], a[P25_A_ENTRY_PREFIXLEN],
			      &entry->prefix) ||
	    decode_entry_text(a, entry) || decode_expiry(a, entry) ||
	    decode_action(a[P25_A_ENTRY_ACTION], entry) ||
	    decode_own_guard(a[P25_A_ENTRY_GUARD], entry) ||
	    p25_decode_number(a[P25_A_ENTRY_PACKETS], &entry->packets,
			      sizeof(entry->packets)) ||
	    p25_decode_number(a[P25_A_ENTRY_BYTES], &entry->bytes,
			      sizeof(entry->bytes)))
		return -EBADMSG;
	return 0;
}

/* Of IPv6, the customer's prefix; or that of the entry that decides, if it is longer. */
static uint8_t sender_bits(const struct p25_sender *sender)
{
	if (sender->src.family == AF_INET)
		return 32;
	return sender->prefix.len > 64 ? sender->prefix.len : 64;
}

static int decode_sender_counts(struct nlattr **a, struct p25_sender *sender)
{
	if (p25_decode_number(a[P25_A_SENDER_ATTEMPTS], &sender->attempts,
			      sizeof(sender->attempts)) ||
	    p25_decode_number(a[P25_A_SENDER_ERROR], &sender->error,
			      sizeof(sender->error)) ||
	    p25_decode_number(a[P25_A_SENDER_PACKETS], &sender->packets,
			      sizeof(sender->packets)) ||
	    p25_decode_number(a[P25_A_SENDER_DESTINATIONS],
			      &sender->destinations,
			      sizeof(sender->destinations)))
		return -EBADMSG;
	return 0;
}

int p25_decode_sender(struct nlattr *nest, struct p25_sender *sender)
{
	struct nlattr *a[P25_A_SENDER_MAX + 1];

	memset(sender, 0, sizeof(*sender));
	if (p25_decode_attrs(a, P25_A_SENDER_MAX, nla_data(nest),
			     nla_len(nest)) ||
	    p25_decode_addr(a[P25_A_SENDER_SRC], &sender->src) ||
	    p25_decode_addr(a[P25_A_SENDER_DST], &sender->dst) ||
	    p25_decode_number(a[P25_A_SENDER_SPORT], &sender->sport,
			      sizeof(sender->sport)) ||
	    decode_kind(a[P25_A_SENDER_KIND], &sender->kind) ||
	    p25_decode_prefix(a[P25_A_SENDER_ADDR], a[P25_A_SENDER_PREFIXLEN],
			      &sender->prefix) ||
	    decode_sender_counts(a, sender) ||
	    p25_decode_number(a[P25_A_SENDER_FIRST], &sender->first,
			      sizeof(sender->first)) ||
	    p25_decode_number(a[P25_A_SENDER_LAST], &sender->last,
			      sizeof(sender->last)))
		return -EBADMSG;
	sender->src.len = sender_bits(sender);
	return 0;
}
