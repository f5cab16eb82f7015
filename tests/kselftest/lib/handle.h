/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A handle of libp25, for a test.
 */
#ifndef _HANDLE_H
#define _HANDLE_H

#include <libp25.h>

#include "ktap.h"

static inline struct p25 *ktap_open(void)
{
	struct p25 *p25 = p25_open();

	if (!p25)
		ktap_bail_out("out of memory");
	if (p25_ready(p25) == -ENOENT)
		ktap_skip_all("the p25 module is not loaded");
	if (p25_ready(p25))
		ktap_bail_out(p25_error(p25));
	return p25;
}

static inline void must(struct p25 *p25, int err)
{
	if (err)
		ktap_bail_out(p25_error(p25));
}

#endif /* _HANDLE_H */
