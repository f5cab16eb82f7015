// SPDX-License-Identifier: GPL-2.0
/*
 * A line into words: they are separated by blanks and tabs; a word in double
 * quotes may hold any character, with \" for a quote and \\ for a backslash. A
 * '#' where a word could begin starts a comment.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lexer.h"
#include "words.h"

static int append(struct words *w, char *word, const char **why)
{
	size_t room = w->room ? w->room * 2 : 16;
	char **v = w->v;

	if (w->n == w->room) {
		v = realloc(v, room * sizeof(*v));
		if (!v) {
			*why = "out of memory";
			return -1;
		}
		w->v = v;
		w->room = room;
	}
	w->v[w->n++] = word;
	return 0;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Unquotes in place, from behind the first quote; NULL if it is malformed. */
static char *lex_quoted(char *from, const char **why)
{
	char *to = from;

	for (; *from != '"'; from++) {
		if (*from == '\\') {
			from++;
			if (*from && *from != '"' && *from != '\\') {
				*why = "only \\\" and \\\\ may follow a backslash in quotes";
				return NULL;
			}
		}
		if (!*from) {
			*why = "unterminated quote";
			return NULL;
		}
		*to++ = *from;
	}
	*to = '\0';
	from++;
	if (*from && !is_blank(*from)) {
		*why = "a blank must follow a closing quote";
		return NULL;
	}
	return from;
}

static char *lex_plain(char *from, const char **why)
{
	static const bool stops[UCHAR_MAX + 1] = {
		['\0'] = true, [' '] = true, ['\t'] = true, ['"'] = true,
	};

	while (!stops[(unsigned char)*from])
		from++;
	if (*from != '"')
		return from;
	*why = "a quote may only begin a word";
	return NULL;
}

/*
 * lex - split a line
 * @line: the line; the words are made of its bytes
 * @w: the words, memory of the last call is used again; free @w->v at the end
 * @why: what is wrong, if anything is
 *
 * Return: 0, or -1.
 */
int lex(char *line, struct words *w, const char **why)
{
	char *word;

	w->n = 0;
	w->at = 0;
	for (;;) {
		while (is_blank(*line))
			line++;
		if (!*line || *line == '#')
			return 0;
		word = *line == '"' ? line + 1 : line;
		line = *line == '"' ? lex_quoted(word, why) :
				      lex_plain(line, why);
		if (!line || append(w, word, why))
			return -1;
		if (*line)
			*line++ = '\0';
	}
}
