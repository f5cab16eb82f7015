// SPDX-License-Identifier: GPL-2.0
/*
 * Accounting: packets are added up by the CPU that they arrive on, and booked to their
 * entries later; see the picture in account.h.
 *
 * What a CPU has not booked is changed by that CPU alone, under p25_account_lock(); after
 * the CPU has gone offline, by who takes it down.
 */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/numa.h>
#include <linux/prefetch.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/topology.h>
#include <linux/workqueue.h>

#include "account.h"
#include "judge.h"
#include "offender.h"
#include "policy.h"

/* Slots of a CPU: 64 KiB. Where no more entries are busy, nothing is booked. */
#define SLOTS_SHIFT	12
#define SLOTS		BIT(SLOTS_SHIFT)

#define BATCH		64

/* A sum has room for 2^20 - 1 packets, and 2^24 bytes of each. */
#define PACKETS_BITS	20
#define PACKETS_MAX	(BIT_ULL(PACKETS_BITS) - 1)

/**
 * struct sum - what is to be added to an entry's counters
 * @packets_bytes: packets in the lower PACKETS_BITS, bytes above; 0: there is no sum
 * @entry: p25_policy_id() of the entry
 */
struct sum {
	u64	packets_bytes;
	u32	entry;
};

/* A sum that is about to be booked. */
struct booking {
	struct p25_entry	*entry;
	u64			packets_bytes;
};

/**
 * struct account - what a CPU has not booked yet
 * @slots: sums, by the hash of their entries; NULL: the CPU has never been online
 * @offenders: sources of mail that it has blocked
 * @pending: is there anything to be booked? Read by other CPUs
 * @n: bookings in @batch
 * @batch: of sums that have lost their slot
 * @work: books all of it
 * @accounting: where it belongs to
 */
struct account {
	struct sum		*slots;
	struct p25_offenders	*offenders;
	bool			pending;
	unsigned int		n;
	struct booking		batch[BATCH];
	struct work_struct	work;
	struct p25_accounting	*accounting;
};

/**
 * struct p25_accounting - the accounts of a namespace
 * @policy: has the entries
 * @accounts: one for each CPU
 * @offenders: those that have been booked
 * @cpus: number of CPUs that have been online
 * @node: has callbacks called when a CPU comes or goes
 */
struct p25_accounting {
	struct p25_policy	*policy;
	struct account __percpu	*accounts;
	struct p25_offenders	*offenders;
	unsigned int		cpus;
	struct hlist_node	node;
};

static enum cpuhp_state hotplug_state;

static void add_to_entry(const struct booking *booking)
{
	u64 sum = booking->packets_bytes;

	atomic64_add(sum & PACKETS_MAX, &booking->entry->packets);
	atomic64_add(sum >> PACKETS_BITS, &booking->entry->bytes);
}

static void book_batch(struct account *account)
{
	unsigned int i;

	for (i = 0; i < account->n; i++)
		add_to_entry(&account->batch[i]);
	account->n = 0;
}

/*
 * Move a slot's sum to the batch; the entry arrives in the cache meanwhile. Called under
 * rcu_read_lock().
 */
static void evict(struct account *account, struct sum *slot)
{
	struct booking *booking;

	if (account->n == BATCH)
		book_batch(account);
	booking = &account->batch[account->n++];
	booking->packets_bytes = slot->packets_bytes;
	booking->entry = p25_policy_entry(account->accounting->policy, slot->entry);
	prefetchw(booking->entry);
	slot->packets_bytes = 0;
}

static void add_to_slot(struct account *account, u32 entry, unsigned int bytes)
{
	struct sum *slot = &account->slots[hash_32(entry, SLOTS_SHIFT)];

	if (slot->entry != entry) {
		if (slot->packets_bytes)
			evict(account, slot);
		slot->entry = entry;
	}
	slot->packets_bytes += ((u64)bytes << PACKETS_BITS) + 1;
	if (unlikely((slot->packets_bytes & PACKETS_MAX) == PACKETS_MAX))
		evict(account, slot);
}

static bool is_offence(const struct p25_judgement *judgement)
{
	return !judgement->inbound && p25_kind_is_blocked(judgement->reason);
}

