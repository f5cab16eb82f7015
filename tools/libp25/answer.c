// SPDX-License-Identifier: GPL-2.0
/*
 * Whole messages that the kernel answers with: SHOW, CHECK, and a refusal.
 */
#include <assert.h>
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

#include "answer.h"
#include "decode.h"
#include "libp25.h"

/* The longest enumeration whose values are types in a nest of numbers. */
#define NUMBERS_MAX P25_COUNTER_MAX
static_assert((int)P25_KIND_MAX <= (int)NUMBERS_MAX, "kinds need more room");

/* What a module that is older does not have. */
static int decode_later_settings(struct nlattr **a, struct p25_settings *set)
{
	set->has_senders = a[P25_A_SENDERS];
	if (set->has_senders &&
	    p25_decode_number(a[P25_A_SENDERS], &set->senders,
			      sizeof(set->senders)))
		return -EBADMSG;
	set->has_guard = a[P25_A_GUARD];
	if (!set->has_guard)
		return 0;
	if (p25_decode_guard(a[P25_A_GUARD], &set->guard) ||
	    p25_decode_number(a[P25_A_GUARD_FOR], &set->guard_for,
			      sizeof(set->guard_for)))
		return -EBADMSG;
	return 0;
}

int p25_decode_settings(struct nlattr **a, struct p25_settings *set)
{
	uint8_t action, inbound;

	if (p25_decode_number(a[P25_A_ACTION], &action, sizeof(action)) ||
	    p25_decode_number(a[P25_A_INBOUND], &inbound, sizeof(inbound)) ||
	    p25_decode_number(a[P25_A_LIMIT], &set->limit,
			      sizeof(set->limit)) ||
	    action > P25_ACTION_MAX || inbound > 1)
		return -EBADMSG;
	set->action = action;
	set->inbound = inbound;
	set->has_action = true;
	set->has_inbound = true;
	set->has_limit = true;
	return decode_later_settings(a, set);
}

/* What modules from the first one on count. A later counter may be missing. */
#define COUNTERS_EVER P25_COUNTER_LATER_FRAGMENT

/*
 * A nest whose attribute types are an enumeration's values, from @first to
 * @max, all numbers of @size bytes: into the array @to. Up to @ever, every one
 * must be there.
 */
static int decode_numbers(struct nlattr *nest, int first, int ever, int max,
			  int size, void *to)
{
	struct nlattr *a[NUMBERS_MAX + 1];
	int i;

	if (!nest || p25_decode_attrs(a, max, nla_data(nest), nla_len(nest)))
		return -EBADMSG;
	for (i = first; i <= max; i++) {
		if (!a[i] && i > ever)
			continue;
		if (p25_decode_number(a[i], (char *)to + i * size, size))
			return -EBADMSG;
	}
	return 0;
}

static int take_owner(struct nlattr *nest, void *arg)
{
	struct nlattr *a[P25_A_OWNER_MAX + 1];
	struct p25_status *status = arg;
	struct p25_owner_entries *to = &status->owners[status->n_owners];

	if (status->n_owners == P25_OWNERS_MAX ||
	    p25_decode_attrs(a, P25_A_OWNER_MAX, nla_data(nest), nla_len(nest)) ||
	    !a[P25_A_OWNER_NAME] ||
	    p25_decode_string(a[P25_A_OWNER_NAME], to->owner, sizeof(to->owner)) ||
	    p25_decode_number(a[P25_A_OWNER_N], &to->entries, sizeof(to->entries)))
		return -EBADMSG;
	status->n_owners++;
	return 0;
}

/* What a module that is older does not tell. */
static int decode_health(struct nlmsghdr *nlh, struct nlattr **a,
			 struct p25_status *status)
{
	uint8_t hooked;

	if (!a[P25_A_HOOKED])
		return 0;
	if (p25_decode_number(a[P25_A_HOOKED], &hooked, sizeof(hooked)) || hooked > 1 ||
	    p25_decode_number(a[P25_A_GUARD_BLOCKS], &status->guard_blocks,
			      sizeof(status->guard_blocks)) ||
	    p25_decode_number(a[P25_A_GUARD_MISSED], &status->guard_missed,
			      sizeof(status->guard_missed)))
		return -EBADMSG;
	status->has_hooked = true;
	status->hooked = hooked;
	if (a[P25_A_COUNTED] &&
	    p25_decode_number(a[P25_A_COUNTED], &status->counted,
			      sizeof(status->counted)))
		return -EBADMSG;
	return p25_decode_each(nlh, P25_A_OWNER_ENTRIES, take_owner, status);
}

