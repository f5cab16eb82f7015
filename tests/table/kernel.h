/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of the kernel's headers: what the sources of the table need of them, and no
 * more. The compiler reads this first; the headers that those sources include are empty
 * (see Makefile), but for some that the C library has as well.
 *
 * There is one thread. Locks are nothing, and a grace period ends when a test says so.
 */
#ifndef _KERNEL_H
#define _KERNEL_H

#include <arpa/inet.h>
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/types.h>

#include "siphash.h"

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;

#define U8_MAX		UINT8_MAX
#define U32_MAX		UINT32_MAX

/* Compiler */

#define __force
#define __rcu
#define __aligned(x)		__attribute__((aligned(x)))
#define __uninitialized
#define noinline		__attribute__((noinline))
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define ____cacheline_aligned_in_smp	__aligned(64)

#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, value)	((x) = (value))
#define BUILD_BUG_ON(x)		static_assert(!(x), #x)

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define container_of(pointer, type, member) \
	((type *)((char *)(pointer) - offsetof(type, member)))
#define offsetofend(type, ...)	/* a member */ \
	(offsetof(type, __VA_ARGS__) + sizeof(((type *)0)->__VA_ARGS__))
#define struct_size(pointer, member, n) \
	offsetof(typeof(*(pointer)), member[n])

/* Numbers */

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define BITS_PER_LONG		(8 * sizeof(long))
#define ALIGN(x, to)		(((x) + (to) - 1) & ~((to) - 1))
#define DIV_ROUND_UP(x, by)	(((x) + (by) - 1) / (by))
#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define max_t(type, a, b)	((type)(a) > (type)(b) ? (type)(a) : (type)(b))
#define clamp_t(type, x, low, high)	min_t(type, max_t(type, x, low), high)
/* As in the kernel, of one type. */
#define min(a, b)		min_t(typeof(a), a, b)
#define max(a, b)		max_t(typeof(a), a, b)
#define clamp(x, low, high)	clamp_t(typeof(x), x, low, high)

#define __ffs64(x)		((unsigned int)__builtin_ctzll(x))
#define ilog2(x)		((unsigned int)(31 - __builtin_clz(x)))
#define fls(x)			((x) ? 32 - __builtin_clz(x) : 0)
#define roundup_pow_of_two(x)	(1UL << fls((u32)(x) - 1))
#define div_s64(x, by)		((s64)(x) / (by))
#define div_u64(x, by)		((u64)(x) / (by))
#define div64_u64(x, by)	((u64)(x) / (by))
#define div_u64_rem(x, by, rest) \
	(*(rest) = (u64)(x) % (by), (u64)(x) / (by))
#define le64_to_cpu(x)		le64toh(x)

/* Bitmaps */

#define BITS_TO_LONGS(n)	DIV_ROUND_UP(n, BITS_PER_LONG)
#define DECLARE_BITMAP(name, n)	unsigned long name[BITS_TO_LONGS(n)]

