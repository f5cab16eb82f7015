// SPDX-License-Identifier: GPL-2.0
/*
 * Settings, status, questions.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "answer.h"
#include "encode.h"
#include "error.h"
#include "export.h"
#include "handle.h"
#include "libp25.h"
#include "request.h"
#include "transaction.h"

P25_EXPORT int p25_set(struct p25 *p25, const struct p25_settings *settings)
{
	struct nl_msg *msg;
	int err = p25->ready;

	if (!err)
		err = p25_pending_send(p25);
	if (err)
		return err;
	msg = p25_request_new(p25, P25_CMD_SET, NLM_F_ACK);
	if (!msg)
		return -ENOMEM;
	/* A few small attributes of an empty message: there is room. */
	err = p25_encode_settings(msg, settings);
	if (!err)
		return p25_request_send(p25, msg, NULL, NULL);
	nlmsg_free(msg);
	return p25_set_error(p25, err, "the guard has too many rates");
}

static int status_decode(struct nlmsghdr *nlh, void *to)
{
	return p25_decode_status(nlh, to);
}

P25_EXPORT int p25_show(struct p25 *p25, struct p25_status *status)
{
	struct nl_msg *msg;

	if (p25->ready)
		return p25->ready;
	msg = p25_request_new(p25, P25_CMD_SHOW, NLM_F_ACK);
	return msg ? p25_ask_once(p25, msg, status_decode, status) : -ENOMEM;
}

static int judgement_decode(struct nlmsghdr *nlh, void *to)
{
	return p25_decode_judgement(nlh, to);
}

P25_EXPORT int p25_check(struct p25 *p25, const struct p25_prefix *src,
			 const struct p25_prefix *dst,
			 struct p25_judgement *judgement)
{
	struct nl_msg *msg;
	int err;

	if (p25->ready)
		return p25->ready;
	msg = p25_request_new(p25, P25_CMD_CHECK, NLM_F_ACK);
	if (!msg)
		return -ENOMEM;
	err = p25_encode_addr(msg, P25_A_SRC, src);
	if (!err && dst)
		err = p25_encode_addr(msg, P25_A_DST, dst);
	if (!err)
		return p25_ask_once(p25, msg, judgement_decode, judgement);
	nlmsg_free(msg);
	return p25_set_error(p25, err, "the address is malformed");
}
