// SPDX-License-Identifier: GPL-2.0
/*
 * Accounting comes by UDP, is sent again, and waits in queues: a session's Start may
 * arrive after its Stop, or after the Start of the next session with its address. Most
 * sessions don't opt out and have no file that could tell, so they are remembered here:
 * a four-way set-associative cache, in which the least recently used record of a set is
 * replaced.
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "libp25.h"
#include "history.h"
#include "siphash.h"

/* history_init - Return: 0 or a negative errno value */
int history_init(struct history *history)
{
	memset(history, 0, sizeof(*history));
	if (getrandom(history->key, sizeof(history->key), 0) != sizeof(history->key))
		return -errno;
	return 0;
}

static uint64_t hash_prefix(const struct history *history,
			    const struct p25_prefix *prefix)
{
	struct p25_prefix copy;

	memset(&copy, 0, sizeof(copy));
	copy = *prefix;
	return p25_siphash(&copy, sizeof(copy), history->key);
}

static uint64_t hash_session(const struct history *history, const char *session)
{
	return p25_siphash(session, strlen(session), history->key);
}

static struct history_record *find(const struct history *history, uint64_t prefix)
{
	const struct history_record *set = history->record[prefix % HISTORY_SETS];
	int i;

	for (i = 0; i < HISTORY_WAYS; i++) {
		if (set[i].seen && set[i].prefix == prefix)
			return (struct history_record *)&set[i];
	}
	return NULL;
}

static struct history_record *find_oldest(struct history *history, uint64_t prefix)
{
	struct history_record *set = history->record[prefix % HISTORY_SETS];
	struct history_record *oldest = &set[0];
	int i;

	for (i = 1; i < HISTORY_WAYS; i++) {
		if (set[i].seen < oldest->seen)
			oldest = &set[i];
	}
	return oldest;
}

/* history_is_stale - has the session lost this prefix, by its end or to a later one? */
bool history_is_stale(const struct history *history, const struct p25_prefix *prefix,
		      const char *session, int64_t begin, int64_t now)
{
	const struct history_record *record = find(history, hash_prefix(history, prefix));

	if (!record)
		return false;
	if (record->session != hash_session(history, session))
		return record->begin > begin;
	return record->ended &&
	       (begin < record->ended || now - record->ended < HISTORY_ENDED);
}

/* history_begin - the prefix belongs to this session */
void history_begin(struct history *history, const struct p25_prefix *prefix,
		   const char *session, int64_t begin, int64_t now)
{
	uint64_t hash = hash_prefix(history, prefix);
	struct history_record *record = find(history, hash);

	if (!record)
		record = find_oldest(history, hash);
	*record = (struct history_record) {
		.prefix = hash,
		.session = hash_session(history, session),
		.begin = begin,
		.seen = now,
	};
}

/*
 * history_end - the session has ended, if the prefix still belongs to it
 * @begin: when it began; 0: not known. Its begin may be still to come.
 */
void history_end(struct history *history, const struct p25_prefix *prefix,
		 const char *session, int64_t begin, int64_t now)
{
	struct history_record *record = find(history, hash_prefix(history, prefix));

	if (!record || (record->session != hash_session(history, session) &&
			record->begin < begin)) {
		history_begin(history, prefix, session, begin, now);
		record = find(history, hash_prefix(history, prefix));
	}
	if (record && record->session == hash_session(history, session))
		record->ended = now;
}
