// SPDX-License-Identifier: GPL-2.0
/*
 * The lines of a batch that comes from a pipe, kept in memory: the kernel may
 * refuse one long after it was read, and then it is to be shown.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shown.h"

/* What lies behind that is not shown. */
#define SHOWN_MAX (64UL << 20)

static struct {
	FILE *to;
	char *text;
	size_t len;
} shown;

static bool is_regular(const char *file)
{
	struct stat st;

	return strcmp(file, "-") && !stat(file, &st) && S_ISREG(st.st_mode);
}

/* shown_begin - from now on keep the lines of this file, unless they stay there */
void shown_begin(const char *file)
{
	if (!is_regular(file))
		shown.to = open_memstream(&shown.text, &shown.len);
}

/* shown_add - the next line */
void shown_add(const char *line)
{
	if (!shown.to || ftell(shown.to) > (long)SHOWN_MAX)
		return;
	fputs(line, shown.to);
	putc('\n', shown.to);
}

/* shown_open - read them again; NULL: they have not been kept */
FILE *shown_open(void)
{
	if (!shown.to || fflush(shown.to) || !shown.len)
		return NULL;
	return fmemopen(shown.text, shown.len, "r");
}

void shown_end(void)
{
	if (!shown.to)
		return;
	fclose(shown.to);
	free(shown.text);
	shown.to = NULL;
}
