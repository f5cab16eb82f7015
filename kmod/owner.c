// SPDX-License-Identifier: GPL-2.0
/*
 * Names of owners, numbered and reference counted. Everything here is called in
 * process context.
 */
#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "owner.h"

/**
 * p25_owner_get - get an owner by name; the caller has to put it
 * @owners: the names of the namespace
 * @name: a valid name
 *
 * Return: the number, or -ENOSPC if P25_OWNERS_MAX other names are in use.
 */
int p25_owner_get(struct p25_owners *owners, const char *name)
{
	int unused = -ENOSPC;
	int i;

	lockdep_assert_held(owners->lock);
	for (i = 0; i < P25_OWNERS_MAX; i++) {
		if (!owners->slots[i].users) {
			if (unused < 0)
				unused = i;
		} else if (!strcmp(owners->slots[i].name, name)) {
			owners->slots[i].users++;
			return i;
		}
	}
	if (unused >= 0) {
		strscpy(owners->slots[unused].name, name,
			sizeof(owners->slots[unused].name));
		owners->slots[unused].users = 1;
	}
	return unused;
}

/* The number of a name; P25_OWNER_ANY if it is not in use. */
u8 p25_owner_find(const struct p25_owners *owners, const char *name)
{
	u8 i;

	lockdep_assert_held(owners->lock);
	for (i = 0; i < P25_OWNERS_MAX; i++)
		if (owners->slots[i].users &&
		    !strcmp(owners->slots[i].name, name))
			return i;
	return P25_OWNER_ANY;
}

/* Take another reference to an owner that is in use. */
void p25_owner_hold(struct p25_owners *owners, u8 owner)
{
	lockdep_assert_held(owners->lock);
	owners->slots[owner].users++;
}

/* Drop a reference, unless it is to P25_OWNER_ANY. */
void p25_owner_put(struct p25_owners *owners, u8 owner)
{
	lockdep_assert_held(owners->lock);
	if (owner != P25_OWNER_ANY)
		owners->slots[owner].users--;
}

/* The name of an owner that is in use. */
const char *p25_owner_name(const struct p25_owners *owners, u8 owner)
{
	lockdep_assert_held(owners->lock);
	return owners->slots[owner].name;
}
