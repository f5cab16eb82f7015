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
#include "note.h"
#include "packet.h"
#include "policy.h"
#include "sender.h"

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

/* What a CPU books: sums to entries, notes to the list of senders. */
enum book {
	BOOK_SUMS,
	BOOK_NOTES,
	BOOKS
};

/**
 * struct account - what a CPU has not booked yet
 * @slots: sums, by the hash of their entries; NULL: the CPU has never been online
 * @notes: for the list of senders
 * @pending: is there anything of that to be booked? Read by other CPUs
 * @n: bookings in @batch
 * @batch: of sums that have lost their slot
 * @works: book all of it
 * @accounting: where it belongs to
 */
struct account {
	struct sum		*slots;
	struct p25_notes	*notes;
	bool			pending[BOOKS];
	unsigned int		n;
	struct booking		batch[BATCH];
	struct work_struct	works[BOOKS];
	struct p25_accounting	*accounting;
};

/**
 * struct p25_accounting - the accounts of a namespace
 * @policy: has the entries
 * @accounts: one for each CPU
 * @senders: what notes are booked to
 * @cpus: number of CPUs that have been online
 * @node: has callbacks called when a CPU comes or goes
 */
struct p25_accounting {
	struct p25_policy		*policy;
	struct account __percpu		*accounts;
	struct p25_senders __rcu	*senders;
	unsigned int			cpus;
	struct hlist_node		node;
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

/*
 * Are bottom halves off? They nearly always are, which is cheaper to see than to have.
 * With PREEMPT_RT, that doesn't mean that nothing is preempted.
 */
static bool is_locked(void)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && softirq_count();
}

static void set_pending(struct account *account, enum book book)
{
	if (!READ_ONCE(account->pending[book]))
		WRITE_ONCE(account->pending[book], true);
}

/* Of mail that passes, only what begins a connection is noted. */
static void note_packet(struct account *account, const struct sk_buff *skb,
			const struct p25_packet *packet,
			const struct p25_judgement *judgement)
{
	u8 buffer[P25_TCP_BYTES] __uninitialized;
	const u8 *tcp = p25_packet_tcp(packet, skb, buffer);

	if (!p25_kind_is_blocked(judgement->reason) &&
	    (!tcp || likely(!p25_tcp_is_attempt(tcp))))
		return;
	p25_note(account->notes, rcu_dereference(account->accounting->senders),
		 packet, judgement, tcp);
	set_pending(account, BOOK_NOTES);
}

static void add_packet(struct account *account, const struct sk_buff *skb,
		       const struct p25_packet *packet,
		       const struct p25_judgement *judgement)
{
	add_to_slot(account, judgement->entry, skb->len - skb_network_offset(skb));
	set_pending(account, BOOK_SUMS);
	if (judgement->reason != P25_KIND_RELAY && !judgement->inbound)
		note_packet(account, skb, packet, judgement);
}

/**
 * p25_account - account for a packet that has been judged
 * @accounting: the namespace's
 * @skb: the packet
 * @packet: what has been read of it
 * @judgement: its verdict, by an entry, which counts the packet
 *
 * Context: any but hard interrupts, under rcu_read_lock().
 */
void p25_account(struct p25_accounting *accounting, const struct sk_buff *skb,
		 const struct p25_packet *packet,
		 const struct p25_judgement *judgement)
{
	bool locked = is_locked();

	if (unlikely(!locked))
		p25_account_lock();
	add_packet(this_cpu_ptr(accounting->accounts), skb, packet, judgement);
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

static void book_notes(struct account *account)
{
	struct p25_accounting *accounting = account->accounting;
	unsigned int slot = 0;
	bool more;

	do {
		rcu_read_lock();
		p25_account_lock();
		more = p25_notes_book(account->notes,
				      rcu_dereference(accounting->senders), &slot);
		p25_account_unlock();
		rcu_read_unlock();
		cond_resched();
	} while (more);
}

/*
 * What comes from now on may be booked, or is pending again. Pairs with book_on_all_cpus(),
 * which waits for what follows.
 */
static void begin_booking(struct account *account, enum book book)
{
	WRITE_ONCE(account->pending[book], false);
}

static void book_sums_of_cpu(struct work_struct *work)
{
	struct account *account = container_of(work, struct account,
					       works[BOOK_SUMS]);

	begin_booking(account, BOOK_SUMS);
	book_slots(account);
}

static void book_notes_of_cpu(struct work_struct *work)
{
	struct account *account = container_of(work, struct account,
					       works[BOOK_NOTES]);

	begin_booking(account, BOOK_NOTES);
	book_notes(account);
}

static void queue_on_all_cpus(struct p25_accounting *accounting, enum book book)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct account *account = per_cpu_ptr(accounting->accounts, cpu);

		/*
		 * Before flush_work() looks if the work is running; pairs with
		 * begin_booking(), after which it is.
		 */
		if (smp_load_acquire(&account->pending[book]))
			queue_work_on(cpu, system_highpri_wq, &account->works[book]);
	}
}

static void wait_for_all_cpus(struct p25_accounting *accounting, enum book book)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		flush_work(&per_cpu_ptr(accounting->accounts, cpu)->works[book]);
}

