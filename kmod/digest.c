// SPDX-License-Identifier: GPL-2.0
/*
 * Digests: what p25ctl compares with a policy file, to send only what differs.
 */
#include <linux/build_bug.h>
#include <linux/lockdep.h>
#include <linux/string.h>

#include "digest.h"
#include "policy.h"

static void put_name(struct p25_digest *digest, const struct p25_table *table,
		     const struct p25_entry *entry)
{
	BUILD_BUG_ON(offsetof(struct p25_digest, owner) != P25_DIGEST_NAMELEN);
	BUILD_BUG_ON(sizeof(struct p25_digest) !=
		     offsetofend(struct p25_digest, comment));
	BUILD_BUG_ON(sizeof(((struct p25_guard *)0)->rates) !=
		     sizeof(((struct p25_digest *)0)->comment) - P25_COMMENT_MAXLEN);
	memset(digest, 0, sizeof(*digest));
	memcpy(digest->addr, entry->addr, p25_family_bits(table->family) / 8);
	digest->kind = entry->kind;
	digest->len = entry->len;
	digest->ipv6 = table->family == AF_INET6;
}

/**
 * p25_digest_group - group of an entry
 * @table: its table
 * @entry: the entry
 * @seed: key of the digests
 *
 * Context: process, under the policy's lock.
 * Return: the group, below P25_DIGEST_GROUPS.
 */
unsigned int p25_digest_group(const struct p25_table *table,
			      const struct p25_entry *entry,
			      const siphash_key_t *seed)
{
	struct p25_digest digest;

	lockdep_assert_held(table->lock);
	put_name(&digest, table, entry);
	return siphash(&digest, P25_DIGEST_NAMELEN, seed) % P25_DIGEST_GROUPS;
}

/**
 * p25_digest - the digest of an entry
 * @policy: the policy
 * @table: the entry's table
 * @entry: the entry
 * @seed: key of the digests
 *
 * Context: process, under @policy->lock.
 * Return: the digest.
 */
u64 p25_digest(const struct p25_policy *policy, const struct p25_table *table,
	       const struct p25_entry *entry, const siphash_key_t *seed)
{
	const struct p25_guard *guard = p25_table_guard(table, entry);
	const char *comment = p25_table_comment(table, entry);
	u32 expires = entry->expires[policy->generation];
	struct p25_digest digest;
	size_t len = 0;

	lockdep_assert_held(&policy->lock);
	put_name(&digest, table, entry);
	strscpy(digest.owner, p25_owner_name(&policy->owners, entry->owner),
		sizeof(digest.owner));
	digest.action = p25_entry_action(entry, policy->generation);
	if (expires != P25_NEVER)
		digest.expires = p25_expires_to_real(expires);
	if (comment) {
		len = strnlen(comment, P25_COMMENT_MAXLEN);
		memcpy(digest.comment, comment, len);
	}
	if (guard) {
		digest.guard = guard->n + 1;
		memcpy(digest.comment + len, guard->rates,
		       guard->n * sizeof(guard->rates[0]));
		len += guard->n * sizeof(guard->rates[0]);
	}
	return siphash(&digest, offsetof(struct p25_digest, comment) + len,
		       seed);
}
