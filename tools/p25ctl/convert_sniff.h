/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which format a list has.
 */
#ifndef _CONVERT_SNIFF_H
#define _CONVERT_SNIFF_H

struct format;

#define FORMATS 7
extern const struct format *const formats[FORMATS];

const struct format *convert_sniff(const char *line, const char **why);

#endif /* _CONVERT_SNIFF_H */