/**
 * p25_accounting_book - have all CPUs book what they have added up and noted
 * @accounting: the namespace's, or NULL
 *
 * Packets that were judged before are counted by their entries and senders afterwards.
 *
 * Context: process; sleeps until each CPU has had a turn.
 */
void p25_accounting_book(struct p25_accounting *accounting)
{
	if (!accounting)
		return;
	cpus_read_lock();
	queue_on_all_cpus(accounting, BOOK_SUMS);
	queue_on_all_cpus(accounting, BOOK_NOTES);
	wait_for_all_cpus(accounting, BOOK_SUMS);
	wait_for_all_cpus(accounting, BOOK_NOTES);
	cpus_read_unlock();
}

/**
 * p25_accounting_book_notes - have all CPUs book what they have noted
 * @accounting: the namespace's
 *
 * Packets that were judged before are counted by their senders afterwards.
 *
 * Context: process; sleeps until each CPU that has notes has had a turn.
 */
void p25_accounting_book_notes(struct p25_accounting *accounting)
{
	cpus_read_lock();
	queue_on_all_cpus(accounting, BOOK_NOTES);
	wait_for_all_cpus(accounting, BOOK_NOTES);
	cpus_read_unlock();
}

/* p25_accounting_senders - the list of senders; context: under the policy's lock */
struct p25_senders *p25_accounting_senders(struct p25_accounting *accounting)
{
	return rcu_dereference_protected(accounting->senders,
					 lockdep_is_held(&accounting->policy->lock));
}

/**
 * p25_accounting_replace_senders - have notes booked to another list
 * @accounting: the namespace's
 * @senders: the list, empty; it takes over the senders of the former one, which is freed
 *
 * Context: process, under the policy's lock; may sleep.
 */
void p25_accounting_replace_senders(struct p25_accounting *accounting,
				    struct p25_senders *senders)
{
	struct p25_senders *former = p25_accounting_senders(accounting);

	p25_senders_share_hash(senders, former);
	rcu_assign_pointer(accounting->senders, senders);
	synchronize_rcu();
	p25_senders_take_over(senders, former);
	p25_senders_free(former);
}

/* p25_accounting_memory - bytes that it takes; context: under the policy's lock */
size_t p25_accounting_memory(struct p25_accounting *accounting)
{
	size_t cpus = READ_ONCE(accounting->cpus);

	return sizeof(*accounting) +
	       p25_senders_memory(p25_accounting_senders(accounting)) +
	       num_possible_cpus() * sizeof(struct account) +
	       cpus * (SLOTS * sizeof(struct sum) + p25_notes_memory());
}

static int add_account(struct p25_accounting *accounting, unsigned int cpu)
{
	struct account *account = per_cpu_ptr(accounting->accounts, cpu);

	if (account->slots)
		return 0;
	account->notes = p25_notes_alloc(cpu_to_node(cpu));
	if (!account->notes)
		return -ENOMEM;
	account->slots = kvzalloc_node(SLOTS * sizeof(*account->slots), P25_GFP,
				       cpu_to_node(cpu));
	if (!account->slots) {
		p25_notes_free(account->notes);
		account->notes = NULL;
		return -ENOMEM;
	}
	INIT_WORK(&account->works[BOOK_SUMS], book_sums_of_cpu);
	INIT_WORK(&account->works[BOOK_NOTES], book_notes_of_cpu);
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

	book_slots(per_cpu_ptr(accounting->accounts, cpu));
	book_notes(per_cpu_ptr(accounting->accounts, cpu));
	return 0;
}

static void free_accounts(struct p25_accounting *accounting)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct account *account = per_cpu_ptr(accounting->accounts, cpu);

		kvfree(account->slots);
		p25_notes_free(account->notes);
	}
	free_percpu(accounting->accounts);
}

/**
 * p25_accounting_alloc - give all CPUs that are online an account
 * @policy: has the entries that packets will be judged by
 * @n_senders: how many the list of senders is to have room for
 * @extack: message, if it takes too long
 *
 * Context: process, under @policy->lock; may sleep.
 * Return: the accounts, for p25_accounting_free(), or an error pointer: -ENOMEM; -EBUSY: it
 * takes too long; -EINTR: the caller is being killed.
 */
struct p25_accounting *p25_accounting_alloc(struct p25_policy *policy,
					    u32 n_senders,
					    struct netlink_ext_ack *extack)
{
	struct p25_accounting *accounting;
	struct p25_senders *senders;
	int err = -ENOMEM;

	accounting = kzalloc(sizeof(*accounting), P25_GFP);
	if (!accounting)
		return ERR_PTR(err);
	accounting->policy = policy;
	accounting->accounts = alloc_percpu_gfp(struct account, P25_GFP);
	if (!accounting->accounts)
		goto free;
	senders = p25_senders_alloc(n_senders);
	if (!senders)
		goto free_accounts;
	RCU_INIT_POINTER(accounting->senders, senders);
	err = add_online_accounts(accounting, extack);
	if (err)
		goto free_senders;
	err = cpuhp_state_add_instance(hotplug_state, &accounting->node);
	if (err)
		goto free_senders;
	return accounting;

free_senders:
	p25_senders_free(senders);
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
	p25_senders_free(rcu_dereference_protected(accounting->senders, true));
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
