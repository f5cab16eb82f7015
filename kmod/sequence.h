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
 *	revision	counts changes of more than one entry; each message of a
 *			listing has it, so that the reader can see whether the parts
 *			belong together; see netlink_list.c
 */
#ifndef _P25_SEQUENCE_H
#define _P25_SEQUENCE_H

#include <linux/types.h>

struct p25_policy;

void p25_sequence_advance(struct p25_policy *policy);
void p25_sequence_advance_revision(struct p25_policy *policy);
void p25_sequence_note_owner(struct p25_policy *policy, u8 owner);
u64 p25_sequence_mark(const struct p25_policy *policy, u8 owner);
bool p25_sequence_has_changed(const struct p25_policy *policy, u64 mark,
			      u8 owner);

#endif /* _P25_SEQUENCE_H */
