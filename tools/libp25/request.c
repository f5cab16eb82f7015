// SPDX-License-Identifier: GPL-2.0
/*
 * Requests and their answers: one message out, and everything that comes back
 * until the kernel has acknowledged or refused it.
 */
#include <errno.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/handlers.h>
#include <string.h>

#include "answer.h"
#include "error.h"
#include "handle.h"
#include "libp25.h"
#include "request.h"

/**
 * struct exchange - one request that is under way
 * @p25: the handle
 * @seq: the request's sequence number
 * @answer: takes the messages of the answer; NULL: none is expected
 * @arg: passed to it
 * @done: the answer is complete
 * @err: what @answer returned last
 * @refusal: the kernel's
 */
struct exchange {
	struct p25 *p25;
	uint32_t seq;
	p25_answer_t answer;
	void *arg;
	bool done;
	int err;
	struct p25_refusal refusal;
};

/* What is not the kernel's answer to this request is skipped. */
static int on_seq_check(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	if (nlmsg_get_src(msg)->nl_pid || nlmsg_hdr(msg)->nlmsg_seq != x->seq)
		return NL_SKIP;
	return NL_OK;
}

/*
 * After an error the rest of the answer is still read, so that the next
 * request doesn't find it in the socket.
 */
static int on_valid(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct exchange *x = arg;

	if (x->err)
		return NL_OK;
	if (nlh->nlmsg_type != x->p25->family || !x->answer)
		x->err = -EBADMSG;
	else
		x->err = x->answer(nlh, x->arg);
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct exchange *x = arg;

	(void)msg;
	x->done = true;
	return NL_STOP;
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *arg)
{
	struct exchange *x = arg;

	(void)from;
	/* libnl passes what stands behind the message's header. */
	p25_decode_refusal((struct nlmsghdr *)error - 1, &x->refusal);
	x->done = true;
	return NL_STOP;
}

static struct nl_cb *callbacks(struct exchange *x)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_CUSTOM);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_seq_check, x);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, x);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, x);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, x);
	return cb;
}

/* libnl has error numbers of its own. */
static int from_libnl(int err)
{
	switch (-err) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_MSG_TRUNC:
	case NLE_MSG_TOOSHORT:
		return -EBADMSG;
	case NLE_MSGSIZE:
		return -EMSGSIZE;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	default:
		return -EIO;
	}
}

static int receive_answer(struct exchange *x)
{
	struct nl_cb *cb = callbacks(x);
	int err = 0;

	if (!cb)
		return p25_set_error(x->p25, -ENOMEM, "out of memory");
	while (!x->done && err >= 0)
		err = nl_recvmsgs(x->p25->sock, cb);
	nl_cb_put(cb);
	if (x->done)
		return 0;
	return p25_set_error(x->p25, from_libnl(err), "receiving from the kernel: %s",
			     nl_geterror(err));
}

/*
 * Each refusal of p25 has an extended ack; without one, it is generic netlink that
 * does not know the family, which has another number if the module is loaded again.
 */
static bool is_unloaded(const struct p25_refusal *no)
{
	return no->err == -ENOENT && !*no->text;
}

static int answer_error(struct exchange *x)
{
	struct p25_refusal *no = &x->refusal;

	if (is_unloaded(no))
		return p25_set_error(x->p25, -ENODEV,
				     "the p25 kernel module has been unloaded meanwhile");
	if (no->err) {
		p25_set_error(x->p25, no->err, "%s",
			      *no->text ? no->text : strerror(-no->err));
		x->p25->cookie = no->cookie;
		return no->err;
	}
	if (x->err)
		return p25_set_error(x->p25, x->err,
				     "the kernel's answer is malformed");
	return 0;
}

/*
 * p25_request_new - make a message
 * @flags: NLM_F_ACK
 *
 * Return: the message, to be passed to p25_request_send(); NULL if there is no
 * memory (the handle's error is set).
 */
struct nl_msg *p25_request_new(struct p25 *p25, uint8_t cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(P25_MSG_ROOM);

	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, p25->family, 0,
			       NLM_F_REQUEST | flags, cmd, P25_GENL_VERSION))
		return msg;
	nlmsg_free(msg);
	p25_set_error(p25, -ENOMEM, "out of memory");
	return NULL;
}

/*
 * p25_request_send - send a message, which is freed, and take its answer
 * @answer: called for each message of the answer
 *
 * Return: 0, or a negative errno value; then the handle's error is set.
 */
int p25_request_send(struct p25 *p25, struct nl_msg *msg, p25_answer_t answer,
		     void *arg)
{
	struct exchange x = { .p25 = p25, .answer = answer, .arg = arg };
	int err;

	nl_complete_msg(p25->sock, msg);
	x.seq = nlmsg_hdr(msg)->nlmsg_seq;
	err = nl_send(p25->sock, msg);
	nlmsg_free(msg);
	if (err < 0)
		return p25_set_error(p25, from_libnl(err), "sending to the kernel: %s",
				     nl_geterror(err));
	err = receive_answer(&x);
	return err ? err : answer_error(&x);
}

/* p25_request_simple - send a command that has no attributes */
int p25_request_simple(struct p25 *p25, uint8_t cmd)
{
	struct nl_msg *msg;

	if (p25->ready)
		return p25->ready;
	msg = p25_request_new(p25, cmd, NLM_F_ACK);
	return msg ? p25_request_send(p25, msg, NULL, NULL) : -ENOMEM;
}

/**
 * struct once - an answer of exactly one message
 * @decode: reads it
 * @to: where to
 * @n: messages so far
 */
struct once {
	p25_answer_t decode;
	void *to;
	unsigned int n;
};

static int answer_once(struct nlmsghdr *nlh, void *arg)
{
	struct once *once = arg;

	return once->n++ ? -EBADMSG : once->decode(nlh, once->to);
}

/* p25_ask_once - send a question that one message answers */
int p25_ask_once(struct p25 *p25, struct nl_msg *msg, p25_answer_t decode,
		 void *to)
{
	struct once once = { .decode = decode, .to = to };
	int err = p25_request_send(p25, msg, answer_once, &once);

	if (!err && !once.n)
		err = p25_set_error(p25, -EBADMSG, "the kernel gave no answer");
	return err;
}
