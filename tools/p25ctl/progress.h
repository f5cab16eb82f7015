/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far the reading of a file is, on a terminal.
 */
#ifndef _PROGRESS_H
#define _PROGRESS_H

#include <stdint.h>

void progress_start(int fd);
void progress_show(uint64_t bytes, unsigned long lines);
void progress_clear(void);

#endif /* _PROGRESS_H */
