// SPDX-License-Identifier: GPL-2.0
/*
 * Answers to senders, TCP resets for the action "reject" and ICMP errors for
 * "prohibit", made by the kernel's own nf_reject_ipv4 and nf_reject_ipv6. These are
 * modules, and p25 must load without them, so they are requested when such an action is
 * first given in any namespace, and kept until p25 is unloaded.
 *
 * They don't say whether an answer has been sent, and it may not: there is no route
 * back, an output chain drops it, or it is an ICMP error too many. So a namespace that
 * answers has a hook at the end of NF_INET_LOCAL_OUT, which forwarded packets don't
 * traverse.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
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
#include "route.h"

/* Seconds between two requests: not each "set action reject" runs modprobe. */
#define REQUEST_INTERVAL	5

static DEFINE_MUTEX(load_lock);
static bool requested;
static unsigned long requested_at;
static typeof(nf_send_reset) *send_reset_ipv4;
static typeof(nf_send_reset6) *send_reset_ipv6;
static typeof(nf_send_unreach) *send_unreach_ipv4;
static typeof(nf_send_unreach6) *send_unreach_ipv6;

static bool is_loaded_ipv4(void)
{
	return send_reset_ipv4 && send_unreach_ipv4;
}

static bool is_loaded_ipv6(void)
{
	return send_reset_ipv6 && send_unreach_ipv6;
}

static bool is_loaded(void)
{
	return is_loaded_ipv4() &&
	       (!IS_ENABLED(CONFIG_IPV6) || is_loaded_ipv6());
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

static void load_ipv4(bool request)
{
	if (request)
		request_module("nf_reject_ipv4");
	if (!send_reset_ipv4)
		WRITE_ONCE(send_reset_ipv4, symbol_get(nf_send_reset));
	if (!send_unreach_ipv4)
		WRITE_ONCE(send_unreach_ipv4, symbol_get(nf_send_unreach));
}

static void load_ipv6(bool request)
{
	/*
	 * It would load a modular IPv6, which registers generic netlink families, and
	 * that would wait for the present command.
	 */
	if (request && !IS_MODULE(CONFIG_IPV6))
		request_module("nf_reject_ipv6");
	if (!send_reset_ipv6)
		WRITE_ONCE(send_reset_ipv6, symbol_get(nf_send_reset6));
	if (!send_unreach_ipv6)
		WRITE_ONCE(send_unreach_ipv6, symbol_get(nf_send_unreach6));
}

static int load_locked(void)
{
	bool request;

	if (is_loaded())
		return 0;
	request = may_request();
	if (!is_loaded_ipv4())
		load_ipv4(request);
	if (IS_ENABLED(CONFIG_IPV6) && !is_loaded_ipv6())
		load_ipv6(request);
	return is_loaded() ? 0 : -EOPNOTSUPP;
}

/**
 * p25_reject_load - load what p25_reject_answer() needs
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
			       "reject and prohibit need nf_reject_ipv4 and nf_reject_ipv6");
	return err;
}

/**
 * p25_reject_unload - release the modules; nothing is answered any more
 *
 * Context: process.
 */
void p25_reject_unload(void)
{
	if (send_unreach_ipv6)
		symbol_put(nf_send_unreach6);
	if (send_unreach_ipv4)
		symbol_put(nf_send_unreach);
	if (send_reset_ipv6)
		symbol_put(nf_send_reset6);
	if (send_reset_ipv4)
		symbol_put(nf_send_reset);
}

/*
 * What has become of the answer that p25_reject_answer() sends on this CPU. It is sent
 * synchronously.
 */
enum answer_state {
	ANSWER_NONE,
	ANSWER_RESET,	/* is expected at the end of NF_INET_LOCAL_OUT */
	ANSWER_ERROR,	/* the same of an ICMP error */
	ANSWER_SENT,
};

static DEFINE_PER_CPU(enum answer_state, answer_state);

/* A rule that refuses the reset may send an ICMP error instead. */
static bool is_expected(const struct sk_buff *skb, u8 pf)
{
	u8 protocol = pf == NFPROTO_IPV4 ? ip_hdr(skb)->protocol :
					   ipv6_hdr(skb)->nexthdr;

	switch (this_cpu_read(answer_state)) {
	case ANSWER_RESET:
		return protocol == IPPROTO_TCP;
	case ANSWER_ERROR:
		return protocol == (pf == NFPROTO_IPV4 ? IPPROTO_ICMP :
							 IPPROTO_ICMPV6);
	default:
		return false;
	}
}

/*
 * The last hook. It sends the answer as its caller would, which ignores the result.
 * Packets out of a VRF pass here twice, first to the VRF's own device.
 */
static unsigned int send_answer(void *priv, struct sk_buff *skb,
				const struct nf_hook_state *state)
{
	int err;

	if (likely(this_cpu_read(answer_state) == ANSWER_NONE) ||
	    netif_is_l3_master(state->out) || !is_expected(skb, state->pf))
		return NF_ACCEPT;
	this_cpu_write(answer_state, ANSWER_NONE);
	err = state->okfn(state->net, state->sk, skb);
	if (!net_xmit_eval(err))
		this_cpu_write(answer_state, ANSWER_SENT);
	return NF_STOLEN;
}

static const struct nf_hook_ops answer_hooks[] = {
	{
		.hook		= send_answer,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP_PRI_LAST,
	},
	{
		.hook		= send_answer,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_LOCAL_OUT,
		.priority	= NF_IP6_PRI_LAST,
	},
};

/**
 * p25_reject_watch - hook into the answers of a namespace, to see which are sent
 * @net: the namespace
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_reject_watch(struct net *net)
{
	return nf_register_net_hooks(net, answer_hooks,
				     ARRAY_SIZE(answer_hooks));
}

/* Undo p25_reject_watch(); the namespace answers no more. */
void p25_reject_unwatch(struct net *net)
{
	nf_unregister_net_hooks(net, answer_hooks, ARRAY_SIZE(answer_hooks));
}

static bool came_by_bridge(const struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_BRIDGE_NETFILTER)
	return nf_bridge_info_exists(skb);
#else
	return false;
#endif
}

