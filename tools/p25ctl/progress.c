// SPDX-License-Identifier: GPL-2.0
/*
 * How far the reading of a file is: one line on standard error, if that is a
 * terminal, renewed ten times a second, gone at the end.
 */
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

/* Lines between two looks at the clock, and nanoseconds between two updates. */
#define LOOK_EVERY 1024
#define UPDATE_EVERY 100000000

static struct {
	bool wanted;
	bool shown;
	off_t size;
	int64_t last;
} progress;

static int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

void progress_start(int fd)
{
	struct stat st;

	progress.wanted = isatty(STDERR_FILENO);
	progress.last = clock_now();
	progress.size = 0;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		progress.size = st.st_size;
}

void progress_show(uint64_t bytes, unsigned long lines)
{
	int64_t now;

	if (!progress.wanted || lines % LOOK_EVERY)
		return;
	now = clock_now();
	if (now - progress.last < UPDATE_EVERY)
		return;
	progress.last = now;
	progress.shown = true;
	if (progress.size)
		fprintf(stderr, "\r%lu lines, %d %%\033[K", lines,
			(int)(bytes * 100 / progress.size));
	else
		fprintf(stderr, "\r%lu lines\033[K", lines);
}

void progress_clear(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
	progress.shown = false;
}
