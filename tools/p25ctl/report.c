// SPDX-License-Identifier: GPL-2.0
/*
 * Messages: "p25ctl: FILE:LINE: what is wrong".
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../libp25/utf8.h"
#include "ctl.h"
#include "progress.h"

/* A file's name as it is, so that it can be copied; unless it could do harm. */
static const char *name(const char *file)
{
	return utf8_printable(file, strlen(file)) ? file : quote(file);
}

static void __printf(2, 0) report(const struct ctl *c, const char *format,
				  va_list args)
{
	progress_clear();
	fputs("p25ctl: ", stderr);
	if (c->file && c->line)
		fprintf(stderr, "%s:%lu: ", name(c->file), c->line);
	else if (c->file)
		fprintf(stderr, "%s: ", name(c->file));
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

int failed(const struct ctl *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report(c, format, args);
	va_end(args);
	return FAILED;
}

int misused(const struct ctl *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report(c, format, args);
	va_end(args);
	return MISUSED;
}

void note(const struct ctl *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	report(c, format, args);
	va_end(args);
}
