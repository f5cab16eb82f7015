// SPDX-License-Identifier: GPL-2.0
/*
 * Characters in a word that are invisible or look like others: text that was copied
 * from a web page looks right, and is refused.
 */
#include <stdio.h>
#include <string.h>

#include "confusable.h"
#include "utf8.h"

static const struct {
	uint32_t first, last;
	const char *name;
} odd[] = {
	{ 0x00, 0x1f, "a control character" },
	{ 0x7f, 0x9f, "a control character" },
	{ 0xa0, 0xa0, "a no-break space" },
	{ 0xad, 0xad, "a soft hyphen" },
	{ 0x2000, 0x200a, "a space of another width" },
	{ 0x200b, 0x200d, "a zero-width character" },
	{ 0x200e, 0x200f, "a direction mark" },
	{ 0x2010, 0x2015, "a dash other than \"-\"" },
	{ 0x2018, 0x201b, "a quote other than \"'\"" },
	{ 0x201c, 0x201f, "a typographic quote" },
	{ 0x2028, 0x202e, "a line or direction mark" },
	{ 0x202f, 0x202f, "a no-break space" },
	{ 0x205f, 0x205f, "a space of another width" },
	{ 0x2060, 0x2069, "an invisible character" },
	{ 0x2212, 0x2212, "a dash other than \"-\"" },
	{ 0x3000, 0x3000, "a space of another width" },
	{ 0xfeff, 0xfeff, "a byte order mark" },
	{ 0xff01, 0xff5e, "a letter of another width" },
};

/*
 * confusable_character - name the first such character of a word
 *
 * Return: a static buffer; NULL if there is none.
 */
const char *confusable_character(const char *word)
{
	static char text[64];
	size_t size, i;
	uint32_t code;

	for (; *word; word += size) {
		size = p25_utf8_decode(word, strlen(word), &code);
		if (!size) {
			snprintf(text, sizeof(text),
				 "the byte 0x%02X, which is not UTF-8",
				 (unsigned char)*word);
			return text;
		}
		for (i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
			if (code < odd[i].first || code > odd[i].last)
				continue;
			snprintf(text, sizeof(text), "U+%04X, %s", code,
				 odd[i].name);
			return text;
		}
	}
	return NULL;
}
