// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel that is played, see kernel.h.
 */
#include <errno.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "kernel.h"
#include "socket.h"
#include "target.h"

struct kernel_policy kernel_policy;

static struct kernel_policy waiting;	/* of the transaction, if one is open */
static bool transaction;
static uint32_t sequence;		/* of the request at hand */
static uint64_t changes;		/* so far, for P25_A_MARK */

static void say(struct nl_msg *msg)
{
	socket_say(nlmsg_hdr(msg), nlmsg_hdr(msg)->nlmsg_len);
	nlmsg_free(msg);
}

static void say_result(int err, uint32_t cookie)
{
	struct nl_msg *msg = nlmsg_alloc();
	struct nlmsgerr *error;

	nlmsg_put(msg, 0, sequence, NLMSG_ERROR, 0,
		  NLM_F_ACK_TLVS | NLM_F_CAPPED);
	error = nlmsg_reserve(msg, sizeof(*error), 4);
	memset(error, 0, sizeof(*error));
	error->error = err;
	if (err)
		nla_put_string(msg, NLMSGERR_ATTR_MSG, "it is refused");
	if (cookie)
		nla_put_u32(msg, NLMSGERR_ATTR_COOKIE, cookie);
	say(msg);
}

static struct nl_msg *answer(uint8_t cmd, int flags)
{
	/* Digests take more than a page. */
	struct nl_msg *msg = nlmsg_alloc_size(2 * sizeof(struct p25_digests));

	genlmsg_put(msg, 0, sequence, FAMILY, 0, flags, cmd, P25_GENL_VERSION);
	return msg;
}

/*
 * Changes
 */

static struct kernel_policy *changing(void)
{
	return transaction ? &waiting : &kernel_policy;
}

static bool same(const struct p25_entry *a, const struct p25_entry *b)
{
	return a->kind == b->kind && !strcmp(a->owner, b->owner) &&
	       !p25_prefix_cmp(&a->prefix, &b->prefix);
}

static int add(struct kernel_policy *policy, const struct p25_entry *entry)
{
	size_t i = 0;

	while (i < policy->n && !same(&policy->entries[i], entry))
		i++;
	if (i == KERNEL_ENTRIES_MAX)
		return -ENOSPC;
	policy->entries[i] = *entry;
	policy->entries[i].cookie = 0;
	policy->entries[i].if_comment = false;
	if (i == policy->n)
		policy->n++;
	return 0;
}

static int del(struct kernel_policy *policy, const struct p25_entry *entry)
{
	size_t i = 0;

	while (i < policy->n && !same(&policy->entries[i], entry))
		i++;
	if (i == policy->n || (entry->if_comment &&
			       strcmp(policy->entries[i].comment, entry->comment)))
		return -ENOENT;
	policy->entries[i] = policy->entries[--policy->n];
	return 0;
}

/* Only what the kernel would take. */
static struct p25_guard read_guard(const struct nlattr *attr)
{
	size_t size = nla_len(attr), i;
	struct p25_guard guard = { .n = size / sizeof(*guard.rate) };

	if (size > sizeof(guard.rate) || size % sizeof(*guard.rate))
		broken("a guard is sent that is none");
	memcpy(guard.rate, nla_data(attr), size);
	for (i = 0; i < guard.n; i++) {
		if (!guard.rate[i].attempts || !guard.rate[i].seconds ||
		    guard.rate[i].attempts > P25_GUARD_ATTEMPTS_MAX ||
		    guard.rate[i].seconds > P25_GUARD_SECONDS_MAX)
			broken("a rate is sent that the kernel would refuse");
	}
	return guard;
}

