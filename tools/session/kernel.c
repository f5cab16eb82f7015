// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's entries of sessions. Each call changes one entry: that needs no
 * grace period, and so takes some microseconds.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "enforce.h"
#include "log.h"
#include "store.h"

/* kernel_open - Return: false if there is no module; that has been logged, once */
bool kernel_open(struct desk *desk)
{
	int err;

	if (desk->p25)
		return true;
	desk->p25 = p25_open();
	err = desk->p25 ? p25_ready(desk->p25) : -ENOMEM;
	if (!err) {
		desk->complained = false;
		return true;
	}
	if (!desk->complained)
		log_problem("%s: sessions get no entries until \"p25-session sync\"",
			    err == -ENOENT ? "the kernel module p25 is not loaded" :
			    err == -EPERM ? "not permitted: CAP_NET_ADMIN is missing" :
			    desk->p25 ? p25_error(desk->p25) : strerror(ENOMEM));
	desk->complained = true;
	desk_close(desk);
	return false;
}

/* If the module is replaced, the next event has a new handle. */
static int result(struct desk *desk, int err)
{
	if (err == -ENODEV)
		desk_close(desk);
	return err;
}

static struct p25_entry entry_of(enum p25_kind kind,
				 const struct p25_prefix *prefix)
{
	struct p25_entry entry = { .kind = kind, .prefix = *prefix };

	strcpy(entry.owner, SESSION_OWNER);
	return entry;
}

/* kernel_add - Return: 0 or a negative errno value; that has been logged */
int kernel_add(struct desk *desk, const struct session *session,
	       const struct p25_prefix *prefix)
{
	struct p25_entry entry = entry_of(session->kind, prefix);
	int64_t left = session->until - desk->now;
	int err;

	if (!kernel_open(desk))
		return -ENODEV;
	entry.timeout = left < 1 ? 1 : left > P25_TIMEOUT_MAX ? P25_TIMEOUT_MAX :
								left;
	strcpy(entry.comment, session->session);
	err = p25_add(desk->p25, &entry, 1);
	if (err)
		log_problem("%s: can't add: %s", session->session,
			    p25_error(desk->p25));
	return result(desk, err);
}

/* kernel_del - delete an entry, only if it is that session's; @session NULL: in any case */
void kernel_del(struct desk *desk, enum p25_kind kind,
		const struct p25_prefix *prefix, const char *session)
{
	struct p25_entry entry = entry_of(kind, prefix);
	int err;

	if (!kernel_open(desk))
		return;
	if (session) {
		entry.if_comment = true;
		snprintf(entry.comment, sizeof(entry.comment), "%s", session);
	}
	err = p25_del(desk->p25, &entry, 1, true);
	if (err)
		log_problem("can't delete: %s", p25_error(desk->p25));
	result(desk, err);
}

/*
 * kernel_check - what decides about the prefix's first address
 * @as_relay: and is that one a relay's?
 *
 * Return: 0 or a negative errno value.
 */
int kernel_check(struct desk *desk, const struct p25_prefix *prefix,
		 bool as_relay, struct p25_judgement *judgement)
{
	struct p25_prefix first = *prefix;
	int err;

	if (!kernel_open(desk))
		return -ENODEV;
	first.len = first.family == AF_INET ? 32 : 128;
	err = p25_check(desk->p25, &first, as_relay ? &first : NULL, judgement);
	return result(desk, err);
}

/* desk_close - close the handle */
void desk_close(struct desk *desk)
{
	p25_close(desk->p25);
	desk->p25 = NULL;
}
