// SPDX-License-Identifier: GPL-2.0
/*
 * The names that people give to columns of a table, and to keys in JSON.
 */
#include <ctype.h>
#include <string.h>

#include "convert_keys.h"
#include "ctl.h"
#include "remaining.h"
#include "timestamp.h"
#include "words.h"

/*
 * In lower case, and letters and digits alone: "IP Address" is ipaddress. Of those
 * that may be the comment, the first one in this order is it.
 */
static const struct {
	const char *name;
	enum key key;
} keys[] = {
	{ "ip", KEY_ADDRESS },
	{ "ipaddress", KEY_ADDRESS },
	{ "ipaddr", KEY_ADDRESS },
	{ "address", KEY_ADDRESS },
	{ "addr", KEY_ADDRESS },
	{ "prefix", KEY_ADDRESS },
	{ "ipprefix", KEY_ADDRESS },
	{ "cidr", KEY_ADDRESS },
	{ "network", KEY_ADDRESS },
	{ "subnet", KEY_ADDRESS },
	{ "net", KEY_ADDRESS },
	{ "range", KEY_ADDRESS },
	{ "iprange", KEY_ADDRESS },
	{ "staticip", KEY_ADDRESS },
	{ "publicip", KEY_ADDRESS },
	{ "ip4", KEY_ADDRESS },
	{ "ipv4", KEY_ADDRESS },
	{ "ipv4address", KEY_ADDRESS },
	{ "ipv4prefix", KEY_ADDRESS },
	{ "ipv4cidr", KEY_ADDRESS },
	{ "ip6", KEY_ADDRESS },
	{ "ipv6", KEY_ADDRESS },
	{ "ipv6address", KEY_ADDRESS },
	{ "ipv6prefix", KEY_ADDRESS },
	{ "ipv6cidr", KEY_ADDRESS },
	{ "framedipaddress", KEY_ADDRESS },
	{ "framedipv6address", KEY_ADDRESS },
	{ "framedipv6prefix", KEY_ADDRESS },
	{ "delegatedipv6prefix", KEY_ADDRESS },
	{ "val", KEY_ADDRESS },
	{ "timeout", KEY_TIMEOUT },
	{ "ttl", KEY_TIMEOUT },
	{ "expires", KEY_EXPIRES },
	{ "expiresat", KEY_EXPIRES },
	{ "expiry", KEY_EXPIRES },
	{ "expiration", KEY_EXPIRES },
	{ "validuntil", KEY_EXPIRES },
	{ "until", KEY_EXPIRES },
	{ "comment", KEY_COMMENT },
	{ "comments", KEY_COMMENT },
	{ "description", KEY_COMMENT },
	{ "reason", KEY_COMMENT },
	{ "note", KEY_COMMENT },
	{ "notes", KEY_COMMENT },
	{ "remark", KEY_COMMENT },
	{ "sblid", KEY_COMMENT },
	{ "account", KEY_COMMENT },
	{ "acct", KEY_COMMENT },
	{ "accountid", KEY_COMMENT },
	{ "customer", KEY_COMMENT },
	{ "customername", KEY_COMMENT },
	{ "subscriber", KEY_COMMENT },
	{ "username", KEY_COMMENT },
	{ "user", KEY_COMMENT },
	{ "circuitid", KEY_COMMENT },
	{ "circuitname", KEY_COMMENT },
	{ "label", KEY_COMMENT },
	{ "name", KEY_COMMENT },
	{ "id", KEY_COMMENT },
};

#define NAME_ROOM 32

/* key_parse - what this is the name of; @rank: of several comments, the least counts */
enum key key_parse(const char *name, unsigned int *rank)
{
	char plain[NAME_ROOM];
	size_t n = 0, i;

	for (; *name && n < NAME_ROOM - 1; name++) {
		if (isalnum((unsigned char)*name))
			plain[n++] = tolower((unsigned char)*name);
	}
	plain[n] = '\0';
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		if (is_word(plain, keys[i].name)) {
			*rank = i;
			return keys[i].key;
		}
	}
	return KEY_OTHER;
}

/* Seconds since 1970 are many; what is left, as nft has it, is not. */
#define SURELY_A_MOMENT 1000000000

/*
 * key_expiry - read a value that says when it expires
 *
 * What is left counts more than what it was in the beginning. Return: false if it
 * is not understood
 */
bool key_expiry(enum key key, const char *value, struct found *found)
{
	bool has_expires = found->expires ||
			   (found->has_timeout && key == KEY_TIMEOUT);
	uint64_t seconds;
	int64_t moment;
	const char *why;

	if (!*value || has_expires)
		return true;
	if (key == KEY_EXPIRES && !timestamp_parse(value, &moment, &why)) {
		found->expires = moment > 0 ? moment : 1;
		found->has_timeout = false;
		return true;
	}
	if (remaining_parse(value, &seconds))
		return false;
	if (key == KEY_EXPIRES && seconds >= SURELY_A_MOMENT) {
		found->expires = seconds;
		found->has_timeout = false;
		return true;
	}
	found->timeout = seconds;
	found->has_timeout = key == KEY_EXPIRES || seconds;
	return true;
}
