/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events that the kernel sends.
 *
 * Functions return 0, -ENOMEM, or -EBADMSG for a message that breaks the contract.
 */
#ifndef _P25_EVENT_H
#define _P25_EVENT_H

#include <netlink/msg.h>
#include <stddef.h>
#include <stdint.h>

#include "libp25.h"

/**
 * struct p25_events - events in their order; all zero: none
 * @v: the events
 * @n: how many
 * @room: how many there is room for
 * @at: the next one
 */
struct p25_events {
	struct p25_event *v;
	size_t n;
	size_t room;
	size_t at;
};

int p25_events_add(struct p25_events *events, const struct p25_event *event);
int p25_decode_event_number(struct nlmsghdr *nlh, uint64_t *number,
			    int64_t *time);
int p25_decode_event(struct nlmsghdr *nlh, struct p25_events *events);

#endif /* _P25_EVENT_H */
