/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_SIPHASH_H
#define _P25_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t p25_siphash(const void *data, size_t size, const uint64_t key[2]);

#endif /* _P25_SIPHASH_H */
