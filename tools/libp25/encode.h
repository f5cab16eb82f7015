/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From structures to attributes.
 *
 * Functions return 0, -EINVAL or -EMSGSIZE (the message has no room left).
 */
#ifndef _P25_ENCODE_H
#define _P25_ENCODE_H

#include <netlink/msg.h>

#include "libp25.h"

int p25_encode_addr(struct nl_msg *msg, int type,
		    const struct p25_prefix *prefix);
int p25_encode_entry(struct nl_msg *msg, const struct p25_entry *entry);
int p25_encode_key(struct nl_msg *msg, const struct p25_entry *entry);
int p25_encode_filter(struct nl_msg *msg, const struct p25_filter *filter);
int p25_encode_settings(struct nl_msg *msg, const struct p25_settings *set);

#endif /* _P25_ENCODE_H */
