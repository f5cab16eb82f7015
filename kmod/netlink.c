// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family, and its commands that change something. See
 * <linux/p25.h> for the contract.
 */
#include "change.h"
#include "commit.h"
#include "compat.h"
#include "expire.h"
#include "netlink.h"
#include "p25.h"
#include "reject.h"
#include "sequence.h"
#include "transaction.h"

/* Make the changes now, or when the socket's open transaction is committed. */
static int commit_or_queue(struct p25_net *p25, struct p25_changes *changes,
			   struct genl_info *info)
{
	struct p25_transaction *transaction;

	transaction = p25_transaction_find(p25, info->snd_portid);
	if (transaction)
		return p25_transaction_add(p25, transaction, changes,
					   info->extack);
	return p25_commit(p25, changes, info->extack);
}

/* Reads the changes that a message asks for; appends them to @changes. */
typedef int (*read_changes_t)(struct p25_net *p25, struct p25_changes *changes,
			      struct genl_info *info);

static int change_policy(struct genl_info *info, read_changes_t read)
{
	struct p25_net *p25 = p25_net(genl_info_net(info));
	struct p25_changes changes;
	int err;

	p25_changes_init(&changes);
	mutex_lock(&p25->policy.lock);
	err = read(p25, &changes, info);
	if (!err)
		err = commit_or_queue(p25, &changes, info);
	p25_changes_free(p25, &changes);
	mutex_unlock(&p25->policy.lock);
	return err;
}

static int err_no_memory(struct genl_info *info)
{
	GENL_SET_ERR_MSG(info, "no memory for the change");
	return -ENOMEM;
}

static const struct nla_policy add_policy[] = {
	[P25_A_ENTRY]		= NLA_POLICY_NESTED(p25_netlink_entry),
};

static const struct nla_policy del_policy[] = {
	[P25_A_ENTRY]		= NLA_POLICY_NESTED(p25_netlink_entry_name),
	[P25_A_IGNORE_MISSING]	= { .type = NLA_FLAG },
};

static int read_entries(struct p25_net *p25, struct p25_changes *changes,
			struct genl_info *info)
{
	u8 type = info->genlhdr->cmd == P25_CMD_ENTRY_ADD ? P25_CHANGE_ADD :
							    P25_CHANGE_DEL;
	bool ignore_missing = type == P25_CHANGE_DEL &&
			      info->attrs[P25_A_IGNORE_MISSING];
	const struct nlattr *attr;
	int remaining;
	int err;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), remaining) {
		if (nla_type(attr) != P25_A_ENTRY)
			continue;
		err = p25_netlink_read_entry(p25, changes, type, attr,
					     ignore_missing, info->extack);
		if (err)
			return err;
	}
	if (!changes->n) {
		GENL_SET_ERR_MSG(info, "the message has no entry");
		return -EINVAL;
	}
	return 0;
}

/* Does this action, which may be missing, answer senders? */
static bool answers(const struct nlattr *action)
{
	return action && p25_action_answers(nla_get_u8(action));
}

static bool any_entry_answers(struct genl_info *info)
{
	const struct nlattr *attr;
	int remaining;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), remaining)
		if (nla_type(attr) == P25_A_ENTRY &&
		    answers(nla_find_nested(attr, P25_A_ENTRY_ACTION)))
			return true;
	return false;
}

/* What an action needs is loaded before the lock is taken: that may take long. */
static int add_entries(struct sk_buff *skb, struct genl_info *info)
{
	int err = any_entry_answers(info) ? p25_reject_load(info->extack) : 0;

	return err ? err : change_policy(info, read_entries);
}

static int delete_entries(struct sk_buff *skb, struct genl_info *info)
{
	return change_policy(info, read_entries);
}

static const struct nla_policy flush_policy[] = {
	[P25_A_KIND]		= P25_NLA_KIND,
	[P25_A_OWNER]		= P25_NLA_OWNER,
};

static int read_flush(struct p25_net *p25, struct p25_changes *changes,
		      struct genl_info *info)
{
	struct p25_change *change = p25_changes_new(changes, P25_CHANGE_FLUSH);
	int owner;

	if (!change)
		return err_no_memory(info);
	if (info->attrs[P25_A_KIND])
		change->kind = nla_get_u8(info->attrs[P25_A_KIND]);
	if (!info->attrs[P25_A_OWNER])
		return 0;
	owner = p25_netlink_read_owner(p25, info->attrs[P25_A_OWNER],
				       info->extack);
	if (owner < 0)
		return owner;
	change->owner = owner;
	return 0;
}

static int flush_entries(struct sk_buff *skb, struct genl_info *info)
{
	return change_policy(info, read_flush);
}

