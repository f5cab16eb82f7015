// SPDX-License-Identifier: GPL-2.0
/*
 * What "ipset save" prints and "ipset restore" reads, and what "ipset list" prints:
 *
 *	create cpe hash:net family inet timeout 600 counters comment
 *	add cpe 192.0.2.0/24 timeout 596 packets 5 bytes 300 comment "ticket 4711"
 */
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "convert_words.h"
#include "ctl.h"
#include "quote.h"
#include "remaining.h"

/* They are looked for one by one. */
#define MOST_SETS 1024

/**
 * struct set - what "create" says of a set
 * @name: up to 31 characters
 * @timeout: of elements that have none of their own; 0: they stay
 * @netmask: elements stand for prefixes of this length; 0: for themselves
 * @bitmask: they stand for what is no prefix
 */
struct set {
	char name[32];
	uint64_t timeout;
	unsigned int netmask;
	bool bitmask;
};

/**
 * struct state - between lines
 * @sets: the sets so far, the one that lines are about is the last one used
 * @n: how many
 * @room: how many there is room for
 * @at: the last one used
 * @members: of "ipset list": lines are elements
 */
struct state {
	struct set *sets;
	size_t n, room;
	size_t at;
	bool members;
};

static const struct set *find_set(struct state *state, const char *name)
{
	static const struct set none;
	size_t i;

	if (state->at < state->n && !strcmp(state->sets[state->at].name, name))
		return &state->sets[state->at];
	for (i = 0; i < state->n; i++) {
		if (!strcmp(state->sets[i].name, name)) {
			state->at = i;
			return &state->sets[i];
		}
	}
	return &none;
}

static struct set *new_set(struct convert *cv, struct state *state,
			   const char *name)
{
	size_t room = state->room ? state->room * 2 : 16;
	struct set *sets = state->sets;

	if (state->n == MOST_SETS) {
		convert_stop(cv, "more than 1024 sets");
		return NULL;
	}
	if (state->n == state->room) {
		sets = reallocarray(sets, room, sizeof(*sets));
		if (!sets) {
			convert_stop(cv, "out of memory");
			return NULL;
		}
		state->sets = sets;
		state->room = room;
	}
	state->at = state->n++;
	sets += state->at;
	memset(sets, 0, sizeof(*sets));
	strncpy(sets->name, name, sizeof(sets->name) - 1);
	return sets;
}

/* A number of bits, or of netmasks the number of theirs. */
static unsigned int netmask_length(const char *word)
{
	char *end;
	unsigned long len = strtoul(word, &end, 10);

	return *end || len > 128 ? 0 : len;
}

static void take_set_options(char *at, struct set *set)
{
	const char *word, *value;

	while ((word = word_next(&at))) {
		if (!strcmp(word, "bitmask"))
			set->bitmask = true;
		if (strcmp(word, "timeout") && strcmp(word, "netmask"))
			continue;
		value = word_next(&at);
		if (!value)
			return;
		if (*word == 'n')
			set->netmask = netmask_length(value);
		else if (remaining_parse(value, &set->timeout))
			set->timeout = 0;
	}
}

/* A name, and perhaps -exist before it. */
static char *take_name(char **at)
{
	char *word;

	do
		word = word_next(at);
	while (word && *word == '-');
	return word;
}

static void take_create(struct convert *cv, struct state *state, char *at)
{
	const char *name = take_name(&at);
	struct set *set;

	if (!name) {
		convert_bad(cv, "\"create\" without a name");
		return;
	}
	set = new_set(cv, state, name);
	if (set)
		take_set_options(at, set);
}

static void take_option(struct convert *cv, const char *word, char **at,
			struct found *found)
{
	const char *value;

	if (!strcmp(word, "nomatch"))
		found->hole = true;
	if (strcmp(word, "timeout") && strcmp(word, "comment"))
		return;
	value = word_next(at);
	if (*word == 'c') {
		found->comment = value;
	} else if (value && !remaining_parse(value, &found->timeout)) {
		found->has_timeout = found->timeout;
	} else {
		found->bad = true;
		convert_bad(cv, "invalid timeout %s", quote(value ? value : ""));
	}
}