/* What libp25 sends must be right: anything else ends the program. */
static void read_entry(struct nlattr *nest, struct p25_entry *entry)
{
	struct nlattr *a[P25_A_ENTRY_MAX + 1];

	memset(entry, 0, sizeof(*entry));
	if (nla_parse_nested(a, P25_A_ENTRY_MAX, nest, NULL) ||
	    !a[P25_A_ENTRY_KIND] || !a[P25_A_ENTRY_ADDR] ||
	    !a[P25_A_ENTRY_PREFIXLEN])
		broken("an entry is sent that is none");
	entry->kind = nla_get_u8(a[P25_A_ENTRY_KIND]);
	entry->prefix.len = nla_get_u8(a[P25_A_ENTRY_PREFIXLEN]);
	entry->prefix.family = nla_len(a[P25_A_ENTRY_ADDR]) == 4 ? AF_INET :
								   AF_INET6;
	nla_memcpy(entry->prefix.addr, a[P25_A_ENTRY_ADDR], 16);
	strcpy(entry->owner, P25_OWNER_DEFAULT);
	if (a[P25_A_ENTRY_OWNER])
		nla_strlcpy(entry->owner, a[P25_A_ENTRY_OWNER],
			    sizeof(entry->owner));
	if (a[P25_A_ENTRY_COMMENT])
		nla_strlcpy(entry->comment, a[P25_A_ENTRY_COMMENT],
			    sizeof(entry->comment));
	entry->if_comment = a[P25_A_ENTRY_COMMENT];
	entry->has_action = a[P25_A_ENTRY_ACTION];
	if (entry->has_action)
		entry->action = nla_get_u8(a[P25_A_ENTRY_ACTION]);
	entry->has_guard = a[P25_A_ENTRY_GUARD];
	if (entry->has_guard)
		entry->guard = read_guard(a[P25_A_ENTRY_GUARD]);
	if (a[P25_A_ENTRY_TIMEOUT])
		entry->expires = time(NULL) + nla_get_u32(a[P25_A_ENTRY_TIMEOUT]);
	if (a[P25_A_ENTRY_EXPIRES])
		entry->expires = (int64_t)nla_get_u64(a[P25_A_ENTRY_EXPIRES]);
	if (a[P25_A_ENTRY_COOKIE])
		entry->cookie = nla_get_u32(a[P25_A_ENTRY_COOKIE]);
	if (!p25_owner_valid(entry->owner) ||
	    !p25_comment_valid(entry->comment) ||
	    (entry->has_action && entry->kind != P25_KIND_POOL &&
	     entry->kind != P25_KIND_BLOCK) ||
	    (entry->has_guard && entry->kind != P25_KIND_STATIC &&
	     entry->kind != P25_KIND_OPTOUT))
		broken("an entry is sent that the kernel would refuse");
}

static void change_entries(uint8_t cmd, struct nlmsghdr *nlh)
{
	struct kernel_policy *policy = changing();
	struct kernel_policy copy = *policy;
	struct p25_entry entry;
	struct nlattr *attr;
	bool ignore = false;
	int rest, err = 0;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		if (nla_type(attr) == P25_A_IGNORE_MISSING)
			ignore = true;
		if (nla_type(attr) != P25_A_ENTRY)
			continue;
		read_entry(attr, &entry);
		if (cmd == P25_CMD_ENTRY_ADD)
			err = add(&copy, &entry);
		else
			err = del(&copy, &entry);
		if (err == -ENOENT && ignore)
			err = 0;
		if (err)
			break;
	}
	if (!err) {
		*policy = copy;
		changes += !transaction;
	}
	say_result(err, err ? entry.cookie : 0);
}

static bool is_in_groups(const struct p25_entry *entry, struct nlattr **a)
{
	static struct p25_digests digests;
	const uint8_t *groups = nla_data(a[P25_A_GROUPS]);
	unsigned int group;

	memcpy(digests.seed, nla_data(a[P25_A_SEED]), sizeof(digests.seed));
	group = p25_digests_add(&digests, entry);
	return groups[group / 8] >> group % 8 & 1;
}

static bool matches(const struct p25_entry *entry, struct nlattr **a)
{
	if (a[P25_A_KIND] && nla_get_u8(a[P25_A_KIND]) != entry->kind)
		return false;
	if (a[P25_A_OWNER] && nla_strcmp(a[P25_A_OWNER], entry->owner))
		return false;
	return !a[P25_A_GROUPS] || is_in_groups(entry, a);
}

static void flush(struct nlattr **a)
{
	struct kernel_policy *policy = changing();
	size_t i, kept = 0;

	for (i = 0; i < policy->n; i++) {
		if (!matches(&policy->entries[i], a))
			policy->entries[kept++] = policy->entries[i];
	}
	policy->n = kept;
	say_result(0, 0);
}