/* Numbers of entries have 26 bits, and a commit may replace all of them. */
static struct netlink_range_validation limit_range = {
	.min = 1,
	.max = P25_LIMIT_MAX,
};

static struct netlink_range_validation senders_range = {
	.min = 1,
	.max = P25_SENDERS_MAX,
};

static struct netlink_range_validation guard_for_range = {
	.max = P25_GUARD_SECONDS_MAX,
};

static const struct nla_policy set_policy[] = {
	[P25_A_ACTION]		= P25_NLA_ACTION,
	[P25_A_INBOUND]		= NLA_POLICY_MAX(NLA_U8, 1),
	[P25_A_LIMIT]		= NLA_POLICY_FULL_RANGE(NLA_U32, &limit_range),
	[P25_A_SENDERS]		= NLA_POLICY_FULL_RANGE(NLA_U32, &senders_range),
	[P25_A_GUARD]		= P25_NLA_GUARD,
	[P25_A_GUARD_FOR]	= NLA_POLICY_FULL_RANGE(NLA_U32, &guard_for_range),
};

static void read_u8(struct p25_change_settings *settings, u32 which,
		    const struct nlattr *attr, u8 *value)
{
	if (!attr)
		return;
	settings->given |= which;
	*value = nla_get_u8(attr);
}

static void read_u32(struct p25_change_settings *settings, u32 which,
		     const struct nlattr *attr, u32 *value)
{
	if (!attr)
		return;
	settings->given |= which;
	*value = nla_get_u32(attr);
}

static int read_each_setting(struct p25_change_settings *settings,
			     struct genl_info *info)
{
	struct p25_settings *values = &settings->values;
	struct nlattr **attrs = info->attrs;
	u8 inbound = 0;
	int err = 0;

	read_u8(settings, P25_SET_ACTION, attrs[P25_A_ACTION], &values->action);
	read_u8(settings, P25_SET_INBOUND, attrs[P25_A_INBOUND], &inbound);
	values->inbound = inbound;
	read_u32(settings, P25_SET_LIMIT, attrs[P25_A_LIMIT], &values->limit);
	read_u32(settings, P25_SET_SENDERS, attrs[P25_A_SENDERS], &values->senders);
	read_u32(settings, P25_SET_GUARD_FOR, attrs[P25_A_GUARD_FOR],
		 &values->guard_for);
	if (attrs[P25_A_GUARD]) {
		settings->given |= P25_SET_GUARD;
		err = p25_netlink_read_guard(attrs[P25_A_GUARD], &values->guard,
					     info->extack);
	}
	return err;
}

static int read_settings(struct p25_net *p25, struct p25_changes *changes,
			 struct genl_info *info)
{
	struct p25_change *change = p25_changes_new(changes, P25_CHANGE_SET);
	struct p25_change_settings *settings;
	int err;

	if (!change)
		return err_no_memory(info);
	settings = p25_change_settings(change);
	err = read_each_setting(settings, info);
	if (err)
		return err;
	if (!settings->given) {
		GENL_SET_ERR_MSG(info, "the message has no setting");
		return -EINVAL;
	}
	/* A limit is compared with what counts, not with what has expired. */
	p25_expire_for_command(p25, settings->given & P25_SET_LIMIT ?
			       settings->values.limit : U32_MAX);
	return 0;
}

static int change_settings(struct sk_buff *skb, struct genl_info *info)
{
	int err = answers(info->attrs[P25_A_ACTION]) ?
		  p25_reject_load(info->extack) : 0;

	return err ? err : change_policy(info, read_settings);
}

static const struct nla_policy commit_policy[] = {
	[P25_A_OWNER]		= P25_NLA_OWNER,
	[P25_A_MARK]		= { .type = NLA_U64 },
};

/* Are the entries still those that the sender has had digests of? */
static int check_mark(struct p25_net *p25, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int owner = P25_OWNER_ANY;
	bool changed;

	if (!attrs[P25_A_MARK])
		return 0;
	if (attrs[P25_A_OWNER])
		owner = p25_netlink_read_owner(p25, attrs[P25_A_OWNER],
					       info->extack);
	if (owner < 0)
		return owner;
	changed = p25_sequence_has_changed(&p25->policy,
					   nla_get_u64(attrs[P25_A_MARK]),
					   owner);
	p25_owner_put(&p25->policy.owners, owner);
	if (!changed)
		return 0;
	GENL_SET_ERR_MSG(info,
			 "the entries have changed since their digests: request digests again");
	return -EAGAIN;
}

/* Whatever it returns, the transaction is closed. */
static int commit_transaction(struct p25_net *p25, struct genl_info *info)
{
	int err = check_mark(p25, info);

	if (!err)
		return p25_transaction_commit(p25, info->snd_portid,
					      info->extack);
	p25_transaction_abort(p25, info->snd_portid, NULL);
	return err;
}

