/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel module's file: whether this kernel has one that it would load.
 */
#ifndef _MODULE_H
#define _MODULE_H

#include <stdbool.h>
#include <stddef.h>

/* What module_why_unloaded() has to say at most. */
#define MODULE_WHY_ROOM 512

void module_why_unloaded(char *to, size_t room);
void module_each_kernel(void (*each)(const char *release, bool has_module, void *arg),
			void *arg);

#endif /* _MODULE_H */
