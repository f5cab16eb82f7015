/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The message that is being filled.
 */
#ifndef _P25_TRANSACTION_H
#define _P25_TRANSACTION_H

#include "libp25.h"

int p25_pending_add(struct p25 *p25, uint8_t cmd, bool ignore_missing,
		    const struct p25_entry *entry);
int p25_pending_send(struct p25 *p25);
void p25_pending_drop(struct p25 *p25);

#endif /* _P25_TRANSACTION_H */
