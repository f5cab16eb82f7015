// SPDX-License-Identifier: GPL-2.0
/*
 * Comments of other programs: longer, and of any bytes.
 */
#include <string.h>

#include "comment_fit.h"
#include "utf8.h"

/* The next character that may stay, and its size; NULL: there is none any more. */
static const char *next_character(const char *from, size_t *size)
{
	uint32_t code;

	for (; *from; from += *size ? *size : 1) {
		/* No more bytes than a character may have: a comment may be long. */
		*size = p25_utf8_decode(from, strnlen(from, 4), &code);
		if (*size && p25_utf8_printable(from, *size))
			return from;
	}
	return NULL;
}

/* Tabs and line ends are left out as well, but they keep words apart. */
static bool has_blank(const char *from, const char *end)
{
	while (from < end && !strchr("\t\r\n", *from))
		from++;
	return from < end;
}

/*
 * comment_fit - make an entry's comment of any bytes
 *
 * What is no printable UTF-8 is left out; so are blanks at both ends, and whole
 * characters that don't fit.
 *
 * Return: true if that is all of it
 */
bool comment_fit(char to[P25_COMMENT_MAXLEN + 1], const char *from)
{
	size_t len = 0, size;
	bool whole = true;
	const char *next;

	from += strspn(from, " \t");
	while ((next = next_character(from, &size))) {
		if (len + size > P25_COMMENT_MAXLEN) {
			whole = false;
			break;
		}
		if (has_blank(from, next) && len && to[len - 1] != ' ' &&
		    *next != ' ' && len + size < P25_COMMENT_MAXLEN)
			to[len++] = ' ';
		whole &= next == from;
		memcpy(to + len, next, size);
		len += size;
		from = next + size;
	}
	while (len && to[len - 1] == ' ')
		len--;
	to[len] = '\0';
	/* What is left are bytes that were left out, or blanks at the end. */
	return whole && !from[strspn(from, " \t")];
}
