/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _QUOTE_H
#define _QUOTE_H

const char *quote(const char *word);
void blame(const char *word);
const char *blamed_word(void);

#endif /* _QUOTE_H */
