// SPDX-License-Identifier: GPL-2.0
/*
 * The block of port 25 as an operator would write it in eBPF today, in C: UML has
 * no JIT, so this is what a perfect one could reach. The maps are real ones, which
 * user space makes and fills with bpf(2).
 *
 *	destination ──> relays, a hash
 *	source ───────> exempt prefixes, a hash for each length, the longest first
 *	       ───────> pools, an LPM trie; in one with the exempt prefixes, if
 *			there is no hash of these
 *
 * What is found counts the packet if it hasn't expired, and says the verdict.
 */
#include <linux/bpf.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/netfilter.h>
#include <linux/percpu.h>
#include <linux/timekeeping.h>

#include "bench.h"
#include "ports.h"

#define MAX_LENGTHS	16
#define ALEN_MAX	(sizeof(struct in6_addr) / sizeof(u32))

/* As in ../bpf.py. */
struct value {
	u32		verdict;
	u32		expires;	/* as now() has it; 0: never */
	atomic64_t	packets;
	atomic64_t	bytes;
};

struct lpm_key {
	u32	prefixlen;
	u32	address[ALEN_MAX];
};

struct hash {
	struct bpf_map	*map;
	u32		mask[ALEN_MAX];
};

static struct {
	struct bpf_map	*relays;
	struct bpf_map	*trie;
	struct hash	hash[MAX_LENGTHS];
	unsigned int	hashes;
} maps;

static DEFINE_PER_CPU(u64, judged[2]);	/* by verdict */

/* In units of 2^30 ns: to divide takes a program longer. */
static u32 now(void)
{
	return ktime_get_coarse_ns() >> 30;
}

static struct value *find(struct bpf_map *map, void *key)
{
	struct value *value = map->ops->map_lookup_elem(map, key);

	return value && (!value->expires || value->expires > now()) ? value :
								      NULL;
}

static __always_inline struct value *find_source(const u32 *src,
						 unsigned int len)
{
	struct lpm_key key = { .prefixlen = 32 * len };
	const struct hash *hash = maps.hash;
	const struct hash *end = hash + maps.hashes;
	struct value *value;
	unsigned int i;

	for (; hash < end; hash++) {
		for (i = 0; i < len; i++)
			key.address[i] = src[i] & hash->mask[i];
		value = find(hash->map, key.address);
		if (value)
			return value;
	}
	memcpy(key.address, src, len * sizeof(*src));
	return find(maps.trie, &key);
}

/* An address is an array of len words. */
static __always_inline unsigned int judge_mail(const struct sk_buff *skb,
					       const void *src, void *dst,
					       unsigned int len)
{
	struct value *value = find(maps.relays, dst) ?: find_source(src, len);
	u32 verdict = NF_ACCEPT;

	if (value) {
		atomic64_inc(&value->packets);
		atomic64_add(skb->len, &value->bytes);
		verdict = value->verdict & 1;
	}
	this_cpu_inc(judged[verdict]);
	return verdict;
}

/** bench_bpf_ipv4 - the hook for IPv4, when the maps have such addresses */
unsigned int bench_bpf_ipv4(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct iphdr *iph = ip_hdr(skb);
	const struct bench_ports *ports;
	struct bench_ports buffer;

	ports = bench_ports_ipv4(skb, &buffer);
	if (!ports || ports->dest != htons(25))
		return NF_ACCEPT;
	return judge_mail(skb, &iph->saddr, &iph->daddr, 1);
}

/** bench_bpf_ipv6 - the hook for IPv6, when the maps have such addresses */
unsigned int bench_bpf_ipv6(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	struct ipv6hdr *iph = ipv6_hdr(skb);
	const struct bench_ports *ports;
	struct bench_ports buffer;

	ports = bench_ports_ipv6(skb, &buffer);
	if (!ports || ports->dest != htons(25))
		return NF_ACCEPT;
	return judge_mail(skb, &iph->saddr, &iph->daddr, ALEN_MAX);
}

/* Of a file descriptor, with a reference. */
static struct bpf_map *get_map(const char *fd, enum bpf_map_type type)
{
	struct bpf_map *map;
	unsigned int number;

	if (!fd || kstrtouint(fd, 10, &number))
		return ERR_PTR(-EINVAL);
	map = bpf_map_get(number);
	if (!IS_ERR(map) &&
	    (map->map_type != type || map->value_size != sizeof(struct value))) {
		bpf_map_put(map);
		return ERR_PTR(-EINVAL);
	}
	return map;
}

static int set_map(struct bpf_map **map, const char *fd,
		   enum bpf_map_type type)
{
	struct bpf_map *got = get_map(fd, type);

	if (IS_ERR(got))
		return PTR_ERR(got);
	*map = got;
	return 0;
}

static void set_mask(u32 *mask, unsigned int length)
{
	unsigned int i;

	for (i = 0; i < ALEN_MAX; i++) {
		unsigned int bits = clamp((int)length - 32 * (int)i, 0, 32);

		mask[i] = (__force u32)htonl(bits ? ~0U << (32 - bits) : 0);
	}
}

/* "LENGTH:FD" */
static int add_hash(char *word)
{
	struct hash *hash = &maps.hash[maps.hashes];
	unsigned int length;
	int err;

	if (maps.hashes == MAX_LENGTHS ||
	    kstrtouint(strsep(&word, ":"), 10, &length) || length > 128)
		return -EINVAL;
	set_mask(hash->mask, length);
	err = set_map(&hash->map, word, BPF_MAP_TYPE_HASH);
	if (!err)
		maps.hashes++;
	return err;
}

/**
 * bench_bpf_set - use these maps; all keys are of one family
 * @line: file descriptors, "RELAYS TRIE [LENGTH:HASH]..."; changed
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value; in either case call bench_bpf_clear().
 */
int bench_bpf_set(char *line)
{
	int err;

	err = set_map(&maps.relays, strsep(&line, " "), BPF_MAP_TYPE_HASH);
	if (!err)
		err = set_map(&maps.trie, strsep(&line, " "),
			      BPF_MAP_TYPE_LPM_TRIE);
	while (!err && line)
		err = add_hash(strsep(&line, " "));
	return err;
}

/**
 * bench_bpf_clear - let the maps go
 *
 * Context: process; no packet is in a hook any more.
 */
void bench_bpf_clear(void)
{
	while (maps.hashes)
		bpf_map_put(maps.hash[--maps.hashes].map);
	if (maps.trie)
		bpf_map_put(maps.trie);
	if (maps.relays)
		bpf_map_put(maps.relays);
	maps.trie = NULL;
	maps.relays = NULL;
}

/**
 * bench_bpf_refill - give the allocator of maps' entries some memory
 *
 * It asks for more from an interrupt, which UML has only at ticks.
 *
 * Context: process, on the CPU that had -ENOMEM.
 */
void bench_bpf_refill(void)
{
	unsigned long flags;

	local_irq_save(flags);
	irq_work_run();
	local_irq_restore(flags);
}

/* bpf_map_get() is for the kernel's own modules, and this one. */
MODULE_INFO(import_ns, "BPF_INTERNAL");