static inline bool test_bit(unsigned int n, const unsigned long *map)
{
	return map[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

static inline void __assign_bit(unsigned int n, unsigned long *map, bool value)
{
	map[n / BITS_PER_LONG] &= ~BIT(n % BITS_PER_LONG);
	map[n / BITS_PER_LONG] |= (unsigned long)value << n % BITS_PER_LONG;
}

#define set_bit(n, map)		__assign_bit(n, map, true)
#define clear_bit(n, map)	__assign_bit(n, map, false)
#define smp_mb__after_atomic()	do { } while (0) /* there is one CPU */

static inline void bitmap_zero(unsigned long *map, unsigned int n)
{
	memset(map, 0, BITS_TO_LONGS(n) * sizeof(*map));
}

static inline unsigned int bitmap_weight(const unsigned long *map, unsigned int n)
{
	unsigned int weight = 0;

	while (n--)
		weight += test_bit(n, map);
	return weight;
}

static inline unsigned int find_next_bit(const unsigned long *map, unsigned int n,
					 unsigned int at)
{
	while (at < n && !test_bit(at, map))
		at++;
	return at;
}

#define for_each_set_bit(at, map, n)					\
	for ((at) = find_next_bit(map, n, 0); (at) < (n);		\
	     (at) = find_next_bit(map, n, (at) + 1))

/* Locks, the scheduler, other CPUs: there are none. */

struct mutex {
	int nothing;
};

#define mutex_init(lock)		((void)(lock))
#define mutex_destroy(lock)		((void)(lock))
#define mutex_lock(lock)		((void)(lock))
#define mutex_unlock(lock)		((void)(lock))
#define lockdep_assert_held(lock)	((void)(lock))
#define lockdep_is_held(lock)		((void)(lock), true)

#define raw_spinlock_t			struct mutex
#define raw_spin_lock_init(lock)	((void)(lock))
#define raw_spin_lock(lock)		((void)(lock))
#define raw_spin_unlock(lock)		((void)(lock))
#define raw_spin_lock_bh(lock)		((void)(lock))
#define raw_spin_unlock_bh(lock)	((void)(lock))

#define cond_resched()			do { } while (0)
#define current				NULL
#define fatal_signal_pending(task)	((void)(task), false)

#define prefetch(at)			__builtin_prefetch(at)
#define prefetchw(at)			__builtin_prefetch(at, 1)

/* The barriers pair with none. */
#define smp_rmb()			do { } while (0) /* as above */
#define smp_wmb()			do { } while (0) /* as above */
#define smp_load_acquire(from)		(*(from))	/* as above */
#define smp_store_release(to, value)	(*(to) = (value)) /* as above */

struct atomic64 {
	s64 __aligned(sizeof(s64)) counter;
};

#define atomic64_t	struct atomic64

/* RCU */

struct rcu_head {
	struct rcu_head	*next;
	void		(*func)(struct rcu_head *head);
};

#define rcu_dereference(p)			READ_ONCE(p)
#define rcu_dereference_check(p, held)		((void)(held), READ_ONCE(p))
#define rcu_dereference_protected(p, held)	((void)(held), (p))
#define rcu_assign_pointer(p, value)		WRITE_ONCE(p, value)
#define RCU_INIT_POINTER(p, value)		WRITE_ONCE(p, value)

/* Each struct begins with its head. */
#define kfree_rcu(pointer, member) \
	call_rcu((struct rcu_head *)(pointer), kernel_free_head)
#define kvfree_rcu(pointer, member)	kfree_rcu(pointer, member)

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void kernel_free_head(struct rcu_head *head);

/* No reader is left that was one before: calls back. */
void kernel_grace_period(void);

/* Memory; it is never short. */

#define GFP_KERNEL_ACCOUNT	0
#define __GFP_RETRY_MAYFAIL	0
#define __GFP_NOWARN		0
#define __GFP_ZERO		0

/* Of a machine with large pages, -DPAGE_SHIFT=16. */
#ifndef PAGE_SHIFT
#define PAGE_SHIFT		12
#endif
#define PAGE_SIZE		BIT(PAGE_SHIFT)
#define PAGE_ALLOC_COSTLY_ORDER	3U

static inline unsigned int get_order(size_t size)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}

#define offset_in_page(at)	((uintptr_t)(at) & (PAGE_SIZE - 1))

#define SZ_32K			0x8000

/* What is as large as a small page begins with one. */
#define kzalloc(size, gfp) \
	((void)(gfp), (size) < 4096 ? calloc(1, size) : \
				      kernel_zeroed(PAGE_SIZE, size))
#define kvzalloc(size, gfp)	kzalloc(size, gfp)
#define kcalloc(n, size, gfp)	kzalloc((n) * (size), gfp)
#define kvcalloc(n, size, gfp)	kcalloc(n, size, gfp)
#define kfree(pointer)		free(pointer)
#define kvfree(pointer)		free(pointer)
#define ksize(pointer)		malloc_usable_size((void *)(pointer))

/* Behind each page that alloc_page() gives is what the kernel knows of it. */
struct page {
	unsigned long private;
};

void *kernel_zeroed(size_t alignment, size_t size);
unsigned long __get_free_pages(int gfp, unsigned int order);
struct page *alloc_page(int gfp);

#define free_pages(address, order)	((void)(order), free((void *)(address)))
#define free_page(address)		free((void *)(address))

static inline struct page *virt_to_page(const void *at)
{
	return (struct page *)(((uintptr_t)at & ~(2 * PAGE_SIZE - 1)) + PAGE_SIZE);
}

static inline void *page_address(const struct page *page)
{
	return (char *)page - PAGE_SIZE;
}

#define page_private(page)		((u32)(page)->private)
#define set_page_private(page, value)	((void)((page)->private = (value)))

/* An array as large as its highest index. */
struct xarray {
	void		**entries;
	unsigned long	size;
	unsigned long	used;
};

#define XA_FLAGS_ACCOUNT	0
#define XA_ZERO_ENTRY		NULL

void *xa_store(struct xarray *xa, unsigned long index, void *entry, int gfp);
void *xa_load(struct xarray *xa, unsigned long index);
void *xa_find(struct xarray *xa, unsigned long *index);
void xa_destroy(struct xarray *xa);

#define xa_init_flags(xa, flags)	(*(xa) = (struct xarray) { .size = (flags) })
#define xa_erase(xa, index)		xa_store(xa, index, NULL, 0)
#define xa_empty(xa)			(!(xa)->used)
#define xa_reserve(xa, index, gfp)	((void)(xa), (void)(index), (void)(gfp), 0)
#define xa_release(xa, index)		((void)(xa), (void)(index))
#define xa_for_each(xa, index, entry) \
	for ((index) = 0; ((entry) = xa_find(xa, &(index))); (index)++)

/* Clocks, which a test sets: nanoseconds. */

#define NSEC_PER_SEC	1000000000L
#define TICK_NSEC	(NSEC_PER_SEC / 250)
#define TK_OFFS_BOOT	0

struct kernel_clocks {
	s64	boottime;
	s64	real;		/* since 1970 */
	s64	slept;		/* of boottime */
};

extern struct kernel_clocks kernel_clocks;

#define ktime_get_boottime_seconds()	(kernel_clocks.boottime / NSEC_PER_SEC)
#define ktime_get_real_seconds()	(kernel_clocks.real / NSEC_PER_SEC)
#define ktime_to_ns(time)		(time)
#define ktime_mono_to_any(time, which)	((time) + kernel_clocks.slept)
#define ktime_mono_to_real(time) \
	((time) + kernel_clocks.real - kernel_clocks.boottime + kernel_clocks.slept)

/* Random numbers: always the same, one after the other. */
u64 kernel_random(void);
void get_random_bytes(void *to, size_t size);

/* Strings and hashes */

static inline void strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size - 1);

	memcpy(to, from, len);
	to[len] = '\0';
}

