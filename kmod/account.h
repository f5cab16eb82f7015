/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accounting: packets are added up by the CPU that they arrive on, and booked to their
 * entries later.
 *
 *	                      slots: one         batch: sums that
 *	                      sum each           lost their slot
 *	packet --> its CPU:   +---+---+--   -->  +---+---+--   -->  entries
 *	                      |   |   |          |   |   |
 *	                      +---+---+--        +---+---+--
 *	                      notes, see note.h              -->  senders
 *
 * If packets added to their entry, two CPUs that judge by the same entry would wait
 * for its cache line with each packet. So a packet writes to memory of its own CPU
 * only, and has no locked instruction: its sum goes to a slot, by the entry's hash.
 * If that has another entry's sum, this one goes to a batch, while its entry is
 * prefetched. A full batch is booked, by a packet in 64 where many entries are busy.
 *
 * Before counters of entries, or senders, are read, all CPUs book what they have; so
 * they do before entries are freed, as sums refer to them. Notes are booked four times a
 * second anyway, see watch.c.
 */
#ifndef _P25_ACCOUNT_H
#define _P25_ACCOUNT_H

#include <linux/bottom_half.h>
#include <linux/preempt.h>
#include <linux/types.h>

struct netlink_ext_ack;
struct p25_accounting;
struct p25_judgement;
struct p25_packet;
struct p25_policy;
struct p25_senders;
struct sk_buff;

/*
 * Keep packets off what this CPU adds up, which they may interrupt. With PREEMPT_RT, bottom
 * halves that are off don't mean that nothing is preempted.
 */
static inline void p25_account_lock(void)
{
	local_bh_disable();
	preempt_disable();
}

static inline void p25_account_unlock(void)
{
	preempt_enable();
	local_bh_enable();
}

int p25_accounting_init(void);
void p25_accounting_exit(void);

struct p25_accounting *p25_accounting_alloc(struct p25_policy *policy,
					    u32 n_senders,
					    struct netlink_ext_ack *extack);
void p25_accounting_free(struct p25_accounting *accounting);
size_t p25_accounting_memory(struct p25_accounting *accounting);

void p25_account(struct p25_accounting *accounting, const struct sk_buff *skb,
		 const struct p25_packet *packet,
		 const struct p25_judgement *judgement);

void p25_accounting_book(struct p25_accounting *accounting);
void p25_accounting_book_notes(struct p25_accounting *accounting);
struct p25_senders *p25_accounting_senders(struct p25_accounting *accounting);
void p25_accounting_replace_senders(struct p25_accounting *accounting,
				    struct p25_senders *senders);

#endif /* _P25_ACCOUNT_H */
