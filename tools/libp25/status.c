// SPDX-License-Identifier: GPL-2.0
/*
 * Settings, status, questions.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "internal.h"

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
	/* Three small attributes of an empty message: there is room. */
	p25_encode_settings(msg, settings);
	return p25_request_send(p25, msg, NULL, NULL);
}

/**
 * struct once - an answer of exactly one message
 * @decode: reads it
 * @to: where to
 * @n: messages so far
 */
struct once {
	int (*decode)(struct nlmsghdr *nlh, void *to);
	void *to;
	unsigned int n;
};

static int answer_once(struct nlmsghdr *nlh, void *arg)
{
	struct once *once = arg;

	return once->n++ ? -EBADMSG : once->decode(nlh, once->to);
}

static int ask_once(struct p25 *p25, struct nl_msg *msg, struct once *once)
{
	int err = p25_request_send(p25, msg, answer_once, once);

	if (!err && !once->n)
		err = p25_fail(p25, -EBADMSG, "the kernel gave no answer");
	return err;
}

static int status_decode(struct nlmsghdr *nlh, void *to)
{
	return p25_decode_status(nlh, to);
}

P25_EXPORT int p25_show(struct p25 *p25, struct p25_status *status)
{
	struct once once = { .decode = status_decode, .to = status };
	struct nl_msg *msg;

	if (p25->ready)
		return p25->ready;
	msg = p25_request_new(p25, P25_CMD_SHOW, NLM_F_ACK);
	return msg ? ask_once(p25, msg, &once) : -ENOMEM;
}

static int judgement_decode(struct nlmsghdr *nlh, void *to)
{
	return p25_decode_judgement(nlh, to);
}

P25_EXPORT int p25_check(struct p25 *p25, const struct p25_prefix *src,
			 const struct p25_prefix *dst,
			 struct p25_judgement *judgement)
{
	struct once once = { .decode = judgement_decode, .to = judgement };
	struct nl_msg *msg;
	int err;

	if (p25->ready)
		return p25->ready;
	msg = p25_request_new(p25, P25_CMD_CHECK, NLM_F_ACK);
	if (!msg)
		return -ENOMEM;
	err = p25_encode_addr(msg, P25_A_SRC, src);
	if (!err)
		err = p25_encode_addr(msg, P25_A_DST, dst);
	if (!err)
		return ask_once(p25, msg, &once);
	nlmsg_free(msg);
	return p25_fail(p25, err, "the address is malformed");
}
