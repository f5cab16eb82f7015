// SPDX-License-Identifier: GPL-2.0
/*
 * In place of libFuzzer, where there is none: gives a target each input once that
 * is a file named, or in a folder named. libFuzzer's options are ignored.
 */
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target.h"

/* Not every target has it. */
#pragma weak fuzz_start

static unsigned int inputs;

static void fail(const char *path)
{
	perror(path);
	exit(1);
}

/* In memory of exactly its size: what is beyond belongs to no one. */
static void replay_file(const char *path, size_t size)
{
	FILE *in = fopen(path, "re");
	uint8_t *data = malloc(size);

	if (!in || (size && (!data || fread(data, size, 1, in) != 1)))
		fail(path);
	fclose(in);
	fuzz_one(data, size);
	free(data);
	inputs++;
}

static void replay(const char *path);

static void replay_folder(const char *folder)
{
	struct dirent **found;
	int i, count = scandir(folder, &found, NULL, alphasort);
	char path[PATH_MAX];

	if (count < 0)
		fail(folder);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, found[i]->d_name);
		if (*found[i]->d_name != '.')
			replay(path);
		free(found[i]);
	}
	free(found);
}

static void replay(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		fail(path);
	if (S_ISDIR(st.st_mode))
		replay_folder(path);
	else
		replay_file(path, st.st_size);
}

/* A target may say so that it has had enough. */
static void end(int signal)
{
	(void)signal;
	_exit(0);
}

int main(int argc, char **argv)
{
	int i;

	signal(SIGUSR1, end);
	if (fuzz_start)
		fuzz_start(&argc, &argv);
	for (i = 1; i < argc; i++) {
		if (*argv[i] != '-')
			replay(argv[i]);
	}
	fprintf(stderr, "Done %u inputs\n", inputs);
	return !inputs;
}
