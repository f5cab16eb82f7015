// SPDX-License-Identifier: GPL-2.0
/*
 * The block of port 25 in eBPF, for IPv4: a hook of netfilter's, which takes
 * Linux 6.4. ../driver/bpf.c does the same in C.
 *
 * The exempt prefixes are in the hash, which is asked for each length in use, or
 * in the trie, where the pools always are.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/netfilter.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "key.h"

#define FRAGMENT_OFFSET	0x1fff

/* What is read of the kernel's own; libbpf knows where it is. */
struct sk_buff {
	unsigned int len;
} __attribute__((preserve_access_index));

struct bpf_nf_ctx {
	const struct nf_hook_state *state;
	struct sk_buff *skb;
} __attribute__((preserve_access_index));

int bpf_dynptr_from_skb(struct __sk_buff *skb, __u64 flags,
			struct bpf_dynptr *ptr) __ksym;
void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 offset,
		       void *buffer, __u32 size) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __be32);
	__type(value, struct value);
} relays SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, struct value);
} hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct key);
	__type(value, struct value);
} trie SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} judged SEC(".maps");

/* Bit number i: there are prefixes of that length in the hash. The loader knows. */
__u64 lengths;

/* Whether an entry that was found counts. The coarse clock isn't for such hooks. */
static __always_inline int is_alive(const struct value *value)
{
	return value && (!value->expires ||
			 value->expires > bpf_ktime_get_ns() >> 30);
}

static __always_inline struct value *find_source(__be32 src)
{
	struct key key = {};
	struct value *value;
	__u32 length;

	for (length = 32; length; length--) {
		if (!(lengths >> length & 1))
			continue;
		key.prefixlen = length;
		key.address = src & bpf_htonl(~0U << (32 - length));
		value = bpf_map_lookup_elem(&hash, &key);
		if (is_alive(value))
			return value;
	}
	key.prefixlen = 32;
	key.address = src;
	value = bpf_map_lookup_elem(&trie, &key);
	return is_alive(value) ? value : NULL;
}

static __always_inline __u32 judge_mail(__be32 src, __be32 dst, __u32 len)
{
	struct value *value = bpf_map_lookup_elem(&relays, &dst);
	__u32 verdict = NF_ACCEPT;
	__u32 slot;
	__u64 *count;

	if (!is_alive(value))
		value = find_source(src);
	if (value) {
		__sync_fetch_and_add(&value->packets, 1);
		__sync_fetch_and_add(&value->bytes, len);
		verdict = value->verdict & 1;
	}
	slot = verdict;	/* of what was in memory, the verifier knows no range */
	count = bpf_map_lookup_elem(&judged, &slot);
	if (count)
		++*count;
	return verdict;
}

SEC("netfilter")
int block(struct bpf_nf_ctx *ctx)
{
	struct iphdr iph_buffer;
	__be16 ports_buffer[2];
	const struct iphdr *iph;
	const __be16 *ports;
	struct bpf_dynptr ptr;

	if (bpf_dynptr_from_skb((struct __sk_buff *)ctx->skb, 0, &ptr))
		return NF_ACCEPT;
	iph = bpf_dynptr_slice(&ptr, 0, &iph_buffer, sizeof(iph_buffer));
	if (!iph || iph->protocol != IPPROTO_TCP ||
	    iph->frag_off & bpf_htons(FRAGMENT_OFFSET))
		return NF_ACCEPT;
	ports = bpf_dynptr_slice(&ptr, iph->ihl * 4, ports_buffer,
				 sizeof(ports_buffer));
	if (!ports || ports[1] != bpf_htons(25))
		return NF_ACCEPT;
	return judge_mail(iph->saddr, iph->daddr, ctx->skb->len);
}

char _license[] SEC("license") = "GPL";
