/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The error of a handle: see p25_error().
 */
#ifndef _P25_ERROR_H
#define _P25_ERROR_H

struct p25;

#define __printf(a, b) __attribute__((__format__(printf, a, b)))

/* Longest error text. */
#define P25_ERROR_LEN 256

__printf(3, 4)
int p25_set_error(struct p25 *p25, int err, const char *format, ...);

#endif /* _P25_ERROR_H */
