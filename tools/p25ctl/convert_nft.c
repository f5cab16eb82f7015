// SPDX-License-Identifier: GPL-2.0
/*
 * What "nft list set" and "nft list ruleset" print, and files for "nft -f": of all
 * that, the elements of sets.
 *
 *	set cpe {
 *		type ipv4_addr
 *		flags interval,timeout
 *		elements = { 192.0.2.10 timeout 30m expires 28m47s230ms comment "4711",
 *			     192.0.2.12-192.0.2.15 }
 *	}
 *	add element inet filter cpe { 192.0.2.20 }
 *	define dsl = { 198.51.100.0/24 }
 */
#include <string.h>

#include "convert.h"
#include "convert_words.h"
#include "ctl.h"
#include "quote.h"
#include "remaining.h"

/* What may end a word. */
#define STOPS " \t{},;=\"#"

/* Longer words are no addresses; comments have 128 bytes at most, with room for more. */
#define WORD_ROOM 128
#define COMMENT_ROOM 512

/* Whose value the next word is. */
enum option {
	OPTION_NONE,
	OPTION_TIMEOUT,
	OPTION_EXPIRES,
	OPTION_COMMENT,
};

/**
 * struct state - between words
 * @set: name of the set whose block this is, or whose elements
 * @timeout: of elements that have none of their own; 0: they stay
 * @last: the last word of this statement
 * @inside: these are elements
 * @is_set: the statement has had the word "set" or "map"
 * @is_list: or "elements", "element" or "define"
 * @has_name: its last word is the name of the set
 * @word: the element's address, or several words that are no address
 * @comment: its comment
 * @value: its timeout, or what is left of that
 * @has_value: it has one
 * @has_expires: that is what is left
 * @is_map: there is something behind a colon
 * @bad: something of it was not understood
 * @option: whose value comes next
 */
struct state {
	char set[SET_NAME_ROOM];
	uint64_t timeout;
	char last[SET_NAME_ROOM];
	bool inside;
	bool is_set;
	bool is_list;
	bool has_name;
	char word[WORD_ROOM];
	char comment[COMMENT_ROOM];
	uint64_t value;
	bool has_value;
	bool has_expires;
	bool is_map;
	bool bad;
	enum option option;
};

static void copy(char *to, size_t room, const char *from)
{
	size_t len = strnlen(from, room - 1);

	memcpy(to, from, len);
	to[len] = '\0';
}

static void end_statement(struct state *state)
{
	state->is_set = false;
	state->is_list = false;
	state->has_name = true;
	*state->last = '\0';
}

static void end_element(struct convert *cv, struct state *state)
{
	struct found found = {
		.word = state->word,
		.comment = state->comment,
		.set = state->set,
		.timeout = state->has_value ? state->value : state->timeout,
		.bad = state->bad,
	};

	/* "timeout 0s": never. "expires 0s": now */
	found.has_timeout = state->has_expires || found.timeout;
	if (!*state->word)
		return;
	if (!state->is_map && !strchr(state->word, ' '))
		convert_found(cv, &found);
	else if (convert_wants(cv, state->set))
		convert_bad(cv, "%s is %s, not an address alone", quote(state->word),
			    state->is_map ? "an element of a map" :
					    "of more fields than one");
	*state->word = '\0';
	*state->comment = '\0';
	state->has_value = false;
	state->has_expires = false;
	state->is_map = false;
	state->bad = false;
	state->option = OPTION_NONE;
}

/* A word more of the address: a range, or what is none. */
static void lengthen_word(struct state *state, const char *word)
{
	size_t len = strlen(state->word);
	bool joins = *word == '-' || (len && state->word[len - 1] == '-');

	if (len && !joins && len + 1 < WORD_ROOM)
		state->word[len++] = ' ';
	copy(state->word + len, WORD_ROOM - len, word);
}

/* Until the first option, words belong to the address. */
static bool is_address_word(const struct state *state, const char *word)
{
	size_t len = strlen(state->word);

	return !len || !strcmp(word, "-") || !strcmp(word, ".") ||
	       state->word[len - 1] == '-' || state->word[len - 1] == '.';
}

