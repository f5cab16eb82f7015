// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl convert KIND [FILE]: make a policy file of a list of another program. There
 * need be no kernel module for that, and no right.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "convert.h"
#include "convert_input.h"
#include "convert_options.h"
#include "convert_sniff.h"
#include "ctl.h"
#include "file.h"
#include "file_change.h"
#include "prefix_check.h"
#include "print.h"
#include "progress.h"
#include "quote.h"
#include "words.h"

static int report_unknown_format(struct ctl *c, const char *why, bool has_lines)
{
	c->line = 0;
	if (why)
		return report_misuse(c, "%s", why);
	if (!has_lines)
		return report_misuse(c, "there is nothing in the file: did its writer fail?");
	return report_misuse(c,
			     "unknown format: none of ipset, nft, mikrotik, json, csv, list, p25 (--format names one)");
}

/* What the file is, by its first lines. NULL: nothing that is known; it is reported */
static const struct format *find_format(struct ctl *c, struct input *in)
{
	const struct format *format = NULL;
	const char *why = input_encoding(in);
	bool has_lines = false;
	size_t at = 0;
	char *line;

	while (!why && !format && (line = input_peek(in, &at))) {
		has_lines |= line[strspn(line, " \t")] && *line != '#';
		format = convert_sniff(line, &why);
		free(line);
	}
	if (!format)
		report_unknown_format(c, why, has_lines);
	return format;
}

/* Return: false if there is nothing more to read. */
static bool read_line(struct convert *cv, struct input *in,
		      const struct format *format, void *state)
{
	const char *why = NULL;
	char *line;

	cv->c->line++;
	switch (input_next(in, &line, &why)) {
	case LINE_END:
		return false;
	case LINE_UNREADABLE:
		/* Nothing is wrong with a line if the file can't be read. */
		if (!why)
			cv->c->line = 0;
		convert_stop(cv, why ? why : strerror(errno));
		return false;
	case LINE_MALFORMED:
		convert_bad(cv, "%s", why);
		break;
	case LINE_READ:
		format->line(cv, state, line);
		break;
	}
	progress_show(in->read, cv->c->line);
	return !cv->stopped;
}

static void read_lines(struct convert *cv, struct input *in,
		       const struct format *format, void *state)
{
	cv->c->line = 0;
	while (read_line(cv, in, format, state))
		;
	if (cv->stopped)
		return;
	if (format->end)
		format->end(cv, state);
	/* What is said from now on is about all of it. */
	cv->c->line = 0;
}

static int read_file(struct convert *cv, struct input *in,
		     const struct format *format)
{
	void *state = calloc(1, format->state_size + 1);

	if (!state)
		return report_failure(cv->c, "out of memory");
	read_lines(cv, in, format, state);
	if (format->free)
		format->free(state);
	free(state);
	progress_clear();
	if (cv->stopped)
		return report_failure(cv->c, "%s", cv->stopped);
	if (in->cut)
		note(cv->c, "the last line has no newline: is the file cut off?");
	return file_change_check(cv->c, in->read);
}

/**
 * struct output - prefixes on their way to standard output
 * @cv: where they come from
 * @entry: what they have in common
 * @print: they are printed; otherwise they are only looked at
 * @n: how many
 * @wide: one that is too wide; its family is 0 if there is none
 */
struct output {
	const struct convert *cv;
	struct p25_entry entry;
	bool print;
	unsigned long n;
	struct p25_prefix wide;
};

static void print_prefix(struct output *out)
{
	char text[ENTRY_STRLEN], *end;

	end = entry_format(text, &out->entry, PRINT_EXPIRES);
	*end++ = '\n';
	fwrite(text, 1, end - text, stdout);
}

static int each_range(const struct address_range *range, int64_t expires,
		      const char *comment, void *arg)
{
	struct address_range rest = *range;
	struct output *out = arg;
	struct p25_entry *entry = &out->entry;

	entry->expires = expires;
	strcpy(entry->comment, comment);
	while (range_next_prefix(&rest, &entry->prefix)) {
		if (prefix_unforwardable(&entry->prefix))
			continue;
		if (!out->cv->options->wide &&
		    entry->prefix.len < prefix_wide_below(entry->prefix.family)) {
			out->wide = entry->prefix;
			return 1;
		}
		out->n++;
		if (out->print)
			print_prefix(out);
	}
	return 0;
}

/* Each of them was not too wide, but together they are. */
static int report_wide(struct ctl *c, const struct p25_prefix *prefix)
{
	char text[P25_PREFIX_STRLEN];

	p25_prefix_format(prefix, text);
	return report_misuse(c,
			     "together, entries make up %s, which is wider than a /%u; if that is intended, use \"p25ctl --wide convert ...\"",
			     quote(text), prefix_wide_below(prefix->family));
}

