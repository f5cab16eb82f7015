/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events as text and as JSON.
 */
#ifndef _EVENT_PRINT_H
#define _EVENT_PRINT_H

#include <json-c/json_object.h>

#include "libp25.h"
#include "print.h"
#include "sender_print.h"

/* Room for the longest event: of the guard, with a sender and what remains of an entry. */
#define EVENT_STRLEN (ENTRY_STRLEN + SENDER_STRLEN + 128)

char *event_format(const struct p25_event *event, char text[EVENT_STRLEN]);
struct json_object *event_json(const struct p25_event *event);

#endif /* _EVENT_PRINT_H */
