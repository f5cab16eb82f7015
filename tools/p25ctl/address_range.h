/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ranges of addresses, from one to another: what sets and lists of other programs
 * have beside prefixes.
 */
#ifndef _ADDRESS_RANGE_H
#define _ADDRESS_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "libp25.h"

/**
 * struct address - an address as a number
 * @high: the upper 64 bits of an IPv6 address, 0 of an IPv4 one
 * @low: the lower 64 bits, or the 32 of IPv4
 */
struct address {
	uint64_t high;
	uint64_t low;
};

/**
 * struct address_range - addresses that follow each other
 * @family: AF_INET or AF_INET6
 * @first: the first of them
 * @last: the last of them
 */
struct address_range {
	uint8_t family;
	struct address first;
	struct address last;
};

/* What is not as a prefix in a policy file must be. */
enum {
	RANGE_MASKED = 1,	/* host bits were set, and are not any more */
	RANGE_MAPPED = 2,	/* it was an IPv4-mapped IPv6 address */
	RANGE_BOUNDS = 4,	/* it was a first and a last address */
	RANGE_NETMASK = 8,	/* it had a netmask in place of a length */
};

static inline int address_cmp(const struct address *a, const struct address *b)
{
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return (a->low > b->low) - (a->low < b->low);
}

/* Are there addresses in @b that come right behind @a, or are in both? */
static inline bool range_reaches(const struct address *last,
				 const struct address *first)
{
	struct address next = { last->high + (last->low == UINT64_MAX),
				last->low + 1 };

	return address_cmp(first, last) <= 0 || !address_cmp(first, &next);
}

/* Does @inner lie in @outer? It may be the same */
static inline bool range_covers(const struct address_range *outer,
				const struct address_range *inner)
{
	return outer->family == inner->family &&
	       address_cmp(&outer->first, &inner->first) <= 0 &&
	       address_cmp(&outer->last, &inner->last) >= 0;
}

int range_parse(char *text, struct address_range *range, unsigned int *how,
		const char **why);
void range_of_prefix(const struct p25_prefix *prefix,
		     struct address_range *range);
void range_widen(struct address_range *range, unsigned int len);
bool range_is_wider(const struct address_range *range, unsigned int len);
bool range_next_prefix(struct address_range *rest, struct p25_prefix *prefix);

#endif /* _ADDRESS_RANGE_H */
