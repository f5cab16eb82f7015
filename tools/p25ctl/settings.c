// SPDX-License-Identifier: GPL-2.0
/*
 * The settings, one by one: those that a module has or a file gives.
 */
#include <stddef.h>
#include <string.h>

#include "ctl.h"
#include "duration.h"
#include "json.h"
#include "print.h"
#include "settings.h"

static const struct {
	const char *name;
	size_t given;
} settings[] = {
	[SETTING_ACTION] = {
		"action", offsetof(struct p25_settings, has_action) },
	[SETTING_INBOUND] = {
		"inbound", offsetof(struct p25_settings, has_inbound) },
	[SETTING_LIMIT] = {
		"limit", offsetof(struct p25_settings, has_limit) },
	[SETTING_SENDERS] = {
		"senders", offsetof(struct p25_settings, has_senders) },
	[SETTING_GUARD] = {
		"guard", offsetof(struct p25_settings, has_guard) },
};

const char *setting_name(enum setting i)
{
	return settings[i].name;
}

bool setting_given(const struct p25_settings *set, enum setting i)
{
	return *((const bool *)set + settings[i].given);
}

static void set_given(struct p25_settings *set, enum setting i, bool given)
{
	*((bool *)set + settings[i].given) = given;
}

static void format_guard_setting(char *to, const struct p25_settings *set)
{
	to = format_guard(to, &set->guard);
	if (set->guard.n && set->guard_for)
		duration_format(set->guard_for, stpcpy(to, " for "));
}

/* setting_format - its value, as words. Return: @text */
char *setting_format(const struct p25_settings *set, enum setting i,
		     char text[SETTING_STRLEN])
{
	switch (i) {
	case SETTING_ACTION:
		strcpy(text, p25_action_name(set->action));
		break;
	case SETTING_INBOUND:
		strcpy(text, set->inbound ? "on" : "off");
		break;
	case SETTING_LIMIT:
		format_number(text, set->limit);
		break;
	case SETTING_SENDERS:
		format_number(text, set->senders);
		break;
	default:
		format_guard_setting(text, set);
	}
	return text;
}

/* settings_json - add those that are given to an object */
void settings_json(struct json_object *to, const struct p25_settings *set)
{
	if (set->has_action)
		json_add(to, "action",
			 json_object_new_string(p25_action_name(set->action)));
	if (set->has_inbound)
		json_add(to, "inbound",
			 json_object_new_string(set->inbound ? "on" : "off"));
	if (set->has_limit)
		json_add(to, "limit", json_object_new_int64(set->limit));
	if (set->has_senders)
		json_add(to, "senders", json_object_new_int64(set->senders));
	if (set->has_guard)
		json_add(to, "guard", json_guard(&set->guard));
	if (set->has_guard && set->guard.n && set->guard_for)
		json_add(to, "guard_for", json_object_new_int64(set->guard_for));
}

/* settings_given - is any of them given? */
bool settings_given(const struct p25_settings *set)
{
	int i;

	for (i = 0; i < SETTINGS_N; i++) {
		if (setting_given(set, i))
			return true;
	}
	return false;
}

/* settings_merge - take over what @from gives */
void settings_merge(struct p25_settings *to, const struct p25_settings *from)
{
	if (from->has_action)
		to->action = from->action;
	if (from->has_inbound)
		to->inbound = from->inbound;
	if (from->has_limit)
		to->limit = from->limit;
	if (from->has_senders)
		to->senders = from->senders;
	if (from->has_guard) {
		to->guard = from->guard;
		to->guard_for = from->guard_for;
	}
	to->has_action |= from->has_action;
	to->has_inbound |= from->has_inbound;
	to->has_limit |= from->has_limit;
	to->has_senders |= from->has_senders;
	to->has_guard |= from->has_guard;
}

/* settings_leave_out - those that have this value already */
void settings_leave_out(struct p25_settings *set, const struct p25_settings *now)
{
	char a[SETTING_STRLEN], b[SETTING_STRLEN];
	int i;

	for (i = 0; i < SETTINGS_N; i++) {
		if (setting_given(set, i) && setting_given(now, i) &&
		    !strcmp(setting_format(set, i, a), setting_format(now, i, b)))
			set_given(set, i, false);
	}
}
