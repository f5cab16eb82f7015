/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of a line, as ipset and nft have them: a word in double quotes may have blanks
 * in it, and no quotes.
 */
#ifndef _CONVERT_WORDS_H
#define _CONVERT_WORDS_H

#include <stdbool.h>
#include <string.h>

#define BLANKS " \t"

/* word_begins - does a text begin with this word? */
static inline bool word_begins(const char *text, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(text, word, len) &&
	       (!text[len] || text[len] == ' ' || text[len] == '\t');
}

/* word_second - the word behind the first one, "" if there is none */
static inline const char *word_second(const char *text)
{
	text += strcspn(text, BLANKS);
	return text + strspn(text, BLANKS);
}

/* word_next - the next word, cut off by a NUL; NULL: there is none any more */
static inline char *word_next(char **at)
{
	char *word = *at + strspn(*at, BLANKS), *end;

	if (!*word)
		return NULL;
	if (*word == '"') {
		word++;
		end = word + strcspn(word, "\"");
	} else {
		end = word + strcspn(word, BLANKS);
	}
	*at = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

#endif /* _CONVERT_WORDS_H */
