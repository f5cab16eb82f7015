/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family: the contract is in <linux/p25.h>.
 *
 *	netlink.c            the family, and the commands that change something
 *	netlink_entry.c      entries to and from attributes
 *	netlink_reply.c      what replies share
 *	netlink_list.c       listing entries
 *	netlink_sender.c     listing and flushing senders
 *	netlink_guard.c      guards to and from attributes
 *	netlink_status.c     show and check
 *	netlink_digest.c     digests
 */
#ifndef _P25_NETLINK_H
#define _P25_NETLINK_H

#include <linux/p25.h>
#include <linux/siphash.h>
#include <net/genetlink.h>

struct p25_changes;
struct p25_entry;
struct p25_guard;
struct p25_net;
struct p25_prefix;
struct p25_sender_record;
struct p25_settings;
struct p25_table;

extern struct genl_family p25_netlink_family;
extern const struct nla_policy p25_netlink_entry[P25_A_ENTRY_MAX + 1];
extern const struct nla_policy p25_netlink_entry_name[P25_A_ENTRY_MAX + 1];

/* Policies for the attributes that several commands share. */
#define P25_NLA_ACTION		NLA_POLICY_MAX(NLA_U8, P25_ACTION_MAX)
#define P25_NLA_ADDRESS		NLA_POLICY_RANGE(NLA_BINARY, 4, 16)
#define P25_NLA_GUARD		{ .type = NLA_BINARY, .len = P25_GUARD_RATES_MAX * \
					sizeof(struct p25_guard_rate) }
#define P25_NLA_KIND		NLA_POLICY_RANGE(NLA_U8, P25_KIND_RELAY, \
						 P25_KIND_MAX)
#define P25_NLA_OWNER		{ .type = NLA_STRING, .len = P25_OWNER_MAXLEN }
#define P25_NLA_SEED		NLA_POLICY_EXACT_LEN(P25_DIGEST_SEEDLEN)
#define P25_NLA_PREFIXLEN	NLA_POLICY_MAX(NLA_U8, 128)

/* The family's multicast groups. */
enum p25_netlink_group {
	P25_NETLINK_EVENTS,
};

int p25_netlink_register(void);
void p25_netlink_unregister(void);

int p25_netlink_read_address(const struct nlattr *attr,
			     struct p25_prefix *prefix,
			     struct netlink_ext_ack *extack);
int p25_netlink_read_prefix(const struct nlattr *addr, const struct nlattr *len,
			    struct p25_prefix *prefix,
			    struct netlink_ext_ack *extack);
int p25_netlink_read_owner_name(const struct nlattr *attr,
				char name[P25_OWNER_MAXLEN + 1],
				struct netlink_ext_ack *extack);
int p25_netlink_read_owner(struct p25_net *p25, const struct nlattr *attr,
			   struct netlink_ext_ack *extack);
int p25_netlink_read_entry(struct p25_net *p25, struct p25_changes *changes,
			   u8 type, const struct nlattr *attr,
			   bool ignore_missing, struct netlink_ext_ack *extack);
int p25_netlink_read_guard(const struct nlattr *attr, struct p25_guard *guard,
			   struct netlink_ext_ack *extack);
int p25_netlink_put_guard(struct sk_buff *skb, int type,
			  const struct p25_guard *guard);
int p25_netlink_put_address(struct sk_buff *skb, int type,
			    const struct p25_prefix *prefix);
int p25_netlink_put_sender(struct sk_buff *skb,
			   const struct p25_sender_record *record);
int p25_netlink_put_entry_as(struct sk_buff *skb, int type, struct p25_net *p25,
			     const struct p25_table *table,
			     const struct p25_entry *entry, unsigned int gen);
int p25_netlink_put_entry(struct sk_buff *skb, struct p25_net *p25,
			  const struct p25_table *table,
			  const struct p25_entry *entry);

/* Writes attributes; returns 0 or a negative errno value. */
typedef int (*p25_netlink_fill_t)(struct p25_net *p25, struct sk_buff *skb,
				  void *arg);
/* Writes what there is room for; @next: where to continue, 0: it is complete. */
typedef int (*p25_netlink_fill_list_t)(struct p25_net *p25, struct sk_buff *skb,
				       void *arg, u64 *next);

int p25_netlink_reply(struct genl_info *info, struct sk_buff *skb, u8 cmd,
		      p25_netlink_fill_t fill, void *arg);
int p25_netlink_book(struct p25_net *p25, struct netlink_ext_ack *extack);
int p25_netlink_reply_list(struct genl_info *info, u8 cmd,
			   p25_netlink_fill_list_t fill, void *arg);

void p25_netlink_read_seed(const struct nlattr *attr, siphash_key_t *seed);

/* Commands, each with the policy for the attributes that it takes. */
extern const struct nla_policy p25_netlink_entry_list_policy[P25_A_NEXT + 1];
int p25_netlink_entry_list(struct sk_buff *skb, struct genl_info *info);

extern const struct nla_policy p25_netlink_sender_list_policy[P25_A_NEXT + 1];
int p25_netlink_sender_list(struct sk_buff *skb, struct genl_info *info);
int p25_netlink_sender_flush(struct sk_buff *skb, struct genl_info *info);

extern const struct nla_policy p25_netlink_digest_policy[P25_A_SEED + 1];
int p25_netlink_digest(struct sk_buff *skb, struct genl_info *info);

int p25_netlink_put_settings(struct sk_buff *skb,
			     const struct p25_settings *settings);
int p25_netlink_show(struct sk_buff *skb, struct genl_info *info);

extern const struct nla_policy p25_netlink_check_policy[P25_A_DST + 1];
int p25_netlink_check(struct sk_buff *skb, struct genl_info *info);

#endif /* _P25_NETLINK_H */