static void set(struct nlattr **a)
{
	struct p25_settings *settings = &changing()->settings;

	if (a[P25_A_ACTION])
		settings->action = nla_get_u8(a[P25_A_ACTION]);
	if (a[P25_A_INBOUND])
		settings->inbound = nla_get_u8(a[P25_A_INBOUND]);
	if (a[P25_A_LIMIT])
		settings->limit = nla_get_u32(a[P25_A_LIMIT]);
	if (a[P25_A_SENDERS])
		settings->senders = nla_get_u32(a[P25_A_SENDERS]);
	if (!a[P25_A_GUARD] != !a[P25_A_GUARD_FOR])
		broken("half of a guard is sent");
	if (a[P25_A_GUARD]) {
		settings->guard = read_guard(a[P25_A_GUARD]);
		settings->guard_for = nla_get_u32(a[P25_A_GUARD_FOR]);
	}
	say_result(0, 0);
}

/*
 * Answers
 */

static void put_address(struct nl_msg *msg, int type,
			const struct p25_prefix *prefix)
{
	nla_put(msg, type, prefix->family == AF_INET ? 4 : 16, prefix->addr);
}

static void put_guard(struct nl_msg *msg, int type, const struct p25_guard *guard)
{
	nla_put(msg, type, guard->n * sizeof(*guard->rate), guard->rate);
}

static void put_listed(struct nl_msg *msg, const struct p25_entry *entry)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_ENTRY);

	nla_put_u8(msg, P25_A_ENTRY_KIND, entry->kind);
	put_address(msg, P25_A_ENTRY_ADDR, &entry->prefix);
	nla_put_u8(msg, P25_A_ENTRY_PREFIXLEN, entry->prefix.len);
	nla_put_string(msg, P25_A_ENTRY_OWNER, entry->owner);
	if (entry->expires) {
		nla_put_u32(msg, P25_A_ENTRY_TIMEOUT,
			    entry->expires - time(NULL));
		nla_put_u64(msg, P25_A_ENTRY_EXPIRES, entry->expires);
	}
	if (*entry->comment)
		nla_put_string(msg, P25_A_ENTRY_COMMENT, entry->comment);
	if (entry->has_action)
		nla_put_u8(msg, P25_A_ENTRY_ACTION, entry->action);
	if (entry->has_guard)
		put_guard(msg, P25_A_ENTRY_GUARD, &entry->guard);
	nla_put_u64(msg, P25_A_ENTRY_PACKETS, 25);
	nla_put_u64(msg, P25_A_ENTRY_BYTES, 1500);
	nla_nest_end(msg, nest);
}

/* One entry a message, if it matches. */
static void list(struct nlattr **a)
{
	struct nl_msg *msg = answer(P25_CMD_ENTRY_LIST, 0);
	uint64_t i = nla_get_u64(a[P25_A_NEXT]);

	nla_put_u64(msg, P25_A_NEXT, i + 1 < kernel_policy.n ? i + 1 : 0);
	nla_put_u64(msg, P25_A_REVISION, changes);
	nla_put_u64(msg, P25_A_BULK_REVISION, 0);
	if (i < kernel_policy.n && matches(&kernel_policy.entries[i], a))
		put_listed(msg, &kernel_policy.entries[i]);
	say(msg);
	say_result(0, 0);
}

static void show(void)
{
	struct nl_msg *msg = answer(P25_CMD_SHOW, 0);
	struct nlattr *nest;
	int i;

	nla_put_u8(msg, P25_A_ACTION, kernel_policy.settings.action);
	nla_put_u8(msg, P25_A_INBOUND, kernel_policy.settings.inbound);
	nla_put_u32(msg, P25_A_LIMIT, kernel_policy.settings.limit);
	nla_put_u32(msg, P25_A_SENDERS, kernel_policy.settings.senders);
	put_guard(msg, P25_A_GUARD, &kernel_policy.settings.guard);
	nla_put_u32(msg, P25_A_GUARD_FOR, kernel_policy.settings.guard_for);
	nla_put_u64(msg, P25_A_MEMORY, 4096);
	nest = nla_nest_start(msg, P25_A_ENTRIES);
	for (i = P25_KIND_RELAY; i <= P25_KIND_MAX; i++)
		nla_put_u32(msg, i, 1);
	nla_nest_end(msg, nest);
	nest = nla_nest_start(msg, P25_A_COUNTERS);
	for (i = P25_COUNTER_ACCEPT_RELAY; i <= P25_COUNTER_MAX; i++)
		nla_put_u64(msg, i, i);
	nla_nest_end(msg, nest);
	nla_put_u8(msg, P25_A_HOOKED, 1);
	nla_put_u64(msg, P25_A_COUNTED, 1700000000);
	nla_put_u64(msg, P25_A_GUARD_BLOCKS, 3);
	nla_put_u64(msg, P25_A_GUARD_MISSED, 0);
	nest = nla_nest_start(msg, P25_A_OWNER_ENTRIES);
	nla_put_string(msg, P25_A_OWNER_NAME, "admin");
	nla_put_u32(msg, P25_A_OWNER_N, 5);
	nla_nest_end(msg, nest);
	say(msg);
	say_result(0, 0);
}

