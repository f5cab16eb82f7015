/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A text file, line by line.
 */
#ifndef _LINES_H
#define _LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest line, in bytes. */
#define LINE_MAXLEN 65535

/**
 * struct lines - a file that is being read
 * @fd: the file
 * @begin: where in @buffer the next line begins
 * @end: where what has been read so far ends
 * @eof: there is no more to read
 * @read: bytes that have been read so far, for the progress
 * @buffer: room for the longest line, its newline and as much again
 */
struct lines {
	int fd;
	size_t begin;
	size_t end;
	bool eof;
	uint64_t read;
	char buffer[2 * (LINE_MAXLEN + 1)];
};

enum line_result {
	LINE_END,
	LINE_READ,
	LINE_MALFORMED,
	LINE_UNREADABLE,
};

bool lines_are_utf8(const char *line, size_t len);
void lines_start(struct lines *in, int fd);
void lines_stop(struct lines *in);
enum line_result lines_next(struct lines *in, char **line, const char **why);

#endif /* _LINES_H */
