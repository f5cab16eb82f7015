/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The version of module, library, command and manual pages. "make install" takes
 * it from here for libp25.pc and the pages.
 */
#ifndef _P25_VERSION_H
#define _P25_VERSION_H

#define P25_VERSION "0.1.0"

#endif /* _P25_VERSION_H */
