/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _COMMENT_FIT_H
#define _COMMENT_FIT_H

#include <stdbool.h>

#include "libp25.h"

bool comment_fit(char to[P25_COMMENT_MAXLEN + 1], const char *from);

#endif /* _COMMENT_FIT_H */
