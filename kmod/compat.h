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

#endif /* _P25_COMPAT_H */
