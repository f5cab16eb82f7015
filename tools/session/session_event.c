// SPDX-License-Identifier: GPL-2.0
/*
 * What all sources of events have in common: prefixes, marks, identifiers.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "session_event.h"
#include "log.h"
#include "quote.h"
#include "session_settings.h"
#include "siphash.h"
#include "utf8.h"

static void mask(struct p25_prefix *prefix)
{
	unsigned int bits = prefix->family == AF_INET ? 32 : 128, i;

	for (i = prefix->len; i < bits; i++)
		prefix->addr[i / 8] &= ~(0x80 >> i % 8);
}

/* "" is none. */
static bool read_length(const char *text, unsigned int most, unsigned int *len)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > 3 || text[digits])
		return false;
	*len = atoi(text);
	return *len <= most;
}

/*
 * prefix_read - read ADDRESS or ADDRESS/LENGTH
 *
 * accel-ppp gives a prefix with the interface identifier behind it: what is behind
 * the length is cleared. An IPv4-mapped IPv6 address is refused.
 */
bool prefix_read(const char *text, size_t len, struct p25_prefix *prefix)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char copy[64], *slash;
	unsigned int bits;

	if (!len || len >= sizeof(copy))
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash++ = '\0';
	memset(prefix, 0, sizeof(*prefix));
	prefix->family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(prefix->family, copy, prefix->addr) != 1)
		return false;
	bits = prefix->family == AF_INET ? 32 : 128;
	if (prefix->family == AF_INET6 && !memcmp(prefix->addr, mapped, 12))
		return false;
	if (slash && !read_length(slash, bits, &bits))
		return false;
	prefix->len = bits;
	mask(prefix);
	return true;
}

/* event_add_prefix - one more of the session's prefixes */
void event_add_prefix(struct event *event, const struct p25_prefix *prefix)
{
	char text[P25_PREFIX_STRLEN];
	size_t i;

	for (i = 0; i < event->n; i++) {
		if (!p25_prefix_cmp(&event->prefixes[i], prefix))
			return;
	}
	if (event->n == EVENT_PREFIXES)
		log_warning("%s: more than %d prefixes: %s is left out",
			    event->user, EVENT_PREFIXES,
			    p25_prefix_format(prefix, text));
	else
		event->prefixes[event->n++] = *prefix;
}

/*
 * event_add_text - a prefix, or a route that begins with one (RFC 2865, 5.22)
 *
 * A route without a length would be a network of class A, B or C by that RFC; nobody
 * is given one of those any more.
 */
void event_add_text(struct event *event, const char *text)
{
	size_t len = strcspn(text, " \t");
	struct p25_prefix prefix;

	if (prefix_read(text, len, &prefix) &&
	    (!text[len] || memchr(text, '/', len)))
		event_add_prefix(event, &prefix);
	else
		log_warning("%s: %s is no prefix", event->user, quote(text));
}

/* event_add_attribute - all prefixes of an attribute */
void event_add_attribute(struct event *event, const struct attributes *a,
			 const char *name)
{
	const char *value;
	size_t at = 0;

	while ((value = attributes_next(a, name, &at)))
		event_add_text(event, value);
}

/* event_has_control - a user who sends a line break could add lines to a file of attributes */
bool event_has_control(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	}
	return false;
}

static bool ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return n && len > n && !strcmp(text + len - n, end);
}

/* Of what says where an identifier comes from: the rest is for the identifier. */
#define SOURCE_MAXLEN 40

static const char prefix_of_mark[] = "p25-";

/* p25-optout, p25-static, p25-block; P25_KIND_NONE if it is none. */
static enum p25_kind kind_of_mark(const char *text)
{
	enum p25_kind kind;

	if (strncmp(text, prefix_of_mark, strlen(prefix_of_mark)))
		return P25_KIND_NONE;
	kind = p25_kind_parse(text + strlen(prefix_of_mark));
	return kind == P25_KIND_OPTOUT || kind == P25_KIND_STATIC ||
	       kind == P25_KIND_BLOCK ? kind : P25_KIND_NONE;
}

