// SPDX-License-Identifier: GPL-2.0
/*
 * Listing entries and offenders, many to a message.
 *
 * A listing takes many calls, and the policy may change between two of them. It
 * has each entry once that is there all the time. If several entries change at
 * once, it may have some of them as they were and some as they are: then netlink
 * marks it as interrupted (NLM_F_DUMP_INTR), so that the reader can ask again. A
 * single entry that comes or goes is in it or not; if each of those interrupted,
 * a router where sessions come and go all the time could not be listed at all.
 */
#include <linux/slab.h>

#include "compat.h"
#include "digest.h"
#include "netlink.h"

/* Entries that are looked at for one message. */
#define LOOKS_MAX	16384

/**
 * struct listing - a listing under way
 * @kind: only this kind; P25_KIND_NONE: all
 * @owner: only this owner's; "": all
 * @overlaps: only entries that overlap this prefix, if it has a family
 * @seed: if there are @groups: how entries fall into them
 * @groups: only these groups; NULL: all
 * @nth: the table that is walked; P25_POLICY_TABLES: the listing is complete
 * @number: where the walk goes on
 */
struct listing {
	u8			kind;
	char			owner[P25_OWNER_MAXLEN + 1];
	struct p25_prefix	overlaps;
	siphash_key_t		seed;
	const u8		*groups;
	unsigned int		nth;
	u32			number;
};

static int read_filter(struct listing *listing, struct nlattr **attrs,
		       struct netlink_ext_ack *extack)
{
	if (attrs[P25_A_KIND])
		listing->kind = nla_get_u8(attrs[P25_A_KIND]);
	if (attrs[P25_A_OWNER] &&
	    p25_netlink_read_owner_name(attrs[P25_A_OWNER], listing->owner,
					extack))
		return -EINVAL;
	if (attrs[P25_A_GROUPS]) {
		if (!attrs[P25_A_SEED]) {
			NL_SET_ERR_MSG(extack, "groups need a seed");
			return -EINVAL;
		}
		p25_netlink_read_seed(attrs[P25_A_SEED], &listing->seed);
		/* The request stays with the listing. */
		listing->groups = nla_data(attrs[P25_A_GROUPS]);
	}
	if (!attrs[P25_A_ADDR] && !attrs[P25_A_PREFIXLEN])
		return 0;
	return p25_netlink_read_prefix(attrs[P25_A_ADDR],
				       attrs[P25_A_PREFIXLEN],
				       &listing->overlaps, extack);
}

/*
 * Begin a listing, in its first message: what is refused there reaches the
 * asker with its reason, which the start callback can't see to on all kernels.
 */
static int start_listing(struct netlink_callback *cb)
{
	struct listing *listing;
	int err;

	listing = kzalloc(sizeof(*listing), P25_GFP);
	if (!listing) {
		NL_SET_ERR_MSG(cb->extack, "no memory for the listing");
		return -ENOMEM;
	}
	err = read_filter(listing, genl_info_dump(cb)->attrs, cb->extack);
	if (err) {
		kfree(listing);
		return err;
	}
	cb->args[0] = (long)listing;
	return 0;
}

static bool overlaps(const struct listing *listing,
		     const struct p25_table *table,
		     const struct p25_entry *entry)
{
	struct p25_prefix prefix;

	if (!listing->overlaps.family)
		return true;
	p25_entry_prefix(entry, table->family, &prefix);
	return p25_prefix_overlaps(&listing->overlaps, &prefix);
}

static bool is_in_groups(const struct listing *listing,
			 const struct p25_table *table,
			 const struct p25_entry *entry)
{
	unsigned int group;

	if (!listing->groups)
		return true;
	group = p25_digest_group(table, entry, &listing->seed);
	return listing->groups[group / 8] & BIT(group % 8);
}

/* A listing by groups has what is digested. */
static bool is_there(const struct listing *listing,
		     const struct p25_policy *policy,
		     const struct p25_entry *entry)
{
	return listing->groups ?
	       p25_entry_is_kept(entry, policy->generation, p25_now()) :
	       p25_entry_counts(entry, policy->generation, p25_now());
}

