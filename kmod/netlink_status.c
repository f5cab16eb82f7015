// SPDX-License-Identifier: GPL-2.0
/*
 * P25_CMD_SHOW and P25_CMD_CHECK: the state of the namespace, and the verdict on
 * mail.
 */
#include <linux/inetdevice.h>
#include <linux/netfilter_ipv6.h>

#include "account.h"
#include "expire.h"
#include "judge.h"
#include "netlink.h"
#include "p25.h"
#include "packet.h"
#include "statistics.h"
#include "watch.h"

/* Room for the answer to SHOW: each owner's nest has a name and a number. */
#define OWNER_ROOM	(nla_total_size(0) + nla_total_size(P25_OWNER_MAXLEN + 1) + \
			 nla_total_size(sizeof(u32)))
#define STATUS_ROOM	(2048 + P25_OWNERS_MAX * OWNER_ROOM)

/* Write all settings; returns 0, or not: there is no room. */
int p25_netlink_put_settings(struct sk_buff *skb,
			     const struct p25_settings *settings)
{
	return nla_put_u8(skb, P25_A_ACTION, settings->action) ||
	       nla_put_u8(skb, P25_A_INBOUND, settings->inbound) ||
	       nla_put_u32(skb, P25_A_LIMIT, settings->limit) ||
	       nla_put_u32(skb, P25_A_SENDERS, settings->senders) ||
	       p25_netlink_put_guard(skb, P25_A_GUARD, &settings->guard) ||
	       nla_put_u32(skb, P25_A_GUARD_FOR, settings->guard_for);
}

/* Without kept ones. These were counted earlier, and may be more by now: then 0. */
static unsigned int entries_of(const struct p25_policy *policy, u8 kind)
{
	unsigned int entries = policy->entries[policy->generation][kind];

	return entries - min(entries, policy->passed[kind]);
}

