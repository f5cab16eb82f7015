/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of owners. An entry holds its owner's number, not the name: one byte
 * instead of sixteen.
 */
#ifndef _P25_OWNER_H
#define _P25_OWNER_H

#include <linux/limits.h>
#include <linux/p25.h>
#include <linux/types.h>

/* Numbers of owners are below P25_OWNERS_MAX; this one stands for any owner. */
#define P25_OWNER_ANY	U8_MAX

struct mutex;

/**
 * struct p25_owners - the names in use in a namespace
 * @lock: the policy's
 * @slots: by number: the name, and references from entries and changes
 */
struct p25_owners {
	struct mutex		*lock;	/* the policy's */
	struct p25_owner {
		char		name[P25_OWNER_MAXLEN + 1];
		unsigned int	users;
	} slots[P25_OWNERS_MAX];
};

int p25_owner_get(struct p25_owners *owners, const char *name);
u8 p25_owner_find(const struct p25_owners *owners, const char *name);
void p25_owner_hold(struct p25_owners *owners, u8 owner);
void p25_owner_put(struct p25_owners *owners, u8 owner);
const char *p25_owner_name(const struct p25_owners *owners, u8 owner);

#endif /* _P25_OWNER_H */
