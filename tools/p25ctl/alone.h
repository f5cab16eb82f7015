/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ALONE_H
#define _ALONE_H

struct ctl;

void warn_if_alone(struct ctl *c);

#endif /* _ALONE_H */
