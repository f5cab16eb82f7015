// SPDX-License-Identifier: GPL-2.0
/*
 * A word as it may stand in a message.
 */
#include "../libp25/utf8.h"
#include "words.h"

/* Bytes of a word that are shown, and words in one message. */
#define SHOWN 79
#define WORDS 4

/*
 * quote - put a word in quotes
 *
 * What a terminal could take for a command is shown as '?', and a long word is
 * cut. Return: a static buffer, which the fourth call after this one overwrites.
 */
const char *quote(const char *word)
{
	static char buffers[WORDS][SHOWN + UTF8_QUOTE_ROOM];
	static unsigned int next;
	char *to = buffers[next++ % WORDS];

	utf8_quote(to, SHOWN, word);
	return to;
}