/* Octets, which FreeRADIUS prints as 0x7032..., whatever was meant by them. */
static const char *plain_class(const char *value, char plain[64])
{
	size_t i, len = strlen(value);

	if (strncmp(value, "0x", 2) || len % 2 || len / 2 > 63)
		return value;
	for (i = 1; i < len / 2; i++) {
		unsigned int byte;

		if (sscanf(value + 2 * i, "%2x", &byte) != 1)
			return value;
		plain[i - 1] = byte;
	}
	plain[i - 1] = '\0';
	return plain;
}

/* A block beats what exempts: it is what must not be missed. */
static void mark_as(struct event *event, enum p25_kind kind)
{
	if (kind == P25_KIND_NONE || event->kind == P25_KIND_BLOCK)
		return;
	if (event->kind == P25_KIND_STATIC && kind == P25_KIND_OPTOUT)
		return;
	event->kind = kind;
	event->marked = true;
}

static void mark_by(struct event *event, const struct attributes *a,
		    const char *name)
{
	char plain[64];
	const char *value;
	size_t at = 0;

	while ((value = attributes_next(a, name, &at))) {
		const char *mark = plain_class(value, plain);
		enum p25_kind kind = kind_of_mark(mark);

		mark_as(event, kind);
		if (!kind && !strncmp(mark, prefix_of_mark, strlen(prefix_of_mark)))
			log_warning("%s: %s is not known: p25-optout, p25-static, p25-block",
				    event->user, quote(mark));
	}
}

/*
 * event_mark - what does this session get?
 * @user: the user name, NULL if there is none
 */
void event_mark(struct event *event, const struct session_settings *settings,
		const struct attributes *a, const char *user)
{
	bool odd = user && event_has_control(user);

	if (user && ends_in(user, settings->suffix))
		mark_as(event, P25_KIND_OPTOUT);
	mark_by(event, a, "FILTER_ID");
	mark_by(event, a, "RADIUS_FILTER_ID");
	mark_by(event, a, "CLASS");
	if (odd) {
		log_warning("%s: a control character is in this user name: nothing is opened",
			    event->user);
		/* Whom RADIUS has blocked is blocked, whatever he is called. */
		if (event->kind != P25_KIND_BLOCK)
			event->kind = P25_KIND_NONE;
	}
	if (event->kind && !(settings->kinds & 1U << event->kind)) {
		log_warning("%s: sessions may not have \"%s\" here", event->user,
			    p25_kind_name(event->kind));
		event->kind = P25_KIND_NONE;
	}
}

/* What may be part of a comment and of a file's name. */
static bool is_plain(const char *text)
{
	if (!*text || *text == '.')
		return false;
	for (; *text; text++) {
		if (!isalnum((unsigned char)*text) && !strchr("._:@+-", *text))
			return false;
	}
	return true;
}

/* event_source_valid - may an identifier begin with this? */
bool event_source_valid(const char *source)
{
	return is_plain(source) && strlen(source) <= SOURCE_MAXLEN;
}

/*
 * event_name_session - the identifier: where it comes from, and what it is there
 *
 * An id that is too long or has odd characters is replaced by a hash of it. Return:
 * false if there is no id.
 */
bool event_name_session(struct event *event, const char *source, const char *id)
{
	static const uint64_t key[2] = { 0x7032352d73657373, 0x696f6e };
	size_t room = sizeof(event->session);

	if (!*id || !event_source_valid(source))
		return false;
	if (!is_plain(id) ||
	    (size_t)snprintf(event->session, room, "%s %s", source, id) >= room)
		snprintf(event->session, room, "%s +%016llx", source,
			 (unsigned long long)p25_siphash(id, strlen(id), key));
	return true;
}
