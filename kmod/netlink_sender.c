// SPDX-License-Identifier: GPL-2.0
/*
 * P25_CMD_SENDER_LIST and P25_CMD_SENDER_FLUSH.
 */
#include "account.h"
#include "netlink.h"
#include "p25.h"
#include "sender.h"

/* Senders that are visited for one message. */
#define VISITS_MAX	16384

/* As times of day; one offset for both, as the clock may be set meanwhile. */
static int put_times(struct sk_buff *skb, const struct p25_sender *sender)
{
	s64 offset = p25_boot_to_real_ns();

	return nla_put_s64(skb, P25_A_SENDER_FIRST,
			   div_s64(sender->first + offset, NSEC_PER_SEC),
			   P25_A_SENDER_PAD) ||
	       nla_put_s64(skb, P25_A_SENDER_LAST,
			   div_s64(sender->last + offset, NSEC_PER_SEC),
			   P25_A_SENDER_PAD);
}

/* The first @len bits of an address. */
static int put_address(struct sk_buff *skb, int attr, u8 family,
		       const struct in6_addr *addr, u8 len)
{
	struct p25_prefix prefix = { .family = family, .addr = *addr };

	p25_prefix_cut(&prefix, len);
	return p25_netlink_put_address(skb, attr, &prefix);
}

static int put_last(struct sk_buff *skb, const struct p25_sender *sender)
{
	u8 family = sender->family;

	return put_address(skb, P25_A_SENDER_DST, family, &sender->dst,
			   p25_family_bits(family)) ||
	       nla_put_u16(skb, P25_A_SENDER_SPORT, ntohs(sender->sport)) ||
	       nla_put_u8(skb, P25_A_SENDER_KIND, sender->kind) ||
	       put_address(skb, P25_A_SENDER_ADDR, family, &sender->src,
			   sender->len) ||
	       nla_put_u8(skb, P25_A_SENDER_PREFIXLEN, sender->len);
}

static int put_counts(struct sk_buff *skb, const struct p25_sender_record *record)
{
	const struct p25_sender *sender = &record->sender;

	return nla_put_u64_64bit(skb, P25_A_SENDER_ATTEMPTS, record->attempts,
				 P25_A_SENDER_PAD) ||
	       nla_put_u64_64bit(skb, P25_A_SENDER_ERROR, sender->error,
				 P25_A_SENDER_PAD) ||
	       nla_put_u64_64bit(skb, P25_A_SENDER_PACKETS, sender->packets,
				 P25_A_SENDER_PAD) ||
	       nla_put_u32(skb, P25_A_SENDER_DESTINATIONS,
			   p25_hyperloglog_estimate(&sender->destinations));
}

static int put_attributes(struct sk_buff *skb, const struct p25_sender_record *record)
{
	const struct p25_sender *sender = &record->sender;

	return put_address(skb, P25_A_SENDER_SRC, sender->family, &sender->src,
			   sender->bits) ||
	       put_last(skb, sender) || put_counts(skb, record) ||
	       put_times(skb, sender);
}

/**
 * p25_netlink_put_sender - write P25_A_SENDER
 * @skb: the message
 * @record: the sender
 *
 * Return: 0, or -EMSGSIZE: there is no room; nothing was written.
 */
int p25_netlink_put_sender(struct sk_buff *skb, const struct p25_sender_record *record)
{
	struct nlattr *nest = nla_nest_start(skb, P25_A_SENDER);

	if (!nest)
		return -EMSGSIZE;
	if (put_attributes(skb, record)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Write those that there is room for, but don't visit too many at once. */
static u64 put_senders(struct sk_buff *skb, struct p25_senders *senders, u64 number)
{
	u64 end = min_t(u64, number + VISITS_MAX, p25_senders_size(senders));
	struct p25_sender_record record;

	for (; number < end; number++) {
		if (p25_senders_read(senders, number, &record) &&
		    p25_netlink_put_sender(skb, &record))
			return number;
		cond_resched();
	}
	return number < p25_senders_size(senders) ? number : 0;
}

static int fill_senders(struct p25_net *p25, struct sk_buff *skb, void *arg, u64 *next)
{
	u64 number = *(u64 *)arg;

	*next = 0;
	if (!p25->accounting)
		return 0;
	if (!number)
		p25_accounting_book(p25->accounting);
	*next = put_senders(skb, p25_accounting_senders(p25->accounting), number);
	return 0;
}

const struct nla_policy p25_netlink_sender_list_policy[P25_A_NEXT + 1] = {
	[P25_A_NEXT]		= { .type = NLA_U64 },
};

/**
 * p25_netlink_sender_list - P25_CMD_SENDER_LIST: the next part of a listing
 * @skb: the request
 * @info: its header and attributes
 *
 * The list changes with each packet, so it has no revision.
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_sender_list(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[P25_A_NEXT];
	u64 number = attr ? nla_get_u64(attr) : 0;

	if (number >= P25_SENDERS_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "invalid position in the listing: send the one of the last reply");
		return -EINVAL;
	}
	return p25_netlink_reply_list(info, P25_CMD_SENDER_LIST, fill_senders,
				      &number);
}

/**
 * p25_netlink_sender_flush - P25_CMD_SENDER_FLUSH
 * @skb: the request
 * @info: its header and attributes
 *
 * Context: process; may sleep.
 * Return: 0 or -EBUSY.
 */
int p25_netlink_sender_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct p25_net *p25 = p25_net(genl_info_net(info));
	int err;

	err = p25_netlink_book(p25, info->extack);
	if (err)
		return err;
	mutex_lock(&p25->policy.lock);
	if (p25->accounting)
		p25_senders_flush(p25_accounting_senders(p25->accounting));
	mutex_unlock(&p25->policy.lock);
	return 0;
}
