/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCOPE_H
#define _SCOPE_H

#include "libp25.h"

struct ctl;
struct words;

int parse_scope(const struct ctl *c, struct words *w, struct p25_prefix *room,
		const struct p25_prefix **prefix);

#endif /* _SCOPE_H */
