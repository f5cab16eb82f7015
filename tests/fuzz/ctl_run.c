// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl, called as a function: its words, its files and what it prints.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ctl.h"
#include "ctl_run.h"
#include "libp25.h"
#include "target.h"
#include "utf8.h"

#define WORDS_MAX 64

/* What only a signal ends, "monitor", finds one that is pending. */
static void make_signal_pending(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	raise(SIGTERM);
}

struct ran ctl_run(const char *const words[])
{
	FILE *out = stdout, *err = stderr;
	char *argv[WORDS_MAX + 2];
	struct ran ran = { 0 };
	int argc = 1, i;

	argv[0] = NULL;
	while (argc <= WORDS_MAX && words[argc - 1]) {
		argv[argc] = strdup(words[argc - 1]);
		argc++;
	}
	argv[argc] = NULL;
	optind = 0;
	stdout = open_memstream(&ran.out, &ran.out_len);
	stderr = open_memstream(&ran.err, &ran.err_len);
	make_signal_pending();
	ran.status = p25ctl_main(argc, argv);
	fclose(stdout);
	fclose(stderr);
	stdout = out;
	stderr = err;
	for (i = 1; i < argc; i++)
		free(argv[i]);
	if (ran.status < 0 || ran.status > PARTLY)
		broken("exit status %d", ran.status);
	if (ran.status && !ran.err_len)
		broken("exit status %d, and not a word", ran.status);
	return ran;
}

void ran_free(struct ran *ran)
{
	free(ran->out);
	free(ran->err);
}

void ran_check_messages(const struct ran *ran)
{
	const char *line = ran->err;

	while (*line) {
		size_t len = strcspn(line, "\n");

		if (line[len] != '\n' || strncmp(line, "p25ctl: ", 8) ||
		    !p25_utf8_printable(line, len))
			broken("a message that is none: %s", ran->err);
		line += len + 1;
	}
	if (line != ran->err + ran->err_len)
		broken("a message with a NUL byte");
}

const char *file_of(const void *bytes, size_t n)
{
	/* Nearly every input would be refused as cut off otherwise. */
	bool is_cut_off = n && ((const char *)bytes)[n - 1] != '\n';
	static char path[40];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("input", MFD_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || ftruncate(fd, 0) ||
	    pwrite(fd, bytes, n, 0) != (ssize_t)n ||
	    pwrite(fd, "\n", is_cut_off, n) != is_cut_off)
		broken("the input can't be written: %m");
	return path;
}
