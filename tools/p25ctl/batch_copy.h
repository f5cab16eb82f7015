/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _BATCH_COPY_H
#define _BATCH_COPY_H

#include <stdio.h>

void batch_copy_begin(const char *file);
void batch_copy_add(const char *line);
FILE *batch_copy_open(void);
void batch_copy_end(void);

#endif /* _BATCH_COPY_H */
