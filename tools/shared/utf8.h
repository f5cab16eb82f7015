/* SPDX-License-Identifier: GPL-2.0 */
/*
 * UTF-8 as RFC 3629 defines it.
 */
#ifndef _P25_UTF8_H
#define _P25_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Size of the character at @text, 0 if it is none; its code in @code. */
size_t p25_utf8_decode(const char *text, size_t len, uint32_t *code);

/* Is it UTF-8, and text only: no control characters, no direction marks? */
bool p25_utf8_printable(const char *text, size_t len);

/* What p25_utf8_quote() adds to @most: quotes, a character's rest, "..." and NUL. */
#define P25_UTF8_QUOTE_ROOM 9

/*
 * A word as it may stand in a message: in quotes, cut after @most bytes, what a
 * terminal could take for a command as '?', a quote or backslash behind a backslash.
 * Return: length of it.
 */
size_t p25_utf8_quote(char *to, size_t most, const char *word);

/* Room that p25_utf8_repair() may need for @n bytes, its NUL included. */
#define P25_UTF8_REPAIR_ROOM(n) (3 * (n) + 1)

/* Copy @len bytes; each that is no UTF-8 becomes U+FFFD. Return: length of it. */
size_t p25_utf8_repair(char *to, const char *text, size_t len);

#endif /* _P25_UTF8_H */
