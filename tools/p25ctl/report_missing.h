/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _REPORT_MISSING_H
#define _REPORT_MISSING_H

struct ctl;
struct entries;
struct words;

int report_missing_entry(struct ctl *c, const struct words *w,
			 const struct entries *list);

#endif /* _REPORT_MISSING_H */
