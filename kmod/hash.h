/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash of a prefix.
 *
 * Subscribers choose their IPv6 addresses, so the hash is keyed, and any two
 * prefixes must collide by chance only. Multilinear hashing does that: a sum of
 * words, each times a secret of its own, is strongly universal (Lemire and
 * Kaser, "Strongly universal string hashing is fast", 2014). As the sum of
 * consecutive addresses is an arithmetic progression, one more multiplication
 * spreads what a progression would leave in clusters.
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
 * @len: factor of the prefix length
 * @word: factor of each word of the address
 * @spread: factor of the sum
 */
struct p25_hash_key {
	u64	start;
	u64	len;
	u64	word[4];
	u64	spread;
};

static inline void p25_hash_key_init(struct p25_hash_key *key)
{
	get_random_bytes(key, sizeof(*key));
	key->spread |= 1;
}

static __always_inline u64 p25_hash_word(const struct p25_hash_key *key,
					 const struct p25_prefix *address,
					 unsigned int len, unsigned int word)
{
	__be32 bits = address->addr.s6_addr32[word] &
		      p25_prefix_mask(len, word);

	return (__force u32)bits * key->word[word];
}

/**
 * p25_hash - hash of a prefix
 * @key: the secret
 * @family: AF_INET or AF_INET6
 * @address: the prefix, or a longer one
 * @len: the prefix's length
 *
 * Return: the hash, never 0: that marks a slot that is free.
 */
static __always_inline u32 p25_hash(const struct p25_hash_key *key, u8 family,
				    const struct p25_prefix *address,
				    unsigned int len)
{
	u64 sum = key->start + len * key->len +
		  p25_hash_word(key, address, len, 0);
	u32 hash;

	if (family != AF_INET)
		sum += p25_hash_word(key, address, len, 1) +
		       p25_hash_word(key, address, len, 2) +
		       p25_hash_word(key, address, len, 3);
	hash = ((sum ^ sum >> 32) * key->spread) >> 32;
	return hash ? hash : 1;
}

#endif /* _P25_HASH_H */
