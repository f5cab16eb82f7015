/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TABLE_TEST_H
#define _TABLE_TEST_H

#include <setjmp.h>
#include <stdio.h>

#include "policy.h"

/* A test ends with the first check that fails. */
extern jmp_buf failed;

#define CHECK(condition)						\
	do {								\
		if (!(condition)) {					\
			printf("# %s:%d: %s\n", __FILE__, __LINE__,	\
			       #condition);				\
			longjmp(failed, 1);				\
		}							\
	} while (0)

/* One list a file: its tests, and what each of them shows; an empty one ends it. */
struct test {
	void		(*run)(void);
	const char	*name;
};

extern const struct test digest_tests[];
extern const struct test expiry_tests[];
extern const struct test hash_tests[];
extern const struct test history_tests[];
extern const struct test hyperloglog_tests[];
extern const struct test index_tests[];
extern const struct test judge_tests[];
extern const struct test prefix_tests[];
extern const struct test rate_tests[];
extern const struct test sender_tests[];
extern const struct test sequence_tests[];
extern const struct test slab_tests[];
extern const struct test slot_tests[];
extern const struct test table_tests[];

/* For kernel_clocks. */
static inline s64 seconds(s64 n)
{
	return n * NSEC_PER_SEC;
}

static inline unsigned int below(unsigned int n)
{
	return (kernel_random() >> 32) % n;
}

/* Bit @n of an address, counted from its beginning. */
static inline bool bit_of(const struct p25_prefix *prefix, unsigned int n)
{
	return prefix->addr.s6_addr[n / 8] >> (7 - n % 8) & 1;
}

static inline void flip_bit(struct p25_prefix *prefix, unsigned int n)
{
	prefix->addr.s6_addr[n / 8] ^= 0x80 >> n % 8;
}

/* The address or prefix that a text is; without a length, full length. */
struct p25_prefix prefix_of(const char *text);
/* A random address, full length. */
struct p25_prefix random_address(u8 family);
/* Its first @len bits, by a loop over the others. */
struct p25_prefix cut(struct p25_prefix address, unsigned int len);
bool is_same(const struct p25_prefix *a, const struct p25_prefix *b);

#endif /* _TABLE_TEST_H */