static bool covers(const struct p25_prefix *prefix, const struct nlattr *addr)
{
	const uint8_t *bytes = nla_data(addr);
	unsigned int i;

	if (nla_len(addr) != (prefix->family == AF_INET ? 4 : 16))
		return false;
	for (i = 0; i < prefix->len; i++) {
		if ((prefix->addr[i / 8] ^ bytes[i / 8]) & 0x80 >> i % 8)
			return false;
	}
	return true;
}

static bool has_expired(const struct p25_entry *entry)
{
	return entry->expires && entry->expires <= time(NULL);
}

/* The longest prefix decides, then the kind, whose numbers are in this order but one. */
static bool beats(const struct p25_entry *entry, const struct p25_entry *best)
{
	if (!best || entry->prefix.len != best->prefix.len)
		return !best || entry->prefix.len > best->prefix.len;
	if (best->kind == P25_KIND_BLOCK || entry->kind == P25_KIND_POOL)
		return false;
	return entry->kind == P25_KIND_BLOCK || best->kind == P25_KIND_POOL;
}

static const struct p25_entry *decides(const struct nlattr *addr, bool relay)
{
	const struct p25_entry *best = NULL;
	size_t i;

	for (i = 0; addr && i < kernel_policy.n; i++) {
		const struct p25_entry *entry = &kernel_policy.entries[i];

		bool is_relay = entry->kind == P25_KIND_RELAY;

		if (is_relay == relay && !has_expired(entry) &&
		    covers(&entry->prefix, addr) && beats(entry, best))
			best = entry;
	}
	return best;
}

static void check(struct nlattr **a)
{
	struct nl_msg *msg = answer(P25_CMD_CHECK, 0);
	const struct p25_entry *entry = decides(a[P25_A_DST], true);

	if (!entry)
		entry = decides(a[P25_A_SRC], false);
	nla_put_u8(msg, P25_A_VERDICT, P25_VERDICT_ACCEPT);
	nla_put_u8(msg, P25_A_REASON, entry ? entry->kind : P25_KIND_NONE);
	if (entry) {
		put_address(msg, P25_A_ADDR, &entry->prefix);
		nla_put_u8(msg, P25_A_PREFIXLEN, entry->prefix.len);
		put_listed(msg, entry);
	}
	say(msg);
	say_result(0, 0);
}

static void digest(struct nlattr **a)
{
	static struct p25_digests digests;
	struct nl_msg *msg;
	size_t i;

	memset(&digests, 0, sizeof(digests));
	memcpy(digests.seed, nla_data(a[P25_A_SEED]), sizeof(digests.seed));
	for (i = 0; i < kernel_policy.n; i++) {
		if (matches(&kernel_policy.entries[i], a))
			p25_digests_add(&digests, &kernel_policy.entries[i]);
	}
	msg = answer(P25_CMD_DIGEST, 0);
	nla_put(msg, P25_A_DIGESTS, sizeof(digests.group), digests.group);
	nla_put_u64(msg, P25_A_MARK, changes);
	say(msg);
	say_result(0, 0);
}

