/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CONFUSABLE_H
#define _CONFUSABLE_H

const char *confusable_character(const char *word);

#endif /* _CONFUSABLE_H */
