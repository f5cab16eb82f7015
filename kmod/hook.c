// SPDX-License-Identifier: GPL-2.0
/*
 * The hook on NF_INET_FORWARD: read the packet, get its verdict by the policy, count
 * it, account for it and return the verdict.
 *
 * It stands just before the administrator's filter, so that it sees addresses
 * before source NAT and no accept rule comes first.
 */
#include <linux/build_bug.h>
#include <linux/lockdep.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>

#include "account.h"
#include "hook.h"
#include "judge.h"
#include "p25.h"
#include "packet.h"
#include "reject.h"
#include "statistics.h"
#include "watch.h"

/* Kept apart, so that a packet that is not mail pays for none of this. */
static noinline unsigned int handle_mail(struct p25_net *p25,
					 struct sk_buff *skb,
					 const struct nf_hook_state *state)
{
	/* All are set below, before they are read; clearing the packet took 9 ns. */
	struct p25_packet packet __uninitialized;
	struct p25_judgement judgement __uninitialized;
	struct p25_view view __uninitialized;

	if (state->pf == NFPROTO_IPV4)
		p25_packet_read_ipv4(&packet, skb);
	else
		p25_packet_read_ipv6(&packet, skb);
	if (!packet.class)
		return NF_ACCEPT;
	view = p25_policy_view(&p25->policy);
	p25_judge(&view, &packet, &judgement);
	p25_statistics_count(p25->statistics, &packet, &judgement);
	if (judgement.counted && judgement.reason)
		p25_account(p25->accounting, skb, &packet, &judgement);

	switch (judgement.verdict) {
	case P25_VERDICT_REJECT:
	case P25_VERDICT_PROHIBIT:
		p25_statistics_count_answer(p25->statistics,
					    p25_reject_answer(skb, state,
							      judgement.verdict));
		fallthrough;
	case P25_VERDICT_DROP:
		return NF_DROP;
	default:
		return NF_ACCEPT;
	}
}

static unsigned int hook_ipv4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	if (likely(p25_packet_is_not_mail_ipv4(skb)))
		return NF_ACCEPT;
	return handle_mail(priv, skb, state);
}

static unsigned int hook_ipv6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	if (likely(p25_packet_is_not_mail_ipv6(skb)))
		return NF_ACCEPT;
	return handle_mail(priv, skb, state);
}

static const struct nf_hook_ops forward_hooks[] = {
	{
		.hook		= hook_ipv4,
		.pf		= NFPROTO_IPV4,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP_PRI_FILTER - 1,
	},
	{
		.hook		= hook_ipv6,
		.pf		= NFPROTO_IPV6,
		.hooknum	= NF_INET_FORWARD,
		.priority	= NF_IP6_PRI_FILTER - 1,
	},
};

static void init_hooks(struct p25_net *p25)
{
	size_t i;

	BUILD_BUG_ON(ARRAY_SIZE(forward_hooks) != ARRAY_SIZE(p25->hooks));
	for (i = 0; i < ARRAY_SIZE(forward_hooks); i++) {
		p25->hooks[i] = forward_hooks[i];
		p25->hooks[i].priv = p25;
	}
}

static int enable_accounting(struct p25_net *p25, unsigned int gen,
			     struct netlink_ext_ack *extack)
{
	struct p25_accounting *accounting;

	if (p25->accounting)
		return 0;
	accounting = p25_accounting_alloc(&p25->policy,
					  p25->policy.settings[gen].senders, extack);
	if (IS_ERR(accounting))
		return PTR_ERR(accounting);
	p25->accounting = accounting;
	return 0;
}

static int enable_hooks(struct p25_net *p25, unsigned int gen,
			struct netlink_ext_ack *extack)
{
	int err;

	if (p25->hooked)
		return 0;
	err = enable_accounting(p25, gen, extack);
	if (err)
		return err;
	init_hooks(p25);
	err = nf_register_net_hooks(p25->net, p25->hooks,
				    ARRAY_SIZE(p25->hooks));
	p25->hooked = !err;
	if (p25->hooked)
		p25_watch_start(p25);
	return err;
}

static int enable_answers(struct p25_net *p25)
{
	int err;

	if (p25->watches_answers)
		return 0;
	err = p25_reject_watch(p25->net);
	p25->watches_answers = !err;
	return err;
}

static void disable_hooks(struct p25_net *p25)
{
	if (!p25->hooked)
		return;
	nf_unregister_net_hooks(p25->net, p25->hooks, ARRAY_SIZE(p25->hooks));
	p25->hooked = false;
}

static void disable_answers(struct p25_net *p25)
{
	if (!p25->watches_answers)
		return;
	p25_reject_unwatch(p25->net);
	p25->watches_answers = false;
}

static bool needs_hooks(const struct p25_net *p25, unsigned int gen)
{
	return p25_policy_sources(&p25->policy, gen) > 0;
}

/* Does an action answer senders, the policy's or an entry's own? */
static bool needs_answers(const struct p25_net *p25, unsigned int gen)
{
	return p25_action_answers(p25->policy.settings[gen].action) ||
	       p25->policy.answering[gen];
}

/**
 * p25_hook_enable - register the hooks that a generation of the policy needs
 * @p25: the namespace
 * @gen: the generation, which may be published afterwards
 * @extack: message, if it takes too long
 *
 * A policy without sources needs none: its router forwards at full speed.
 *
 * Context: process, under @p25->policy.lock; may sleep.
 * Return: 0 or a negative errno value.
 */
int p25_hook_enable(struct p25_net *p25, unsigned int gen,
		    struct netlink_ext_ack *extack)
{
	int err = 0;

	lockdep_assert_held(&p25->policy.lock);
	if (!needs_hooks(p25, gen))
		return 0;
	if (needs_answers(p25, gen))
		err = enable_answers(p25);
	return err ? err : enable_hooks(p25, gen, extack);
}

/**
 * p25_hook_disable_unneeded - unregister the hooks that the policy doesn't need
 * @p25: the namespace
 *
 * Context: process, under @p25->policy.lock; may sleep.
 */
void p25_hook_disable_unneeded(struct p25_net *p25)
{
	unsigned int gen = p25->policy.generation;

	lockdep_assert_held(&p25->policy.lock);
	if (!needs_answers(p25, gen))
		disable_answers(p25);
	if (!needs_hooks(p25, gen))
		p25_hook_disable(p25);
}

/**
 * p25_hook_disable - unregister the hooks
 * @p25: the namespace
 *
 * Other CPUs may still run them: what they read may be freed after a grace period.
 *
 * Context: process, under @p25->policy.lock; may sleep.
 */
void p25_hook_disable(struct p25_net *p25)
{
	lockdep_assert_held(&p25->policy.lock);
	disable_answers(p25);
	disable_hooks(p25);
}
