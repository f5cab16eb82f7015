/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_H
#define _UNIT_H

#include <check.h>

#include "answer.h"
#include "ctl.h"
#include "decode.h"
#include "encode.h"
#include "event.h"
#include "handle.h"
#include "request.h"
#include "transaction.h"

/*
 * Each file has one suite. Check's types are kept behind void pointers: their
 * names are not in kernel style. END_TEST is empty since Check 0.13, and left out.
 */
void *prefix_suite(void);
void *names_suite(void);
void *duration_suite(void);
void *timestamp_suite(void);
void *lexer_suite(void);
void *lines_suite(void);
void *file_suite(void);
void *words_suite(void);
void *host_suite(void);
void *prefix_check_suite(void);
void *policy_suite(void);
void *deletions_suite(void);
void *rows_suite(void);
void *guard_suite(void);
void *flowtable_suite(void);
void *metrics_suite(void);
void *print_suite(void);
void *codec_suite(void);
void *answer_suite(void);
void *event_suite(void);
void *digest_suite(void);
void *exchange_suite(void);
void *command_suite(void);
void *address_range_suite(void);
void *aggregate_suite(void);
void *convert_suite(void);
void *report_suite(void);
void *completion_suite(void);
void *top_model_suite(void);
void *top_screen_suite(void);
void *manual_suite(void);
void *session_suite(void);

/* A suite of one test case. */
void *suite_new(const char *name, void **tests);

/* The prefix that this text is. */
struct p25_prefix prefix_of(const char *text);

/* Runs fn(arg) and returns what it printed; to be freed. */
char *printed_by(void (*fn)(void *arg), void *arg);

/* A comment of one byte too many. */
#define COMMENT_65 \
	"12345678901234567890123456789012345678901234567890123456789012345"

#endif /* _UNIT_H */
