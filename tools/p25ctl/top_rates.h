/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets a second, by verdict and reason: a table.
 */
#ifndef _TOP_RATES_H
#define _TOP_RATES_H

#include <curses.h>

struct top_model;

int top_rates_lines(const struct top_model *model);
void top_rates_draw(WINDOW *to, int y, const struct top_model *model);
void top_rates_draw_line(WINDOW *to, int y, const struct top_model *model);

#endif /* _TOP_RATES_H */
