/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages on standard error.
 */
#ifndef _REPORT_H
#define _REPORT_H

#include <stdbool.h>

struct ctl;

#define __printf(a, b) __attribute__((__format__(printf, a, b)))

/* Malformed lines of a file that are reported; further ones are only counted. */
#define BAD_SHOWN 20

int report_failure(const struct ctl *c, const char *format, ...) __printf(2, 3);
int report_error(const struct ctl *c, int err, const char *format, ...)
	__printf(3, 4);
int report_errno(const struct ctl *c);
int report_misuse(const struct ctl *c, const char *format, ...) __printf(2, 3);
void note(const struct ctl *c, const char *format, ...) __printf(2, 3);
bool wants_hints(const struct ctl *c);
void hint(const struct ctl *c, const char *format, ...) __printf(2, 3);

#endif /* _REPORT_H */
