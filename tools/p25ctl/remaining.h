/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _REMAINING_H
#define _REMAINING_H

#include <stdint.h>

int remaining_parse(const char *text, uint64_t *seconds);

#endif /* _REMAINING_H */
