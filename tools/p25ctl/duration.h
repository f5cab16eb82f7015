/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DURATION_H
#define _DURATION_H

#include <stdbool.h>
#include <stdint.h>

#define DURATION_STRLEN 32
int duration_sum(const char *text, uint64_t *seconds);
int duration_parse(const char *text, uint32_t *seconds, const char **why);
bool is_duration(const char *word);
char *duration_format(uint32_t seconds, char text[DURATION_STRLEN]);
char *age_format(int64_t then, int64_t now, char text[DURATION_STRLEN]);

#endif /* _DURATION_H */
