/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages go to the log, also of what makes no login fail.
 */
#ifndef _LOG_H
#define _LOG_H

void log_open(void);
void log_warning(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* _LOG_H */
