// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of addresses: read from text, and taken apart into prefixes.
 */
#include <arpa/inet.h>
#include <string.h>

#include "address_range.h"

static unsigned int width(uint8_t family)
{
	return family == AF_INET ? 32 : 128;
}

/* The lowest @bits bits are set, up to 128 of them. */
static struct address low_bits(unsigned int bits)
{
	struct address mask = { 0 };

	if (bits > 64)
		mask.high = UINT64_MAX >> (128 - bits);
	if (bits)
		mask.low = bits >= 64 ? UINT64_MAX : UINT64_MAX >> (64 - bits);
	return mask;
}

static struct address address_of(uint8_t family, const uint8_t *bytes)
{
	struct address address = { 0 };
	size_t n = width(family) / 8, i;

	for (i = 0; i < n; i++) {
		address.high = address.high << 8 | address.low >> 56;
		address.low = address.low << 8 | bytes[i];
	}
	return address;
}

static void address_bytes(uint8_t family, struct address address, uint8_t *bytes)
{
	size_t i = width(family) / 8;

	while (i--) {
		bytes[i] = address.low;
		address.low = address.low >> 8 | address.high << 56;
		address.high >>= 8;
	}
}

/*
 * range_widen - all addresses of the prefixes with that length that its ends are in
 * @len: not longer than the family's addresses
 */
void range_widen(struct address_range *range, unsigned int len)
{
	struct address hosts = low_bits(width(range->family) - len);

	range->first.high &= ~hosts.high;
	range->first.low &= ~hosts.low;
	range->last.high |= hosts.high;
	range->last.low |= hosts.low;
}

/* range_of_prefix - the addresses of a prefix */
void range_of_prefix(const struct p25_prefix *prefix,
		     struct address_range *range)
{
	range->family = prefix->family;
	range->first = address_of(prefix->family, prefix->addr);
	range->last = range->first;
	range_widen(range, prefix->len);
}

/* range_is_wider - are there more addresses in it than in a prefix of that length? */
bool range_is_wider(const struct address_range *range, unsigned int len)
{
	struct address most = low_bits(width(range->family) - len);
	struct address size = {
		range->last.high - range->first.high -
			(range->last.low < range->first.low),
		range->last.low - range->first.low,
	};

	return address_cmp(&size, &most) > 0;
}

/* An address without anything else; IPv4-mapped ones are the IPv4 ones that they are. */
static int parse_address(const char *text, struct address_range *range,
			 unsigned int *how, const char **why)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct p25_prefix prefix;
	uint8_t bytes[16];

	if (p25_prefix_parse(text, &prefix, why)) {
		if (inet_pton(AF_INET6, text, bytes) != 1 ||
		    memcmp(bytes, mapped, sizeof(mapped)))
			return -1;
		prefix = (struct p25_prefix){ .family = AF_INET, .len = 32 };
		memcpy(prefix.addr, bytes + 12, 4);
		*how |= RANGE_MAPPED;
	}
	range_of_prefix(&prefix, range);
	return 0;
}

/* 255.255.255.0: 24; -1 if it is no netmask */
static int netmask_length(const char *text)
{
	struct in_addr mask;
	uint32_t hosts;

	if (inet_pton(AF_INET, text, &mask) != 1)
		return -1;
	hosts = ~ntohl(mask.s_addr);
	return hosts & (hosts + 1) ? -1 : 32 - __builtin_popcount(hosts);
}

/* Decimal digits only; -1 if it is anything else. */
static int parse_length(const char *text)
{
	int value = 0;
	size_t i;

	for (i = 0; text[i] && i < 4; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + text[i] - '0';
	}
	return i && !text[i] ? value : -1;
}

static int take_length(const char *text, struct address_range *range,
		       unsigned int *how)
{
	struct address first = range->first;
	int len = parse_length(text);

	/* ::ffff:192.0.2.0/120 */
	if (len >= 96 && *how & RANGE_MAPPED)
		len -= 96;
	if (len < 0 && range->family == AF_INET && !(*how & RANGE_MAPPED)) {
		len = netmask_length(text);
		*how |= RANGE_NETMASK;
	}
	if (len < 0 || len > (int)width(range->family))
		return -1;
	range_widen(range, len);
	if (address_cmp(&first, &range->first))
		*how |= RANGE_MASKED;
	return 0;
}

/* FIRST-LAST; they may be the same */
static int parse_bounds(const char *first, const char *last,
			struct address_range *range, unsigned int *how,
			const char **why)
{
	struct address_range end;

	if (parse_address(first, range, how, why) ||
	    parse_address(last, &end, how, why))
		return -1;
	*how |= RANGE_BOUNDS;
	range->last = end.last;
	*why = "the range begins in one family and ends in another";
	if (range->family != end.family)
		return -1;
	*why = "the range ends before it begins";
	return address_cmp(&range->first, &range->last) > 0 ? -1 : 0;
}

/*
 * range_parse - read "ADDRESS", "ADDRESS/LENGTH", "ADDRESS/NETMASK" or "ADDRESS-ADDRESS"
 * @text: is written to, and is as it was in the end
 * @how: RANGE_..., of what is not as a policy file has it
 * @why: what is wrong, if anything is: of an address, what p25_prefix_parse() says
 *
 * Return: 0, or -1
 */
int range_parse(char *text, struct address_range *range, unsigned int *how,
		const char **why)
{
	char *behind = text + strcspn(text, "/-"), separator = *behind;
	int err;

	*how = 0;
	if (!separator)
		return parse_address(text, range, how, why);
	*behind = '\0';
	if (separator == '-') {
		err = parse_bounds(text, behind + 1, range, how, why);
	} else {
		err = parse_address(text, range, how, why);
		if (!err) {
			err = take_length(behind + 1, range, how);
			*why = range->family == AF_INET ?
				       "the length must be 0 to 32" :
				       "the length must be 0 to 128";
		}
	}
	*behind = separator;
	return err;
}

/* Zero bits at the end of an address. */
static unsigned int trailing_zeros(const struct address *address)
{
	if (address->low)
		return __builtin_ctzll(address->low);
	return address->high ? 64 + __builtin_ctzll(address->high) : 128;
}

/* The last address of a prefix with so many bits behind it. */
static struct address last_of(const struct address *first, unsigned int bits)
{
	struct address hosts = low_bits(bits);

	return (struct address){ first->high | hosts.high,
				 first->low | hosts.low };
}

/*
 * range_next_prefix - take the largest prefix off its beginning
 *
 * Called until there is none left, it gives the fewest prefixes that make up the
 * range. Return: false if there was none.
 */
bool range_next_prefix(struct address_range *rest, struct p25_prefix *prefix)
{
	unsigned int most = width(rest->family);
	unsigned int bits = trailing_zeros(&rest->first);
	struct address last;

	if (address_cmp(&rest->first, &rest->last) > 0)
		return false;
	if (bits > most)
		bits = most;
	for (;; bits--) {
		last = last_of(&rest->first, bits);
		if (address_cmp(&last, &rest->last) <= 0)
			break;
	}
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = rest->family;
	prefix->len = most - bits;
	address_bytes(rest->family, rest->first, prefix->addr);
	if (!address_cmp(&last, &rest->last)) {
		/* There may be no address behind it: empty. */
		rest->first = (struct address){ 0, 1 };
		rest->last = (struct address){ 0, 0 };
		return true;
	}
	rest->first.low = last.low + 1;
	rest->first.high = last.high + !rest->first.low;
	return true;
}