/* Return: false if the word was no value */
static bool take_value(struct convert *cv, struct state *state, const char *word)
{
	enum option option = state->option;
	uint64_t value = 0;
	bool never;

	state->option = OPTION_NONE;
	if (option == OPTION_NONE)
		return false;
	if (option == OPTION_COMMENT) {
		copy(state->comment, COMMENT_ROOM, word);
		return true;
	}
	never = !strcmp(word, "never");
	if (!never && remaining_parse(word, &value)) {
		state->bad = true;
		convert_bad(cv, "invalid timeout %s", quote(word));
	}
	if (option == OPTION_TIMEOUT && state->has_expires)
		return true;
	state->value = value;
	state->has_value = true;
	state->has_expires = option == OPTION_EXPIRES && !never;
	return true;
}

static void take_element_word(struct convert *cv, struct state *state,
			      const char *word)
{
	if (take_value(cv, state, word))
		return;
	if (is_address_word(state, word))
		lengthen_word(state, word);
	else if (!strcmp(word, ":"))
		state->is_map = true;
	else if (!strcmp(word, "timeout"))
		state->option = OPTION_TIMEOUT;
	else if (!strcmp(word, "expires"))
		state->option = OPTION_EXPIRES;
	else if (!strcmp(word, "comment"))
		state->option = OPTION_COMMENT;
	/* A counter, a limit: no matter. */
}

/* Is this one of the words that elements follow? */
static bool is_list_word(const char *word)
{
	return !strcmp(word, "elements") || !strcmp(word, "element") ||
	       !strcmp(word, "define");
}

static void take_word(struct convert *cv, struct state *state, const char *word)
{
	uint64_t timeout;

	if (state->inside) {
		take_element_word(cv, state, word);
		return;
	}
	/* "flags timeout, interval" is none. */
	if (!strcmp(state->last, "timeout") && !remaining_parse(word, &timeout))
		state->timeout = timeout;
	state->is_set |= !strcmp(word, "set") || !strcmp(word, "map");
	state->is_list |= is_list_word(word);
	/* "elements = {": that of the block around it */
	state->has_name &= !!strcmp(word, "elements");
	copy(state->last, sizeof(state->last), word);
}

static void take_brace(struct state *state)
{
	if ((state->is_set || state->is_list) && state->has_name) {
		copy(state->set, sizeof(state->set), state->last);
		state->timeout = 0;
	}
	state->inside = state->is_list;
	if (!state->inside)
		end_statement(state);
}

static void take_sign(struct convert *cv, struct state *state, char sign)
{
	if (state->inside) {
		if (sign == ',' || sign == '}')
			end_element(cv, state);
		if (sign == '}') {
			state->inside = false;
			end_statement(state);
		}
	} else if (sign == '{') {
		take_brace(state);
	} else if (sign == '}' || sign == ';') {
		end_statement(state);
	}
}

/* Return: what follows what is in quotes, or the word, or the sign. */
static char *take_next(struct convert *cv, struct state *state, char *at)
{
	char *word = at, sign;

	if (strchr("{},;=", *at)) {
		take_sign(cv, state, *at);
		return at + 1;
	}
	if (*at == '"') {
		word++;
		at = word + strcspn(word, "\"");
		sign = *at;
		*at = '\0';
		take_word(cv, state, word);
		return sign ? at + 1 : at;
	}
	at += strcspn(at, STOPS);
	sign = *at;
	*at = '\0';
	take_word(cv, state, word);
	*at = sign;
	return at;
}

static void nft_line(struct convert *cv, void *arg, char *line)
{
	struct state *state = arg;

	if (!state->inside)
		end_statement(state);
	for (;;) {
		line += strspn(line, BLANKS);
		if (!*line || *line == '#')
			return;
		line = take_next(cv, state, line);
	}
}

static bool is_nft(const char *line)
{
	static const char *const words[] = {
		"table", "define", "flush", "elements", "set", "map",
	};
	const char *second = word_second(line);
	size_t i = 0;

	if (*line == '#')
		return !strncmp(line, "#!", 2) && strstr(line, "nft");
	if (!strncmp(line, "elements=", 9))
		return true;
	if (word_begins(line, "add") || word_begins(line, "create"))
		return word_begins(second, "element") ||
		       word_begins(second, "table") ||
		       word_begins(second, "set") || word_begins(second, "map");
	while (i < ARRAY_SIZE(words) && !word_begins(line, words[i]))
		i++;
	return i < ARRAY_SIZE(words) && *second;
}

const struct format format_nft = {
	.name = "nft",
	.what = "nft list set",
	.state_size = sizeof(struct state),
	.is = is_nft,
	.line = nft_line,
};
