// SPDX-License-Identifier: GPL-2.0
/*
 * Validation of owners' names and comments. Both are printed in listings, on
 * terminals and in policy files, so they must not have control characters.
 */
#include <linux/kernel.h>
#include <linux/p25.h>
#include <linux/string.h>

#include "validate.h"

/**
 * p25_owner_is_valid - is it 1 to 15 of a-z, 0-9, '.', '_', '-'?
 * @name: the name, need not end in NUL
 * @len: its length in bytes
 *
 * Return: true if it is.
 */
bool p25_owner_is_valid(const char *name, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t i;

	if (!len || len > P25_OWNER_MAXLEN)
		return false;
	for (i = 0; i < len; i++)
		if (!name[i] || !strchr(allowed, name[i]))
			return false;
	return true;
}

/* Bytes that follow the first byte of a UTF-8 sequence; -1: it is not one. */
static int utf8_following(u8 first)
{
	if (first < 0x80)
		return 0;
	if (first >= 0xc2 && first <= 0xdf)
		return 1;
	if (first >= 0xe0 && first <= 0xef)
		return 2;
	if (first >= 0xf0 && first <= 0xf4)
		return 3;
	return -1;
}

/*
 * Decode one character of UTF-8 (RFC 3629, 4): no overlong form, no surrogate,
 * nothing beyond U+10FFFF. Returns the bytes it takes, 0 if it is invalid.
 */
static size_t utf8_decode(const u8 *text, size_t len, u32 *c)
{
	static const u32 least[] = { 0, 0x80, 0x800, 0x10000 };
	int following = utf8_following(text[0]);
	int i;

	if (following < 0 || (size_t)following >= len)
		return 0;
	*c = following ? text[0] & (0x3f >> following) : text[0];
	for (i = 1; i <= following; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (text[i] & 0x3f);
	}
	if (*c < least[following] || *c > 0x10ffff ||
	    (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return following + 1;
}

/* No controls, line breaks, marks of text direction, noncharacters. */
static bool is_printable(u32 c)
{
	return !(c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		 c == 0x61c || c == 0x200e || c == 0x200f ||
		 (c >= 0x2028 && c <= 0x202e) ||
		 (c >= 0x2066 && c <= 0x2069) ||
		 c == 0xfeff || (c & 0xfffe) == 0xfffe ||
		 (c >= 0xfdd0 && c <= 0xfdef));
}

/**
 * p25_comment_is_valid - is it printable UTF-8 of at most 64 bytes?
 * @text: the comment, need not end in NUL
 * @len: its length in bytes
 *
 * Return: true if it is.
 */
bool p25_comment_is_valid(const char *text, size_t len)
{
	size_t n;
	u32 c;

	if (len > P25_COMMENT_MAXLEN)
		return false;
	for (; len; text += n, len -= n) {
		n = utf8_decode((const u8 *)text, len, &c);
		if (!n || !is_printable(c))
			return false;
	}
	return true;
}
