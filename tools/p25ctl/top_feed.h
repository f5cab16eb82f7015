/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where samples of "top" come from.
 */
#ifndef _TOP_FEED_H
#define _TOP_FEED_H

struct ctl;
struct top_sample;

int top_feed(struct ctl *c, struct top_sample *sample);
void top_feed_close(struct ctl *c);

#endif /* _TOP_FEED_H */
