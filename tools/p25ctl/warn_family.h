/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WARN_FAMILY_H
#define _WARN_FAMILY_H

struct ctl;
struct policy;

void warn_family(struct ctl *c, const struct policy *policy);

#endif /* _WARN_FAMILY_H */
