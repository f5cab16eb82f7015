// SPDX-License-Identifier: GPL-2.0
/*
 * p25: the module and its network namespaces, set up and torn down.
 */
#include <linux/module.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "account.h"
#include "event.h"
#include "gc.h"
#include "hook.h"
#include "netlink.h"
#include "p25.h"
#include "reject.h"
#include "statistics.h"
#include "transaction.h"
#include "version.h"
#include "watch.h"

static unsigned int net_id __read_mostly;
struct workqueue_struct *p25_workqueue __read_mostly;

/* p25_net - p25 in this network namespace; context: any */
struct p25_net *p25_net(struct net *net)
{
	return net_generic(net, net_id);
}

static int __net_init init_net_ns(struct net *net)
{
	struct p25_net *p25 = p25_net(net);

	p25->statistics = p25_statistics_alloc();
	if (!p25->statistics)
		return -ENOMEM;
	p25->since = ktime_get_boottime_ns();
	/* Root of a user namespace must not keep the kernel busy for long. */
	p25_policy_init(&p25->policy, net->user_ns != &init_user_ns);
	p25->net = net;
	p25_transactions_init(p25);
	p25_gc_init(p25);
	p25_watch_init(p25);
	return 0;
}

/* Packets stop coming here; a grace period goes by before the rest follows. */
static void __net_exit pre_exit_net_ns(struct net *net)
{
	struct p25_net *p25 = p25_net(net);

	p25_watch_exit(p25);
	p25_gc_exit(p25);
	p25_transactions_exit(p25);
	mutex_lock(&p25->policy.lock);
	p25_hook_disable(p25);
	mutex_unlock(&p25->policy.lock);
}

static void __net_exit exit_net_ns(struct net *net)
{
	struct p25_net *p25 = p25_net(net);

	p25_transactions_free(p25);
	p25_accounting_free(p25->accounting);
	p25_guard_exit(&p25->guard);
	p25_policy_destroy(&p25->policy);
	free_percpu(p25->statistics);
}

static struct pernet_operations net_ns_operations = {
	.init		= init_net_ns,
	.pre_exit	= pre_exit_net_ns,
	.exit		= exit_net_ns,
	.id		= &net_id,
	.size		= sizeof(struct p25_net),
};

static int __init p25_init(void)
{
	int err;

	p25_workqueue = alloc_workqueue("p25", WQ_UNBOUND, 0);
	if (!p25_workqueue)
		return -ENOMEM;
	err = p25_accounting_init();
	if (err)
		goto destroy_workqueue;
	err = register_pernet_subsys(&net_ns_operations);
	if (err)
		goto exit_accounting;
	err = p25_transactions_watch_sockets();
	if (err)
		goto unregister_pernet;
	err = p25_netlink_register();
	if (err)
		goto unwatch_sockets;
	return 0;

unwatch_sockets:
	p25_transactions_unwatch_sockets();
unregister_pernet:
	unregister_pernet_subsys(&net_ns_operations);
exit_accounting:
	p25_accounting_exit();
destroy_workqueue:
	destroy_workqueue(p25_workqueue);
	return err;
}

static void __exit p25_exit(void)
{
	p25_events_stop();
	p25_netlink_unregister();
	p25_transactions_unwatch_sockets();
	unregister_pernet_subsys(&net_ns_operations);
	p25_accounting_exit();
	destroy_workqueue(p25_workqueue);
	p25_reject_unload();
	rcu_barrier();			/* p25_index_retire() */
}

module_init(p25_init);
module_exit(p25_exit);

MODULE_AUTHOR("The p25 maintainers");
MODULE_DESCRIPTION("Outbound port 25 blocking for dynamic subscribers");
MODULE_LICENSE("GPL");
MODULE_VERSION(P25_VERSION);
