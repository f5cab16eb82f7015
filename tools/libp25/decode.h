/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From attributes to structures.
 *
 * Functions return 0, or -EBADMSG for an answer that breaks the contract.
 */
#ifndef _P25_DECODE_H
#define _P25_DECODE_H

#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "libp25.h"

int p25_decode_attrs(struct nlattr **attrs, int max, struct nlattr *head,
		     int len);
int p25_decode_message(struct nlattr **attrs, struct nlmsghdr *nlh);
int p25_decode_each(struct nlmsghdr *nlh, int type,
		    int (*take)(struct nlattr *nest, void *arg), void *arg);
int p25_decode_number(const struct nlattr *attr, void *to, int size);
int p25_decode_string(const struct nlattr *attr, char *to, size_t room);
int p25_decode_next(const struct nlattr *attr, uint64_t *next);
int p25_decode_addr(const struct nlattr *attr, struct p25_prefix *prefix);
int p25_decode_prefix(const struct nlattr *addr, const struct nlattr *len,
		      struct p25_prefix *prefix);
int p25_decode_entry(struct nlattr *nest, struct p25_entry *entry);
int p25_decode_guard(const struct nlattr *attr, struct p25_guard *guard);
int p25_decode_sender(struct nlattr *nest, struct p25_sender *sender);

#endif /* _P25_DECODE_H */
