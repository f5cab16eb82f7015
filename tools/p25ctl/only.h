/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ONLY_H
#define _ONLY_H

struct ctl;
struct verb;

int only_parse(struct ctl *c, const char *text);
int only_check(const struct ctl *c, const char *batch);
int only_allows(const struct ctl *c, const struct verb *verb);

#endif /* _ONLY_H */
