/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flowtables that take mail.
 */
#ifndef _FLOWTABLES_H
#define _FLOWTABLES_H

#include <json-c/json_object.h>
#include <stddef.h>

int flowtables_take_mail(char *why, size_t room);
const char *ruleset_takes_mail(struct json_object *ruleset);

#endif /* _FLOWTABLES_H */
