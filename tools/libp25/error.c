// SPDX-License-Identifier: GPL-2.0
/*
 * The error of a handle: that of the last call that failed.
 */
#include <stdarg.h>
#include <stdio.h>

#include "error.h"
#include "export.h"
#include "handle.h"
#include "libp25.h"

/*
 * p25_set_error - set the message of a call that fails
 *
 * Return: @err, so that a function can end with it.
 */
int p25_set_error(struct p25 *p25, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(p25->error, sizeof(p25->error), format, args);
	va_end(args);
	p25->cookie = 0;
	return err;
}

P25_EXPORT const char *p25_error(const struct p25 *p25)
{
	return p25->error;
}

P25_EXPORT uint32_t p25_error_cookie(const struct p25 *p25)
{
	return p25->cookie;
}
