/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A prefix, IPv4 or IPv6, in one form for both.
 */
#ifndef _P25_PREFIX_H
#define _P25_PREFIX_H

#include <linux/socket.h>
#include <net/ipv6.h>

/**
 * struct p25_prefix - an address and a length; a single address has full length
 * @addr: the address; IPv4 is in the first word, the other three are zero,
 *	so that the kernel's IPv6 prefix helpers serve both families
 * @family: AF_INET or AF_INET6
 * @len: length in bits
 */
struct p25_prefix {
	struct in6_addr	addr;
	u8		family;
	u8		len;
};

static inline unsigned int p25_family_bits(u8 family)
{
	return family == AF_INET ? 32 : 128;
}

static inline void p25_prefix_from_ipv4(struct p25_prefix *prefix, __be32 addr)
{
	*prefix = (struct p25_prefix) {
		.addr.s6_addr32 = { addr },
		.family = AF_INET,
		.len = 32,
	};
}

static inline void p25_prefix_from_ipv6(struct p25_prefix *prefix,
					const struct in6_addr *addr)
{
	*prefix = (struct p25_prefix) {
		.addr = *addr,
		.family = AF_INET6,
		.len = 128,
	};
}

/* Mask for word @word of an address of which @len bits are wanted. */
static inline __be32 p25_prefix_mask(unsigned int len, unsigned int word)
{
	if (len >= 32 * (word + 1))
		return htonl(U32_MAX);
	if (len <= 32 * word)
		return 0;
	return htonl(U32_MAX << (32 * (word + 1) - len));
}

/* Cut @prefix down to its first @len bits. */
static inline void p25_prefix_cut(struct p25_prefix *prefix, unsigned int len)
{
	__be32 *addr = prefix->addr.s6_addr32;

	prefix->len = len;
	addr[0] &= p25_prefix_mask(len, 0);
	if (prefix->family == AF_INET)
		return;
	addr[1] &= p25_prefix_mask(len, 1);
	addr[2] &= p25_prefix_mask(len, 2);
	addr[3] &= p25_prefix_mask(len, 3);
}

/* Are all bits behind @prefix's length zero? */
static inline bool p25_prefix_is_canonical(const struct p25_prefix *prefix)
{
	struct p25_prefix cut = *prefix;

	p25_prefix_cut(&cut, prefix->len);
	return ipv6_addr_equal(&cut.addr, &prefix->addr);
}

/* Does one of the two prefixes cover the other? */
static inline bool p25_prefix_overlaps(const struct p25_prefix *a,
				       const struct p25_prefix *b)
{
	return a->family == b->family &&
	       ipv6_prefix_equal(&a->addr, &b->addr, min(a->len, b->len));
}

#endif /* _P25_PREFIX_H */
