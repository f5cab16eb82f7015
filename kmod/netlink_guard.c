// SPDX-License-Identifier: GPL-2.0
/*
 * Guards to and from netlink attributes.
 */
#include <linux/string.h>

#include "netlink.h"
#include "rate.h"

static bool is_valid(const struct p25_guard_rate *rate)
{
	return rate->attempts && rate->attempts <= P25_GUARD_ATTEMPTS_MAX &&
	       rate->seconds && rate->seconds <= P25_GUARD_SECONDS_MAX;
}

/**
 * p25_netlink_read_guard - read P25_A_GUARD or P25_A_ENTRY_GUARD
 * @attr: the attribute, whose policy has checked that it is not too long
 * @guard: the result
 * @extack: message
 *
 * Return: 0 or -EINVAL.
 */
int p25_netlink_read_guard(const struct nlattr *attr, struct p25_guard *guard,
			   struct netlink_ext_ack *extack)
{
	unsigned int i;

	BUILD_BUG_ON(P25_GUARD_RATES_MAX != 4);
	BUILD_BUG_ON(P25_GUARD_ATTEMPTS_MAX != 1000000);
	BUILD_BUG_ON(P25_GUARD_SECONDS_MAX != 2592000);
	if (nla_len(attr) % sizeof(guard->rates[0])) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a guard is up to 4 rates of 8 bytes each");
		return -EINVAL;
	}
	memset(guard, 0, sizeof(*guard));
	guard->n = nla_len(attr) / sizeof(guard->rates[0]);
	memcpy(guard->rates, nla_data(attr), nla_len(attr));
	for (i = 0; i < guard->n; i++) {
		if (is_valid(&guard->rates[i]))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a rate is 1 to 1000000 attempts in 1 to 2592000 seconds");
		return -EINVAL;
	}
	return 0;
}

/* Write a guard; returns 0 or -EMSGSIZE. */
int p25_netlink_put_guard(struct sk_buff *skb, int type, const struct p25_guard *guard)
{
	return nla_put(skb, type, guard->n * sizeof(guard->rates[0]), guard->rates);
}
