/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FETCH_H
#define _FETCH_H

#include <stdbool.h>

#include "libp25.h"

struct ctl;
struct rows;

#define INCOMPLETE (-1)
int rows_fetch(struct ctl *c, const struct p25_filter *filter, bool strict,
	       struct rows *rows);

#endif /* _FETCH_H */
