// SPDX-License-Identifier: GPL-2.0
/*
 * Files of words, read as a stream of any length.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch_copy.h"
#include "ctl.h"
#include "file.h"
#include "file_change.h"
#include "lexer.h"
#include "lines.h"
#include "progress.h"
#include "quote.h"
#include "report.h"
#include "words.h"

/* The reason why a first line is not of a file of words; NULL: it may be. */
static const char *foreign(const char *line)
{
	if (!strncmp(line, "\xef\xbb\xbf", 3))
		return "the file begins with a byte order mark; save it without one";
	line += strspn(line, " \t");
	if (*line == '{' || *line == '[')
		return "this is JSON; expected lines of words (\"p25ctl convert\" makes them)";
	return NULL;
}

/* How other files have their comments. */
static bool is_foreign_comment(const char *word)
{
	return *word == ';' || !strncmp(word, "//", 2) || !strncmp(word, "/*", 2);
}

static int take_line(struct ctl *c, struct lines *in, char *line,
		     struct words *w,
		     int (*each)(struct ctl *c, struct words *w, void *arg),
		     void *arg)
{
	const char *why = c->line == 1 ? foreign(line) : NULL;

	batch_copy_add(line);
	if (why)
		lines_stop(in);
	if (why || lex(line, w, &why))
		return report_misuse(c, "%s", why);
	if (w->n && is_foreign_comment(w->v[0]))
		return report_misuse(c,
				     "unexpected %s: a comment begins with \"#\" (see \"p25ctl convert\")",
				     quote(w->v[0]));
	return w->n ? each(c, w, arg) : DONE;
}

static int report_unreadable(struct ctl *c)
{
	c->line = 0;
	return report_errno(c);
}

/* Malformed lines are all reported, up to BAD_SHOWN, to be fixed at once. */
static int finish_file(struct ctl *c, int status)
{
	c->line = 0;
	if (c->bad == BAD_SHOWN + 1)
		note(c, "1 more line is wrong");
	else if (c->bad > BAD_SHOWN)
		note(c, "%lu more lines are wrong", c->bad - BAD_SHOWN);
	return c->bad ? MISUSED : status;
}

static int each_line(struct ctl *c, int fd,
		     int (*each)(struct ctl *c, struct words *w, void *arg),
		     void *arg)
{
	static struct lines in;
	struct words w = { 0 };
	int status = DONE;
	const char *why;
	char *line;

	lines_start(&in, fd);
	c->bad = 0;
	for (c->line = 1; status != FAILED; c->line++) {
		enum line_result result = lines_next(&in, &line, &why);

		if (result == LINE_END)
			break;
		if (result == LINE_UNREADABLE)
			status = report_unreadable(c);
		else if (result == LINE_MALFORMED)
			status = report_misuse(c, "%s", why);
		else
			status = take_line(c, &in, line, &w, each, arg);
		c->bad += status == MISUSED;
		progress_show(in.read, c->line);
	}
	free(w.v);
	c->read = in.read;
	status = finish_file(c, status);
	return status ? status : file_change_check(c, in.read);
}

/* file_open - open a file, or its copy; @c->file is its name from now on */
int file_open(struct ctl *c, const char *file)
{
	int fd = STDIN_FILENO;

	c->file = file;
	c->line = 0;
	if (c->copy) {
		lseek(c->copy, 0, SEEK_SET);
		return c->copy;
	}
	if (strcmp(file, "-"))
		fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		report_errno(c);
	return fd;
}

/*
 * file_each_line - call a function for each line that has words
 * @file: its name; "-": standard input
 *
 * A failure ends it; a malformed line does not, but see only_checks().
 * @c->file stays set for messages.
 */
int file_each_line(struct ctl *c, const char *file,
		   int (*each)(struct ctl *c, struct words *w, void *arg),
		   void *arg)
{
	int fd = file_open(c, file), status;

	if (fd < 0)
		return FAILED;
	if (!c->copy)
		file_change_begin(fd);
	progress_start(fd);
	status = each_line(c, fd, each, arg);
	progress_clear();
	if (fd != STDIN_FILENO && fd != c->copy)
		close(fd);
	return status;
}

static int find_line(FILE *in, unsigned long number, char *line, size_t room)
{
	char *text = NULL;
	size_t size = 0;
	int found = 0;

	while (number && (found = getline(&text, &size, in) > 0))
		number--;
	if (found) {
		text[strcspn(text, "\n")] = '\0';
		snprintf(line, room, "%s", text + strspn(text, " \t"));
	}
	free(text);
	return found ? 0 : -1;
}

/*
 * file_line - read a line again, for a message
 *
 * The kernel may refuse an entry long after its line was read. Return: 0, or -1
 * if the file can't be read again, such as a pipe.
 */
int file_line(const struct ctl *c, unsigned long number, char *line,
	      size_t room)
{
	FILE *in = batch_copy_open();
	int err;

	if (!in && c->copy && !lseek(c->copy, 0, SEEK_SET))
		in = fdopen(dup(c->copy), "r");
	else if (!in && strcmp(c->file, "-"))
		in = fopen(c->file, "re");
	if (!in)
		return -1;
	err = find_line(in, number, line, room);
	fclose(in);
	return err;
}
