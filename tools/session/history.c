// SPDX-License-Identifier: GPL-2.0
/*
 * Accounting comes by UDP, is sent again, and waits in queues: a session's Start may
 * arrive after its Stop, or after the Start of the next session with its address. Most
 * sessions don't opt out and have no file that could tell, so they are remembered here:
 * four-way set-associative caches, in which the oldest record of a set is replaced.
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

static struct history_last *find_last(const struct history *history, uint64_t prefix)
{
	const struct history_last *set = history->last[prefix % HISTORY_SETS];
	int i;

	for (i = 0; i < HISTORY_WAYS; i++) {
		if (set[i].seen && set[i].prefix == prefix)
			return (struct history_last *)&set[i];
	}
	return NULL;
}

static struct history_last *oldest_last(struct history *history, uint64_t prefix)
{
	struct history_last *set = history->last[prefix % HISTORY_SETS];
	struct history_last *oldest = &set[0];
	int i;

	for (i = 1; i < HISTORY_WAYS; i++) {
		if (set[i].seen < oldest->seen)
			oldest = &set[i];
	}
	return oldest;
}

static const struct history_over *find_over(const struct history *history, uint64_t both)
{
	const struct history_over *set = history->over[both % HISTORY_SETS];
	int i;

	for (i = 0; i < HISTORY_WAYS; i++) {
		if (set[i].since && set[i].both == both)
			return &set[i];
	}
	return NULL;
}

/* The session has lost the prefix; what is known of that already is replaced. */
static void set_over(struct history *history, uint64_t prefix, uint64_t session,
		     int64_t now)
{
	uint64_t both = prefix ^ session;
	struct history_over *set = history->over[both % HISTORY_SETS];
	struct history_over *to = &set[0];
	int i;

	for (i = 0; i < HISTORY_WAYS; i++) {
		if (set[i].both == both) {
			to = &set[i];
			break;
		}
		if (set[i].since < to->since)
			to = &set[i];
	}
	*to = (struct history_over) { .both = both, .since = now };
}

/*
 * history_is_stale - has the session lost this prefix, by its end or to a later one?
 * @begin: when it began, as far as is known: what is repeated without its age seems new
 */
bool history_is_stale(const struct history *history, const struct p25_prefix *prefix,
		      const char *session, int64_t begin, int64_t now)
{
	uint64_t hash = hash_prefix(history, prefix);
	uint64_t session_hash = hash_session(history, session);
	const struct history_over *over = find_over(history, hash ^ session_hash);
	const struct history_last *last = find_last(history, hash);

	if (over && (begin < over->since || now - over->since < HISTORY_ENDED))
		return true;
	return last && last->session != session_hash && last->begin > begin;
}

/* history_begin - the prefix belongs to this session, and to none that had it before */
void history_begin(struct history *history, const struct p25_prefix *prefix,
		   const char *session, int64_t begin, int64_t now)
{
	uint64_t hash = hash_prefix(history, prefix);
	uint64_t session_hash = hash_session(history, session);
	struct history_last *last = find_last(history, hash);

	if (last && last->session != session_hash)
		set_over(history, hash, last->session, now);
	if (!last)
		last = oldest_last(history, hash);
	*last = (struct history_last) {
		.prefix = hash,
		.session = session_hash,
		.begin = begin,
		.seen = now,
	};
}

/*
 * history_end - the session has ended
 * @begin: when it began; 0: not known. Its begin may be still to come, and whoever had
 *	the prefix before that is over as well.
 */
void history_end(struct history *history, const struct p25_prefix *prefix,
		 const char *session, int64_t begin, int64_t now)
{
	uint64_t hash = hash_prefix(history, prefix);
	uint64_t session_hash = hash_session(history, session);
	const struct history_last *last = find_last(history, hash);

	if (!last || (last->session != session_hash && last->begin < begin))
		history_begin(history, prefix, session, begin, now);
	set_over(history, hash, session_hash, now);
}
