/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_H
#define _UNIT_H

#include <check.h>

#include "ctl.h"
#include "internal.h"

/* Each file has one suite. */
Suite *prefix_suite(void);
Suite *names_suite(void);
Suite *duration_suite(void);
Suite *timestamp_suite(void);
Suite *lexer_suite(void);
Suite *lines_suite(void);
Suite *words_suite(void);
Suite *host_suite(void);
Suite *policy_suite(void);
Suite *rows_suite(void);
Suite *print_suite(void);
Suite *codec_suite(void);
Suite *answer_suite(void);
Suite *exchange_suite(void);
Suite *command_suite(void);

/* A suite of one test case. */
Suite *suite_new(const char *name, TCase **tests);

/* The prefix that this text is. */
struct p25_prefix prefix_of(const char *text);

/* Runs fn(arg) and returns what it printed; to be freed. */
char *printed_by(void (*fn)(void *arg), void *arg);

#endif /* _UNIT_H */
