/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family: the contract is in <linux/p25.h>.
 *
 *	netlink.c            the family, and the commands that change something
 *	netlink_entry.c      entries to and from attributes
 *	netlink_list.c       listing entries and offenders
 *	netlink_status.c     show and check
 *	netlink_digest.c     digests
 */
#ifndef _P25_NETLINK_H
#define _P25_NETLINK_H

#include <linux/siphash.h>
#include <net/genetlink.h>

#include "commit.h"
#include "p25.h"

extern struct genl_family p25_netlink_family;
extern const struct nla_policy p25_netlink_entry[P25_A_ENTRY_MAX + 1];
extern const struct nla_policy p25_netlink_entry_name[P25_A_ENTRY_MAX + 1];

/* Policies for the attributes that several commands share. */
#define P25_NLA_ADDRESS		NLA_POLICY_RANGE(NLA_BINARY, 4, 16)
#define P25_NLA_KIND		NLA_POLICY_RANGE(NLA_U8, P25_KIND_RELAY, \
						 P25_KIND_MAX)
#define P25_NLA_OWNER		{ .type = NLA_STRING, .len = P25_OWNER_MAXLEN }
#define P25_NLA_SEED		NLA_POLICY_EXACT_LEN(P25_DIGEST_SEEDLEN)
#define P25_NLA_PREFIXLEN	NLA_POLICY_MAX(NLA_U8, 128)

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
int p25_netlink_put_address(struct sk_buff *skb, int type,
			    const struct p25_prefix *prefix);
int p25_netlink_put_entry(struct sk_buff *skb, struct p25_net *p25,
			  const struct p25_table *table,
			  const struct p25_entry *entry);

int p25_netlink_list(struct sk_buff *skb, struct genl_info *info);
int p25_netlink_offenders(struct sk_buff *skb, struct genl_info *info);

void p25_netlink_read_seed(const struct nlattr *attr, siphash_key_t *seed);
int p25_netlink_digest(struct sk_buff *skb, struct genl_info *info);

int p25_netlink_show(struct sk_buff *skb, struct genl_info *info);
int p25_netlink_check(struct sk_buff *skb, struct genl_info *info);

#endif /* _P25_NETLINK_H */
