/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The settings, one by one.
 */
#ifndef _SETTINGS_H
#define _SETTINGS_H

#include <json-c/json_object.h>
#include <stdbool.h>

#include "guard.h"
#include "libp25.h"

/* In the order in which they are printed */
enum setting {
	SETTING_ACTION,
	SETTING_INBOUND,
	SETTING_LIMIT,
	SETTING_SENDERS,
	SETTING_GUARD,

	SETTINGS_N
};

/* Room for the value of any, as words. */
#define SETTING_STRLEN (GUARD_STRLEN + RATE_STRLEN)

const char *setting_name(enum setting i);
bool setting_given(const struct p25_settings *set, enum setting i);
char *setting_format(const struct p25_settings *set, enum setting i,
		     char text[SETTING_STRLEN]);
void settings_json(struct json_object *to, const struct p25_settings *set);
bool settings_given(const struct p25_settings *set);
void settings_merge(struct p25_settings *to, const struct p25_settings *from);
void settings_leave_out(struct p25_settings *set, const struct p25_settings *now);

#endif /* _SETTINGS_H */
