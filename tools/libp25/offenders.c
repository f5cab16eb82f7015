// SPDX-License-Identifier: GPL-2.0
/*
 * Offenders: who tried to send blocked mail most recently.
 */
#include <errno.h>

#include "internal.h"

/**
 * struct listing - a listing that is under way
 * @each: see p25_offenders()
 * @arg: likewise
 * @stopped: what @each returned; once it isn't 0, @each isn't called again
 */
struct listing {
	int (*each)(const struct p25_offender *offender, void *arg);
	void *arg;
	int stopped;
};

static int take_offender(struct nlattr *nest, void *arg)
{
	struct listing *listing = arg;
	struct p25_offender offender;

	if (listing->stopped)
		return 0;
	if (p25_decode_offender(nest, &offender))
		return -EBADMSG;
	listing->stopped = listing->each(&offender, listing->arg);
	return 0;
}

static int list_message(struct nlmsghdr *nlh, void *arg)
{
	return p25_decode_each(nlh, P25_A_OFFENDER, take_offender, arg);
}

P25_EXPORT int p25_offenders(struct p25 *p25,
			     int (*each)(const struct p25_offender *offender,
					 void *arg),
			     void *arg)
{
	struct listing listing = { .each = each, .arg = arg };
	struct nl_msg *msg;
	int err = p25->ready;

	if (err)
		return err;
	msg = p25_request_new(p25, P25_CMD_OFFENDER_LIST, NLM_F_DUMP);
	if (!msg)
		return -ENOMEM;
	err = p25_request_send(p25, msg, list_message, &listing);
	return listing.stopped ? listing.stopped : err;
}

P25_EXPORT int p25_offenders_flush(struct p25 *p25)
{
	return p25_request_simple(p25, P25_CMD_OFFENDER_FLUSH);
}
