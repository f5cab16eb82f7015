/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_VALIDATE_H
#define _P25_VALIDATE_H

#include <linux/types.h>

bool p25_owner_is_valid(const char *name, size_t len);
bool p25_comment_is_valid(const char *text, size_t len);

#endif /* _P25_VALIDATE_H */
