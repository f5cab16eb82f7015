// SPDX-License-Identifier: GPL-2.0
/*
 * Senders: who made attempts to send mail.
 */
#include <errno.h>

#include "decode.h"
#include "export.h"
#include "handle.h"
#include "libp25.h"
#include "request.h"

/**
 * struct listing - a listing that is under way
 * @each: see p25_senders()
 * @arg: see p25_senders()
 * @stopped: what @each returned; once it isn't 0, @each isn't called again
 * @next: where it goes on; 0: it has not begun, or is complete
 */
struct listing {
	int (*each)(const struct p25_sender *sender, void *arg);
	void *arg;
	int stopped;
	uint64_t next;
};

static int take_sender(struct nlattr *nest, void *arg)
{
	struct listing *listing = arg;
	struct p25_sender sender;

	if (listing->stopped)
		return 0;
	if (p25_decode_sender(nest, &sender))
		return -EBADMSG;
	listing->stopped = listing->each(&sender, listing->arg);
	return 0;
}

static int list_message(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *a[P25_A_MAX + 1];
	struct listing *listing = arg;

	if (p25_decode_message(a, nlh) ||
	    p25_decode_next(a[P25_A_NEXT], &listing->next))
		return -EBADMSG;
	return p25_decode_each(nlh, P25_A_SENDER, take_sender, arg);
}

static int list_next(struct p25 *p25, struct listing *listing)
{
	struct nl_msg *msg;

	msg = p25_request_new(p25, P25_CMD_SENDER_LIST, NLM_F_ACK);
	if (!msg)
		return -ENOMEM;
	nla_put_u64(msg, P25_A_NEXT, listing->next);
	return p25_ask_once(p25, msg, list_message, listing);
}

P25_EXPORT int p25_senders(struct p25 *p25,
			   int (*each)(const struct p25_sender *sender, void *arg),
			   void *arg)
{
	struct listing listing = { .each = each, .arg = arg };
	int err = p25->ready;

	if (err)
		return err;
	do {
		err = list_next(p25, &listing);
	} while (!err && !listing.stopped && listing.next);
	return listing.stopped ? listing.stopped : err;
}

P25_EXPORT int p25_senders_flush(struct p25 *p25)
{
	return p25_request_simple(p25, P25_CMD_SENDER_FLUSH);
}
