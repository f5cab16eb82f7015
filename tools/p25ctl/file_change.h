/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FILE_CHANGE_H
#define _FILE_CHANGE_H

#include <stdint.h>

struct ctl;

void file_change_begin(int fd);
int file_change_check(const struct ctl *c, uint64_t n);

#endif /* _FILE_CHANGE_H */
