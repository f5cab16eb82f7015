/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an administrator sets.
 */
#ifndef _P25_SETTINGS_H
#define _P25_SETTINGS_H

#include <linux/types.h>

#include "rate.h"

/**
 * struct p25_settings - what an administrator sets
 * @limit: entries that there may be
 * @action: enum p25_action
 * @inbound: are answers to mail of blocked sources blocked?
 * @senders: senders that are remembered
 * @guard_for: seconds that the guard blocks a sender for; 0: until the entry is deleted
 * @guard: the guard of exempt senders whose entry has none of its own
 */
struct p25_settings {
	u32			limit;
	u8			action;
	bool			inbound;
	u32			senders;
	u32			guard_for;
	struct p25_guard	guard;
};

#endif /* _P25_SETTINGS_H */
