// SPDX-License-Identifier: GPL-2.0
/*
 * The lines of a batch that comes from a pipe, kept in memory: the kernel may
 * refuse one long after it was read, and the message quotes it.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "batch_copy.h"

/* Lines beyond that are not kept, and so not quoted. */
#define COPY_MAX (64UL << 20)

static struct {
	FILE *to;
	char *text;
	size_t len;
} copy;

static bool is_regular(const char *file)
{
	struct stat st;

	return strcmp(file, "-") && !stat(file, &st) && S_ISREG(st.st_mode);
}

/* batch_copy_begin - keep the lines of this file from now on, if it is a pipe */
void batch_copy_begin(const char *file)
{
	if (!is_regular(file))
		copy.to = open_memstream(&copy.text, &copy.len);
}

/* batch_copy_add - the next line */
void batch_copy_add(const char *line)
{
	if (!copy.to || ftell(copy.to) > (long)COPY_MAX)
		return;
	fputs(line, copy.to);
	putc('\n', copy.to);
}

/* batch_copy_open - read them again; NULL: they have not been kept */
FILE *batch_copy_open(void)
{
	if (!copy.to || fflush(copy.to) || !copy.len)
		return NULL;
	return fmemopen(copy.text, copy.len, "r");
}

void batch_copy_end(void)
{
	if (!copy.to)
		return;
	fclose(copy.to);
	free(copy.text);
	copy.to = NULL;
}