static int write_entries(struct convert *cv, struct output *out,
			 struct aggregated *done)
{
	bool merge = !cv->options->no_merge;

	if (aggregate_sort(&cv->all))
		return report_failure(cv->c, "out of memory");
	if (cv->c->owner)
		strcpy(out->entry.owner, cv->c->owner);
	aggregate_each(&cv->all, merge, each_range, out);
	if (out->wide.family)
		return report_wide(cv->c, &out->wide);
	out->print = true;
	out->n = 0;
	*done = aggregate_each(&cv->all, merge, each_range, out);
	return DONE;
}

/* A policy file is written line by line. */
static int write_text(struct convert *cv, struct output *out)
{
	fflush(cv->text);
	fwrite(cv->text_bytes, 1, cv->text_len, stdout);
	out->n = cv->kept;
	return DONE;
}

/* Which of several sets is meant has not been said. */
static int report_sets(const struct convert *cv)
{
	char list[256] = "";
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < cv->n_sets && len < sizeof(list) - SET_NAME_ROOM - 2; i++)
		len += snprintf(list + len, sizeof(list) - len, "%s%s",
				i ? " " : "", cv->sets[i]);
	return report_misuse(cv->c,
			     "there are several sets in the file: %s%s; name those that are meant, each with --set",
			     quote(list),
			     i < cv->n_sets || cv->more_sets ? " and more" : "");
}

static void report_summary(const struct convert *cv, const struct format *format,
			   const struct output *out,
			   const struct aggregated *done)
{
	char text[512], *to = text;
	size_t i;
	const struct {
		bool always;
		unsigned long n;
		const char *what;
	} counts[] = {
		{ true, cv->kept, "kept" },
		{ true, cv->masked, "masked" },
		{ true, done->merged, "merged" },
		{ true, cv->bad, "bad" },
		{ false, cv->mapped, "IPv4-mapped" },
		{ false, cv->cut, "with a comment that was cut" },
		{ false, cv->expired, "expired" },
		{ false, cv->disabled, "disabled" },
		{ false, cv->others, "of other sets" },
	};

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		if (counts[i].always || counts[i].n)
			to += sprintf(to, "%s%lu %s", i ? ", " : "", counts[i].n,
				      counts[i].what);
	}
	note(cv->c, "%s: %s; %lu %s written", format->what, text, out->n,
	     out->n == 1 ? "entry" : "entries");
	if (done->uncommented)
		note(cv->c,
		     "%zu merged %s no comment, as comments differed (--no-merge keeps them)",
		     done->uncommented,
		     done->uncommented == 1 ? "entry has" : "entries have");
}

/* A policy without entries may be saved, too. */
static bool is_nothing(const struct convert *cv)
{
	return !cv->kept && (!cv->text || cv->bad);
}

static int finish(struct convert *cv, const struct format *format)
{
	struct output out = { .cv = cv, .entry.kind = cv->options->kind };
	struct aggregated done = { 0 };
	int status;

	if (cv->bad > BAD_SHOWN)
		note(cv->c, "and %lu more", cv->bad - BAD_SHOWN);
	if (cv->n_sets > 1 && !cv->options->n_sets)
		return report_sets(cv);
	if (is_nothing(cv)) {
		report_summary(cv, format, &out, &done);
		return report_failure(cv->c, "nothing could be kept");
	}
	status = cv->text ? write_text(cv, &out) : write_entries(cv, &out, &done);
	if (status)
		return status;
	report_summary(cv, format, &out, &done);
	return cv->bad ? PARTLY : DONE;
}

static int convert_file(struct convert *cv, int fd)
{
	const struct format *format = cv->options->format;
	struct input in;
	int status;

	file_change_begin(fd);
	progress_start(fd);
	if (input_start(&in, fd)) {
		status = report_errno(cv->c);
		input_free(&in);
		return status;
	}
	if (!format)
		format = find_format(cv->c, &in);
	else if (input_encoding(&in))
		convert_stop(cv, input_encoding(&in));
	status = MISUSED;
	if (format)
		status = read_file(cv, &in, format);
	if (!status)
		status = finish(cv, format);
	input_free(&in);
	return status;
}

int cmd_convert(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct convert_options options = { 0 };
	struct convert cv = { .c = c, .options = &options, .now = time(NULL) };
	int fd, status;

	(void)kind;
	if (convert_parse_options(c, w, &options))
		return MISUSED;
	fd = file_open(c, options.file);
	if (fd < 0)
		return FAILED;
	status = convert_file(&cv, fd);
	if (fd != STDIN_FILENO)
		close(fd);
	aggregate_free(&cv.all);
	if (cv.text)
		fclose(cv.text);
	free(cv.text_bytes);
	return status;
}
