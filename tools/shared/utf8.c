// SPDX-License-Identifier: GPL-2.0
/*
 * UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above
 * U+10FFFF.
 */
#include <string.h>

#include "utf8.h"

/* Bytes that follow a first byte, and the least code that needs them. */
static const struct {
	unsigned char mask;
	unsigned char first;
	unsigned int more;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 0, 0x0 },
	{ 0xe0, 0xc0, 1, 0x80 },
	{ 0xf0, 0xe0, 2, 0x800 },
	{ 0xf8, 0xf0, 3, 0x10000 },
};

static bool is_character(uint32_t code, uint32_t least)
{
	return code >= least && code <= 0x10ffff &&
	       (code < 0xd800 || code > 0xdfff);
}

size_t p25_utf8_decode(const char *text, size_t len, uint32_t *code)
{
	const unsigned char *byte = (const unsigned char *)text;
	unsigned int i = 0, j;

	if (!len)
		return 0;
	while (i < 4 && (byte[0] & forms[i].mask) != forms[i].first)
		i++;
	if (i == 4 || forms[i].more >= len)
		return 0;
	*code = byte[0] & ~forms[i].mask;
	for (j = 1; j <= forms[i].more; j++) {
		if ((byte[j] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (byte[j] & 0x3f);
	}
	return is_character(*code, forms[i].least) ? j : 0;
}

/*
 * Controls, line breaks, marks that turn the direction of text, noncharacters:
 * in a comment they could make a listing look like something else. The kernel
 * refuses the same ones.
 */
static bool is_printable(uint32_t code)
{
	return !(code < 0x20 || (code >= 0x7f && code < 0xa0) ||
		 code == 0x61c || code == 0x200e || code == 0x200f ||
		 (code >= 0x2028 && code <= 0x202e) ||
		 (code >= 0x2066 && code <= 0x2069) ||
		 code == 0xfeff || (code & 0xfffe) == 0xfffe ||
		 (code >= 0xfdd0 && code <= 0xfdef));
}

bool p25_utf8_printable(const char *text, size_t len)
{
	uint32_t code;
	size_t size;

	for (; len; text += size, len -= size) {
		size = 1;
		if (*text >= 0x20 && *text < 0x7f)
			continue;
		size = p25_utf8_decode(text, len, &code);
		if (!size || !is_printable(code))
			return false;
	}
	return true;
}

/* So that no word ends its quotes by itself, and goes on as if it were the message. */
static bool needs_escape(char byte)
{
	return byte == '"' || byte == '\\';
}

size_t p25_utf8_quote(char *to, size_t most, const char *word)
{
	size_t left = strlen(word), n = 0;
	uint32_t code;

	to[n++] = '"';
	while (left && n <= most) {
		size_t size = p25_utf8_decode(word, left, &code);

		if (!size || !p25_utf8_printable(word, size)) {
			to[n++] = '?';
			size = 1;
		} else {
			if (needs_escape(*word))
				to[n++] = '\\';
			memcpy(to + n, word, size);
			n += size;
		}
		word += size;
		left -= size;
	}
	strcpy(to + n, left ? "...\"" : "\"");
	return n + strlen(to + n);
}

size_t p25_utf8_repair(char *to, const char *text, size_t len)
{
	const char *begin = to;
	uint32_t code;

	while (len) {
		size_t size = p25_utf8_decode(text, len, &code);

		to = size ? mempcpy(to, text, size) :
			    stpcpy(to, "\xef\xbf\xbd");
		size += !size;
		text += size;
		len -= size;
	}
	*to = '\0';
	return to - begin;
}
