/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the maps hold, for the program and for what loads it.
 */
#ifndef _P25_BENCH_BPF_KEY_H
#define _P25_BENCH_BPF_KEY_H

#include <linux/types.h>

/* As an LPM trie wants it; the hash gets the same, host bits zero. */
struct key {
	__u32	prefixlen;
	__be32	address;
};

struct value {
	__u32	verdict;	/* NF_ACCEPT or NF_DROP */
	__u32	expires;	/* CLOCK_MONOTONIC in units of 2^30 ns; 0: never */
	__u64	packets;
	__u64	bytes;
};

#endif /* _P25_BENCH_BPF_KEY_H */
