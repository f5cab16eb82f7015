// SPDX-License-Identifier: GPL-2.0
/*
 * P25_CMD_DIGEST.
 */
#include <linux/build_bug.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "digest.h"
#include "netlink.h"
#include "p25.h"
#include "sequence.h"

/* Bytes of P25_A_DIGESTS. */
#define DIGESTS_SIZE	(P25_DIGEST_GROUPS * sizeof(u64))

/* Bytes of all attributes of a reply. */
#define REPLY_SIZE	(nla_total_size(DIGESTS_SIZE) + \
			 nla_total_size_64bit(sizeof(u64)))

/* Read P25_A_SEED, whose length its policy has checked. */
void p25_netlink_read_seed(const struct nlattr *attr, siphash_key_t *seed)
{
	BUILD_BUG_ON(sizeof(*seed) != P25_DIGEST_SEEDLEN);
	memcpy(seed, nla_data(attr), sizeof(*seed));
}

/* P25_OWNER_ANY: no owner is given, or one that has no entries. */
static int read_owner(struct p25_net *p25, struct genl_info *info, u8 *owner)
{
	const struct nlattr *attr = info->attrs[P25_A_OWNER];
	char name[P25_OWNER_MAXLEN + 1];

	*owner = P25_OWNER_ANY;
	if (!attr)
		return 0;
	if (p25_netlink_read_owner_name(attr, name, info->extack))
		return -EINVAL;
	*owner = p25_owner_find(&p25->policy.owners, name);
	return 0;
}

static int digest_table(const struct p25_policy *policy,
			const struct p25_table *table, u8 owner,
			const siphash_key_t *seed, u64 *digests)
{
	struct p25_entry *entry;
	u32 now = p25_now();
	u32 number = 0;

	while ((entry = p25_table_next(table, &number))) {
		number++;
		cond_resched();
		if (fatal_signal_pending(current))
			return -EINTR;
		if (!p25_entry_is_kept(entry, policy->generation, now) ||
		    (owner != P25_OWNER_ANY && owner != entry->owner))
			continue;
		digests[p25_digest_group(table, entry, seed)] +=
			p25_digest(policy, table, entry, seed);
	}
	return 0;
}

static int digest_all(struct p25_policy *policy, u8 owner, struct genl_info *info,
		      u64 *digests)
{
	struct p25_table *table;
	siphash_key_t seed;
	unsigned int i;
	int err;

	/* An owner that has no entries. */
	if (owner == P25_OWNER_ANY && info->attrs[P25_A_OWNER])
		return 0;
	err = p25_budget_walk(&policy->budget, p25_policy_slots(policy),
			      info->extack);
	if (err)
		return err;
	p25_netlink_read_seed(info->attrs[P25_A_SEED], &seed);
	p25_for_each_table(table, policy, i) {
		err = digest_table(policy, table, owner, &seed, digests);
		if (err)
			break;
	}
	return err;
}

/**
 * struct digests - the contents of a reply
 * @sums: by group
 * @mark: state of the entries that they are of, see sequence.h
 */
struct digests {
	u64	*sums;
	u64	mark;
};

/* Digests and mark belong together, so the lock is held for both. */
static int make_digests(struct p25_net *p25, struct genl_info *info,
			struct digests *digests)
{
	struct p25_policy *policy = &p25->policy;
	u8 owner;
	int err;

	mutex_lock(&policy->lock);
	err = p25_budget_begin(&policy->budget, info->extack);
	if (err)
		goto unlock;
	err = read_owner(p25, info, &owner);
	if (!err)
		err = digest_all(policy, owner, info, digests->sums);
	digests->mark = p25_sequence_mark(policy, owner);
	p25_budget_end(&policy->budget);
unlock:
	mutex_unlock(&policy->lock);
	return err;
}

static int fill_digests(struct p25_net *p25, struct sk_buff *skb, void *arg)
{
	const struct digests *digests = arg;

	if (nla_put(skb, P25_A_DIGESTS, DIGESTS_SIZE, digests->sums) ||
	    nla_put_u64_64bit(skb, P25_A_MARK, digests->mark, P25_A_PAD))
		return -EMSGSIZE;
	return 0;
}

const struct nla_policy p25_netlink_digest_policy[P25_A_SEED + 1] = {
	[P25_A_OWNER]		= P25_NLA_OWNER,
	[P25_A_SEED]		= P25_NLA_SEED,
};

/**
 * p25_netlink_digest - P25_CMD_DIGEST
 * @skb: the request
 * @info: its header and attributes
 *
 * Context: process; may sleep.
 * Return: 0; -EINVAL; -EBUSY: too often; -ENOMEM; -EINTR: the caller is being
 * killed.
 */
int p25_netlink_digest(struct sk_buff *skb, struct genl_info *info)
{
	struct digests digests;
	int err;

	if (!info->attrs[P25_A_SEED]) {
		GENL_SET_ERR_MSG(info, "digests need a seed");
		return -EINVAL;
	}
	digests.sums = kvzalloc(DIGESTS_SIZE, P25_GFP);
	if (!digests.sums) {
		GENL_SET_ERR_MSG(info, "no memory for the digests");
		return -ENOMEM;
	}
	err = make_digests(p25_net(genl_info_net(info)), info, &digests);
	if (!err)
		err = p25_netlink_reply(info,
					genlmsg_new(REPLY_SIZE, GFP_KERNEL),
					P25_CMD_DIGEST, fill_digests, &digests);
	kvfree(digests.sums);
	return err;
}
