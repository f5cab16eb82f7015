/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events as text and as JSON.
 */
#ifndef _EVENT_PRINT_H
#define _EVENT_PRINT_H

#include <json-c/json_object.h>

#include "libp25.h"
#include "print.h"

/* Room for the longest event, with the name of its type before an entry. */
#define EVENT_STRLEN (ENTRY_STRLEN + 32)

char *event_format(const struct p25_event *event, char text[EVENT_STRLEN]);
struct json_object *event_json(const struct p25_event *event);

#endif /* _EVENT_PRINT_H */
