/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hash of a prefix.
 *
 * Subscribers choose their IPv6 addresses, so the hash is keyed, and any two
 * prefixes must collide by chance only. Multilinear hashing does that: a sum of
 * words, each times a secret of its own, is strongly universal (Lemire and
 * Kaser, "Strongly universal string hashing is fast", 2014). As the sum of
 * consecutive addresses is an arithmetic progression, one more multiplication
 * spreads what a progression would leave in heaps.
 *
 * A packet needs one hash for each prefix length in use. That is why this isn't
 * siphash, which takes several times as long for a word or four.
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

/* Never 0: that marks a slot that is free. */
static inline u32 p25_hash(const struct p25_hash_key *key,
			   const struct p25_prefix *prefix)
{
	const u32 *word = (__force const u32 *)prefix->addr.s6_addr32;
	u64 sum = key->start + prefix->len * key->len + word[0] * key->word[0];
	u32 hash;

	if (prefix->family != AF_INET)
		sum += word[1] * key->word[1] + word[2] * key->word[2] +
		       word[3] * key->word[3];
	hash = ((sum ^ sum >> 32) * key->spread) >> 32;
	return hash ? hash : 1;
}

#endif /* _P25_HASH_H */
