/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ODD_H
#define _ODD_H

const char *odd_character(const char *word);

#endif /* _ODD_H */
