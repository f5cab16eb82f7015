// SPDX-License-Identifier: GPL-2.0
/*
 * A file of another program, line by line.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "convert_input.h"

static int make_room(struct input *in)
{
	size_t room = in->room * 2;
	char *buffer;

	memmove(in->buffer, in->buffer + in->begin, in->end - in->begin);
	in->end -= in->begin;
	in->begin = 0;
	/* One byte is for the NUL behind the last line. */
	if (in->end < in->room / 2)
		return 0;
	buffer = realloc(in->buffer, room + 1);
	if (!buffer)
		return -1;
	in->buffer = buffer;
	in->room = room;
	return 0;
}

/* Read more behind what there is. Return: 0, or -1 (errno) */
static int fill_buffer(struct input *in)
{
	ssize_t n;

	if (in->end == in->room && make_room(in))
		return -1;
	n = read(in->fd, in->buffer + in->end, in->room - in->end);
	if (n < 0)
		return -1;
	in->end += n;
	in->read += n;
	in->eof = !n;
	return 0;
}

/* input_start - read what shows what a file is. Return: 0, or -1 (errno) */
int input_start(struct input *in, int fd)
{
	memset(in, 0, sizeof(*in));
	in->fd = fd;
	in->room = 2 * INPUT_PEEK;
	in->buffer = malloc(in->room + 1);
	if (!in->buffer)
		return -1;
	while (!in->eof && in->end < INPUT_PEEK) {
		if (fill_buffer(in))
			return -1;
	}
	return 0;
}

/*
 * input_encoding - skip a byte order mark
 *
 * Return: what is wrong with the encoding, NULL if nothing is
 */
const char *input_encoding(struct input *in)
{
	const char *bytes = in->buffer + in->begin;
	size_t n = in->end - in->begin;

	if (n >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3))
		in->begin += 3;
	if (n >= 2 && (!memcmp(bytes, "\xff\xfe", 2) ||
		       !memcmp(bytes, "\xfe\xff", 2)))
		return "the file is in UTF-16; save it in UTF-8";
	return NULL;
}

/*
 * input_peek - a copy of the next line of those that show what the file is
 * @at: where it is, 0 in the beginning
 *
 * Return: to be freed; it may be cut, and NUL bytes in it are '?'. NULL: there is none
 * any more
 */
char *input_peek(struct input *in, size_t *at)
{
	const char *line = in->buffer + in->begin + *at, *end;
	size_t left = in->end - in->begin, i;
	char *copy;

	if (*at >= left || *at >= INPUT_PEEK)
		return NULL;
	left -= *at;
	end = memchr(line, '\n', left);
	if (end)
		left = end - line;
	*at += left + 1;
	if (left && line[left - 1] == '\r')
		left--;
	copy = malloc(left + 1);
	for (i = 0; copy && i < left; i++)
		copy[i] = line[i] ? line[i] : '?';
	if (copy)
		copy[left] = '\0';
	return copy;
}

/* The next line's length, and more than INPUT_LINE_MAX if it is too long. */
static int measure_line(struct input *in, size_t *len)
{
	size_t seen = 0;

	for (;;) {
		const char *line = in->buffer + in->begin;
		size_t have = in->end - in->begin;
		const char *newline = memchr(line + seen, '\n', have - seen);

		*len = newline ? (size_t)(newline - line) : have;
		in->cut |= !newline && in->eof && have;
		if (newline || in->eof || have > INPUT_LINE_MAX)
			return 0;
		seen = have;
		if (fill_buffer(in))
			return -1;
	}
}

/*
 * input_next - read a line, without what ends it
 * @line: the line, which the caller may write to; it is gone with the next one
 * @why: what is wrong with this line, for LINE_MALFORMED; the next one may be read
 *
 * Return: LINE_UNREADABLE, with errno, or EFBIG if a line is too long
 */
enum line_result input_next(struct input *in, char **line, const char **why)
{
	size_t len;

	if (measure_line(in, &len))
		return LINE_UNREADABLE;
	if (in->begin == in->end)
		return LINE_END;
	*line = in->buffer + in->begin;
	if (len > INPUT_LINE_MAX) {
		*why = "line too long: at most 16 MiB";
		return LINE_UNREADABLE;
	}
	/* Behind the last line there may be no newline. */
	in->begin += len + (in->begin + len < in->end);
	if (memchr(*line, '\0', len)) {
		*why = "NUL byte: not text";
		return LINE_MALFORMED;
	}
	if (len && (*line)[len - 1] == '\r')
		len--;
	(*line)[len] = '\0';
	return LINE_READ;
}

/* input_free - it has been read */
void input_free(struct input *in)
{
	free(in->buffer);
}
