// SPDX-License-Identifier: GPL-2.0
/*
 * What RouterOS exports: of that, the lists of addresses.
 *
 *	/ip firewall address-list
 *	add address=192.0.2.0/24 comment="ticket \"4711\"" list=dsl timeout=\
 *	    1w2d3h4m5s
 *	/ipv6/firewall/address-list/add address=2001:db8::/32 list=dsl disabled=yes
 *
 * People load lists by scripts as well: there an "add" stands in braces.
 */
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "convert_words.h"
#include "ctl.h"
#include "quote.h"
#include "remaining.h"

#define STOPS " \t{}[]();\""
#define SIGNS "{}[]();"

/* A line with all that continue it. */
#define LOGICAL_MAX 65536

/**
 * struct state - between lines
 * @line: what is continued
 * @len: length of it
 * @too_long: it was too long, and is left out
 * @elsewhere: lines are about something else than lists of addresses
 * @path: this is what stands in a line behind a slash: a menu
 * @firewall: the last part of it was "firewall"
 * @add: an element is being read
 * @found: that
 * @disabled: it is switched off
 */
struct state {
	char line[LOGICAL_MAX];
	size_t len;
	bool too_long;
	bool elsewhere;
	bool path;
	bool firewall;
	bool add;
	struct found found;
	bool disabled;
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What stands behind a backslash, and how many bytes that are. */
static char unescape(const char *from, size_t *n)
{
	static const char letters[] = "nrtabfv_";
	static const char meant[] = "\n\r\t\a\b\f\v ";
	const char *letter = strchr(letters, *from);

	*n = 1;
	if (*from && letter)
		return meant[letter - letters];
	if (hex_digit(from[0]) < 0 || hex_digit(from[1]) < 0)
		return *from;
	*n = 2;
	return hex_digit(from[0]) * 16 + hex_digit(from[1]);
}

/* In place, from behind the first quote. Return: what follows the last one */
static char *unquote(char *from)
{
	char *to = from;
	size_t n;

	for (; *from && *from != '"'; from += n) {
		n = 1;
		if (*from == '\\' && from[1]) {
			*to = unescape(from + 1, &n);
			n++;
			/* A NUL would end it. */
			to += !!*to;
		} else {
			*to++ = *from;
		}
	}
	if (*from)
		from++;
	/* There is room for it: of the quote, or it is there. */
	*to = '\0';
	return from;
}

static bool is_yes(const char *value)
{
	return !strcmp(value, "yes") || !strcmp(value, "true");
}

static void take_timeout(struct convert *cv, struct state *state,
			 const char *value)
{
	if (!strncmp(value, "none", 4))
		return;
	if (remaining_parse(value, &state->found.timeout)) {
		state->found.bad = true;
		convert_bad(cv, "invalid timeout %s", quote(value));
	}
	state->found.has_timeout = state->found.timeout;
}

static void take_value(struct convert *cv, struct state *state, const char *key,
		       char *value)
{
	if (!strcmp(key, "address"))
		state->found.word = value;
	else if (!strcmp(key, "list"))
		state->found.set = value;
	else if (!strcmp(key, "comment") && *value != '$')
		state->found.comment = value;
	else if (!strcmp(key, "timeout"))
		take_timeout(cv, state, value);
	else if (!strcmp(key, "disabled"))
		state->disabled = is_yes(value);
}

static void end_element(struct convert *cv, struct state *state)
{
	if (!state->add)
		return;
	state->add = false;
	if (!state->found.set)
		state->found.set = "";
	if (state->disabled && convert_wants(cv, state->found.set))
		cv->disabled++;
	else if (!state->disabled && state->found.word)
		convert_found(cv, &state->found);
	else if (!state->disabled && convert_wants(cv, state->found.set))
		convert_bad(cv, "\"add\" without an address");
}

static void begin_element(struct convert *cv, struct state *state)
{
	end_element(cv, state);
	state->path = false;
	state->add = !state->elsewhere;
	state->disabled = false;
	state->found = (struct found){ 0 };
}

/* A menu, a part of one, or what is to be done there. */
static void take_name(struct convert *cv, struct state *state, const char *name)
{
	if (!strcmp(name, "add")) {
		begin_element(cv, state);
	} else if (!strcmp(name, "set") || !strcmp(name, "remove")) {
		end_element(cv, state);
		state->path = false;
	} else if (state->path && *name) {
		state->elsewhere = !state->firewall || strcmp(name, "address-list");
		state->firewall = !strcmp(name, "firewall");
	}
}

static void take_path(struct convert *cv, struct state *state, char *path)
{
	char *slash;

	if (*path == '/') {
		end_element(cv, state);
		state->path = true;
		state->firewall = false;
	}
	for (; (slash = strchr(path, '/')); path = slash + 1) {
		*slash = '\0';
		take_name(cv, state, path);
	}
	take_name(cv, state, path);
}

/* Return: what follows the word, and @sign, which ended it and may be gone. */
static char *take_word(struct convert *cv, struct state *state, char *word,
		       char *sign)
{
	char *end = word + strcspn(word, STOPS "=");
	bool quoted = *end == '"';
	char *value = NULL;

	if (*end == '=') {
		*end++ = '\0';
		value = end;
		end = *value == '"' ? unquote(++value) :
				      value + strcspn(value, STOPS);
	} else if (quoted) {
		end = unquote(end + 1);
	}
	/* What is behind a quote that has just ended may be the next word. */
	*sign = *end;
	if (*end)
		*end++ = '\0';
	if (value && state->add)
		take_value(cv, state, word, value);
	else if (!value && !quoted)
		take_path(cv, state, word);
	return end;
}

static void take_logical_line(struct convert *cv, struct state *state,
			      char *line)
{
	char sign;

	state->path = false;
	line += strspn(line, BLANKS);
	while (*line && *line != '#') {
		line = take_word(cv, state, line, &sign);
		if (sign && strchr(SIGNS, sign))
			end_element(cv, state);
		line += strspn(line, BLANKS);
	}
	end_element(cv, state);
}

/* A backslash continues the line, but one that stands behind another. */
static bool is_continued(const char *line, size_t len)
{
	size_t n = 0;

	while (n < len && line[len - 1 - n] == '\\')
		n++;
	return n % 2;
}

static void mikrotik_line(struct convert *cv, void *arg, char *line)
{
	struct state *state = arg;
	size_t len;
	bool more;

	if (state->len || state->too_long)
		line += strspn(line, BLANKS);
	len = strlen(line);
	more = (*line != '#' || state->len) && is_continued(line, len);
	len -= more;
	state->too_long |= state->len + len >= LOGICAL_MAX;
	if (!state->too_long) {
		memcpy(state->line + state->len, line, len);
		state->len += len;
	}
	if (more)
		return;
	state->line[state->len] = '\0';
	if (state->too_long)
		convert_bad(cv, "line too long: with those that continue it, at most 65535 bytes");
	else
		take_logical_line(cv, state, state->line);
	state->len = 0;
	state->too_long = false;
}

/* The file ends in the middle of a line that is continued. */
static void mikrotik_end(struct convert *cv, void *arg)
{
	struct state *state = arg;
	char none[] = "";

	if (state->len || state->too_long)
		mikrotik_line(cv, state, none);
}

static bool is_mikrotik(const char *line)
{
	if (*line == '#')
		return strstr(line, "by RouterOS");
	if (*line == '/' || *line == ':')
		return line[1] != *line;
	return word_begins(line, "add") && strstr(line, "address=");
}

const struct format format_mikrotik = {
	.name = "mikrotik",
	.what = "RouterOS export",
	.state_size = sizeof(struct state),
	.is = is_mikrotik,
	.line = mikrotik_line,
	.end = mikrotik_end,
};
