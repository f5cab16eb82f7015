/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SOURCE_H
#define _SOURCE_H

#include <stdint.h>

struct ctl;

void source_begin(int fd);
int source_check(const struct ctl *c, uint64_t n);

#endif /* _SOURCE_H */
