/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash of a prefix, among those of its length.
 *
 * Subscribers choose their IPv6 addresses, so the hash is keyed, and any two
 * prefixes must collide by chance only. Multilinear hashing does that: a sum of
 * words, each times a secret of its own, is strongly universal (Lemire and
 * Kaser, "Strongly universal string hashing is fast", 2014). As the sum of
 * consecutive addresses is an arithmetic progression, one more multiplication
 * spreads what a progression would leave in clusters.
 *
 * A prefix that is no longer than its hash, all of IPv4 and up to /64 of IPv6, is hashed
 * by a permutation, so that no two of them have the same hash: each step, an addition,
 * a multiplication by an odd number, an exclusive-or with the upper half, can be undone.
 *
 * A packet needs one hash for each prefix length in use. That is why this isn't
 * siphash, which takes several times as long for one word or four.
 */
#ifndef _P25_HASH_H
#define _P25_HASH_H

#include <linux/random.h>

#include "prefix.h"

/**
 * struct p25_hash_key - the secret of a table
 * @start: the sum starts with it
 * @word: factor of each word of the address; the first is odd
 * @spread: factor of the sum, odd
 */
struct p25_hash_key {
	u64	start;
	u64	word[4];
	u64	spread;
};

static inline void p25_hash_key_init(struct p25_hash_key *key)
{
	get_random_bytes(key, sizeof(*key));
	key->word[0] |= 1;
	key->spread |= 1;
}

/* One word of a prefix. */
static __always_inline u32 p25_hash_word(const struct p25_prefix *address,
					 unsigned int len, unsigned int word)
{
	return (__force u32)(address->addr.s6_addr32[word] &
			     p25_prefix_mask(len, word));
}

static __always_inline u64 p25_hash_ipv4(const struct p25_hash_key *key,
					 const struct p25_prefix *address,
					 unsigned int len)
{
	/* 64 bits, as len may be 0. */
	u32 bits = (u64)ntohl(address->addr.s6_addr32[0]) >> (32 - len);
	u32 hash = ((u32)key->start + bits) * (u32)key->word[0];

	return (u64)((hash ^ hash >> 16) * (u32)key->spread) << 32;
}

/* Up to /64. */
static __always_inline u64 p25_hash_network(const struct p25_hash_key *key,
					    const struct p25_prefix *address,
					    unsigned int len)
{
	u64 network = (u64)ntohl(address->addr.s6_addr32[0]) << 32 |
		      ntohl(address->addr.s6_addr32[1]);
	u64 bits = len ? network >> (64 - len) : 0;
	u64 hash = (key->start + bits) * key->word[0];

	return (hash ^ hash >> 32) * key->spread;
}

static __always_inline u64 p25_hash_address(const struct p25_hash_key *key,
					    const struct p25_prefix *address,
					    unsigned int len)
{
	u64 sum = key->start + p25_hash_word(address, len, 0) * key->word[0] +
		  p25_hash_word(address, len, 1) * key->word[1] +
		  p25_hash_word(address, len, 2) * key->word[2] +
		  p25_hash_word(address, len, 3) * key->word[3];

	return (sum ^ sum >> 32) * key->spread;
}

/* Does the hash of a prefix of that length say which it is? */
static __always_inline bool p25_hash_is_exact(u8 family, unsigned int len)
{
	return family == AF_INET || len <= 64;
}

/**
 * p25_hash - hash of a prefix
 * @key: the secret
 * @family: AF_INET or AF_INET6
 * @address: the prefix, or a longer one
 * @len: the prefix's length
 *
 * Return: the hash: of IPv4 32 bits, in the upper half; of IPv6 64 bits.
 */
static __always_inline u64 p25_hash(const struct p25_hash_key *key, u8 family,
				    const struct p25_prefix *address,
				    unsigned int len)
{
	if (family == AF_INET)
		return p25_hash_ipv4(key, address, len);
	return len <= 64 ? p25_hash_network(key, address, len) :
			   p25_hash_address(key, address, len);
}

#endif /* _P25_HASH_H */
