/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels from 5.10 on: the only place that asks for a
 * version. The rest is written for the newest one; what older ones lack or call by
 * another name is defined here.
 */
#ifndef _P25_COMPAT_H
#define _P25_COMPAT_H

#include <linux/version.h>
#include <net/genetlink.h>

/* 5.11 replaced nla_strlcpy(), because its return value changed. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define nla_strscpy		nla_strlcpy
#endif

/*
 * 5.12 and 5.10.204 brought multicast groups that only CAP_NET_ADMIN may join; later, the
 * flag that says so was given a name of its own, in 6.1 and others as well. Before, anyone
 * could join any group, so there is none.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 204) || \
	(LINUX_VERSION_CODE >= KERNEL_VERSION(5, 11, 0) && \
	 LINUX_VERSION_CODE < KERNEL_VERSION(5, 12, 0))
#define P25_HAS_ADMIN_GROUPS	0
#define P25_ADMIN_GROUP(group)	{ .name = (group) }
#else
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN	GENL_UNS_ADMIN_PERM
#endif
#define P25_HAS_ADMIN_GROUPS	1
#define P25_ADMIN_GROUP(group)	\
	{ .name = (group), .flags = GENL_MCAST_CAP_NET_ADMIN }
#endif

#endif /* _P25_COMPAT_H */
