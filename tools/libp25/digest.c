// SPDX-License-Identifier: GPL-2.0
/*
 * Digests: where does a policy differ from the kernel's?
 */
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "decode.h"
#include "encode.h"
#include "error.h"
#include "export.h"
#include "handle.h"
#include "libp25.h"
#include "request.h"
#include "siphash.h"

static_assert(sizeof(struct p25_digest) == 144, "the digest has holes");

P25_EXPORT int p25_digests_init(struct p25_digests *digests)
{
	memset(digests, 0, sizeof(*digests));
	/* Early at boot there is none to be had, which may last. */
	if (getrandom(digests->seed, sizeof(digests->seed), GRND_NONBLOCK) < 0)
		return -errno;
	return 0;
}

/* As the kernel keeps it. */
static int64_t kept_expiry(int64_t expires)
{
	if (!expires)
		return 0;
	if (expires < P25_EXPIRES_MIN)
		return P25_EXPIRES_MIN;
	return expires > P25_EXPIRES_MAX ? P25_EXPIRES_MAX : expires;
}

/* Of the rates of its own guard. A guard of more is no guard, and is refused elsewhere. */
static size_t guard_size(const struct p25_entry *entry)
{
	const struct p25_guard *guard = &entry->guard;

	if (!entry->has_guard || guard->n > P25_GUARD_RATES_MAX)
		return 0;
	return guard->n * sizeof(*guard->rate);
}

/* Returns how many bytes of it are digested. */
static size_t fill_digest(struct p25_digest *digest,
			  const struct p25_entry *entry)
{
	const char *owner = *entry->owner ? entry->owner : P25_OWNER_DEFAULT;
	size_t rates = guard_size(entry), comment;
	bool ipv6 = entry->prefix.family == AF_INET6;

	memset(digest, 0, sizeof(*digest));
	memcpy(digest->addr, entry->prefix.addr, ipv6 ? 16 : 4);
	digest->kind = entry->kind;
	digest->len = entry->prefix.len;
	digest->ipv6 = ipv6;
	memcpy(digest->owner, owner,
	       strnlen(owner, sizeof(digest->owner) - 1));
	digest->action = entry->has_action ? entry->action + 1 : 0;
	digest->guard = entry->has_guard ? entry->guard.n + 1 : 0;
	digest->expires = kept_expiry(entry->expires);
	comment = strnlen(entry->comment, P25_COMMENT_MAXLEN);
	memcpy(digest->comment, entry->comment, comment);
	memcpy(digest->comment + comment, entry->guard.rate, rates);
	return offsetof(struct p25_digest, comment) + comment + rates;
}

P25_EXPORT unsigned int p25_digests_add(struct p25_digests *digests,
					const struct p25_entry *entry)
{
	struct p25_digest digest;
	unsigned int group;
	uint64_t key[2];
	size_t size;

	memcpy(key, digests->seed, sizeof(key));
	size = fill_digest(&digest, entry);
	group = p25_siphash(&digest, P25_DIGEST_NAMELEN, key) %
		P25_DIGEST_GROUPS;
	digests->group[group] += p25_siphash(&digest, size, key);
	return group;
}

static int decode_digests(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *a[P25_A_MAX + 1];
	struct p25_digests *digests = arg;

	if (p25_decode_message(a, nlh) ||
	    p25_decode_number(a[P25_A_MARK], &digests->mark,
			      sizeof(digests->mark)) ||
	    !a[P25_A_DIGESTS] ||
	    nla_len(a[P25_A_DIGESTS]) != sizeof(digests->group))
		return -EBADMSG;
	memcpy(digests->group, nla_data(a[P25_A_DIGESTS]),
	       sizeof(digests->group));
	return 0;
}

P25_EXPORT int p25_digests_get(struct p25 *p25, const char *owner,
			       struct p25_digests *digests)
{
	struct p25_filter whose = { .owner = owner };
	struct nl_msg *msg;
	int err;

	if (p25->ready)
		return p25->ready;
	msg = p25_request_new(p25, P25_CMD_DIGEST, NLM_F_ACK);
	if (!msg)
		return -ENOMEM;
	err = p25_encode_filter(msg, &whose);
	if (!err && nla_put(msg, P25_A_SEED, sizeof(digests->seed),
			    digests->seed) < 0)
		err = -EMSGSIZE;
	if (!err)
		return p25_ask_once(p25, msg, decode_digests, digests);
	nlmsg_free(msg);
	return p25_set_error(p25, err, "the owner is malformed");
}
