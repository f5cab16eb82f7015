/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A row of words, from the command line or from a line of a file.
 */
#ifndef _WORDS_H
#define _WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct ctl;

/**
 * struct words - a row of words and how far it has been read
 * @v: the words
 * @n: how many
 * @at: the next one
 * @room: words that @v has room for, if lex() made it
 */
struct words {
	char **v;
	size_t n;
	size_t at;
	size_t room;
};

/* Most words differ in their first letter: a million lines ask this often. */
static inline bool is_word(const char *word, const char *name)
{
	return *word == *name && !strcmp(word, name);
}

const char *words_peek(const struct words *w);
const char *words_next(struct words *w);
bool is_late_option(const char *word);
int report_late_option(const struct ctl *c, const char *word);
int words_end(const struct ctl *c, const struct words *w);
int words_value(const struct ctl *c, struct words *w, const char *key,
		const char *what, const char **value);
int report_wrong_word(const struct ctl *c, const char *why, const char *what,
		      const char *word, const char *const *names, size_t n);
int report_unknown_word(const struct ctl *c, const char *word,
			const char *const *names, size_t n, const char *what);

#endif /* _WORDS_H */
