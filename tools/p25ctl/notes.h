/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is easily overlooked.
 */
#ifndef _NOTES_H
#define _NOTES_H

#include <stdint.h>

#include "guard.h"

struct ctl;
struct entries;

#define NOTES_MAX 16

/**
 * struct notes - what there was before entries are added
 * @timeout: what each of the first ones had left, if it will have none
 * @action: the name of its own action, if it will have none; else NULL
 * @guard: its own guard, as words, if it will have none; else ""
 * @comment: its comment, if it will have none; else ""
 */
struct notes {
	uint32_t timeout[NOTES_MAX];
	const char *action[NOTES_MAX];
	char guard[NOTES_MAX][GUARD_STRLEN];
	char comment[NOTES_MAX][P25_COMMENT_MAXLEN + 1];
};

void notes_before(struct ctl *c, const struct entries *list,
		  struct notes *notes);
void notes_after(const struct ctl *c, const struct entries *list,
		 const struct notes *notes);
void notes_set(const struct ctl *c);

#endif /* _NOTES_H */
