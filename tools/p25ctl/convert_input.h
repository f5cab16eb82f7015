/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file of another program, line by line: lines may end in CR LF, the last one in
 * nothing, and there may be a byte order mark.
 */
#ifndef _CONVERT_INPUT_H
#define _CONVERT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lines.h"

/* Longest line, in bytes: a list may be a single one. */
#define INPUT_LINE_MAX (16UL << 20)

/* Bytes that show what the file is. */
#define INPUT_PEEK 65536

/**
 * struct input - a file that is being read
 * @fd: the file
 * @buffer: what has been read of it
 * @begin: where the next line begins there
 * @end: where what has been read ends
 * @room: bytes there are for it
 * @eof: there is no more to read
 * @read: bytes that have been read so far
 * @cut: the last line had no newline
 */
struct input {
	int fd;
	char *buffer;
	size_t begin, end, room;
	bool eof;
	uint64_t read;
	bool cut;
};

int input_start(struct input *in, int fd);
const char *input_encoding(struct input *in);
char *input_peek(struct input *in, size_t *at);
enum line_result input_next(struct input *in, char **line, const char **why);
void input_free(struct input *in);

#endif /* _CONVERT_INPUT_H */
