/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When each owner's file was last applied, and whether that went well: for monitoring.
 */
#ifndef _LAST_APPLY_H
#define _LAST_APPLY_H

#include <stdint.h>

#include "libp25.h"

struct ctl;

/**
 * struct last_apply - what became of an owner's file
 * @owner: the owner; "": the file was that of all
 * @time: when, in seconds since 1970-01-01 UTC
 * @status: the exit status
 */
struct last_apply {
	char owner[P25_OWNER_MAXLEN + 1];
	int64_t time;
	int status;
};

void last_apply_note(const struct ctl *c, const char *owner, int status);
void last_apply_each(void (*each)(const struct last_apply *last, void *arg), void *arg);

#endif /* _LAST_APPLY_H */
