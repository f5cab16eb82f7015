/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _P25_EXPORT_H
#define _P25_EXPORT_H

/* The library is built with hidden symbols: these are those of libp25.h. */
#define P25_EXPORT __attribute__((visibility("default")))

#endif /* _P25_EXPORT_H */
