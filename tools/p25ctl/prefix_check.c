// SPDX-License-Identifier: GPL-2.0
/*
 * What an entry may cover: no mail is forwarded from or to some addresses, and a prefix
 * that is very wide is a mistake most of the time.
 */
#include <string.h>
#include <sys/socket.h>

#include "ctl.h"
#include "entry_find.h"
#include "prefix_check.h"
#include "quote.h"
#include "report.h"

/* Shorter prefixes need --wide: no provider has as many addresses. */
#define WIDE_IPV4 8
#define WIDE_IPV6 16

/* What no router forwards, neither from there nor to there: see RFC 6890. */
static const struct {
	struct p25_prefix prefix;
	const char *what;
} unforwardable[] = {
	{ { AF_INET, 8, { 0 } }, "in 0.0.0.0/8, \"this network\"" },
	{ { AF_INET, 8, { 127 } }, "a loopback address" },
	{ { AF_INET, 4, { 224 } }, "multicast" },
	{ { AF_INET, 32, { 255, 255, 255, 255 } }, "broadcast" },
	{ { AF_INET6, 128, { 0 } }, "the unspecified address" },
	{ { AF_INET6, 128, { [15] = 1 } }, "the loopback address" },
	{ { AF_INET6, 10, { 0xfe, 0x80 } }, "link-local" },
	{ { AF_INET6, 8, { 0xff } }, "multicast" },
};

/* prefix_covers - does @inner lie in @outer? It may be the same */
bool prefix_covers(const struct p25_prefix *outer,
		   const struct p25_prefix *inner)
{
	unsigned int bytes = outer->len / 8, bits = outer->len % 8;

	if (outer->family != inner->family || outer->len > inner->len)
		return false;
	if (memcmp(outer->addr, inner->addr, bytes))
		return false;
	return !bits ||
	       (outer->addr[bytes] ^ inner->addr[bytes]) >> (8 - bits) == 0;
}

/* Few prefixes are: a quick test, for files of a million lines. */
static bool may_be_unforwardable(const struct p25_prefix *prefix)
{
	uint8_t first = prefix->addr[0];

	if (prefix->family == AF_INET)
		return !first || first == 127 || first >= 224;
	return !first || first >= 0xfe;
}

/* prefix_unforwardable - why no router forwards from or to it; NULL: one may */
const char *prefix_unforwardable(const struct p25_prefix *prefix)
{
	size_t i;

	if (!may_be_unforwardable(prefix))
		return NULL;
	for (i = 0; i < ARRAY_SIZE(unforwardable); i++) {
		if (prefix_covers(&unforwardable[i].prefix, prefix))
			return unforwardable[i].what;
	}
	return NULL;
}

/* prefix_wide_below - the length of the widest prefix that needs no --wide */
unsigned int prefix_wide_below(uint8_t family)
{
	return family == AF_INET ? WIDE_IPV4 : WIDE_IPV6;
}

/* --wide is given once, for the command or the whole file. */
static int refuse_wide(const struct ctl *c, const struct p25_entry *entry,
		       const char *text)
{
	const char *kind = c->file ? "" : p25_kind_name(entry->kind);
	const char *how = c->batch ? "-b ..." : c->file ? "apply ..." :
							 " add ...";

	if (!entry->prefix.len)
		return report_misuse(c,
				     "%s covers every address; if that is intended, use \"p25ctl --wide %s%s\"",
				     quote(text), kind, how);
	return report_misuse(c,
			     "%s is wider than a /%u; if that is intended, use \"p25ctl --wide %s%s\"",
			     quote(text), prefix_wide_below(entry->prefix.family), kind, how);
}

/*
 * prefix_check - may an entry cover what it does?
 *
 * An entry that is in force may be added again: so a policy can be saved and applied.
 *
 * Return: DONE or MISUSED
 */
int prefix_check(struct ctl *c, const struct p25_entry *entry)
{
	const struct p25_prefix *prefix = &entry->prefix;
	const char *what = prefix_unforwardable(prefix);
	bool wide = !c->wide && prefix->len < prefix_wide_below(prefix->family);
	char text[P25_PREFIX_STRLEN];

	if ((!what && !wide) || entry_find(c, entry, NULL))
		return DONE;
	p25_prefix_format(prefix, text);
	if (what)
		return report_misuse(c, "%s is %s: no mail is forwarded %s it",
				     quote(text), what,
				     entry->kind == P25_KIND_RELAY ? "to" : "from");
	return refuse_wide(c, entry, text);
}
