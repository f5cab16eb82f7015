/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_H
#define _HOST_H

#include <stdbool.h>

struct ctl;
struct entries;

bool is_host(const char *word);
int host_resolve(const struct ctl *c, const char *word, struct entries *list);

#endif /* _HOST_H */
