// SPDX-License-Identifier: GPL-2.0
/*
 * What a session may not have, whoever says so: the world, a network that is no
 * subscriber's, a relay, what the abuse desk has blocked.
 */
#include <netinet/in.h>
#include <stdio.h>

#include "enforce.h"
#include "prefix_check.h"
#include "session_settings.h"

static bool is_within(const struct session_settings *settings,
		      const struct p25_prefix *prefix)
{
	size_t i;

	for (i = 0; i < settings->n_within; i++) {
		if (prefix_covers(&settings->within[i], prefix))
			return true;
	}
	return !settings->n_within;
}

static const char *refuse_by(const struct p25_judgement *judgement,
			     const struct p25_prefix *prefix)
{
	if (judgement->reason == P25_KIND_NONE)
		return "it is in no pool";
	if (!prefix_covers(&judgement->prefix, prefix))
		return "it isn't all in one pool";
	return NULL;
}

/*
 * A longer prefix beats a wider one: an exemption of a part of what the abuse desk has
 * blocked would lift that.
 */
static const char *refuse_exemption(struct context *ctx,
				    const struct p25_prefix *prefix)
{
	int blocked = kernel_is_blocked_around(ctx, prefix);

	if (blocked < 0)
		return "the kernel can't be asked";
	return blocked ? "a wider prefix is blocked, as \"p25ctl list\" of it shows" : NULL;
}

/*
 * bounds_refuse - why can a session not have this prefix?
 *
 * Return: the reason, or NULL: it can.
 */
const char *bounds_refuse(struct context *ctx, enum p25_kind kind,
			  const struct p25_prefix *prefix)
{
	const struct session_settings *settings = ctx->settings;
	struct p25_judgement judgement;
	const char *why;

	if (settings->broken)
		return "the settings have a mistake";
	if (!(settings->kinds & 1U << kind))
		return "sessions may not have this kind";
	if (prefix->len < (prefix->family == AF_INET ? settings->widest4 :
						       settings->widest6))
		return "it is wider than sessions may have";
	if (!is_within(settings, prefix))
		return "it isn't within the settings' prefixes";
	if (kernel_check(ctx, prefix, true, &judgement))
		return "the kernel can't be asked";
	if (judgement.reason == P25_KIND_RELAY)
		return "it is a relay's";
	if (kernel_check(ctx, prefix, false, &judgement))
		return "the kernel can't be asked";
	why = refuse_by(&judgement, prefix);
	if (!why && kind != P25_KIND_BLOCK)
		why = refuse_exemption(ctx, prefix);
	return why;
}