static void send_reset(struct sk_buff *skb, const struct nf_hook_state *state)
{
	this_cpu_write(answer_state, ANSWER_RESET);
	if (state->pf == NFPROTO_IPV4)
		send_reset_ipv4(state->net, state->sk, skb, state->hook);
	else
		send_reset_ipv6(state->net, state->sk, skb, state->hook);
}

static void send_error(struct sk_buff *skb, const struct nf_hook_state *state)
{
	this_cpu_write(answer_state, ANSWER_ERROR);
	if (state->pf == NFPROTO_IPV4)
		/* RFC 1812, 5.2.7.1 */
		send_unreach_ipv4(skb, ICMP_PKT_FILTERED, state->hook);
	else
		/* RFC 4443, 3.1 */
		send_unreach_ipv6(state->net, skb, ICMPV6_ADM_PROHIBITED,
				  state->hook);
}

/* Has the answer been sent that was just tried? */
static bool was_sent(void)
{
	bool sent = this_cpu_read(answer_state) == ANSWER_SENT;

	this_cpu_write(answer_state, ANSWER_NONE);
	return sent;
}

/**
 * p25_reject_answer - answer the sender of a TCP packet
 * @skb: the packet, IPv4 or IPv6, at NF_INET_FORWARD; the caller drops it
 * @state: of the hook that has it
 * @verdict: P25_VERDICT_REJECT: by a reset; P25_VERDICT_PROHIBIT: by an ICMP error
 *
 * Resets to a sender on a bridge are queued to its port at once, without
 * NF_INET_LOCAL_OUT.
 *
 * Context: softirq, under rcu_read_lock(); p25_reject_load() and
 * p25_reject_watch() have succeeded.
 * Return: the counter: P25_COUNTER_RESET_SENT or _UNSENT, P25_COUNTER_UNREACHABLE_SENT or
 * _UNSENT; 0: not known.
 */
enum p25_counter p25_reject_answer(struct sk_buff *skb,
				   const struct nf_hook_state *state, u8 verdict)
{
	bool reset = verdict == P25_VERDICT_REJECT;
	bool sent;

	if (p25_route_to_sender(skb, state)) {
		if (reset)
			send_reset(skb, state);
		else
			send_error(skb, state);
	}
	sent = was_sent();
	if (!reset)
		return sent ? P25_COUNTER_UNREACHABLE_SENT :
			      P25_COUNTER_UNREACHABLE_UNSENT;
	if (came_by_bridge(skb))
		return 0;
	return sent ? P25_COUNTER_RESET_SENT : P25_COUNTER_RESET_UNSENT;
}
