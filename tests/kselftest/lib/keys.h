/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of keys chosen to collide in a hash table (hash flooding), and random ones
 * to compare them with.
 */
#ifndef _KEYS_H
#define _KEYS_H

#include <netinet/in.h>
#include <stdint.h>

/* The @number-th prefix of a set, in network byte order. */
struct key {
	uint32_t word[4];
	unsigned int len;
};

struct set {
	const char *name;
	int family;
	struct key (*key)(uint32_t number);
};

static inline struct key ipv4(uint32_t address, unsigned int len)
{
	return (struct key) { .word = { htonl(address) }, .len = len };
}

/* An address in 2001:db8:SUBNET::/64 with an interface identifier, or the /64. */
static inline struct key ipv6(uint32_t subnet, uint64_t id, unsigned int len)
{
	return (struct key) {
		.word = { htonl(0x20010db8), htonl(subnet), htonl(id >> 32),
			  htonl(id) },
		.len = len,
	};
}

/* A mixer (splitmix64): numbers that look random, the same in each run. */
static inline uint64_t mixed(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static inline uint32_t reversed(uint32_t x)
{
	uint32_t y = 0;
	int i;

	for (i = 0; i < 32; i++)
		y |= (x >> i & 1) << (31 - i);
	return y;
}

/* ---- IPv4: 2^20 of the 2^32 addresses, or of the 2^24 prefixes /24 ---- */

/* A permutation, so that no address is there twice. */
static inline struct key random4(uint32_t n)
{
	n = n * 0x9e3779b1 + 0x7f4a7c15;
	n = (n ^ n >> 15) * 0x85ebca6b;
	n = (n ^ n >> 13) * 0xc2b2ae35;
	return ipv4(n ^ n >> 16, 32);
}

static inline struct key consecutive4(uint32_t n)
{
	return ipv4(0x0a000000 + n, 32);
}

static inline struct key strided4(uint32_t n)
{
	return ipv4(n * 257, 32);
}

static inline struct key low_bits4(uint32_t n)
{
	return ipv4(n << 12 | 7, 32);
}

static inline struct key reversed4(uint32_t n)
{
	return ipv4(reversed(n), 32);
}

static inline struct key dense4(uint32_t n)
{
	return ipv4(n << 8, 24);
}

/* ---- IPv6 ---- */

static inline struct key random6(uint32_t n)
{
	return ipv6(mixed(n) >> 32, mixed(~n), 128);
}

static inline struct key consecutive6(uint32_t n)
{
	return ipv6(1, n, 128);
}

static inline struct key strided6(uint32_t n)
{
	return ipv6(1, (uint64_t)n << 24, 128);
}

static inline struct key low_bits6(uint32_t n)
{
	return ipv6(n, 0x0123456789abcdef, 128);
}

static inline struct key high_bits6(uint32_t n)
{
	return ipv6(0xffffffff, 0xffffffff00000000 | n, 128);
}

static inline struct key reversed6(uint32_t n)
{
	return ipv6(1, (uint64_t)reversed(n) << 32, 128);
}

static inline struct key dense6(uint32_t n)
{
	return ipv6(n, 0, 64);
}

/* One /64: the identifiers' halves add up to the same. */
static inline struct key same_sum6(uint32_t n)
{
	return ipv6(1, (uint64_t)n << 32 | -n, 128);
}

/* One /64: the identifiers' halves are alike. */
static inline struct key alike6(uint32_t n)
{
	return ipv6(1, (uint64_t)n << 32 | n, 128);
}

/* One /64: a grid of 2^10 by 2^10, wide steps. */
static inline struct key grid6(uint32_t n)
{
	return ipv6(1, (uint64_t)(n >> 10) << 54 | (uint64_t)(n & 1023) << 22,
		    128);
}

/* One /64: what SLAAC makes of the MAC addresses of one vendor (EUI-64). */
static inline struct key eui64(uint32_t n)
{
	return ipv6(1, 0x022500fffe000000 | n, 128);
}

static const struct set random_sets[] = {
	{ "random addresses", AF_INET, random4 },
	{ "random addresses", AF_INET6, random6 },
};

/* The random keys that @set is compared with. */
static inline const struct set *random_set(const struct set *set)
{
	return &random_sets[set->family != AF_INET];
}

#endif /* _KEYS_H */