/* P25_CMD_BEGIN, P25_CMD_COMMIT and P25_CMD_ABORT */
static int change_transaction(struct sk_buff *skb, struct genl_info *info)
{
	struct p25_net *p25 = p25_net(genl_info_net(info));
	int err;

	mutex_lock(&p25->policy.lock);
	switch (info->genlhdr->cmd) {
	case P25_CMD_BEGIN:
		err = p25_transaction_begin(p25, info->snd_portid,
					    info->extack);
		break;
	case P25_CMD_COMMIT:
		err = commit_transaction(p25, info);
		break;
	default:
		err = p25_transaction_abort(p25, info->snd_portid,
					    info->extack);
	}
	mutex_unlock(&p25->policy.lock);
	return err;
}

/* For commands without attributes: strict validation requires a policy. */
static const struct nla_policy no_policy[] = {
	[P25_A_PAD]		= { .type = NLA_REJECT },
};

/*
 * Reading needs the right as well: entries are customers' data. Root of a user
 * namespace has it in network namespaces of its own.
 */
static const struct genl_ops ops[] = {
	{
		.cmd	= P25_CMD_ENTRY_ADD,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= add_entries,
		.policy	= add_policy,
		.maxattr = ARRAY_SIZE(add_policy) - 1,
	},
	{
		.cmd	= P25_CMD_ENTRY_DEL,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= delete_entries,
		.policy	= del_policy,
		.maxattr = ARRAY_SIZE(del_policy) - 1,
	},
	{
		.cmd	= P25_CMD_ENTRY_FLUSH,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= flush_entries,
		.policy	= flush_policy,
		.maxattr = ARRAY_SIZE(flush_policy) - 1,
	},
	{
		.cmd	= P25_CMD_ENTRY_LIST,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= p25_netlink_entry_list,
		.policy	= p25_netlink_entry_list_policy,
		.maxattr = ARRAY_SIZE(p25_netlink_entry_list_policy) - 1,
	},
	{
		.cmd	= P25_CMD_SET,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= change_settings,
		.policy	= set_policy,
		.maxattr = ARRAY_SIZE(set_policy) - 1,
	},
	{
		.cmd	= P25_CMD_SHOW,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= p25_netlink_show,
		.policy	= no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
	{
		.cmd	= P25_CMD_CHECK,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= p25_netlink_check,
		.policy	= p25_netlink_check_policy,
		.maxattr = ARRAY_SIZE(p25_netlink_check_policy) - 1,
	},
	{
		.cmd	= P25_CMD_BEGIN,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= change_transaction,
		.policy	= no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
	{
		.cmd	= P25_CMD_COMMIT,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= change_transaction,
		.policy	= commit_policy,
		.maxattr = ARRAY_SIZE(commit_policy) - 1,
	},
	{
		.cmd	= P25_CMD_ABORT,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= change_transaction,
		.policy	= no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
	{
		.cmd	= P25_CMD_SENDER_LIST,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= p25_netlink_sender_list,
		.policy	= p25_netlink_sender_list_policy,
		.maxattr = ARRAY_SIZE(p25_netlink_sender_list_policy) - 1,
	},
	{
		.cmd	= P25_CMD_SENDER_FLUSH,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= p25_netlink_sender_flush,
		.policy	= no_policy,
		.maxattr = ARRAY_SIZE(no_policy) - 1,
	},
	{
		.cmd	= P25_CMD_DIGEST,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= p25_netlink_digest,
		.policy	= p25_netlink_digest_policy,
		.maxattr = ARRAY_SIZE(p25_netlink_digest_policy) - 1,
	},
};

/* Events have what listings have, so they need the same right. */
static const struct genl_multicast_group groups[] = {
	[P25_NETLINK_EVENTS]	= P25_ADMIN_GROUP(P25_MCGRP_EVENTS),
};

/* Each namespace has a lock of its own, so commands may run in parallel. */
struct genl_family p25_netlink_family __ro_after_init = {
	.name		= P25_GENL_NAME,
	.version	= P25_GENL_VERSION,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.ops		= ops,
	.n_ops		= ARRAY_SIZE(ops),
	.mcgrps		= groups,
	.n_mcgrps	= P25_HAS_ADMIN_GROUPS ? ARRAY_SIZE(groups) : 0,
};

/**
 * p25_netlink_register - register the family
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int __init p25_netlink_register(void)
{
	return genl_register_family(&p25_netlink_family);
}

/* Unregister the family; waits for commands that run. */
void p25_netlink_unregister(void)
{
	genl_unregister_family(&p25_netlink_family);
}
