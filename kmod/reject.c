// SPDX-License-Identifier: GPL-2.0
/*
 * TCP resets for the action "reject", made by the kernel's own nf_reject_ipv4
 * and nf_reject_ipv6. These are modules: p25 must load without them, so they
 * are asked for when "reject" is first set, in whatever namespace, and kept
 * until p25 is unloaded.
 *
 * They don't say whether a reset has left, and it may not: there is no route
 * back, or an output chain drops it. So a namespace that rejects has a hook where
 * all that stands before has been passed. Packets that are forwarded don't come
 * there.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/netlink.h>
#include <linux/percpu.h>
#include <net/netfilter/ipv4/nf_reject.h>
#include <net/netfilter/ipv6/nf_reject.h>

#include "reject.h"

/* Seconds: whoever asks again and again doesn't have modprobe run each time. */
#define ASK_INTERVAL	5

static DEFINE_MUTEX(load_lock);
static bool asked;
static unsigned long asked_at;
static typeof(nf_send_reset) *send_reset_ipv4;
static typeof(nf_send_reset6) *send_reset_ipv6;

static bool is_complete(void)
{
	return send_reset_ipv4 &&
	       (!IS_ENABLED(CONFIG_IPV6) || send_reset_ipv6);
}

static bool may_ask(void)
{
	if (asked && time_before(jiffies, asked_at + ASK_INTERVAL * HZ))
		return false;
	asked = true;
	asked_at = jiffies;
	return true;
}

static int load(void)
{
	bool ask;

	if (is_complete())
		return 0;
	ask = may_ask();
	if (!send_reset_ipv4) {
		if (ask)
			request_module("nf_reject_ipv4");
		WRITE_ONCE(send_reset_ipv4, symbol_get(nf_send_reset));
	}
	if (IS_ENABLED(CONFIG_IPV6) && !send_reset_ipv6) {
		/*
		 * It would pull in a modular IPv6, which registers families of
		 * its own, and that waits for the request we are in.
		 */
		if (ask && !IS_MODULE(CONFIG_IPV6))
			request_module("nf_reject_ipv6");
		WRITE_ONCE(send_reset_ipv6, symbol_get(nf_send_reset6));
	}
	return is_complete() ? 0 : -EOPNOTSUPP;
}

/**
 * p25_reject_load - make p25_reject_send() work
 * @extack: says what is missing
 *
 * Context: process; sleeps while modules are loaded.
 * Return: 0, or -EOPNOTSUPP if the kernel has no nf_reject_ipv4 or _ipv6.
 */
int p25_reject_load(struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&load_lock);
	err = load();
	mutex_unlock(&load_lock);
	if (err)
		NL_SET_ERR_MSG(extack,
			       "reject needs nf_reject_ipv4 and nf_reject_ipv6");
	return err;
}

/**
 * p25_reject_unload - give the modules back; nothing is sent any more
 *
 * Context: process.
 */
void p25_reject_unload(void)
{
	if (send_reset_ipv6)
		symbol_put(nf_send_reset6);
	if (send_reset_ipv4)
		symbol_put(nf_send_reset);
}

/*
 * The reset that this CPU is about to send. All of that is done before
 * p25_reject_send() goes on, and by the same CPU.
 */
enum progress {
	NOTHING,
	EXPECTED,	/* at the end of NF_INET_LOCAL_OUT */
	SENT,
};

static DEFINE_PER_CPU(enum progress, progress);

/* What refuses a reset may send an ICMP error in its place. */
static bool is_tcp(const struct sk_buff *skb, u8 pf)
{
	return pf == NFPROTO_IPV4 ? ip_hdr(skb)->protocol == IPPROTO_TCP :
				    ipv6_hdr(skb)->nexthdr == IPPROTO_TCP;
}

/*
 * The last hook. Send the reset as its caller would, who keeps the result to
 * himself. Out of a VRF, packets pass here twice: first to the VRF's own device.
 */
static unsigned int see_off(void *priv, struct sk_buff *skb,
			    const struct nf_hook_state *state)
{
	int err;

	if (likely(this_cpu_read(progress) != EXPECTED) ||
	    netif_is_l3_master(state->out) || !is_tcp(skb, state->pf))
		return NF_ACCEPT;
	this_cpu_write(progress, NOTHING);
	err = state->okfn(state->net, state->sk, skb);
	if (!net_xmit_eval(err))
		this_cpu_write(progress, SENT);
	return NF_STOLEN;
}

static const struct nf_hook_ops hooks[] = {
	{
		.hook		= see_off,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_LAST,
	},
	{
		.hook		= see_off,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_LAST,
	},
};

/**
 * p25_reject_watch - find out what becomes of the resets of a namespace
 * @net: the namespace
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_reject_watch(struct net *net)
{
	return nf_register_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

/** p25_reject_unwatch - there are no more resets; context as above */
void p25_reject_unwatch(struct net *net)
{
	nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
}

static bool came_by_bridge(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_info_exists(skb);
#else
	return false;
#endif
}

/**
 * p25_reject_send - answer a TCP packet with a reset
 * @skb: the packet, IPv4 or IPv6, at NF_INET_FORWARD; the caller drops it
 * @state: where it was met
 *
 * Resets to a sender on a bridge go to his port at once, unseen.
 *
 * Context: softirq, under rcu_read_lock(); p25_reject_load() and
 * p25_reject_watch() have succeeded.
 * Return: what to count: P25_COUNTER_RESET_SENT or _UNSENT, or 0: not known.
 */
enum p25_counter p25_reject_send(struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	bool sent;

	this_cpu_write(progress, EXPECTED);
	if (state->pf == NFPROTO_IPV4)
		send_reset_ipv4(state->net, state->sk, skb, state->hook);
	else
		send_reset_ipv6(state->net, state->sk, skb, state->hook);
	sent = this_cpu_read(progress) == SENT;
	this_cpu_write(progress, NOTHING);
	if (came_by_bridge(skb))
		return 0;
	return sent ? P25_COUNTER_RESET_SENT : P25_COUNTER_RESET_UNSENT;
}
