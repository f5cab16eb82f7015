// SPDX-License-Identifier: GPL-2.0
/*
 * timed FILE COMMAND [ARG]... - run COMMAND, write "SECONDS KIB" to FILE: how
 * long it took, and its peak resident memory.
 *
 * A small program, as the kernel counts the memory of the process that calls exec
 * as the called program's: a shell or Python would hide a frugal tool behind
 * itself.
 * Exit status: COMMAND's; 127 if it can't be run.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct rusage usage;
	double start, end;
	FILE *file;
	int status;
	pid_t pid;

	if (argc < 3) {
		fputs("usage: timed FILE COMMAND [ARG]...\n", stderr);
		return 2;
	}
	start = now();
	pid = vfork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
		perror("timed");
		return 127;
	}
	end = now();
	file = fopen(argv[1], "w");
	if (!file || fprintf(file, "%.6f %ld\n", end - start,
			     usage.ru_maxrss) < 0 || fclose(file)) {
		perror(argv[1]);
		return 127;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
