// SPDX-License-Identifier: GPL-2.0
/*
 * TCP resets for the action "reject", made by the kernel's own nf_reject_ipv4
 * and nf_reject_ipv6. These are modules, and p25 must load without them, so they
 * are requested when "reject" is first set in any namespace, and kept until p25
 * is unloaded.
 *
 * They don't say whether a reset has been sent, and it may not: there is no route
 * back, or an output chain drops it. So a namespace that rejects has a hook at the
 * end of NF_INET_LOCAL_OUT, which forwarded packets don't traverse.
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

/* Seconds between two requests: not each "set action reject" runs modprobe. */
#define REQUEST_INTERVAL	5

static DEFINE_MUTEX(load_lock);
static bool requested;
static unsigned long requested_at;
static typeof(nf_send_reset) *send_reset_ipv4;
static typeof(nf_send_reset6) *send_reset_ipv6;

static bool is_loaded(void)
{
	return send_reset_ipv4 &&
	       (!IS_ENABLED(CONFIG_IPV6) || send_reset_ipv6);
}

static bool may_request(void)
{
	if (requested &&
	    time_before(jiffies, requested_at + REQUEST_INTERVAL * HZ))
		return false;
	requested = true;
	requested_at = jiffies;
	return true;
}

static int load_locked(void)
{
	bool request;

	if (is_loaded())
		return 0;
	request = may_request();
	if (!send_reset_ipv4) {
		if (request)
			request_module("nf_reject_ipv4");
		WRITE_ONCE(send_reset_ipv4, symbol_get(nf_send_reset));
	}
	if (IS_ENABLED(CONFIG_IPV6) && !send_reset_ipv6) {
		/*
		 * It would load a modular IPv6, which registers generic netlink
		 * families, and that would wait for the present command.
		 */
		if (request && !IS_MODULE(CONFIG_IPV6))
			request_module("nf_reject_ipv6");
		WRITE_ONCE(send_reset_ipv6, symbol_get(nf_send_reset6));
	}
	return is_loaded() ? 0 : -EOPNOTSUPP;
}

/**
 * p25_reject_load - load what p25_reject_send() needs
 * @extack: message
 *
 * Context: process; sleeps while modules are loaded.
 * Return: 0, or -EOPNOTSUPP if the kernel has no nf_reject_ipv4 or _ipv6.
 */
int p25_reject_load(struct netlink_ext_ack *extack)
{
	int err;

	mutex_lock(&load_lock);
	err = load_locked();
	mutex_unlock(&load_lock);
	if (err)
		NL_SET_ERR_MSG(extack,
			       "reject needs nf_reject_ipv4 and nf_reject_ipv6");
	return err;
}

/**
 * p25_reject_unload - release the modules; no resets are sent any more
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
 * What has become of the reset that p25_reject_send() sends on this CPU. It is sent
 * synchronously.
 */
enum reset_state {
	RESET_NONE,
	RESET_EXPECTED,	/* at the end of NF_INET_LOCAL_OUT */
	RESET_SENT,
};

static DEFINE_PER_CPU(enum reset_state, reset_state);

/* A rule that refuses the reset may send an ICMP error instead. */
static bool is_tcp(const struct sk_buff *skb, u8 pf)
{
	return pf == NFPROTO_IPV4 ? ip_hdr(skb)->protocol == IPPROTO_TCP :
				    ipv6_hdr(skb)->nexthdr == IPPROTO_TCP;
}

/*
 * The last hook. It sends the reset as its caller would, which ignores the result.
 * Packets out of a VRF pass here twice, first to the VRF's own device.
 */
static unsigned int send_reset(void *priv, struct sk_buff *skb,
			       const struct nf_hook_state *state)
{
	int err;

	if (likely(this_cpu_read(reset_state) != RESET_EXPECTED) ||
	    netif_is_l3_master(state->out) || !is_tcp(skb, state->pf))
		return NF_ACCEPT;
	this_cpu_write(reset_state, RESET_NONE);
	err = state->okfn(state->net, state->sk, skb);
	if (!net_xmit_eval(err))
		this_cpu_write(reset_state, RESET_SENT);
	return NF_STOLEN;
}

static const struct nf_hook_ops reset_hooks[] = {
	{
		.hook		= send_reset,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_LAST,
	},
	{
		.hook		= send_reset,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_LAST,
	},
};

/**
 * p25_reject_watch - hook into the resets of a namespace, to see which are sent
 * @net: the namespace
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_reject_watch(struct net *net)
{
	return nf_register_net_hooks(net, reset_hooks,
				     ARRAY_SIZE(reset_hooks));
}

/* Undo p25_reject_watch(); the namespace sends no more resets. */
void p25_reject_unwatch(struct net *net)
{
	nf_unregister_net_hooks(net, reset_hooks, ARRAY_SIZE(reset_hooks));
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
 * @state: of the hook that has it
 *
 * Resets to a sender on a bridge are queued to its port at once, without
 * NF_INET_LOCAL_OUT.
 *
 * Context: softirq, under rcu_read_lock(); p25_reject_load() and
 * p25_reject_watch() have succeeded.
 * Return: the counter: P25_COUNTER_RESET_SENT or _UNSENT; 0: not known.
 */
enum p25_counter p25_reject_send(struct sk_buff *skb,
				 const struct nf_hook_state *state)
{
	bool sent;

	this_cpu_write(reset_state, RESET_EXPECTED);
	if (state->pf == NFPROTO_IPV4)
		send_reset_ipv4(state->net, state->sk, skb, state->hook);
	else
		send_reset_ipv6(state->net, state->sk, skb, state->hook);
	sent = this_cpu_read(reset_state) == RESET_SENT;
	this_cpu_write(reset_state, RESET_NONE);
	if (came_by_bridge(skb))
		return 0;
	return sent ? P25_COUNTER_RESET_SENT : P25_COUNTER_RESET_UNSENT;
}