struct siphash_key {
	uint64_t	key[2];
};

#define siphash_key_t	struct siphash_key

static inline u64 siphash(const void *data, size_t size, const siphash_key_t *seed)
{
	return p25_siphash(data, size, seed->key);
}

/* As good a hash as jhash, which need not give the same. */
static inline u32 jhash2(const u32 *words, u32 n, u32 seed)
{
	const uint64_t key[2] = { seed, 0 };

	return p25_siphash(words, n * sizeof(*words), key);
}

/* Networking: what packet.h needs to be compiled; none of it is called. */

#define IP_OFFSET	0x1fff
#define NEXTHDR_HOP	0
#define NEXTHDR_DEST	60

struct sk_buff {
	const u8	*data;
};

const struct iphdr *ip_hdr(const struct sk_buff *skb);
const struct ipv6hdr *ipv6_hdr(const struct sk_buff *skb);
const u8 *skb_tail_pointer(const struct sk_buff *skb);
const void *skb_header_pointer(const struct sk_buff *skb, int offset, int size,
			       void *buffer);
bool ipv6_ext_hdr(u8 nexthdr);

static inline bool ipv6_addr_equal(const struct in6_addr *a,
				   const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline bool ipv6_prefix_equal(const struct in6_addr *a,
				     const struct in6_addr *b, unsigned int len)
{
	unsigned int rest = len % 8;

	return !memcmp(a, b, len / 8) &&
	       (!rest || !((a->s6_addr[len / 8] ^ b->s6_addr[len / 8]) >> (8 - rest)));
}

#endif /* _KERNEL_H */
