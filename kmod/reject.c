// SPDX-License-Identifier: GPL-2.0
/*
 * TCP resets for the action "reject", made by the kernel's own nf_reject_ipv4
 * and nf_reject_ipv6. These are modules: p25 must load without them, so they
 * are asked for when "reject" is first set, in whatever namespace, and kept
 * until p25 is unloaded.
 */
#include <linux/jiffies.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/mutex.h>
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

/**
 * p25_reject_send - answer a TCP packet with a reset
 * @skb: the packet, IPv4 or IPv6, at NF_INET_FORWARD; the caller drops it
 * @state: where it was met
 *
 * Context: softirq, under rcu_read_lock(); p25_reject_load() has succeeded.
 */
void p25_reject_send(struct sk_buff *skb, const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV4)
		send_reset_ipv4(state->net, state->sk, skb, state->hook);
	else
		send_reset_ipv6(state->net, state->sk, skb, state->hook);
}
