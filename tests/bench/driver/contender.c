// SPDX-License-Identifier: GPL-2.0
/*
 * Hooks to compare with, that accept every packet:
 *
 *	empty		does nothing else
 *	ports		reads a TCP packet's ports, as every filter of ports
 *			has to
 *	floor BYTES	reads the ports, and one cache line of a table of that
 *			size, as every filter of that many addresses has to
 *
 * But for
 *
 *	bpf_ipv4 MAPS	see bpf.c, whose files these are, if the kernel has
 *	bpf_ipv6 MAPS	bpf(2)
 */
#include <linux/cache.h>
#include <linux/jhash.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/vmalloc.h>

#include "bench.h"
#include "ports.h"

/**
 * struct kind - a kind of hook
 * @name: what it is called
 * @ipv4: the hook for IPv4, or NULL if there is to be none at all
 * @ipv6: the hook for IPv6
 * @set: gets what it needs, by the rest of the line, or NULL
 * @clear: gives that back, even if @set failed; or NULL
 */
struct kind {
	const char	*name;
	nf_hookfn	*ipv4;
	nf_hookfn	*ipv6;
	int		(*set)(char *line);
	void		(*clear)(void);
};

/* Set up once for both families. */
static struct {
	const struct kind	*kind;	/* NULL: none */
	struct net		*net;
	struct nf_hook_ops	ops[2];
	const u8		*table;
	u32			lines;
} contender;

static unsigned int empty(void *priv, struct sk_buff *skb,
			  const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

/* Makes the compiler load them, though nothing uses them. */
static void read_ports(const struct bench_ports *ports)
{
	u32 both;

	if (!ports)
		return;
	both = *(const u32 *)ports;
	OPTIMIZER_HIDE_VAR(both);
}

static unsigned int ports_ipv4(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct bench_ports buffer;

	read_ports(bench_ports_ipv4(skb, &buffer));
	return NF_ACCEPT;
}

static unsigned int ports_ipv6(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	struct bench_ports buffer;

	read_ports(bench_ports_ipv6(skb, &buffer));
	return NF_ACCEPT;
}

/* The verdict depends on what is loaded, as any filter's does: all is zero. */
static unsigned int verdict_of(u32 hash)
{
	u32 line = reciprocal_scale(hash, contender.lines);

	return contender.table[(size_t)line * SMP_CACHE_BYTES] ? NF_DROP :
								 NF_ACCEPT;
}

static unsigned int floor_ipv4(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	ports_ipv4(priv, skb, state);
	return verdict_of(jhash_1word((__force u32)ip_hdr(skb)->saddr, 0));
}

static unsigned int floor_ipv6(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	ports_ipv6(priv, skb, state);
	return verdict_of(__ipv6_addr_jhash(&ipv6_hdr(skb)->saddr, 0));
}

static int allocate_table(char *bytes)
{
	unsigned long long size;
	int err;

	if (!bytes)
		return -EINVAL;
	err = kstrtoull(bytes, 10, &size);
	if (err)
		return err;
	if (size < SMP_CACHE_BYTES || size > (1ULL << 32))
		return -EINVAL;
	contender.lines = size / SMP_CACHE_BYTES;
	contender.table = vzalloc(size);
	return contender.table ? 0 : -ENOMEM;
}

static void free_table(void)
{
	vfree(contender.table);
	contender.table = NULL;
}

static const struct kind kinds[] = {
	{ "none" },
	{ "empty", empty, empty },
	{ "ports", ports_ipv4, ports_ipv6 },
	{ "floor", floor_ipv4, floor_ipv6, allocate_table, free_table },
#ifdef CONFIG_BPF_SYSCALL
	{ "bpf_ipv4", bench_bpf_ipv4, empty, bench_bpf_set, bench_bpf_clear },
	{ "bpf_ipv6", empty, bench_bpf_ipv6, bench_bpf_set, bench_bpf_clear },
#endif
};

static const struct kind *find_kind(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static int register_hooks(struct net *net, const struct kind *kind)
{
	contender.ops[0] = (struct nf_hook_ops) {
		.hook		= kind->ipv4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP_PRI_FILTER,
	};
	contender.ops[1] = (struct nf_hook_ops) {
		.hook		= kind->ipv6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP6_PRI_FILTER,
	};
	return nf_register_net_hooks(net, contender.ops,
				     ARRAY_SIZE(contender.ops));
}

static int set(struct net *net, const struct kind *kind, char *line)
{
	int err = kind->set ? kind->set(line) : 0;

	if (!err)
		err = register_hooks(net, kind);
	if (err && kind->clear)
		kind->clear();
	return err;
}

/**
 * bench_contender_set - have this hook, and none of the others
 * @net: the namespace
 * @line: its name, and what it needs; changed
 *
 * Context: process, one at a time; may sleep.
 * Return: 0 or a negative errno value: there is no hook.
 */
int bench_contender_set(struct net *net, char *line)
{
	const struct kind *kind = find_kind(strsep(&line, " "));
	int err;

	if (!kind)
		return -EINVAL;
	bench_contender_clear();
	if (!kind->ipv4)
		return 0;
	err = set(net, kind, line);
	if (err)
		return err;
	contender.net = get_net(net);
	contender.kind = kind;
	return 0;
}

/** bench_contender_name - the hook there is, "none" if there is none */
const char *bench_contender_name(void)
{
	return contender.kind ? contender.kind->name : "none";
}

/**
 * bench_contender_clear - have no hook
 *
 * Context: process, one at a time; may sleep.
 */
void bench_contender_clear(void)
{
	if (!contender.kind)
		return;
	nf_unregister_net_hooks(contender.net, contender.ops,
				ARRAY_SIZE(contender.ops));
	put_net(contender.net);
	synchronize_rcu();	/* no packet is in a hook any more */
	if (contender.kind->clear)
		contender.kind->clear();
	contender.net = NULL;
	contender.kind = NULL;
}
