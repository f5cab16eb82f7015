// SPDX-License-Identifier: GPL-2.0
/*
 * Messages: "p25ctl: FILE:LINE: what is wrong".
 */
#include <stdarg.h>
#include <stdio.h>

#include "ctl.h"
#include "progress.h"

static void __printf(2, 0) report(const struct ctl *c, const char *format,
				  va_list args)
{
	progress_clear();
	fputs("p25ctl: ", stderr);
	if (c->file && c->line)
		fprintf(stderr, "%s:%lu: ", c->file, c->line);
	else if (c->file)
		fprintf(stderr, "%s: ", c->file);
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
