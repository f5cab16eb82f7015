// SPDX-License-Identifier: GPL-2.0
/*
 * A word as it may stand in a message.
 */
#include <stdio.h>
#include <string.h>

#include "../libp25/utf8.h"
#include "words.h"

/* Bytes of a word that are shown, and words in one message. */
#define SHOWN 80
#define WORDS 4

/*
 * quote - put a word in quotes
 *
 * What a terminal could take for a command is shown as '?', and a long word is
 * cut. Return: a static buffer, which the fourth call after this one overwrites.
 */
const char *quote(const char *word)
{
	static char buffers[WORDS][SHOWN + 8];
	static unsigned int next;
	char *to = buffers[next++ % WORDS];
	size_t left = strlen(word), n = 0;
	uint32_t code;

	to[n++] = '"';
	while (left && n < SHOWN) {
		size_t size = utf8_decode(word, left, &code);

		if (!size || !utf8_printable(word, size)) {
			to[n++] = '?';
			size = 1;
		} else {
			memcpy(to + n, word, size);
			n += size;
		}
		word += size;
		left -= size;
	}
	strcpy(to + n, left ? "...\"" : "\"");
	return to;
}
