/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LOG_H
#define _LOG_H

void log_open(void);
void log_problem(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
void log_done(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* _LOG_H */
