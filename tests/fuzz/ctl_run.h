/* SPDX-License-Identifier: GPL-2.0 */
/*
 * p25ctl, called as a function.
 */
#ifndef _CTL_RUN_H
#define _CTL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct ran - what a run of p25ctl did
 * @status: its exit status
 * @out: what it printed; ends in NUL
 * @out_len: length of it
 * @err: what it printed on standard error, terminated as well
 * @err_len: length of it
 */
struct ran {
	int status;
	char *out;
	size_t out_len;
	char *err;
	size_t err_len;
};

/* main() of p25ctl; the Makefile gives it this name */
int p25ctl_main(int argc, char **argv);

/* ctl_run.c: the words end with NULL; ran_free() the result */
struct ran ctl_run(const char *const words[]);
void ran_free(struct ran *ran);

/* ctl_run.c: each line of an error is one of p25ctl's, and harmless to a terminal */
void ran_check_messages(const struct ran *ran);

/* ctl_run.c: a path at which these lines are to be read, until the next call */
const char *file_of(const void *bytes, size_t n);

#endif /* _CTL_RUN_H */
