/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sessions that end on this machine: is their interface theirs still?
 */
#ifndef _LOCAL_H
#define _LOCAL_H

#include <stdbool.h>

struct event;
struct session;

bool local_is_current(const struct event *event);
bool local_is_up(const struct session *session);

#endif /* _LOCAL_H */
