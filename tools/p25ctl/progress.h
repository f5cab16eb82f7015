/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far the reading of a file is, on a terminal.
 */
#ifndef _PROGRESS_H
#define _PROGRESS_H

#include <stdio.h>

void progress_start(FILE *in);
void progress_show(FILE *in, unsigned long lines);
void progress_clear(void);

#endif /* _PROGRESS_H */
