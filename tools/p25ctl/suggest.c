// SPDX-License-Identifier: GPL-2.0
/*
 * What a mistyped word was meant to be.
 */
#include <string.h>
#include <strings.h>

#include "suggest.h"

#define LONGEST 16

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * Letters to insert, delete, replace or swap with their neighbour (the
 * restricted Damerau-Levenshtein distance).
 */
static unsigned int distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned int d[LONGEST + 1][LONGEST + 1];
	size_t i, j;

	for (i = 0; i <= n; i++)
		d[i][0] = i;
	for (j = 0; j <= m; j++)
		d[0][j] = j;
	for (i = 1; i <= n; i++) {
		for (j = 1; j <= m; j++) {
			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1,
					d[i - 1][j - 1] +
					(a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1,
						d[i][j]);
		}
	}
	return d[n][m];
}

/* The name that @word is in other letters: nothing here has capitals. */
static const char *lower(const char *word, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!strcasecmp(word, names[i]))
			return names[i];
	}
	return NULL;
}

/* The only name that begins with @word, NULL if there is none or another. */
static const char *begun(const char *word, size_t len, const char *const *names,
			 size_t n)
{
	const char *name = NULL;
	size_t i;

	for (i = 0; i < n && len > 1; i++) {
		if (strncmp(names[i], word, len))
			continue;
		if (name)
			return NULL;
		name = names[i];
	}
	return name;
}

/*
 * suggest - the name that @word is a slip for, NULL if there is none
 *
 * One letter may be wrong; of seven and more two, but then not the first one:
 * otherwise it is likely to be a word of its own.
 */
const char *suggest(const char *word, const char *const *names, size_t n)
{
	size_t len = strnlen(word, LONGEST + 1);
	unsigned int best = len > 6 ? 3 : 2;
	const char *name, *near = NULL;
	size_t i;

	if (len > LONGEST)
		return NULL;
	name = lower(word, names, n);
	if (!name)
		name = begun(word, len, names, n);
	for (i = 0; i < n && !name; i++) {
		size_t name_len = strlen(names[i]);
		unsigned int d;

		if (name_len > LONGEST)
			continue;
		d = distance(word, len, names[i], name_len);
		if (d >= best || d >= name_len || (d > 1 && *word != *names[i]))
			continue;
		best = d;
		near = names[i];
	}
	return name ? name : near;
}
