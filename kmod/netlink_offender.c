// SPDX-License-Identifier: GPL-2.0
/*
 * P25_CMD_OFFENDER_LIST and P25_CMD_OFFENDER_FLUSH.
 */
#include "account.h"
#include "netlink.h"
#include "offender.h"
#include "p25.h"

/* As times of day; one offset for both, as the clock may be set meanwhile. */
static int put_times(struct sk_buff *skb, const struct p25_offender *offender)
{
	s64 offset = p25_boot_to_real_ns();

	return nla_put_s64(skb, P25_A_OFFENDER_FIRST,
			   div_s64(offender->first + offset, NSEC_PER_SEC),
			   P25_A_OFFENDER_PAD) ||
	       nla_put_s64(skb, P25_A_OFFENDER_LAST,
			   div_s64(offender->last + offset, NSEC_PER_SEC),
			   P25_A_OFFENDER_PAD);
}

static int put_address(struct sk_buff *skb, int attr, u8 family,
		       const struct in6_addr *addr)
{
	const struct p25_prefix address = {
		.family = family,
		.len = p25_family_bits(family),
		.addr = *addr,
	};

	return p25_netlink_put_address(skb, attr, &address);
}

static int put_offender_attributes(struct sk_buff *skb,
				   const struct p25_offender *offender)
{
	return put_address(skb, P25_A_OFFENDER_SRC, offender->family,
			   &offender->src) ||
	       put_address(skb, P25_A_OFFENDER_DST, offender->family,
			   &offender->dst) ||
	       nla_put_u8(skb, P25_A_OFFENDER_REASON, offender->reason) ||
	       nla_put_u64_64bit(skb, P25_A_OFFENDER_PACKETS, offender->packets,
				 P25_A_OFFENDER_PAD) ||
	       put_times(skb, offender);
}

static int put_offender(struct sk_buff *skb,
			const struct p25_offender *offender)
{
	struct nlattr *nest = nla_nest_start(skb, P25_A_OFFENDER);

	if (!nest)
		return -EMSGSIZE;
	if (put_offender_attributes(skb, offender)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/* Write one bucket as a whole. Returns false, having written none, if full. */
static bool put_bucket(struct sk_buff *skb, struct p25_offenders *offenders,
		       unsigned int bucket)
{
	struct p25_offender found[P25_OFFENDER_SLOTS];
	unsigned int n = p25_offenders_read(offenders, bucket, found);
	void *pos = skb_tail_pointer(skb);
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (put_offender(skb, &found[i])) {
			nlmsg_trim(skb, pos);
			return false;
		}
	}
	return true;
}

static int fill_offenders(struct p25_net *p25, struct sk_buff *skb, void *arg,
			  u64 *next)
{
	u64 bucket = *(u64 *)arg;

	*next = 0;
	if (!p25->accounting)
		return 0;
	if (!bucket)
		p25_accounting_book(p25->accounting);
	while (bucket < P25_OFFENDER_BUCKETS &&
	       put_bucket(skb, p25_accounting_offenders(p25->accounting), bucket))
		bucket++;
	*next = bucket % P25_OFFENDER_BUCKETS;
	return 0;
}

const struct nla_policy p25_netlink_offender_list_policy[P25_A_NEXT + 1] = {
	[P25_A_NEXT]		= { .type = NLA_U64 },
};

/**
 * p25_netlink_offender_list - P25_CMD_OFFENDER_LIST: the next part of a listing
 * @skb: the request
 * @info: its header and attributes
 *
 * The list changes with each packet, so it has no revision.
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_offender_list(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[P25_A_NEXT];
	u64 bucket = attr ? nla_get_u64(attr) : 0;

	if (bucket >= P25_OFFENDER_BUCKETS) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "invalid position in the listing: send the one of the last reply");
		return -EINVAL;
	}
	return p25_netlink_reply_list(info, P25_CMD_OFFENDER_LIST,
				      fill_offenders, &bucket);
}

/**
 * p25_netlink_offender_flush - P25_CMD_OFFENDER_FLUSH
 * @skb: the request
 * @info: its header and attributes
 *
 * Context: process; may sleep.
 * Return: 0 or -EBUSY.
 */
int p25_netlink_offender_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct p25_net *p25 = p25_net(genl_info_net(info));
	int err;

	err = p25_netlink_book(p25, info->extack);
	if (err)
		return err;
	mutex_lock(&p25->policy.lock);
	if (p25->accounting)
		p25_offenders_flush(p25_accounting_offenders(p25->accounting));
	mutex_unlock(&p25->policy.lock);
	return 0;
}
