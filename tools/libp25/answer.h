/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whole messages that the kernel answers with.
 *
 * Functions return 0, or -EBADMSG for an answer that breaks the contract.
 */
#ifndef _P25_ANSWER_H
#define _P25_ANSWER_H

#include <netlink/msg.h>
#include <stdint.h>

#include "error.h"
#include "libp25.h"

/**
 * struct p25_refusal - what the kernel says about a request that it refuses
 * @err: negative errno value, 0 if it was not refused
 * @cookie: the refused entry's cookie, 0 if none
 * @text: the kernel's message, "" if none
 */
struct p25_refusal {
	int err;
	uint32_t cookie;
	char text[P25_ERROR_LEN];
};

int p25_decode_settings(struct nlattr **a, struct p25_settings *set);
int p25_decode_status(struct nlmsghdr *nlh, struct p25_status *status);
int p25_decode_judgement(struct nlmsghdr *nlh, struct p25_judgement *judgement);
void p25_decode_refusal(struct nlmsghdr *nlh, struct p25_refusal *refusal);

#endif /* _P25_ANSWER_H */