/* One of each family; one is blocked, the other is exempt. */
static void put_sender(struct nl_msg *msg, const struct p25_prefix *src,
		       enum p25_kind kind, uint64_t attempts)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_SENDER);

	put_address(msg, P25_A_SENDER_SRC, src);
	put_address(msg, P25_A_SENDER_DST, src);
	nla_put_u16(msg, P25_A_SENDER_SPORT, 40112);
	nla_put_u8(msg, P25_A_SENDER_KIND, kind);
	put_address(msg, P25_A_SENDER_ADDR, src);
	nla_put_u8(msg, P25_A_SENDER_PREFIXLEN, 24);
	nla_put_u64(msg, P25_A_SENDER_ATTEMPTS, attempts);
	nla_put_u64(msg, P25_A_SENDER_ERROR, attempts / 10);
	nla_put_u64(msg, P25_A_SENDER_PACKETS, 25);
	nla_put_u32(msg, P25_A_SENDER_DESTINATIONS, 3);
	nla_put_u64(msg, P25_A_SENDER_FIRST, time(NULL) - 60);
	nla_put_u64(msg, P25_A_SENDER_LAST, time(NULL));
	nla_nest_end(msg, nest);
}

static void list_senders(void)
{
	static const struct p25_prefix v4 = { AF_INET, 32, { 198, 51, 100, 7 } };
	static const struct p25_prefix v6 = {
		AF_INET6, 64, { 0x20, 0x01, 0x0d, 0xb8, 1 },
	};
	struct nl_msg *msg = answer(P25_CMD_SENDER_LIST, 0);

	nla_put_u64(msg, P25_A_NEXT, 0);
	put_sender(msg, &v4, P25_KIND_POOL, 9);
	put_sender(msg, &v6, P25_KIND_OPTOUT, 25);
	say(msg);
	say_result(0, 0);
}

static void begin(void)
{
	if (transaction)
		broken("a transaction is opened in another");
	transaction = true;
	waiting = kernel_policy;
	say_result(0, 0);
}

static void close_transaction(void)
{
	if (!transaction)
		broken("no transaction is open that could end");
	transaction = false;
	say_result(0, 0);
}

static void commit(struct nlattr **a)
{
	if (a[P25_A_MARK] && nla_get_u64(a[P25_A_MARK]) != changes)
		broken("no other socket makes changes");
	kernel_policy = waiting;
	changes++;
	close_transaction();
}

void kernel_hear(struct nlmsghdr *request)
{
	const struct genlmsghdr *genl = nlmsg_data(request);
	struct nlattr *a[P25_A_MAX + 1];

	sequence = request->nlmsg_seq;
	if (genlmsg_parse(request, 0, a, P25_A_MAX, NULL))
		broken("a request is malformed");
	switch (genl->cmd) {
	case P25_CMD_ENTRY_ADD:
	case P25_CMD_ENTRY_DEL:
		return change_entries(genl->cmd, request);
	case P25_CMD_ENTRY_FLUSH:
		return flush(a);
	case P25_CMD_ENTRY_LIST:
		return list(a);
	case P25_CMD_SET:
		return set(a);
	case P25_CMD_SHOW:
		return show();
	case P25_CMD_CHECK:
		return check(a);
	case P25_CMD_BEGIN:
		return begin();
	case P25_CMD_COMMIT:
		return commit(a);
	case P25_CMD_ABORT:
		return close_transaction();
	case P25_CMD_DIGEST:
		return digest(a);
	case P25_CMD_SENDER_LIST:
		return list_senders();
	case P25_CMD_SENDER_FLUSH:
		return say_result(0, 0);
	default:
		return say_result(-EOPNOTSUPP, 0);
	}
}

void kernel_silent(void)
{
	broken("an answer is waited for that never comes");
}

void kernel_start(void)
{
	static const struct p25_entry some[] = {
		{
			.kind = P25_KIND_POOL,
			.prefix = { AF_INET, 24, { 198, 51, 100 } },
			.owner = "admin",
		}, {
			.kind = P25_KIND_OPTOUT,
			.prefix = { AF_INET, 32, { 198, 51, 100, 7 } },
			.owner = "hooks",
			.expires = 1767229200,
			.comment = "call 0815",
			.has_guard = true,
			.guard = { 1, { { 20, 60 } } },
		}, {
			.kind = P25_KIND_POOL,
			.prefix = { AF_INET6, 40, { 0x20, 0x01, 0x0d, 0xb8, 1 } },
			.owner = "admin",
		},
	};

	socket_clear();
	transaction = false;
	memset(&kernel_policy, 0, sizeof(kernel_policy));
	kernel_policy.settings.limit = P25_LIMIT_DEFAULT;
	kernel_policy.settings.senders = P25_SENDERS_DEFAULT;
	kernel_policy.n = sizeof(some) / sizeof(*some);
	memcpy(kernel_policy.entries, some, sizeof(some));
}
