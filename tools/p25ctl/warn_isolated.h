/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _WARN_ISOLATED_H
#define _WARN_ISOLATED_H

struct ctl;

void warn_isolated(struct ctl *c);

#endif /* _WARN_ISOLATED_H */
