/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Senders as text and as JSON.
 */
#ifndef _SENDER_PRINT_H
#define _SENDER_PRINT_H

#include <json-c/json_object.h>
#include <stdbool.h>

#include "libp25.h"

/* Room for a sender, without times. */
#define SENDER_STRLEN 384

/* Has its last attempt been passed by an exemption? */
static inline bool is_exempt(const struct p25_sender *sender)
{
	return sender->kind == P25_KIND_STATIC || sender->kind == P25_KIND_OPTOUT;
}

char *sender_format_counts(char *to, const struct p25_sender *sender);
char *sender_format(char *to, const struct p25_sender *sender);
void sender_json(struct json_object *to, const struct p25_sender *sender);

#endif /* _SENDER_PRINT_H */
