// SPDX-License-Identifier: GPL-2.0
/*
 * A text file, line by line, in constant memory. Other files are refused.
 */
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "utf8.h"

static enum line_result malformed(const char **why, const char *what)
{
	*why = what;
	return LINE_MALFORMED;
}

/* Eight bytes at a time. */
static bool is_ascii(const char *line, size_t len)
{
	uint64_t some = 0;

	for (; len >= sizeof(some); line += sizeof(some), len -= sizeof(some)) {
		memcpy(&some, line, sizeof(some));
		if (some & 0x8080808080808080)
			return false;
	}
	some = 0;
	memcpy(&some, line, len);
	return !(some & 0x8080808080808080);
}

/* lines_are_utf8 - ASCII at a glance; the rest character by character */
bool lines_are_utf8(const char *line, size_t len)
{
	uint32_t code;
	size_t size;

	if (is_ascii(line, len))
		return true;
	for (; len; line += size, len -= size) {
		size = p25_utf8_decode(line, len, &code);
		if (!size)
			return false;
	}
	return true;
}

/* Read more behind what there is, moved to the front. Return: 0, or -1 (errno) */
static int fill_buffer(struct lines *in)
{
	ssize_t n;

	memmove(in->buffer, in->buffer + in->begin, in->end - in->begin);
	in->end -= in->begin;
	in->begin = 0;
	n = read(in->fd, in->buffer + in->end, sizeof(in->buffer) - in->end);
	if (n < 0)
		return -1;
	in->end += n;
	in->read += n;
	in->eof = !n;
	return 0;
}

/*
 * The length of the next line: up to its newline, or to the end of the file;
 * more than LINE_MAXLEN if it is too long. Return: 0, or -1 (errno)
 */
static int measure_line(struct lines *in, size_t *len)
{
	for (;;) {
		const char *line = in->buffer + in->begin;
		size_t have = in->end - in->begin;
		const char *newline = memchr(line, '\n', have);

		*len = newline ? (size_t)(newline - line) : have;
		if (newline || in->eof || have > LINE_MAXLEN)
			return 0;
		if (fill_buffer(in))
			return -1;
	}
}

/*
 * A line without a newline may be cut off: 10.0.0.1 may have been 10.0.0.12, which
 * is another subscriber.
 */
static enum line_result check_line(const char *line, size_t len, bool ended,
				   const char **why)
{
	if (memchr(line, '\0', len))
		return malformed(why, "NUL byte: not a text file");
	if (len > LINE_MAXLEN)
		return malformed(why, "line too long: at most 65535 bytes");
	if (len && line[len - 1] == '\r')
		return malformed(why, "the line ends in CR LF; use LF alone");
	if (!lines_are_utf8(line, len))
		return malformed(why, "invalid UTF-8");
	if (!ended)
		return malformed(why,
				 "the last line has no newline: is the file cut off? (end it with one)");
	return LINE_READ;
}

/* lines_start - read a file from where it stands */
void lines_start(struct lines *in, int fd)
{
	in->fd = fd;
	in->begin = 0;
	in->end = 0;
	in->eof = false;
	in->read = 0;
}

/* lines_stop - what has not been read yet is of no interest */
void lines_stop(struct lines *in)
{
	in->begin = in->end;
	in->eof = true;
}

/* Is this no text at all? Then what comes next may be anything, without end. */
static bool is_binary(const char *line, size_t len)
{
	return len > LINE_MAXLEN || memchr(line, '\0', len);
}

/*
 * lines_next - read a line, without its newline
 * @line: the line, which the caller may write to; it is gone with the next one
 * @why: what is wrong with this line, for LINE_MALFORMED; the next one may be read
 */
enum line_result lines_next(struct lines *in, char **line, const char **why)
{
	enum line_result result;
	size_t len;
	bool ended;

	if (measure_line(in, &len))
		return LINE_UNREADABLE;
	if (in->begin == in->end)
		return LINE_END;
	*line = in->buffer + in->begin;
	ended = len < in->end - in->begin;
	result = check_line(*line, len, ended, why);
	if (result != LINE_READ && (!ended || is_binary(*line, len))) {
		lines_stop(in);
		return result;
	}
	(*line)[len] = '\0';
	in->begin += len + 1;
	return result;
}
