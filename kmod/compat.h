/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernels from 5.10 on. The rest is written for the newest one; what
 * older ones lack or call by another name is defined here. A kernel's number says little:
 * those of Enterprise Linux and of long-term releases have got much that is newer. So it
 * is what their headers have that counts; what the preprocessor can't see, Kbuild does.
 */
#ifndef _P25_COMPAT_H
#define _P25_COMPAT_H

#include <net/genetlink.h>

/*
 * 5.12 and 5.10.204 brought multicast groups that only CAP_NET_ADMIN may join; later, the
 * flag that says so was given a name of its own, in 6.1 and others as well. Before, anyone
 * could join any group, so there is none.
 */
#ifdef P25_KERNEL_HAS_GROUP_FLAGS
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN	GENL_UNS_ADMIN_PERM
#endif
#define P25_HAS_ADMIN_GROUPS	1
#define P25_ADMIN_GROUP(group)	\
	{ .name = (group), .flags = GENL_MCAST_CAP_NET_ADMIN }
#else
#define P25_HAS_ADMIN_GROUPS	0
#define P25_ADMIN_GROUP(group)	{ .name = (group) }
#endif

#endif /* _P25_COMPAT_H */
