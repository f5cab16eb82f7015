// SPDX-License-Identifier: GPL-2.0
/*
 * Entries: add, delete, flush, list.
 */
#include <errno.h>
#include <string.h>

#include "decode.h"
#include "encode.h"
#include "error.h"
#include "export.h"
#include "handle.h"
#include "libp25.h"
#include "request.h"
#include "transaction.h"

static int queue_entries(struct p25 *p25, uint8_t cmd,
			 const struct p25_entry *entries, size_t n,
			 bool ignore_missing)
{
	int err = 0;
	size_t i;

	for (i = 0; i < n && !err; i++)
		err = p25_pending_add(p25, cmd, ignore_missing, &entries[i]);
	return err;
}

/*
 * Outside a transaction too: what goes into one message takes effect as a whole
 * by itself; more than that gets a transaction of its own.
 */
static int change_entries(struct p25 *p25, uint8_t cmd,
			  const struct p25_entry *entries, size_t n,
			  bool ignore_missing)
{
	bool own = n > P25_MSG_ENTRIES;
	int err = p25->ready;

	if (err || !n)
		return err;
	if (p25->transaction)
		return queue_entries(p25, cmd, entries, n, ignore_missing);
	if (own)
		err = p25_begin(p25);
	if (!err)
		err = queue_entries(p25, cmd, entries, n, ignore_missing);
	if (!err)
		err = own ? p25_commit(p25) : p25_pending_send(p25);
	if (err) {
		p25_pending_drop(p25);
		p25_abort(p25);
	}
	return err;
}

P25_EXPORT int p25_add(struct p25 *p25, const struct p25_entry *entries,
		       size_t n)
{
	return change_entries(p25, P25_CMD_ENTRY_ADD, entries, n, false);
}

P25_EXPORT int p25_del(struct p25 *p25, const struct p25_entry *entries,
		       size_t n, bool ignore_missing)
{
	return change_entries(p25, P25_CMD_ENTRY_DEL, entries, n,
			      ignore_missing);
}

static struct nl_msg *filter_request(struct p25 *p25, uint8_t cmd, int flags,
				     const struct p25_filter *filter, int *err)
{
	struct nl_msg *msg = p25_request_new(p25, cmd, flags);

	*err = -ENOMEM;
	if (!msg)
		return NULL;
	*err = p25_encode_filter(msg, filter);
	if (!*err)
		return msg;
	nlmsg_free(msg);
	p25_set_error(p25, *err, "the filter is malformed");
	return NULL;
}

P25_EXPORT int p25_flush(struct p25 *p25, const struct p25_filter *filter)
{
	struct nl_msg *msg;
	int err = p25->ready;

	if (err)
		return err;
	if (filter && filter->prefix)
		return p25_set_error(p25, -EINVAL, "flush takes no prefix");
	err = p25_pending_send(p25);
	if (err)
		return err;
	msg = filter_request(p25, P25_CMD_ENTRY_FLUSH, NLM_F_ACK, filter, &err);
	return msg ? p25_request_send(p25, msg, NULL, NULL) : err;
}

/**
 * struct listing - a listing that is under way
 * @each: see p25_list()
 * @arg: see p25_list()
 * @stopped: what @each returned; once it isn't 0, @each isn't called again
 * @next: where it goes on; 0: it has not begun, or is complete
 * @begun: a message has come
 * @revision: of the policy, as the first message has it
 * @bulk: revision of the latest change of several entries, as the last one has it
 */
struct listing {
	int (*each)(const struct p25_entry *entry, void *arg);
	void *arg;
	int stopped;
	uint64_t next;
	bool begun;
	uint64_t revision;
	uint64_t bulk;
};

static int take_entry(struct nlattr *nest, void *arg)
{
	struct listing *listing = arg;
	struct p25_entry entry;

	if (listing->stopped)
		return 0;
	if (p25_decode_entry(nest, &entry))
		return -EBADMSG;
	listing->stopped = listing->each(&entry, listing->arg);
	return 0;
}

static int list_message(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *a[P25_A_MAX + 1];
	struct listing *listing = arg;
	uint64_t revision;

	if (p25_decode_message(a, nlh) ||
	    p25_decode_next(a[P25_A_NEXT], &listing->next) ||
	    p25_decode_number(a[P25_A_REVISION], &revision, sizeof(revision)) ||
	    p25_decode_number(a[P25_A_BULK_REVISION], &listing->bulk,
			      sizeof(listing->bulk)))
		return -EBADMSG;
	if (!listing->begun)
		listing->revision = revision;
	listing->begun = true;
	return p25_decode_each(nlh, P25_A_ENTRY, take_entry, arg);
}

static int list_next(struct p25 *p25, const struct p25_filter *filter,
		     struct listing *listing)
{
	struct nl_msg *msg;
	int err;

	msg = filter_request(p25, P25_CMD_ENTRY_LIST, NLM_F_ACK, filter, &err);
	if (!msg)
		return err;
	nla_put_u64(msg, P25_A_NEXT, listing->next);
	return p25_ask_once(p25, msg, list_message, listing);
}

P25_EXPORT int p25_list(struct p25 *p25, const struct p25_filter *filter,
			int (*each)(const struct p25_entry *entry, void *arg),
			void *arg)
{
	struct listing listing = { .each = each, .arg = arg };
	int err = p25->ready;

	if (err)
		return err;
	do {
		err = list_next(p25, filter, &listing);
	} while (!err && !listing.stopped && listing.next);
	p25->revision = listing.revision;
	if (listing.stopped)
		return listing.stopped;
	if (!err && listing.bulk > listing.revision)
		return p25_set_error(p25, -EINTR,
				     "the policy changed while it was read");
	return err;
}

P25_EXPORT uint64_t p25_revision(const struct p25 *p25)
{
	return p25->revision;
}
