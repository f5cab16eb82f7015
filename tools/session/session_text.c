// SPDX-License-Identifier: GPL-2.0
/*
 * A session as a file: a line for each thing that is known.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

/* session_write - Return: its length, or -1 if there is no room */
int session_write(char *text, size_t room, const struct session *session)
{
	char prefix[P25_PREFIX_STRLEN];
	size_t i;
	int n;

	n = snprintf(text, room,
		     "session %s\nkind %s\nbegin %lld\nuntil %lld\nfixed %d\n"
		     "interface %s\nindex %u\npid %u\n",
		     session->session, p25_kind_name(session->kind),
		     (long long)session->begin, (long long)session->until,
		     session->fixed, session->ifname, session->ifindex,
		     session->pid);
	for (i = 0; i < session->n && n >= 0 && (size_t)n < room; i++)
		n += snprintf(text + n, room - n, "prefix %s\n",
			      p25_prefix_format(&session->prefixes[i], prefix));
	/* Whoever finds this line has all of it. */
	if (n >= 0 && (size_t)n < room)
		n += snprintf(text + n, room - n, "end\n");
	return n >= 0 && (size_t)n < room ? n : -1;
}

static bool copy_text(char *to, size_t room, const char *value)
{
	if (strlen(value) >= room)
		return false;
	strcpy(to, value);
	return true;
}

static bool read_number(const char *value, int64_t most, int64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoll(value, &end, 10);
	return !errno && *value >= '0' && *value <= '9' && !*end &&
	       *number <= most;
}

static bool read_prefix(struct session *session, const char *value)
{
	return session->n < EVENT_PREFIXES &&
	       !p25_prefix_parse(value, &session->prefixes[session->n++], NULL);
}

static bool parse_number(struct session *session, const char *name,
			 const char *value)
{
	bool is_time = !strcmp(name, "begin") || !strcmp(name, "until");
	int64_t number;

	if (!read_number(value, is_time ? INT64_MAX / 2 : UINT32_MAX, &number))
		return false;
	if (!strcmp(name, "begin"))
		session->begin = number;
	else if (!strcmp(name, "until"))
		session->until = number;
	else if (!strcmp(name, "fixed"))
		session->fixed = number;
	else if (!strcmp(name, "index"))
		session->ifindex = number;
	else if (!strcmp(name, "pid"))
		session->pid = number;
	else
		return false;
	return true;
}

static bool parse_line(struct session *session, const char *name,
		       const char *value)
{
	if (!strcmp(name, "session"))
		return copy_text(session->session, sizeof(session->session),
				 value) && p25_comment_valid(value);
	if (!strcmp(name, "interface"))
		return copy_text(session->ifname, sizeof(session->ifname),
				 value);
	if (!strcmp(name, "kind")) {
		session->kind = p25_kind_parse(value);
		return session->kind != P25_KIND_NONE;
	}
	if (!strcmp(name, "prefix"))
		return read_prefix(session, value);
	return parse_number(session, name, value);
}

/*
 * session_parse - read what session_write() has written; @text is written to
 *
 * Return: false: it isn't that, or not all of it.
 */
bool session_parse(char *text, struct session *session)
{
	char *line, *blank;

	memset(session, 0, sizeof(*session));
	while ((line = strsep(&text, "\n"))) {
		if (!strcmp(line, "end"))
			return session->kind && *session->session;
		blank = strchr(line, ' ');
		if (!blank)
			return false;
		*blank = '\0';
		if (!parse_line(session, line, blank + 1))
			return false;
	}
	return false;
}
