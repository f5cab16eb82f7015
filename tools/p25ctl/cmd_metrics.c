// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl metrics [--http | --file FILE]: what there is to monitor, in the text format of
 * Prometheus: printed, as the answer to a request on standard input, or into a file for the
 * textfile collector of node_exporter.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "ctl.h"
#include "health.h"
#include "http.h"
#include "metrics.h"
#include "report.h"
#include "words.h"

static const char *const options[] = { "--http", "--file" };

/**
 * struct output - where metrics go
 * @http: standard output, as an answer
 * @file: this file; NULL: standard output
 * @text: the metrics
 * @len: their length
 */
struct output {
	bool http;
	const char *file;
	char *text;
	size_t len;
};

static int parse_output(const struct ctl *c, struct words *w, struct output *output)
{
	const char *word = words_next(w);

	if (!word)
		return DONE;
	if (!strcmp(word, options[0]))
		output->http = true;
	else if (strcmp(word, options[1]))
		return report_unknown_word(c, word, options, ARRAY_SIZE(options),
					   "option");
	else if (words_value(c, w, options[1], "where to write the metrics", &output->file))
		return MISUSED;
	return words_end(c, w);
}

/* All of it, before anything is written: half of it would look like less. */
static int make(struct ctl *c, struct output *output)
{
	static struct health health;
	FILE *to = open_memstream(&output->text, &output->len);
	int err;

	if (!to)
		return -1;
	health_examine(c, &health);
	metrics_write(c, &health, to);
	err = ferror(to);
	return fclose(to) || err ? -1 : 0;
}

static int write_text(const char *path, const struct output *output)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	int err;

	if (!to)
		return -1;
	err = fchmod(fd, 0644) || fwrite(output->text, 1, output->len, to) != output->len;
	return fclose(to) || err ? -1 : 0;
}

/* The collector takes what ends in .prom, and must never see half a file. */
static int write_file(struct ctl *c, const struct output *output)
{
	size_t room = strlen(output->file) + sizeof(".new");
	char *new = malloc(room);
	int err = ENOMEM;

	c->file = output->file;
	if (new) {
		snprintf(new, room, "%s.new", output->file);
		err = write_text(new, output) || rename(new, output->file) ? errno : 0;
		if (err)
			unlink(new);
	}
	free(new);
	return err ? report_error(c, -err, "%s", strerror(err)) : DONE;
}

static int no_memory(const struct ctl *c)
{
	return report_error(c, -ENOMEM, "out of memory");
}

static int answer(struct ctl *c, struct output *output)
{
	int status = http_read_request();

	if (status == 200 && make(c, output))
		status = 500;
	http_answer(status, output->text, output->len);
	return DONE;
}

int cmd_metrics(struct ctl *c, struct words *w, enum p25_kind kind)
{
	struct output output = { 0 };
	int status = DONE;

	(void)kind;
	if (parse_output(c, w, &output))
		return MISUSED;
	if (output.http)
		status = answer(c, &output);
	else if (make(c, &output))
		status = no_memory(c);
	else if (output.file)
		status = write_file(c, &output);
	else
		fwrite(output.text, 1, output.len, stdout);
	free(output.text);
	return status;
}
