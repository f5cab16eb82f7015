/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A text file, line by line.
 */
#ifndef _LINES_H
#define _LINES_H

#include <stdio.h>

/* Longest line, in bytes. */
#define LINE_MAXLEN 65535

enum line_result {
	LINE_END,
	LINE_READ,
	LINE_MALFORMED,
	LINE_UNREADABLE,
};

/* @why is set for LINE_MALFORMED. */
enum line_result line_read(FILE *in, char line[LINE_MAXLEN + 1],
			   const char **why);

#endif /* _LINES_H */
