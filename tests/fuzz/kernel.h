/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A kernel that is played: it keeps its side of <linux/p25.h>, as simply as
 * can be.
 */
#ifndef _KERNEL_H
#define _KERNEL_H

#include <stddef.h>

#include "libp25.h"

#define KERNEL_ENTRIES_MAX 512

/**
 * struct kernel_policy - a policy
 * @settings: all given
 * @n: entries in use of @entries
 * @entries: in the order in which they came
 */
struct kernel_policy {
	struct p25_settings settings;
	size_t n;
	struct p25_entry entries[KERNEL_ENTRIES_MAX];
};

extern struct kernel_policy kernel_policy;

/* kernel.c: forget everything but a few entries of two owners */
void kernel_start(void);

#endif /* _KERNEL_H */