static void take_element(struct convert *cv, const struct set *set,
			 const char *name, char *at)
{
	struct found found = {
		.set = name,
		.timeout = set->timeout,
		.has_timeout = set->timeout,
		.netmask = set->netmask,
	};
	const char *word;

	found.word = word_next(&at);
	if (!found.word) {
		convert_bad(cv, "an element is missing");
		return;
	}
	while ((word = word_next(&at)))
		take_option(cv, word, &at, &found);
	if (!set->bitmask && !strchr(found.word, ','))
		convert_found(cv, &found);
	else if (convert_wants(cv, name))
		convert_bad(cv, "%s is not an address alone: the set has %s",
			    quote(found.word),
			    set->bitmask ? "a bitmask" : "more fields than one");
}

/* Of "ipset list", the lines above the elements. */
static bool take_heading(struct convert *cv, struct state *state, char *line)
{
	static const char *const headings[] = {
		"Name:", "Type:", "Revision:", "Header:", "Size", "References:",
		"Default:", "Number", "Members:",
	};
	size_t i = 0;
	char *at;

	while (i < ARRAY_SIZE(headings) && !word_begins(line, headings[i]))
		i++;
	if (i == ARRAY_SIZE(headings))
		return false;
	at = line + strlen(headings[i]);
	state->members = !strcmp(headings[i], "Members:");
	if (!strcmp(headings[i], "Name:"))
		take_create(cv, state, at);
	else if (!strcmp(headings[i], "Header:") && state->n)
		take_set_options(at, &state->sets[state->n - 1]);
	return true;
}

/* What does something else to a set than to add to it. */
static bool is_ignored(const char *word)
{
	static const char *const words[] = {
		"COMMIT", "quit", "flush", "-F", "destroy", "-X", "swap", "-W", "rename",
		"-E",
	};
	size_t i = 0;

	while (i < ARRAY_SIZE(words) && strcmp(word, words[i]))
		i++;
	return *word == '#' || i < ARRAY_SIZE(words);
}

static void ipset_line(struct convert *cv, void *arg, char *line)
{
	struct state *state = arg;
	const char *word, *name;

	line += strspn(line, BLANKS);
	if (!*line || take_heading(cv, state, line))
		return;
	if (state->members) {
		name = state->n ? state->sets[state->n - 1].name : NULL;
		take_element(cv, find_set(state, name ? name : ""), name, line);
		return;
	}
	word = word_next(&line);
	if (!strcmp(word, "create") || !strcmp(word, "-N")) {
		take_create(cv, state, line);
	} else if (!strcmp(word, "add") || !strcmp(word, "-A")) {
		name = take_name(&line);
		take_element(cv, find_set(state, name ? name : ""), name, line);
	} else if (!is_ignored(word)) {
		convert_bad(cv, "unexpected %s in what ipset saves", quote(word));
	}
}

static void ipset_free(void *arg)
{
	struct state *state = arg;

	free(state->sets);
}

/* nft begins with such words, too, and RouterOS has "add address=...". */
static bool is_ipset(const char *line)
{
	static const char *const nft[] = {
		"element", "table", "set", "map", "chain", "rule",
	};
	const char *second = word_second(line);
	const char *third = word_second(second);
	size_t i = 0;

	if (word_begins(line, "Name:"))
		return true;
	while (i < ARRAY_SIZE(nft) && !word_begins(second, nft[i]))
		i++;
	if (i < ARRAY_SIZE(nft) || memchr(second, '=', strcspn(second, BLANKS)))
		return false;
	if (word_begins(line, "create") || word_begins(line, "-N"))
		return memchr(third, ':', strcspn(third, BLANKS)) ||
		       *second == '-';
	return (word_begins(line, "add") || word_begins(line, "-A")) && *third &&
	       *third != '-';
}

const struct format format_ipset = {
	.name = "ipset",
	.what = "ipset save",
	.state_size = sizeof(struct state),
	.is = is_ipset,
	.line = ipset_line,
	.free = ipset_free,
};
