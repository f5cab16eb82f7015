/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHOWN_H
#define _SHOWN_H

#include <stdio.h>

void shown_begin(const char *file);
void shown_add(const char *line);
FILE *shown_open(void);
void shown_end(void);

#endif /* _SHOWN_H */
