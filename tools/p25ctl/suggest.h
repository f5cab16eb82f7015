/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SUGGEST_H
#define _SUGGEST_H

#include <stddef.h>

const char *suggest(const char *word, const char *const *names, size_t n);

#endif /* _SUGGEST_H */