static bool is_listed(const struct listing *listing, struct p25_net *p25,
		      const struct p25_table *table,
		      const struct p25_entry *entry)
{
	const struct p25_policy *policy = &p25->policy;

	if (!is_there(listing, policy, entry))
		return false;
	if (listing->kind != P25_KIND_NONE && listing->kind != entry->kind)
		return false;
	if (listing->owner[0] &&
	    strcmp(listing->owner, p25_owner_name(&policy->owners,
						  entry->owner)))
		return false;
	return overlaps(listing, table, entry) &&
	       is_in_groups(listing, table, entry);
}

/*
 * Write what has room of the table at hand, and look at so many entries at the
 * most: others wait for the lock. Returns false if there is more.
 */
static bool list_table(struct listing *listing, struct p25_net *p25,
		       struct sk_buff *skb)
{
	struct p25_table *table = p25_policy_nth(&p25->policy, listing->nth);
	unsigned int looks = LOOKS_MAX;
	struct p25_entry *entry;

	while ((entry = p25_table_next(table, &listing->number))) {
		if (!looks--)
			return false;
		if (is_listed(listing, p25, table, entry) &&
		    p25_netlink_put_entry(skb, p25, table, entry))
			return false;
		listing->number++;
		cond_resched();
	}
	return true;
}

/**
 * p25_netlink_list - P25_CMD_ENTRY_LIST begins or goes on
 * @skb: to be filled
 * @cb: the listing
 *
 * The last message may have no entry: it may have to say that the listing was
 * interrupted.
 *
 * Context: process; may sleep.
 * Return: bytes written; 0 when all is listed; a negative errno value.
 */
int p25_netlink_list(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct p25_net *p25 = p25_net(sock_net(cb->skb->sk));
	struct listing *listing;
	void *hdr;
	int err;

	if (!cb->args[0]) {
		err = start_listing(cb);
		if (err)
			return err;
	}
	listing = (struct listing *)cb->args[0];
	if (listing->nth == P25_POLICY_TABLES)
		return 0;
	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &p25_netlink_family, NLM_F_MULTI, P25_CMD_ENTRY_LIST);
	if (!hdr)
		return -EMSGSIZE;
	mutex_lock(&p25->policy.lock);
	cb->seq = p25->policy.revision;
	genl_dump_check_consistent(cb, hdr);
	while (listing->nth < P25_POLICY_TABLES &&
	       list_table(listing, p25, skb)) {
		listing->nth++;
		listing->number = 0;
	}
	mutex_unlock(&p25->policy.lock);
	genlmsg_end(skb, hdr);
	return skb->len;
}

/** p25_netlink_list_done - P25_CMD_ENTRY_LIST ends, complete or not */
int p25_netlink_list_done(struct netlink_callback *cb)
{
	kfree((struct listing *)cb->args[0]);
	return 0;
}

/* As times of day; by one offset, lest the clock be set between the two. */
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

static int put_offender_attributes(struct sk_buff *skb,
				   const struct p25_offender *offender)
{
	return p25_netlink_put_address(skb, P25_A_OFFENDER_SRC,
				       &offender->src) ||
	       p25_netlink_put_address(skb, P25_A_OFFENDER_DST,
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
	int before = skb->len;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (put_offender(skb, &found[i])) {
			nlmsg_trim(skb, skb_tail_pointer(skb) -
					(skb->len - before));
			return false;
		}
	}
	return true;
}

/**
 * p25_netlink_offenders - P25_CMD_OFFENDER_LIST
 * @skb: to be filled
 * @cb: the listing
 *
 * The list changes with each packet, so nothing is said of interruptions.
 *
 * Context: process; may sleep.
 * Return: bytes written; 0 when all is listed; -EMSGSIZE.
 */
int p25_netlink_offenders(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct p25_net *p25 = p25_net(sock_net(cb->skb->sk));
	unsigned int bucket = cb->args[0];
	int empty;
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &p25_netlink_family, NLM_F_MULTI,
			  P25_CMD_OFFENDER_LIST);
	if (!hdr)
		return -EMSGSIZE;
	empty = skb->len;
	mutex_lock(&p25->policy.lock);
	if (p25->offenders)
		for (; bucket < P25_OFFENDER_BUCKETS; bucket++)
			if (!put_bucket(skb, p25->offenders, bucket))
				break;
	mutex_unlock(&p25->policy.lock);
	cb->args[0] = bucket;

	if (skb->len > empty)
		genlmsg_end(skb, hdr);
	else
		genlmsg_cancel(skb, hdr);
	return skb->len;
}
