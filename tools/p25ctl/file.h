/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of words: policies and batches.
 */
#ifndef _FILE_H
#define _FILE_H

#include <stddef.h>

struct ctl;
struct words;

int file_each_line(struct ctl *c, const char *file,
		   int (*each)(struct ctl *c, struct words *w, void *arg),
		   void *arg);
int file_open(struct ctl *c, const char *file);
int file_line(const struct ctl *c, unsigned long number, char *line,
	      size_t room);

#endif /* _FILE_H */
