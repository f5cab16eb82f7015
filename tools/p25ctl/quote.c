// SPDX-License-Identifier: GPL-2.0
/*
 * A word as it may stand in a message.
 */
#include <string.h>

#include "quote.h"
#include "utf8.h"

/* Bytes of a word that are shown, and words in one message. */
#define SHOWN 79
#define WORDS 4

/* The word that the next message is about, if there is one. */
static char blamed[256];
static bool is_blamed;

/* blame - the next message is about this word */
void blame(const char *word)
{
	size_t len = strnlen(word, sizeof(blamed) - 1);

	/* Not in the midst of a character. */
	while (word[len] && (word[len] & 0xc0) == 0x80)
		len--;
	memcpy(blamed, word, len);
	blamed[len] = '\0';
	is_blamed = true;
}

/* blamed_word - the word that this message is about, or NULL; the next isn't */
const char *blamed_word(void)
{
	if (!is_blamed)
		return NULL;
	is_blamed = false;
	return blamed;
}

/*
 * quote - put a word in quotes
 *
 * What a terminal could take for a command is shown as '?', and a long word is
 * cut. A message is about the word that it quotes; if it quotes several, blame()
 * says which. Return: a static buffer, which the fourth call after this one
 * overwrites.
 */
const char *quote(const char *word)
{
	static char buffers[WORDS][SHOWN + P25_UTF8_QUOTE_ROOM];
	static unsigned int next;
	char *to = buffers[next++ % WORDS];

	if (!is_blamed)
		blame(word);
	p25_utf8_quote(to, SHOWN, word);
	return to;
}
