// SPDX-License-Identifier: GPL-2.0
/*
 * Messages on standard error: "p25ctl: FILE:LINE: what is wrong"; with -j, a JSON
 * object a line.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "confusable.h"
#include "ctl.h"
#include "json.h"
#include "progress.h"
#include "quote.h"
#include "report.h"
#include "utf8.h"

/* What is said beside the message itself. */
struct about {
	int err;	/* a negative errno value, 0 if there is none */
	bool note;	/* it is no error */
	bool misused;	/* a word was not understood */
};

/* A file's name as it is, so that it can be copied; unless it could do harm. */
static const char *file_name(const char *file)
{
	static char quoted[256 + P25_UTF8_QUOTE_ROOM];

	if (p25_utf8_printable(file, strlen(file)))
		return file;
	p25_utf8_quote(quoted, 256, file);
	return quoted;
}

static void print_text(const struct ctl *c, const char *message)
{
	fputs("p25ctl: ", stderr);
	if (c->file && c->line)
		fprintf(stderr, "%s:%lu: ", file_name(c->file), c->line);
	else if (c->file)
		fprintf(stderr, "%s: ", file_name(c->file));
	fprintf(stderr, "%s\n", message);
}

static void print_json(const struct ctl *c, const char *message,
		       const char *word, const struct about *a)
{
	struct json_object *o = json_object_new_object();

	if (c->file)
		json_add(o, "file", json_text(c->file));
	if (c->file && c->line)
		json_add(o, "line", json_object_new_int64(c->line));
	if (word)
		json_add(o, "word", json_text(word));
	if (a->err)
		json_add(o, "errno", json_object_new_int(-a->err));
	if (a->note)
		json_add(o, "note", json_object_new_boolean(true));
	json_add(o, "message", json_text(message));
	json_print_to(stderr, o);
}

/*
 * The whole message, to be freed; NULL: there is no memory. What was not understood
 * may look right, and be it but for a character.
 */
static __printf(3, 0)
char *compose_message(const char *word, const struct about *a,
		      const char *format, va_list args)
{
	const char *odd = NULL;
	char *message = NULL;
	size_t size;
	FILE *to = open_memstream(&message, &size);

	if (!to)
		return NULL;
	if (word && a->misused)
		odd = confusable_character(word);
	vfprintf(to, format, args);
	if (odd)
		fprintf(to, "; there is %s, in it", odd);
	fclose(to);
	return message;
}

static void __printf(3, 0) print_message(const struct ctl *c, struct about a,
					 const char *format, va_list args)
{
	const char *word = blamed_word();
	char *message = compose_message(word, &a, format, args);

	progress_clear();
	if (c->json)
		print_json(c, message ? message : "out of memory", word, &a);
	else
		print_text(c, message ? message : "out of memory");
	free(message);
}

/* report_failure - the request failed, and nothing has changed */
int report_failure(const struct ctl *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_message(c, (struct about){ 0 }, format, args);
	va_end(args);
	return FAILED;
}

/* report_error - the request failed with this negative errno value */
int report_error(const struct ctl *c, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_message(c, (struct about){ .err = err }, format, args);
	va_end(args);
	return FAILED;
}

/* report_errno - the request failed with errno, and that is all there is to say */
int report_errno(const struct ctl *c)
{
	int err = -errno;

	return report_error(c, err, "%s", strerror(-err));
}

/* report_misuse - the command line or the line of a file is malformed */
int report_misuse(const struct ctl *c, const char *format, ...)
{
	va_list args;

	if (c->line && c->bad >= BAD_SHOWN) {
		blamed_word();
		return MISUSED;
	}
	va_start(args, format);
	print_message(c, (struct about){ .misused = true }, format, args);
	va_end(args);
	return MISUSED;
}

/* note - a message that is no error */
void note(const struct ctl *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_message(c, (struct about){ .note = true }, format, args);
	va_end(args);
}

/* wants_hints - is this a terminal, or -v? What a job prints, cron mails each time. */
bool wants_hints(const struct ctl *c)
{
	return c->verbose || isatty(STDERR_FILENO);
}

/* hint - a note for a terminal or -v: nothing is wrong */
void hint(const struct ctl *c, const char *format, ...)
{
	va_list args;

	if (!wants_hints(c))
		return;
	va_start(args, format);
	print_message(c, (struct about){ .note = true }, format, args);
	va_end(args);
}
