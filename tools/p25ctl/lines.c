// SPDX-License-Identifier: GPL-2.0
/*
 * A text file, line by line, in constant memory. What is no text is refused
 * rather than guessed at.
 */
#include "../libp25/utf8.h"
#include "lines.h"

static enum line_result malformed(const char **why, const char *what)
{
	*why = what;
	return LINE_MALFORMED;
}

/* ASCII at a glance; the rest character by character. */
static int is_utf8(const char *line, size_t len)
{
	uint32_t code;
	size_t size;

	for (; len; line += size, len -= size) {
		if (!(*line & 0x80)) {
			size = 1;
			continue;
		}
		size = utf8_decode(line, len, &code);
		if (!size)
			return 0;
	}
	return 1;
}

/*
 * line_read - read a line, without its newline, which the last one may lack
 */
enum line_result line_read(FILE *in, char line[LINE_MAXLEN + 1],
			   const char **why)
{
	size_t len = 0;
	int byte;

	while ((byte = getc_unlocked(in)) != EOF && byte != '\n') {
		if (len == LINE_MAXLEN)
			return malformed(why, "the line is too long; 65535 bytes are the most");
		if (!byte)
			return malformed(why, "a NUL byte: this is no text file");
		line[len++] = byte;
	}
	if (ferror(in))
		return LINE_UNREADABLE;
	if (byte == EOF && !len)
		return LINE_END;
	line[len] = '\0';
	if (len && line[len - 1] == '\r')
		return malformed(why, "the line ends in CR LF; use LF alone");
	if (!is_utf8(line, len))
		return malformed(why, "this is no UTF-8");
	return LINE_READ;
}