int p25_decode_status(struct nlmsghdr *nlh, struct p25_status *status)
{
	struct nlattr *a[P25_A_MAX + 1];

	memset(status, 0, sizeof(*status));
	if (p25_decode_message(a, nlh) ||
	    p25_decode_settings(a, &status->settings) ||
	    p25_decode_number(a[P25_A_MEMORY], &status->memory,
			      sizeof(status->memory)) ||
	    decode_numbers(a[P25_A_ENTRIES], P25_KIND_NONE + 1, P25_KIND_MAX,
			   P25_KIND_MAX, sizeof(*status->entries),
			   status->entries) ||
	    decode_numbers(a[P25_A_COUNTERS], P25_COUNTER_PAD + 1,
			   COUNTERS_EVER, P25_COUNTER_MAX,
			   sizeof(*status->counters), status->counters))
		return -EBADMSG;
	if (a[P25_A_SINCE] &&
	    p25_decode_number(a[P25_A_SINCE], &status->since,
			      sizeof(status->since)))
		return -EBADMSG;
	return decode_health(nlh, a, status);
}

static int decode_verdict(const struct nlattr *attr, enum p25_verdict *verdict)
{
	uint8_t value;

	if (p25_decode_number(attr, &value, sizeof(value)) ||
	    value > P25_VERDICT_MAX)
		return -EBADMSG;
	*verdict = value;
	return 0;
}

/* The entry that decides; a module that is older says only kind and prefix. */
static int decode_decider(struct nlattr **a, struct p25_judgement *judgement)
{
	struct p25_entry *entry = &judgement->entry;

	if (p25_decode_prefix(a[P25_A_ADDR], a[P25_A_PREFIXLEN],
			      &judgement->prefix))
		return -EBADMSG;
	if (a[P25_A_ENTRY])
		return p25_decode_entry(a[P25_A_ENTRY], entry);
	entry->kind = judgement->reason;
	entry->prefix = judgement->prefix;
	return 0;
}

int p25_decode_judgement(struct nlmsghdr *nlh, struct p25_judgement *judgement)
{
	struct nlattr *a[P25_A_MAX + 1];
	uint8_t reason;

	memset(judgement, 0, sizeof(*judgement));
	if (p25_decode_message(a, nlh) ||
	    decode_verdict(a[P25_A_VERDICT], &judgement->verdict) ||
	    p25_decode_number(a[P25_A_REASON], &reason, sizeof(reason)) ||
	    reason > P25_KIND_MAX)
		return -EBADMSG;
	judgement->reason = reason;
	judgement->monitored = a[P25_A_WOULD];
	if (a[P25_A_WOULD] &&
	    decode_verdict(a[P25_A_WOULD], &judgement->would))
		return -EBADMSG;
	judgement->local = a[P25_A_LOCAL];
	return reason == P25_KIND_NONE ? 0 : decode_decider(a, judgement);
}

/* One line, whatever comes: it goes to a terminal or a log. */
static void copy_text(const struct nlattr *attr, char *to, size_t room)
{
	size_t i;

	nla_strlcpy(to, attr, room);
	for (i = 0; to[i]; i++) {
		if ((unsigned char)to[i] < ' ' || to[i] == 0x7f)
			to[i] = '?';
	}
}

static void decode_tlvs(struct nlmsghdr *nlh, int offset,
			struct p25_refusal *refusal)
{
	struct nlattr *a[NLMSGERR_ATTR_MAX + 1];

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || nlmsg_datalen(nlh) < offset)
		return;
	if (p25_decode_attrs(a, NLMSGERR_ATTR_MAX,
			     (struct nlattr *)((char *)nlmsg_data(nlh) + offset),
			     nlmsg_datalen(nlh) - offset))
		return;
	if (a[NLMSGERR_ATTR_MSG])
		copy_text(a[NLMSGERR_ATTR_MSG], refusal->text,
			  sizeof(refusal->text));
	if (p25_decode_number(a[NLMSGERR_ATTR_COOKIE], &refusal->cookie,
			      sizeof(refusal->cookie)))
		refusal->cookie = 0;
}

/* Where the extended ack begins: behind the request, if that is sent back. */
static int tlv_offset(struct nlmsghdr *nlh)
{
	struct nlmsgerr *error = nlmsg_data(nlh);
	int offset = sizeof(*error);

	if (nlmsg_datalen(nlh) < offset)
		return nlmsg_datalen(nlh);
	if (nlh->nlmsg_flags & NLM_F_CAPPED)
		return offset;
	if (error->msg.nlmsg_len < NLMSG_HDRLEN ||
	    error->msg.nlmsg_len > (unsigned int)nlmsg_datalen(nlh))
		return nlmsg_datalen(nlh);
	return offset + NLMSG_ALIGN(error->msg.nlmsg_len - NLMSG_HDRLEN);
}

/* As the kernel's MAX_ERRNO; what lies beyond, INT_MIN say, is no error. */
#define ERRNO_MAX 4095

/* p25_decode_refusal - read NLMSG_ERROR */
void p25_decode_refusal(struct nlmsghdr *nlh, struct p25_refusal *refusal)
{
	memset(refusal, 0, sizeof(*refusal));
	if (nlmsg_datalen(nlh) < (int)sizeof(int)) {
		refusal->err = -EBADMSG;
		return;
	}
	memcpy(&refusal->err, nlmsg_data(nlh), sizeof(refusal->err));
	if (refusal->err > 0 || refusal->err < -ERRNO_MAX)
		refusal->err = -EBADMSG;
	if (refusal->err)
		decode_tlvs(nlh, tlv_offset(nlh), refusal);
}