/*
 * Are bottom halves off? They nearly always are, which is cheaper to see than to have.
 * With PREEMPT_RT, that doesn't mean that nothing is preempted.
 */
static bool is_locked(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && softirq_count();
}

static void add_packet(struct account *account, const struct p25_packet *packet,
		       const struct p25_judgement *judgement, unsigned int bytes)
{
	add_to_slot(account, judgement->entry, bytes);
	if (is_offence(judgement))
		p25_offenders_note(account->offenders, packet,
				   judgement->reason);
	if (!READ_ONCE(account->pending))
		WRITE_ONCE(account->pending, true);
}

/**
 * p25_account - account for a packet that has been judged
 * @accounting: the namespace's
 * @packet: the packet
 * @judgement: its verdict, by an entry, which counts the packet
 * @bytes: the packet's length, IP header included
 *
 * Context: any but hard interrupts, under rcu_read_lock().
 */
void p25_account(struct p25_accounting *accounting,
		 const struct p25_packet *packet,
		 const struct p25_judgement *judgement, unsigned int bytes)
{
	bool locked = is_locked();

	if (unlikely(!locked))
		p25_account_lock();
	add_packet(this_cpu_ptr(accounting->accounts), packet, judgement, bytes);
	if (unlikely(!locked))
		p25_account_unlock();
}

/* In pieces, so that packets don't wait for all of it. */
static void book_slots(struct account *account)
{
	struct sum *slot = account->slots;
	struct sum *end = slot + SLOTS;
	unsigned int i;

	while (slot < end) {
		rcu_read_lock();
		p25_account_lock();
		for (i = 0; i < BATCH; i++, slot++)
			if (slot->packets_bytes)
				evict(account, slot);
		p25_account_unlock();
		rcu_read_unlock();
		cond_resched();
	}
	p25_account_lock();
	book_batch(account);
	p25_account_unlock();
}

static void book_account(struct account *account)
{
	/*
	 * What comes from now on may be booked, or is pending again. Pairs with
	 * p25_accounting_book(), which waits for what follows.
	 */
	WRITE_ONCE(account->pending, false);
	book_slots(account);
	p25_offenders_book(account->accounting->offenders, account->offenders);
}

static void book_own(struct work_struct *work)
{
	book_account(container_of(work, struct account, work));
}

/**
 * p25_accounting_book - have all CPUs book what they have added up
 * @accounting: the namespace's, or NULL
 *
 * Packets that were judged before are counted by their entries afterwards.
 *
 * Context: process; sleeps until each CPU has had a turn.
 */
void p25_accounting_book(struct p25_accounting *accounting)
{
	unsigned int cpu;

	if (!accounting)
		return;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		struct account *account = per_cpu_ptr(accounting->accounts, cpu);

		/*
		 * Before flush_work() looks if the work is running; pairs with
		 * book_account(), in which it is.
		 */
		if (smp_load_acquire(&account->pending))
			queue_work_on(cpu, system_highpri_wq, &account->work);
	}
	for_each_online_cpu(cpu)
		flush_work(&per_cpu_ptr(accounting->accounts, cpu)->work);
	cpus_read_unlock();
}

/* p25_accounting_offenders - the offenders that have been booked */
struct p25_offenders *
p25_accounting_offenders(struct p25_accounting *accounting)
{
	return accounting->offenders;
}

/* p25_accounting_memory - bytes that it takes */
size_t p25_accounting_memory(const struct p25_accounting *accounting)
{
	size_t cpus = READ_ONCE(accounting->cpus);

	return sizeof(*accounting) + p25_offenders_memory() +
	       num_possible_cpus() * sizeof(struct account) +
	       cpus * (SLOTS * sizeof(struct sum) + p25_offenders_memory());
}

static int add_account(struct p25_accounting *accounting, unsigned int cpu)
{
	struct account *account = per_cpu_ptr(accounting->accounts, cpu);

	if (account->slots)
		return 0;
	account->offenders = p25_offenders_alloc(accounting->offenders,
						 cpu_to_node(cpu));
	if (!account->offenders)
		return -ENOMEM;
	account->slots = kvzalloc_node(SLOTS * sizeof(*account->slots), P25_GFP,
				       cpu_to_node(cpu));
	if (!account->slots) {
		p25_offenders_free(account->offenders);
		account->offenders = NULL;
		return -ENOMEM;
	}
	INIT_WORK(&account->work, book_own);
	account->accounting = accounting;
	WRITE_ONCE(accounting->cpus, accounting->cpus + 1);
	return 0;
}

