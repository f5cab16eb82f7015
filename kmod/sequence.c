// SPDX-License-Identifier: GPL-2.0
/*
 * Counting changes; sequence.h says what is counted. Everything here is called in
 * process context.
 */
#include <linux/lockdep.h>

#include "policy.h"
#include "sequence.h"

/* 0 stands for "none yet" in user space. */
static u32 next_number(u32 number)
{
	return number + 1 ? number + 1 : 1;
}

/* p25_sequence_advance - the policy has changed */
void p25_sequence_advance(struct p25_policy *policy)
{
	lockdep_assert_held(&policy->lock);
	policy->sequence = next_number(policy->sequence);
}

/**
 * p25_sequence_advance_revision - a reader can see that the policy has changed
 * @policy: the policy
 * @bulk: have several entries changed at once?
 */
void p25_sequence_advance_revision(struct p25_policy *policy, bool bulk)
{
	lockdep_assert_held(&policy->lock);
	policy->revision++;
	if (bulk)
		policy->bulk_revision = policy->revision;
}

/**
 * p25_sequence_note_owner - an owner's entries change with the next sequence number
 * @policy: the policy
 * @owner: number of the owner; P25_OWNER_ANY: all owners
 */
void p25_sequence_note_owner(struct p25_policy *policy, u8 owner)
{
	u32 sequence = next_number(policy->sequence);
	unsigned int i;

	lockdep_assert_held(&policy->lock);
	if (owner != P25_OWNER_ANY) {
		policy->changed[owner] = sequence;
		return;
	}
	for (i = 0; i < P25_OWNERS_MAX; i++)
		policy->changed[i] = sequence;
}

/**
 * p25_sequence_mark - the state of an owner's entries, for user space
 * @policy: the policy
 * @owner: number of the owner; P25_OWNER_ANY: all owners, or one without entries
 *
 * Return: the mark, for p25_sequence_has_changed().
 */
u64 p25_sequence_mark(const struct p25_policy *policy, u8 owner)
{
	lockdep_assert_held(&policy->lock);
	return (u64)owner << 32 | policy->sequence;
}

/**
 * p25_sequence_has_changed - have an owner's entries changed since?
 * @policy: the policy
 * @mark: from p25_sequence_mark()
 * @owner: number of the owner; P25_OWNER_ANY: all owners
 *
 * Return: false only if they have not. It may be true although they have not, but
 * not again for the mark that is given next.
 */
bool p25_sequence_has_changed(const struct p25_policy *policy, u64 mark,
			      u8 owner)
{
	u8 before = mark >> 32;
	u32 sequence = mark;

	lockdep_assert_held(&policy->lock);
	if (owner == P25_OWNER_ANY)
		return sequence != policy->sequence;
	/* The number was released, so all entries of this owner had been removed. */
	if (before != P25_OWNER_ANY && before != owner)
		return true;
	return (s32)(policy->changed[owner] - sequence) > 0;
}
