// SPDX-License-Identifier: GPL-2.0
/*
 * Listing entries and offenders, many to a message.
 *
 * Each message is the answer to a request of its own, which says where the answer
 * before it ended: no state of a listing is kept here. A netlink dump holds a
 * reference to the module until it has been read to its end, which root of a user
 * namespace can delay for ever.
 *
 * The policy may change between two requests. A listing has each entry once that
 * is there all the time. If several entries change at once, it may have some of
 * them as they were and some as they are: then the revision changes, so that the
 * reader can ask again. A single entry that comes or goes is in it or not; if each
 * of those changed the revision, a router where sessions come and go all the time
 * could not be listed at all.
 */
#include "digest.h"
#include "netlink.h"
#include "offender.h"

/* Entries that are looked at for one message. */
#define LOOKS_MAX	16384

/* Room for one message, if there is memory for that much at once. */
#define ANSWER_ROOM	(SKB_WITH_OVERHEAD(32768) - NLMSG_HDRLEN - GENL_HDRLEN)

/**
 * struct listing - what is to be listed
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

/* Where a listing goes on, as one number; 0: at its beginning, or nowhere. */
static u64 next_of(const struct listing *listing)
{
	if (listing->nth == P25_POLICY_TABLES)
		return 0;
	return (u64)listing->nth << 32 | listing->number;
}

static int read_next(struct listing *listing, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	u64 next = attr ? nla_get_u64(attr) : 0;

	listing->nth = next >> 32;
	listing->number = next;
	if (next >> 32 < P25_POLICY_TABLES)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "no listing goes on there");
	return -EINVAL;
}

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
		listing->groups = nla_data(attrs[P25_A_GROUPS]);
	}
	if (read_next(listing, attrs[P25_A_NEXT], extack))
		return -EINVAL;
	if (!attrs[P25_A_ADDR] && !attrs[P25_A_PREFIXLEN])
		return 0;
	return p25_netlink_read_prefix(attrs[P25_A_ADDR],
				       attrs[P25_A_PREFIXLEN],
				       &listing->overlaps, extack);
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
	       p25_entry_is_valid(entry, policy->generation, p25_now());
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

/* Writes what has room, from @arg on; @next: where it goes on, 0: all is listed. */
typedef int (*fill_t)(struct p25_net *p25, struct sk_buff *skb, void *arg,
		      u64 *next);

static struct sk_buff *answer_new(struct genl_info *info)
{
	struct sk_buff *skb;

	skb = genlmsg_new(ANSWER_ROOM,
			  GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	if (!skb)
		skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!skb)
		GENL_SET_ERR_MSG(info, "no memory for the answer");
	return skb;
}

static int fill_locked(struct p25_net *p25, struct genl_info *info,
		       struct sk_buff *skb, fill_t fill, void *arg, u64 *next)
{
	struct p25_policy *policy = &p25->policy;
	int err;

	mutex_lock(&policy->lock);
	err = p25_budget_begin(&policy->budget, info->extack);
	if (!err) {
		err = fill(p25, skb, arg, next);
		p25_budget_end(&policy->budget);
	}
	mutex_unlock(&policy->lock);
	return err;
}

/* Answer a request for the next message of a listing. */
static int answer(struct genl_info *info, u8 cmd, fill_t fill, void *arg)
{
	struct sk_buff *skb = answer_new(info);
	struct nlattr *attr;
	int err = -EMSGSIZE;
	void *hdr;
	u64 next;

	if (!skb)
		return -ENOMEM;
	hdr = genlmsg_put_reply(skb, info, &p25_netlink_family, 0, cmd);
	attr = nla_reserve_64bit(skb, P25_A_NEXT, sizeof(next), P25_A_PAD);
	if (!hdr || !attr)
		goto free;
	err = fill_locked(p25_net(genl_info_net(info)), info, skb, fill, arg,
			  &next);
	if (err)
		goto free;
	memcpy(nla_data(attr), &next, sizeof(next));
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);

free:
	nlmsg_free(skb);
	return err;
}

static int fill_entries(struct p25_net *p25, struct sk_buff *skb, void *arg,
			u64 *next)
{
	struct listing *listing = arg;

	if (nla_put_u32(skb, P25_A_REVISION, p25->policy.revision))
		return -EMSGSIZE;
	while (listing->nth < P25_POLICY_TABLES &&
	       list_table(listing, p25, skb)) {
		listing->nth++;
		listing->number = 0;
	}
	*next = next_of(listing);
	return 0;
}

/**
 * p25_netlink_list - P25_CMD_ENTRY_LIST: the next entries of a listing
 * @skb: the request
 * @info: its attributes, and who asks
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_list(struct sk_buff *skb, struct genl_info *info)
{
	struct listing listing = { };
	int err;

	err = read_filter(&listing, info->attrs, info->extack);
	if (err)
		return err;
	return answer(info, P25_CMD_ENTRY_LIST, fill_entries, &listing);
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

static int fill_offenders(struct p25_net *p25, struct sk_buff *skb, void *arg,
			  u64 *next)
{
	u64 bucket = *(u64 *)arg;

	while (p25->offenders && bucket < P25_OFFENDER_BUCKETS &&
	       put_bucket(skb, p25->offenders, bucket))
		bucket++;
	*next = p25->offenders ? bucket % P25_OFFENDER_BUCKETS : 0;
	return 0;
}

/**
 * p25_netlink_offenders - P25_CMD_OFFENDER_LIST: the next ones of a listing
 * @skb: the request
 * @info: its attributes, and who asks
 *
 * The list changes with each packet, so nothing is said of a revision.
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_offenders(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[P25_A_NEXT];
	u64 bucket = attr ? nla_get_u64(attr) : 0;

	if (bucket >= P25_OFFENDER_BUCKETS) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "no listing goes on there");
		return -EINVAL;
	}
	return answer(info, P25_CMD_OFFENDER_LIST, fill_offenders, &bucket);
}
