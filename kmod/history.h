/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whom the guard has blocked before, and for how long: who comes back soon is blocked for
 * twice as long. Neither a flush of the policy nor one of the senders makes it forget.
 */
#ifndef _P25_HISTORY_H
#define _P25_HISTORY_H

#include <linux/types.h>

#include "prefix.h"

struct p25_history;

struct p25_history *p25_history_alloc(void);
void p25_history_free(struct p25_history *history);

u32 p25_history_timeout(const struct p25_history *history,
			const struct p25_prefix *prefix, u32 timeout, u32 now);
void p25_history_note(struct p25_history *history, const struct p25_prefix *prefix,
		      u32 timeout, u32 now);

#endif /* _P25_HISTORY_H */
