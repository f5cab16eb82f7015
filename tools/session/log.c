// SPDX-License-Identifier: GPL-2.0
/*
 * Messages go to the log: the programs that call us throw our output away.
 */
#include <stdarg.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"

/* log_open - on a terminal, a person wants to see them as well */
void log_open(void)
{
	openlog("p25-session", LOG_PID | (isatty(STDERR_FILENO) ? LOG_PERROR : 0),
		LOG_DAEMON);
}

/* log_warning - something is wrong, or has been refused */
void log_warning(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsyslog(LOG_WARNING, format, args);
	va_end(args);
}

/* log_info - something has been done */
void log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsyslog(LOG_INFO, format, args);
	va_end(args);
}
