/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The journal of systemd.
 */
#ifndef _JOURNAL_H
#define _JOURNAL_H

#include <json-c/json_object.h>

/* Priorities, as syslog(3) has them. */
enum {
	JOURNAL_WARNING = 4,
	JOURNAL_NOTICE = 5,
	JOURNAL_INFO = 6,
};

int journal_open(void);
int journal_send(int journal, int priority, const char *message,
		 struct json_object *fields);

#endif /* _JOURNAL_H */
