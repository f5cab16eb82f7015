// SPDX-License-Identifier: GPL-2.0
/*
 * Prefixes as text.
 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "export.h"
#include "libp25.h"
#include "utf8.h"

/* The longest word that is repeated in a message. */
#define WORD_SHOWN 60

static __thread char reason[P25_ERROR_LEN];

/* Sets the message: the word in quotes, and what is wrong with it. */
static int __printf(3, 4)
refuse(const char **why, const char *text, const char *format, ...)
{
	va_list args;
	size_t n;

	if (!why)
		return -EINVAL;
	n = stpcpy(reason, "invalid prefix ") - reason;
	n += p25_utf8_quote(reason + n, WORD_SHOWN, text);
	n = stpcpy(reason + n, ": ") - reason;
	va_start(args, format);
	vsnprintf(reason + n, sizeof(reason) - n, format, args);
	va_end(args);
	*why = reason;
	return -EINVAL;
}

static void clear_host_bits(struct p25_prefix *prefix)
{
	size_t at = prefix->len / 8;

	if (prefix->len % 8)
		prefix->addr[at++] &= ~(0xff >> prefix->len % 8);
	memset(prefix->addr + at, 0, sizeof(prefix->addr) - at);
}

/* RFC 4291, 2.5.5.2: ::ffff:0:0/96 */
static bool is_mapped(const struct p25_prefix *prefix)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	return prefix->family == AF_INET6 && prefix->len >= 96 &&
	       !memcmp(prefix->addr, mapped, sizeof(mapped));
}

static struct p25_prefix unmapped(const struct p25_prefix *prefix)
{
	struct p25_prefix v4 = { .family = AF_INET, .len = prefix->len - 96 };

	memcpy(v4.addr, prefix->addr + 12, 4);
	clear_host_bits(&v4);
	return v4;
}

/* Decimal digits only, no leading zeros; -1 if it is anything else. */
static int parse_length(const char *text)
{
	int value = 0;
	size_t i;

	if (text[0] == '0' && text[1])
		return -1;
	for (i = 0; text[i] && i < 4; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + text[i] - '0';
	}
	return i && !text[i] ? value : -1;
}

/* One to three digits, no leading zeros, at most 255; NULL if it is none. */
static const char *parse_octet(const char *text, uint8_t *octet)
{
	unsigned int value = 0;
	const char *at = text;

	while (*at >= '0' && *at <= '9' && at - text < 3)
		value = value * 10 + *at++ - '0';
	if (at == text || value > 255 || (*text == '0' && at - text > 1))
		return NULL;
	*octet = value;
	return at;
}

/*
 * What inet_pton(3) takes for IPv4, in a fraction of the time: lists of
 * subscribers are long. Return: what follows the address, NULL if it is none.
 */
static const char *parse_ipv4(const char *text, uint8_t addr[4])
{
	int i;

	for (i = 0; text && i < 4; i++) {
		if (i && *text++ != '.')
			return NULL;
		text = parse_octet(text, &addr[i]);
	}
	return text && (!*text || *text == '/') ? text : NULL;
}

static const char *parse_ipv6(const char *text, uint8_t addr[16])
{
	size_t len = strcspn(text, "/");
	char copy[INET6_ADDRSTRLEN];

	if (len >= sizeof(copy))
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return inet_pton(AF_INET6, copy, addr) == 1 ? text + len : NULL;
}

/* Return: what follows the address, "" or "/LENGTH"; NULL if it is none. */
static const char *parse_address(const char *text, struct p25_prefix *prefix)
{
	const char *end;

	memset(prefix, 0, sizeof(*prefix));
	prefix->family = AF_INET;
	prefix->len = 32;
	end = parse_ipv4(text, prefix->addr);
	if (end)
		return end;
	prefix->family = AF_INET6;
	prefix->len = 128;
	return parse_ipv6(text, prefix->addr);
}

P25_EXPORT int p25_prefix_parse(const char *text, struct p25_prefix *prefix,
				const char **why)
{
	char hint[P25_PREFIX_STRLEN];
	struct p25_prefix masked;
	const char *slash;
	int len, max;

	slash = parse_address(text, prefix);
	if (!slash)
		return refuse(why, text, "not an IPv4 or IPv6 %s",
			      strchr(text, '/') ? "prefix" :
						  "address or prefix");
	max = prefix->len;
	len = *slash ? parse_length(slash + 1) : max;
	if (len < 0 || len > max)
		return refuse(why, text, "the length must be 0 to %d",
			      max);
	prefix->len = len;
	masked = is_mapped(prefix) ? unmapped(prefix) : *prefix;
	if (is_mapped(prefix))
		return refuse(why, text, "IPv4-mapped; write %s",
			      p25_prefix_format(&masked, hint));
	clear_host_bits(&masked);
	if (memcmp(masked.addr, prefix->addr, sizeof(masked.addr)))
		return refuse(why, text, "host bits set; did you mean %s?",
			      p25_prefix_format(&masked, hint));
	return 0;
}

/* Return: where it ends; there is no NUL. */
static char *format_byte(char *to, uint8_t value)
{
	if (value >= 100)
		*to++ = '0' + value / 100;
	if (value >= 10)
		*to++ = '0' + value / 10 % 10;
	*to++ = '0' + value % 10;
	return to;
}

/* By hand, as it is read: inet_ntop(3) would call printf(3). */
static char *format_ipv4(char *to, const uint8_t addr[4])
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i)
			*to++ = '.';
		to = format_byte(to, addr[i]);
	}
	return to;
}

P25_EXPORT char *p25_prefix_format(const struct p25_prefix *prefix,
				   char text[P25_PREFIX_STRLEN])
{
	bool v6 = prefix->family == AF_INET6;
	char *to = text;

	if (!v6)
		to = format_ipv4(to, prefix->addr);
	else if (inet_ntop(AF_INET6, prefix->addr, text, P25_PREFIX_STRLEN))
		to += strlen(text);
	if (prefix->len < (v6 ? 128 : 32)) {
		*to++ = '/';
		to = format_byte(to, prefix->len);
	}
	*to = '\0';
	return text;
}

P25_EXPORT int p25_prefix_cmp(const struct p25_prefix *a,
			      const struct p25_prefix *b)
{
	int order;

	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	order = memcmp(a->addr, b->addr, a->family == AF_INET ? 4 : 16);
	return order ? order : (int)a->len - (int)b->len;
}