static int put_sizes(struct sk_buff *skb, struct p25_net *p25)
{
	struct p25_policy *policy = &p25->policy;
	u64 memory = p25_policy_memory(policy);
	struct nlattr *nest;
	int kind;

	if (p25->accounting)
		memory += p25_accounting_memory(p25->accounting);
	if (nla_put_u64_64bit(skb, P25_A_MEMORY, memory, P25_A_PAD))
		return -EMSGSIZE;
	nest = nla_nest_start(skb, P25_A_ENTRIES);
	if (!nest)
		return -EMSGSIZE;
	for (kind = P25_KIND_RELAY; kind <= P25_KIND_MAX; kind++)
		if (nla_put_u32(skb, kind, entries_of(policy, kind)))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* As a time of day by the present clock, which may have been set since. */
static int put_since(struct sk_buff *skb, const struct p25_net *p25)
{
	s64 real = p25->since + p25_boot_to_real_ns();

	return nla_put_s64(skb, P25_A_SINCE, div_s64(real, NSEC_PER_SEC),
			   P25_A_PAD);
}

static int put_counters(struct sk_buff *skb, struct p25_net *p25)
{
	u64 sums[__P25_COUNTER_MAX];
	struct nlattr *nest;
	int counter;

	p25_statistics_sum(p25->statistics, sums);
	nest = nla_nest_start(skb, P25_A_COUNTERS);
	if (!nest)
		return -EMSGSIZE;
	for (counter = P25_COUNTER_ACCEPT_RELAY; counter <= P25_COUNTER_MAX;
	     counter++)
		if (nla_put_u64_64bit(skb, counter, sums[counter],
				      P25_COUNTER_PAD))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_counted(struct sk_buff *skb, struct p25_net *p25)
{
	s64 real;

	p25_watch_note_counted(p25);
	if (!p25->counted_at)
		return 0;
	real = p25->counted_at + p25_boot_to_real_ns();
	return nla_put_s64(skb, P25_A_COUNTED, div_s64(real, NSEC_PER_SEC), P25_A_PAD);
}

static int put_guard_totals(struct sk_buff *skb, const struct p25_guard_state *guard)
{
	return nla_put_u64_64bit(skb, P25_A_GUARD_BLOCKS, guard->total_blocks,
				 P25_A_PAD) ||
	       nla_put_u64_64bit(skb, P25_A_GUARD_MISSED, guard->total_missed,
				 P25_A_PAD);
}

static int put_owner(struct sk_buff *skb, const struct p25_owner *owner)
{
	struct nlattr *nest = nla_nest_start(skb, P25_A_OWNER_ENTRIES);

	if (!nest || nla_put_string(skb, P25_A_OWNER_NAME, owner->name) ||
	    nla_put_u32(skb, P25_A_OWNER_N, owner->users))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_owners(struct sk_buff *skb, const struct p25_owners *owners)
{
	int i;

	for (i = 0; i < P25_OWNERS_MAX; i++)
		if (owners->slots[i].users && put_owner(skb, &owners->slots[i]))
			return -EMSGSIZE;
	return 0;
}

static int put_status(struct sk_buff *skb, struct p25_net *p25)
{
	return p25_netlink_put_settings(skb, p25_policy_settings(&p25->policy)) ||
	       put_sizes(skb, p25) || put_since(skb, p25) || put_counters(skb, p25) ||
	       nla_put_u8(skb, P25_A_HOOKED, p25->hooked) || put_counted(skb, p25) ||
	       put_guard_totals(skb, &p25->guard) ||
	       put_owners(skb, &p25->policy.owners);
}

static int fill_status(struct p25_net *p25, struct sk_buff *skb, void *arg)
{
	int err;

	mutex_lock(&p25->policy.lock);
	p25_expire_for_command(p25, U32_MAX);
	err = put_status(skb, p25);
	mutex_unlock(&p25->policy.lock);
	return err ? -EMSGSIZE : 0;
}

/**
 * p25_netlink_show - P25_CMD_SHOW
 * @skb: the request
 * @info: its header and attributes
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_show(struct sk_buff *skb, struct genl_info *info)
{
	return p25_netlink_reply(info,
				 genlmsg_new(STATUS_ROOM, GFP_KERNEL),
				 P25_CMD_SHOW, fill_status, NULL);
}

/* Without a destination, the check is about mail to hosts that are not relays. */
static int read_addresses(struct genl_info *info, struct p25_packet *packet)
{
	const struct nlattr *src = info->attrs[P25_A_SRC];
	const struct nlattr *dst = info->attrs[P25_A_DST];
	int err;

	if (!src) {
		GENL_SET_ERR_MSG(info, "a check needs a source");
		return -EINVAL;
	}
	err = p25_netlink_read_address(src, &packet->src, info->extack);
	if (err)
		return err;
	if (!dst) {
		packet->class |= P25_PACKET_NO_DST;
		return 0;
	}
	err = p25_netlink_read_address(dst, &packet->dst, info->extack);
	if (err)
		return err;
	if (packet->src.family != packet->dst.family) {
		NL_SET_ERR_MSG_ATTR(info->extack, dst,
				    "source and destination differ in family");
		return -EINVAL;
	}
	return 0;
}

static int put_deciding_entry(struct sk_buff *skb, struct p25_net *p25,
			      const struct p25_entry *entry, u8 family)
{
	const struct p25_table *table = p25_policy_table(&p25->policy,
							 entry->kind, family);
	struct p25_prefix prefix;

	p25_entry_prefix(entry, family, &prefix);
	return p25_netlink_put_address(skb, P25_A_ADDR, &prefix) ||
	       nla_put_u8(skb, P25_A_PREFIXLEN, prefix.len) ||
	       p25_netlink_put_entry(skb, p25, table, entry);
}

/* What monitored mail would get: of an entry that is watched alone, what others get. */
static u8 would_get(const struct p25_policy *policy)
{
	return p25_verdict_of(p25_policy_settings(policy)->action, true);
}

static int put_judgement(struct sk_buff *skb, struct p25_net *p25,
			 const struct p25_judgement *judgement, u8 family)
{
	if (nla_put_u8(skb, P25_A_VERDICT, judgement->verdict) ||
	    nla_put_u8(skb, P25_A_REASON, judgement->reason))
		return -EMSGSIZE;
	if (judgement->monitored &&
	    nla_put_u8(skb, P25_A_WOULD, would_get(&p25->policy)))
		return -EMSGSIZE;
	return judgement->reason != P25_KIND_NONE ?
	       put_deciding_entry(skb, p25,
				  p25_policy_entry(&p25->policy, judgement->entry),
				  family) : 0;
}

/* Is it an address of the router itself? Context: under rcu_read_lock(). */
static bool is_local(struct net *net, const struct p25_prefix *address)
{
	if (address->family == AF_INET)
		return __ip_dev_find(net, address->addr.s6_addr32[0], false);
	return address->family == AF_INET6 && IS_ENABLED(CONFIG_IPV6) &&
	       nf_ipv6_chk_addr(net, &address->addr, NULL, 0);
}

/* What the router itself sends or receives is not forwarded: no verdict. */
static int put_local(struct sk_buff *skb, struct net *net,
		     const struct p25_packet *packet)
{
	if (is_local(net, &packet->src) || is_local(net, &packet->dst))
		return nla_put_flag(skb, P25_A_LOCAL);
	return 0;
}

/* Under the lock: the deciding entry must not change while it is written. */
static int fill_check(struct p25_net *p25, struct sk_buff *skb, void *arg)
{
	const struct p25_packet *packet = arg;
	struct p25_judgement judgement;
	struct p25_view view;
	int err;

	mutex_lock(&p25->policy.lock);
	rcu_read_lock();
	view = p25_policy_view(&p25->policy);
	p25_judge(&view, packet, &judgement);
	err = put_judgement(skb, p25, &judgement, packet->src.family) ||
	      put_local(skb, p25->net, packet);
	rcu_read_unlock();
	mutex_unlock(&p25->policy.lock);
	return err ? -EMSGSIZE : 0;
}

const struct nla_policy p25_netlink_check_policy[P25_A_DST + 1] = {
	[P25_A_SRC]		= P25_NLA_ADDRESS,
	[P25_A_DST]		= P25_NLA_ADDRESS,
};

/**
 * p25_netlink_check - P25_CMD_CHECK: the verdict, by p25_judge() as for packets
 * @skb: the request
 * @info: its header and attributes
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_check(struct sk_buff *skb, struct genl_info *info)
{
	struct p25_packet packet = { .class = P25_PACKET_TO_25 };
	int err;

	err = read_addresses(info, &packet);
	if (err)
		return err;
	/* The deciding entry's counters are part of the answer. */
	err = p25_netlink_book(p25_net(genl_info_net(info)), info->extack);
	if (err)
		return err;
	return p25_netlink_reply(info,
				 genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL),
				 P25_CMD_CHECK, fill_check, &packet);
}
