/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TIMESTAMP_H
#define _TIMESTAMP_H

#include <stdint.h>

#define TIMESTAMP_STRLEN 32
int timestamp_parse(const char *text, int64_t *seconds, const char **why);
char *timestamp_format(int64_t seconds, char text[TIMESTAMP_STRLEN]);

#endif /* _TIMESTAMP_H */
