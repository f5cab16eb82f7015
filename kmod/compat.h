/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where kernels from 5.10 on differ: the only place that asks for a version.
 * The rest is written for the newest one; here the older ones learn its words.
 */
#ifndef _P25_COMPAT_H
#define _P25_COMPAT_H

#include <linux/version.h>
#include <net/genetlink.h>

/* 5.11: nla_strlcpy() got another return value, and so another name */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define nla_strscpy		nla_strlcpy
#endif

#endif /* _P25_COMPAT_H */
