// SPDX-License-Identifier: GPL-2.0
/*
 * P25_CMD_ENTRY_LIST: listing entries, many to a message.
 *
 * The policy may change between two requests. A listing has each entry once that
 * is there all the time. If several entries change at once, it may have some of
 * them as they were and some as they are: then there is a bulk revision later than
 * the listing, and the reader can start again. A single entry that is added or deleted is
 * in it or not. If those were a reason to start again as well, no listing would ever
 * succeed on a router where sessions begin and end all the time.
 */
#include <linux/sched.h>
#include <linux/string.h>

#include "account.h"
#include "digest.h"
#include "netlink.h"
#include "p25.h"

/* Entries that are visited for one message. */
#define VISITS_MAX	16384

/**
 * struct listing - what is to be listed
 * @kind: only this kind; P25_KIND_NONE: all
 * @owner: only this owner's; "": all
 * @overlaps: only entries that overlap this prefix, if it has a family
 * @seed: key of the digests, if there are @groups
 * @groups: only these groups, a bit for each; NULL: all
 * @nth: the table that is walked; P25_POLICY_TABLES: the listing is complete
 * @number: the entry to continue at
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

/* Where to continue; 0: the listing is complete. */
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
	NL_SET_ERR_MSG_ATTR(extack, attr,
			    "invalid position in the listing: send the one of the last reply");
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

static bool is_overlapping(const struct listing *listing,
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

/* A listing by groups has what digests are made of, kept entries included. */
static bool is_present(const struct listing *listing,
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

	if (!is_present(listing, policy, entry))
		return false;
	if (listing->kind != P25_KIND_NONE && listing->kind != entry->kind)
		return false;
	if (listing->owner[0] &&
	    strcmp(listing->owner, p25_owner_name(&policy->owners,
						  entry->owner)))
		return false;
	return is_overlapping(listing, table, entry) &&
	       is_in_groups(listing, table, entry);
}

/*
 * Write as many entries of the table as there is room for, but don't visit too
 * many at once: others wait for the lock. Returns false if there are more.
 */
static bool list_table(struct listing *listing, struct p25_net *p25,
		       struct sk_buff *skb)
{
	struct p25_table *table = p25_policy_nth(&p25->policy, listing->nth);
	unsigned int visits = VISITS_MAX;
	struct p25_entry *entry;

	while ((entry = p25_table_next(table, &listing->number))) {
		if (!visits--)
			return false;
		if (is_listed(listing, p25, table, entry) &&
		    p25_netlink_put_entry(skb, p25, table, entry))
			return false;
		listing->number++;
		cond_resched();
	}
	return true;
}

static int fill_entries(struct p25_net *p25, struct sk_buff *skb, void *arg,
			u64 *next)
{
	struct listing *listing = arg;

	if (nla_put_u64_64bit(skb, P25_A_REVISION, p25->policy.revision,
			      P25_A_PAD) ||
	    nla_put_u64_64bit(skb, P25_A_BULK_REVISION,
			      p25->policy.bulk_revision, P25_A_PAD))
		return -EMSGSIZE;
	if (!next_of(listing))		/* the first part */
		p25_accounting_book(p25->accounting);
	while (listing->nth < P25_POLICY_TABLES &&
	       list_table(listing, p25, skb)) {
		listing->nth++;
		listing->number = 0;
	}
	*next = next_of(listing);
	return 0;
}

const struct nla_policy p25_netlink_entry_list_policy[P25_A_NEXT + 1] = {
	[P25_A_KIND]		= P25_NLA_KIND,
	[P25_A_OWNER]		= P25_NLA_OWNER,
	[P25_A_ADDR]		= P25_NLA_ADDRESS,
	[P25_A_PREFIXLEN]	= P25_NLA_PREFIXLEN,
	[P25_A_SEED]		= P25_NLA_SEED,
	[P25_A_GROUPS]		= NLA_POLICY_EXACT_LEN(P25_DIGEST_GROUPS / 8),
	[P25_A_NEXT]		= { .type = NLA_U64 },
};

/**
 * p25_netlink_entry_list - P25_CMD_ENTRY_LIST: the next part of a listing
 * @skb: the request
 * @info: its header and attributes
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_netlink_entry_list(struct sk_buff *skb, struct genl_info *info)
{
	struct listing listing = { };
	int err;

	err = read_filter(&listing, info->attrs, info->extack);
	if (err)
		return err;
	return p25_netlink_reply_list(info, P25_CMD_ENTRY_LIST, fill_entries,
				      &listing);
}
