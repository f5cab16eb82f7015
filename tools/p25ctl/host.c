// SPDX-License-Identifier: GPL-2.0
/*
 * Relays by host name.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "ctl.h"
#include "host.h"
#include "quote.h"
#include "report.h"
#include "targets.h"

/*
 * is_host - can this word only be a host name?
 *
 * Letters, digits, '-', '_' and '.', and a letter in the last label: what has
 * none, 300.1.1.1 or 198.51.100 say, is a malformed address. So is what
 * getaddrinfo(3) takes for an address, 0xc6336407 say.
 */
bool is_host(const char *word)
{
	const char *last = word;
	struct in_addr in;
	const char *at;

	for (at = word; *at; at++) {
		if (!isascii(*at) ||
		    (!isalnum((unsigned char)*at) && !strchr("-_.", *at)))
			return false;
		if (*at == '.' && at[1])
			last = at + 1;
	}
	if (*word == '-' || *word == '.' || inet_aton(word, &in))
		return false;
	for (; *last; last++) {
		if (isalpha((unsigned char)*last))
			return true;
	}
	return false;
}

static void from_v6(const uint8_t *addr, struct p25_prefix *prefix)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool v4 = !memcmp(addr, mapped, sizeof(mapped));

	prefix->family = v4 ? AF_INET : AF_INET6;
	prefix->len = v4 ? 32 : 128;
	memcpy(prefix->addr, v4 ? addr + 12 : addr, v4 ? 4 : 16);
}

static bool from_sockaddr(const struct sockaddr *from,
			  struct p25_prefix *prefix)
{
	const struct sockaddr_in6 *in6 = (const void *)from;
	const struct sockaddr_in *in = (const void *)from;

	memset(prefix, 0, sizeof(*prefix));
	if (from->sa_family == AF_INET6) {
		from_v6(in6->sin6_addr.s6_addr, prefix);
	} else if (from->sa_family == AF_INET) {
		prefix->family = AF_INET;
		prefix->len = 32;
		memcpy(prefix->addr, &in->sin_addr, 4);
	}
	return prefix->family;
}

static bool is_known(const struct entries *list, size_t first,
		     const struct p25_prefix *prefix)
{
	for (; first < list->n; first++) {
		if (!p25_prefix_cmp(&list->v[first].prefix, prefix))
			return true;
	}
	return false;
}

/*
 * Of a name that has no other dot, the last one only says that it is meant to be
 * one: the resolver is to look for it as for any local name.
 */
static void lookup_name(const char *name, char to[NI_MAXHOST])
{
	size_t len = snprintf(to, NI_MAXHOST, "%s", name);

	if (len < NI_MAXHOST && strchr(name, '.') == name + len - 1)
		to[len - 1] = '\0';
}

/*
 * host_resolve - append an entry for each address of a host
 *
 * The comment is the name, as far as there is room.
 */
int host_resolve(const struct ctl *c, const char *word, struct entries *list)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *all, *one;
	struct p25_prefix prefix;
	struct p25_entry *entry;
	size_t first = list->n;
	char name[NI_MAXHOST];
	int err;

	/* A name server takes long, or doesn't answer. */
	if (c->bad)
		return DONE;
	lookup_name(word, name);
	err = getaddrinfo(name, NULL, &hints, &all);
	if (err)
		return report_failure(c, "looking up the host %s: %s", quote(word),
				      gai_strerror(err));
	for (one = all; one; one = one->ai_next) {
		if (!from_sockaddr(one->ai_addr, &prefix) ||
		    is_known(list, first, &prefix))
			continue;
		entry = entries_new(c, list);
		if (!entry)
			break;
		entry->prefix = prefix;
		snprintf(entry->comment, sizeof(entry->comment), "%.*s",
			 P25_COMMENT_MAXLEN, name);
	}
	freeaddrinfo(all);
	return one ? FAILED : DONE;
}
