/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LEXER_H
#define _LEXER_H

struct words;

int lex(char *line, struct words *w, const char **why);

#endif /* _LEXER_H */
