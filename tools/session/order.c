// SPDX-License-Identifier: GPL-2.0
/*
 * Accounting comes by UDP, is sent again, and waits in queues: a session's begin may be
 * heard of after its end, or after the begin of the one that has its address now. Most
 * sessions have no entry that could tell, so their begins are kept here, for a while: the
 * one of four that was heard of longest ago goes.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "libp25.h"
#include "order.h"
#include "siphash.h"

/* order_init - Return: 0 or a negative errno value */
int order_init(struct order *order)
{
	memset(order, 0, sizeof(*order));
	if (getrandom(order->key, sizeof(order->key), 0) != sizeof(order->key))
		return -errno;
	return 0;
}

static uint64_t hash_prefix(const struct order *order,
			    const struct p25_prefix *prefix)
{
	struct p25_prefix copy;

	memset(&copy, 0, sizeof(copy));
	copy = *prefix;
	return p25_siphash(&copy, sizeof(copy), order->key);
}

static uint64_t hash_session(const struct order *order, const char *session)
{
	return p25_siphash(session, strlen(session), order->key);
}

static struct order_record *find(const struct order *order, uint64_t prefix)
{
	const struct order_record *set = order->record[prefix % ORDER_SETS];
	int i;

	for (i = 0; i < ORDER_WAYS; i++) {
		if (set[i].seen && set[i].prefix == prefix)
			return (struct order_record *)&set[i];
	}
	return NULL;
}

static struct order_record *find_oldest(struct order *order, uint64_t prefix)
{
	struct order_record *set = order->record[prefix % ORDER_SETS];
	struct order_record *oldest = &set[0];
	int i;

	for (i = 1; i < ORDER_WAYS; i++) {
		if (set[i].seen < oldest->seen)
			oldest = &set[i];
	}
	return oldest;
}

/* order_is_late - is this about a session whose time with the prefix is over? */
bool order_is_late(const struct order *order, const struct p25_prefix *prefix,
		   const char *session, int64_t begin, int64_t now)
{
	const struct order_record *record = find(order, hash_prefix(order, prefix));

	if (!record)
		return false;
	if (record->session != hash_session(order, session))
		return record->begin > begin;
	return record->ended && now - record->ended < ORDER_ENDED;
}

/* order_begin - the prefix is this session's */
void order_begin(struct order *order, const struct p25_prefix *prefix,
		 const char *session, int64_t begin, int64_t now)
{
	uint64_t hash = hash_prefix(order, prefix);
	struct order_record *record = find(order, hash);

	if (!record)
		record = find_oldest(order, hash);
	*record = (struct order_record) {
		.prefix = hash,
		.session = hash_session(order, session),
		.begin = begin,
		.seen = now,
	};
}

/* order_end - and now no more, if it was */
void order_end(struct order *order, const struct p25_prefix *prefix,
	       const char *session, int64_t now)
{
	struct order_record *record = find(order, hash_prefix(order, prefix));

	if (record && record->session == hash_session(order, session))
		record->ended = now;
}
