// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions. Entries are gathered in a pending message that is sent when it is
 * full, before a request of another kind, or at the commit.
 */
#include <errno.h>
#include <string.h>

#include "encode.h"
#include "error.h"
#include "export.h"
#include "handle.h"
#include "libp25.h"
#include "request.h"
#include "transaction.h"

static int start_pending(struct p25 *p25, uint8_t cmd, bool ignore_missing)
{
	struct nl_msg *msg = p25_request_new(p25, cmd, NLM_F_ACK);

	if (!msg)
		return -ENOMEM;
	/* The first attribute of an empty message: there is room. */
	if (ignore_missing)
		nla_put_flag(msg, P25_A_IGNORE_MISSING);
	p25->pending = msg;
	p25->pending_cmd = cmd;
	p25->pending_ignore = ignore_missing;
	return 0;
}

static bool fits_pending(const struct p25 *p25, uint8_t cmd,
			 bool ignore_missing)
{
	return p25->pending_cmd == cmd &&
	       p25->pending_ignore == ignore_missing &&
	       nlmsg_hdr(p25->pending)->nlmsg_len + P25_ENTRY_ROOM <=
		       P25_MSG_ROOM;
}

/* p25_pending_add - put an entry into the pending message of that command */
int p25_pending_add(struct p25 *p25, uint8_t cmd, bool ignore_missing,
		    const struct p25_entry *entry)
{
	int err = 0;

	if (p25->pending && !fits_pending(p25, cmd, ignore_missing))
		err = p25_pending_send(p25);
	if (!err && !p25->pending)
		err = start_pending(p25, cmd, ignore_missing);
	if (err)
		return err;
	if (cmd == P25_CMD_ENTRY_DEL)
		err = p25_encode_key(p25->pending, entry);
	else
		err = p25_encode_entry(p25->pending, entry);
	if (err) {
		p25_set_error(p25, err, "the entry is malformed");
		p25->cookie = entry->cookie;
	}
	return err;
}

/* p25_pending_send - send the pending message, if there is one */
int p25_pending_send(struct p25 *p25)
{
	struct nl_msg *msg = p25->pending;

	if (!msg)
		return 0;
	p25->pending = NULL;
	return p25_request_send(p25, msg, NULL, NULL);
}

/* p25_pending_drop - forget the pending message, if there is one */
void p25_pending_drop(struct p25 *p25)
{
	nlmsg_free(p25->pending);
	p25->pending = NULL;
}

P25_EXPORT int p25_begin(struct p25 *p25)
{
	int err = p25_request_simple(p25, P25_CMD_BEGIN);

	p25->transaction = !err || p25->transaction;
	return err;
}

/* With @mark: unless entries of @owner, or any, have changed since then. */
static int send_commit(struct p25 *p25, const char *owner, const uint64_t *mark)
{
	struct p25_filter whose = { .owner = owner };
	struct nl_msg *msg;
	int err = p25->ready;

	if (err)
		return err;
	if (!p25->transaction)
		return p25_set_error(p25, -EINVAL, "there is no open transaction");
	err = p25_pending_send(p25);
	if (err)
		return err;
	msg = p25_request_new(p25, P25_CMD_COMMIT, NLM_F_ACK);
	if (!msg)
		return -ENOMEM;
	err = p25_encode_filter(msg, &whose);
	if (!err && mark && nla_put(msg, P25_A_MARK, sizeof(*mark), mark) < 0)
		err = -EMSGSIZE;
	if (err) {
		nlmsg_free(msg);
		return p25_set_error(p25, err, "the owner is malformed");
	}
	err = p25_request_send(p25, msg, NULL, NULL);
	if (!err)
		p25->transaction = false;
	return err;
}

P25_EXPORT int p25_commit(struct p25 *p25)
{
	return send_commit(p25, NULL, NULL);
}

P25_EXPORT int p25_commit_unchanged(struct p25 *p25, const char *owner,
				    uint64_t mark)
{
	return send_commit(p25, owner, &mark);
}

/*
 * Called after an error, whose message the caller will want to see: an error of
 * ABORT itself (the kernel may have aborted the transaction already) must not
 * replace it.
 */
P25_EXPORT int p25_abort(struct p25 *p25)
{
	uint32_t cookie = p25->cookie;
	char error[P25_ERROR_LEN];

	p25_pending_drop(p25);
	if (!p25->transaction)
		return 0;
	p25->transaction = false;
	memcpy(error, p25->error, sizeof(error));
	if (p25_request_simple(p25, P25_CMD_ABORT)) {
		memcpy(p25->error, error, sizeof(error));
		p25->cookie = cookie;
	}
	return 0;
}
