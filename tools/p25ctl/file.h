/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of words: policies and batches.
 */
#ifndef _FILE_H
#define _FILE_H

#include <stdio.h>

#include "ctl.h"

int file_each_line(struct ctl *c, const char *file,
		   int (*each)(struct ctl *c, struct words *w, void *arg),
		   void *arg);
int file_open(struct ctl *c, const char *file);
int file_line(const struct ctl *c, unsigned long number, char *line,
	      size_t room);

/* shown.c */
void shown_begin(const char *file);
void shown_add(const char *line);
FILE *shown_open(void);
void shown_end(void);
/* source.c */
void source_begin(int fd);
int source_check(const struct ctl *c, uint64_t n);

/* keep.c */
int file_keep(struct ctl *c, const char *file, bool *again);

#endif /* _FILE_H */
