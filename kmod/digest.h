/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Digests of entries; see struct p25_digest in <linux/p25.h>.
 */
#ifndef _P25_DIGEST_H
#define _P25_DIGEST_H

#include <linux/siphash.h>

struct p25_entry;
struct p25_policy;
struct p25_table;

unsigned int p25_digest_group(const struct p25_table *table,
			      const struct p25_entry *entry,
			      const siphash_key_t *seed);
u64 p25_digest(const struct p25_policy *policy, const struct p25_table *table,
	       const struct p25_entry *entry, const siphash_key_t *seed);

#endif /* _P25_DIGEST_H */
