// SPDX-License-Identifier: GPL-2.0
/*
 * Replies: what all of them share, and what the messages of a listing share.
 *
 * Each message of a listing is the reply to a request of its own, which says
 * where the reply before it ended: no state of a listing is kept here. A netlink
 * dump holds a reference to the module until it has been read to its end, which
 * root of a user namespace can delay for ever.
 */
#include <linux/string.h>

#include "account.h"
#include "netlink.h"
#include "p25.h"

/* Room for one message, if there is memory for that much at once. */
#define LIST_ROOM	(SKB_WITH_OVERHEAD(32768) - NLMSG_HDRLEN - GENL_HDRLEN)

/**
 * p25_netlink_reply - reply to a request
 * @info: the request
 * @skb: an empty message; NULL if there was no memory for it
 * @cmd: enum p25_cmd
 * @fill: writes the attributes; returns 0 or a negative errno value
 * @arg: for @fill
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_reply(struct genl_info *info, struct sk_buff *skb, u8 cmd,
		      p25_netlink_fill_t fill, void *arg)
{
	int err = -EMSGSIZE;
	void *hdr;

	if (!skb) {
		GENL_SET_ERR_MSG(info, "no memory for the reply");
		return -ENOMEM;
	}
	hdr = genlmsg_put_reply(skb, info, &p25_netlink_family, 0, cmd);
	if (hdr)
		err = fill(p25_net(genl_info_net(info)), skb, arg);
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/**
 * p25_netlink_book - have what packets add up booked, within the namespace's budget
 * @p25: the namespace
 * @extack: message
 *
 * Context: process; may sleep.
 * Return: 0 or -EBUSY.
 */
int p25_netlink_book(struct p25_net *p25, struct netlink_ext_ack *extack)
{
	struct p25_budget *budget = &p25->policy.budget;
	int err;

	mutex_lock(&p25->policy.lock);
	err = p25_budget_begin(budget, extack);
	if (!err) {
		p25_accounting_book(p25->accounting);
		p25_budget_end(budget);
	}
	mutex_unlock(&p25->policy.lock);
	return err;
}

/**
 * struct list_part - the part of a listing that one message has
 * @extack: message
 * @fill: writes it
 * @arg: for @fill
 */
struct list_part {
	struct netlink_ext_ack	*extack;
	p25_netlink_fill_list_t	fill;
	void			*arg;
};

static int fill_list_part(struct p25_net *p25, struct sk_buff *skb, void *arg)
{
	const struct list_part *part = arg;
	struct nlattr *attr;
	u64 next = 0;
	int err;

	attr = nla_reserve_64bit(skb, P25_A_NEXT, sizeof(next), P25_A_PAD);
	if (!attr)
		return -EMSGSIZE;
	mutex_lock(&p25->policy.lock);
	err = p25_budget_begin(&p25->policy.budget, part->extack);
	if (!err) {
		err = part->fill(p25, skb, part->arg, &next);
		p25_budget_end(&p25->policy.budget);
	}
	mutex_unlock(&p25->policy.lock);
	memcpy(nla_data(attr), &next, sizeof(next));
	return err;
}

/**
 * p25_netlink_reply_list - reply to a request for the next part of a listing
 * @info: the request
 * @cmd: enum p25_cmd
 * @fill: writes as much as there is room for, and says where to continue;
 *	called under the policy's lock
 * @arg: for @fill
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_reply_list(struct genl_info *info, u8 cmd,
			   p25_netlink_fill_list_t fill, void *arg)
{
	struct list_part part = {
		.extack = info->extack,
		.fill = fill,
		.arg = arg,
	};
	struct sk_buff *skb;

	skb = genlmsg_new(LIST_ROOM, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	if (!skb)
		skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	return p25_netlink_reply(info, skb, cmd, fill_list_part, &part);
}
