/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DIFFERENCE_H
#define _DIFFERENCE_H

#include <stdbool.h>

struct apply;
struct ctl;
struct policy;

bool apply_difference(struct ctl *c, const struct apply *apply,
		      struct policy *policy, int *status);

#endif /* _DIFFERENCE_H */
