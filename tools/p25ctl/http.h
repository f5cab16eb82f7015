/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One request by HTTP, on standard input, and its answer, on standard output.
 */
#ifndef _HTTP_H
#define _HTTP_H

#include <stddef.h>

int http_read_request(void);
void http_answer(int status, const char *text, size_t len);

#endif /* _HTTP_H */