/* A CPU is about to come online: give it an account, unless it has one from before. */
static int add_cpu_account(unsigned int cpu, struct hlist_node *node)
{
	return add_account(hlist_entry(node, struct p25_accounting, node), cpu);
}

/*
 * Before CPUs are followed, as that holds locks that CPUs need to come and go, and a control
 * group may make each allocation wait. If one comes online meanwhile, it gets its account
 * with that.
 */
static int add_online_accounts(struct p25_accounting *accounting,
			       struct netlink_ext_ack *extack)
{
	unsigned int cpu;
	int err;

	for_each_online_cpu(cpu) {
		err = p25_budget_check(&accounting->policy->budget, extack);
		if (err)
			return err;
		if (fatal_signal_pending(current))
			return -EINTR;
		err = add_account(accounting, cpu);
		if (err)
			return err;
	}
	return 0;
}

/*
 * A CPU has gone offline, or the accounts are to be freed: book what it has left. It keeps
 * its account, so that it can always come online again.
 */
static int book_cpu_account(unsigned int cpu, struct hlist_node *node)
{
	struct p25_accounting *accounting =
		hlist_entry(node, struct p25_accounting, node);

	book_account(per_cpu_ptr(accounting->accounts, cpu));
	return 0;
}

static void free_accounts(struct p25_accounting *accounting)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct account *account = per_cpu_ptr(accounting->accounts, cpu);

		kvfree(account->slots);
		p25_offenders_free(account->offenders);
	}
	free_percpu(accounting->accounts);
}

/**
 * p25_accounting_alloc - give all CPUs that are online an account
 * @policy: has the entries that packets will be judged by
 * @extack: message, if it takes too long
 *
 * Context: process, under @policy->lock; may sleep.
 * Return: the accounts, for p25_accounting_free(), or an error pointer: -ENOMEM; -EBUSY: it
 * takes too long; -EINTR: the caller is being killed.
 */
struct p25_accounting *p25_accounting_alloc(struct p25_policy *policy,
					    struct netlink_ext_ack *extack)
{
	struct p25_accounting *accounting;
	int err = -ENOMEM;

	accounting = kzalloc(sizeof(*accounting), P25_GFP);
	if (!accounting)
		return ERR_PTR(err);
	accounting->policy = policy;
	accounting->accounts = alloc_percpu_gfp(struct account, P25_GFP);
	if (!accounting->accounts)
		goto free;
	accounting->offenders = p25_offenders_alloc(NULL, NUMA_NO_NODE);
	if (!accounting->offenders)
		goto free_accounts;
	err = add_online_accounts(accounting, extack);
	if (err)
		goto free_offenders;
	err = cpuhp_state_add_instance(hotplug_state, &accounting->node);
	if (err)
		goto free_offenders;
	return accounting;

free_offenders:
	p25_offenders_free(accounting->offenders);
free_accounts:
	free_accounts(accounting);
free:
	kfree(accounting);
	return ERR_PTR(err);
}

/**
 * p25_accounting_free - free the accounts
 * @accounting: the accounts, which no packet uses any more; or NULL
 *
 * Context: process; may sleep. Entries that packets were judged by are still there.
 */
void p25_accounting_free(struct p25_accounting *accounting)
{
	if (!accounting)
		return;
	cpuhp_state_remove_instance(hotplug_state, &accounting->node);
	p25_offenders_free(accounting->offenders);
	free_accounts(accounting);
	kfree(accounting);
}

/**
 * p25_accounting_init - follow CPUs that come and go, for all namespaces
 *
 * Context: process; may sleep.
 * Return: 0 or a negative errno value.
 */
int __init p25_accounting_init(void)
{
	int state = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN, "net/p25:prepare",
					    add_cpu_account, book_cpu_account);

	if (state < 0)
		return state;
	hotplug_state = state;
	return 0;
}

/* p25_accounting_exit - follow them no more; there are no accounts left */
void p25_accounting_exit(void)
{
	cpuhp_remove_multi_state(hotplug_state);
}
