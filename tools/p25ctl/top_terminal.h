/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terminal, as "top" has it: whole, without a cursor, key by key.
 */
#ifndef _TOP_TERMINAL_H
#define _TOP_TERMINAL_H

struct ctl;

int top_terminal_check(const struct ctl *c);
int top_terminal_open(const struct ctl *c);
void top_terminal_fit(void);
int top_terminal_key(void);
void top_terminal_close(void);

#endif /* _TOP_TERMINAL_H */
