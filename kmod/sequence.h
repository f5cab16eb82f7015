/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tells one state of the policy from another. There are four of these:
 *
 *	generation	0 or 1: which of the two values of expires[] and of the
 *			settings packets read; see policy.h
 *	sequence	counts changes, each of them; user space gets it in marks only
 *	mark		an owner and a sequence number in one, opaque to user space:
 *			P25_CMD_DIGEST gives it with the digests; it can be given to
 *			P25_CMD_COMMIT, which is refused if the owner's entries have
 *			changed since
 *	revision	counts changes that a reader can see, each of them once; each
 *			event has it, and each message of a listing, so that a reader can
 *			tell which events are in the listing. That of the latest change of
 *			more than one entry says whether the messages of a listing
 *			belong together; see netlink_list.c
 */
#ifndef _P25_SEQUENCE_H
#define _P25_SEQUENCE_H

#include <linux/types.h>

struct p25_policy;

void p25_sequence_advance(struct p25_policy *policy);
void p25_sequence_advance_revision(struct p25_policy *policy, bool bulk);
void p25_sequence_note_owner(struct p25_policy *policy, u8 owner);
u64 p25_sequence_mark(const struct p25_policy *policy, u8 owner);
bool p25_sequence_has_changed(const struct p25_policy *policy, u64 mark,
			      u8 owner);

#endif /* _P25_SEQUENCE_H */
