/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SYNONYMS_H
#define _SYNONYMS_H

#include <stddef.h>

const char *synonym(const char *word, const char *what,
		    const char *const *names, size_t n);

#endif /* _SYNONYMS_H */
