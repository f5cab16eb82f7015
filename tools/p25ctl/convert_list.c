// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses, prefixes and ranges, with blanks or commas between them. What stands
 * behind '#', ';' or "//" is the comment of those in this line.
 *
 *	192.0.2.0/24 ; SBL000001
 *	198.51.100.1 - 198.51.100.9, 2001:db8::/32
 */
#include <string.h>

#include "convert.h"
#include "convert_words.h"

/* People quote words where there is no need, and leave the brackets of arrays. */
#define SEPARATORS " \t,\"'"

/* The comment, or the end of the line. */
static char *find_comment(char *line)
{
	line += strcspn(line, "#;/");
	while (*line == '/' && line[1] != '/') {
		line++;
		line += strcspn(line, "#;/");
	}
	return line;
}

/* Return: the next word, and what follows it in @at; a range may have blanks in it. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, SEPARATORS);
	char *end = word + strcspn(word, SEPARATORS);
	char *next = end + strspn(end, BLANKS);
	char *to;

	if (!*word)
		return NULL;
	if (*next == '-' && (next[1] == ' ' || next[1] == '\t')) {
		to = end;
		*to++ = '-';
		next++;
		next += strspn(next, BLANKS);
		end = next + strcspn(next, SEPARATORS);
		memmove(to, next, end - next);
		to += end - next;
	} else {
		to = end;
	}
	*at = *end ? end + 1 : end;
	*to = '\0';
	return word;
}

static void list_line(struct convert *cv, void *state, char *line)
{
	struct found found = { 0 };
	char *comment = find_comment(line);

	(void)state;
	if (*comment) {
		*comment++ = '\0';
		found.comment = comment + strspn(comment, "#;/ \t");
	}
	while (!cv->stopped && (found.word = next_word(&line)))
		convert_found(cv, &found);
}

static bool is_list(const char *line)
{
	struct address_range range;
	char copy[128];
	unsigned int how;
	const char *why;
	size_t len;

	line += strspn(line, SEPARATORS);
	len = strcspn(line, SEPARATORS "#;");
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, line, len);
	copy[len] = '\0';
	return !range_parse(copy, &range, &how, &why);
}

const struct format format_list = {
	.name = "list",
	.what = "list of addresses",
	.is = is_list,
	.line = list_line,
};
