// SPDX-License-Identifier: GPL-2.0
/*
 * JSON: an object a line, an array of objects or of strings, or one document with them
 * somewhere in it, as "nft -j" prints it.
 *
 *	{"cidr":"192.0.2.0/24","sblid":"SBL000001"}
 *	[{"prefix":"2001:db8::/32","comment":"a feed"}, "198.51.100.7"]
 *
 * json-c reads one element after another, so that a long list takes little memory.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "convert_keys.h"
#include "ctl.h"
#include "quote.h"

#define WORD_ROOM 128

/* One document takes some twenty times as much memory as it has bytes. */
#define DOCUMENT_MAX (8UL << 20)

/**
 * struct state - between characters
 * @text: the element or document so far
 * @len: length of it
 * @room: bytes there are for it
 * @line: where it begins
 * @depth: brackets that are open in it
 * @open: it has begun
 * @in_array: it is an element of an array, which is the whole file
 * @in_string: this is a string
 * @escaped: a backslash was before this character
 * @tokener: json-c's
 */
struct state {
	char *text;
	size_t len, room;
	unsigned long line;
	unsigned int depth;
	bool open;
	bool in_array;
	bool in_string;
	bool escaped;
	struct json_tokener *tokener;
};

static unsigned int walk(struct convert *cv, struct json_object *value,
			 const char *set, bool is_list);

static bool join(struct json_object *left, char sign, struct json_object *right,
		 char word[WORD_ROOM])
{
	const char *a = json_object_get_string(left);
	const char *b = json_object_get_string(right);

	return a && b && snprintf(word, WORD_ROOM, "%s%c%s", a, sign, b) < WORD_ROOM;
}

/* {"addr":A,"len":N}: A/N. ["A","B"]: A-B. Return: false if it is neither */
static bool compose_nft(struct json_object *value, char word[WORD_ROOM])
{
	struct json_object *addr, *len;

	if (json_object_is_type(value, json_type_array))
		return json_object_array_length(value) == 2 &&
		       join(json_object_array_get_idx(value, 0), '-',
			    json_object_array_get_idx(value, 1), word);
	return json_object_is_type(value, json_type_object) &&
	       json_object_object_get_ex(value, "addr", &addr) &&
	       json_object_object_get_ex(value, "len", &len) &&
	       join(addr, '/', len, word);
}

/* The word that a value is; nft has {"prefix":...} and {"range":...} in place of it. */
static bool compose(struct json_object *value, char word[WORD_ROOM])
{
	struct json_object *inner;

	if (json_object_is_type(value, json_type_string))
		return snprintf(word, WORD_ROOM, "%s",
				json_object_get_string(value)) < WORD_ROOM;
	if (json_object_is_type(value, json_type_object) &&
	    (json_object_object_get_ex(value, "prefix", &inner) ||
	     json_object_object_get_ex(value, "range", &inner)))
		return compose_nft(inner, word);
	return compose_nft(value, word);
}

static void report_no_address(struct convert *cv, struct json_object *value,
			      const char *set)
{
	if (convert_wants(cv, set))
		convert_bad(cv, "%s is not an address alone",
			    quote(json_object_to_json_string(value)));
}

static void take_address(struct convert *cv, struct json_object *value,
			 const struct found *about)
{
	struct found found = *about;
	char word[WORD_ROOM];

	found.word = word;
	if (compose(value, word))
		convert_found(cv, &found);
	else
		report_no_address(cv, value, found.set);
}

/* Expiry and comment, and which set it is of: an entry of p25's own is of its kind. */
static void take_about(struct convert *cv, struct json_object *object,
		       const char *set, struct found *found)
{
	struct json_object *kind;
	unsigned int rank, best = UINT32_MAX;

	found->set = set;
	if (json_object_object_get_ex(object, "kind", &kind) &&
	    json_object_is_type(kind, json_type_string) &&
	    p25_kind_parse(json_object_get_string(kind)) != P25_KIND_NONE)
		found->set = json_object_get_string(kind);
	json_object_object_foreach(object, name, value) {
		enum key key = key_parse(name, &rank);
		const char *text = json_object_get_string(value);

		if (!text)
			continue;
		if (key == KEY_COMMENT && rank < best) {
			best = rank;
			found->comment = text;
		}
		if ((key == KEY_TIMEOUT || key == KEY_EXPIRES) &&
		    !key_expiry(key, text, found)) {
			found->bad = true;
			convert_bad(cv, "invalid %s %s", quote(name), quote(text));
		}
	}
}

/* May this value be an address? {"network":{...}} may be something else. */
static bool is_address(const char *name, struct json_object *value)
{
	char word[WORD_ROOM];
	unsigned int rank;

	if (key_parse(name, &rank) != KEY_ADDRESS || !value)
		return false;
	return json_object_is_type(value, json_type_string) ||
	       !strcmp(name, "val") || compose(value, word);
}

/* Return: how many addresses there were in it. */
static unsigned int walk_object(struct convert *cv, struct json_object *object,
				const char *set)
{
	struct found about = { 0 };
	struct json_object *label;
	unsigned int n = 0;

	if (json_object_object_get_ex(object, "elem", &label) &&
	    json_object_object_get_ex(object, "name", &label))
		set = json_object_get_string(label);
	json_object_object_foreach(object, name, value) {
		if (!is_address(name, value))
			continue;
		if (!n++)
			take_about(cv, object, set, &about);
		take_address(cv, value, &about);
	}
	if (n)
		return n;
	if (json_object_object_get_ex(object, "concat", &label)) {
		report_no_address(cv, object, set);
		return 1;
	}
	json_object_object_foreach(object, inner, more)
		n += walk(cv, more, set, !strcmp(inner, "elem") ||
			  key_parse(inner, &(unsigned int){ 0 }) == KEY_ADDRESS);
	return n;
}

/* A string in some array of a document, flags say, need not be an address. */
static bool is_range(struct json_object *value)
{
	struct address_range range;
	char word[WORD_ROOM];
	unsigned int how;
	const char *why;

	return json_object_is_type(value, json_type_string) &&
	       compose(value, word) && !range_parse(word, &range, &how, &why);
}

/* @is_list: strings in it are addresses */
static unsigned int walk_array(struct convert *cv, struct json_object *array,
			       const char *set, bool is_list)
{
	unsigned int n = 0;
	size_t i;

	for (i = 0; i < json_object_array_length(array); i++) {
		struct json_object *element = json_object_array_get_idx(array, i);

		if (is_list && set && json_object_is_type(element, json_type_array)) {
			/* nft: an element of a map, and what it maps to. */
			report_no_address(cv, element, set);
			n++;
		} else if (is_list || is_range(element) ||
			   !json_object_is_type(element, json_type_string)) {
			n += walk(cv, element, set, is_list);
		}
	}
	return n;
}

static unsigned int walk(struct convert *cv, struct json_object *value,
			 const char *set, bool is_list)
{
	struct found found = { .set = set };

	if (json_object_is_type(value, json_type_object))
		return walk_object(cv, value, set);
	if (json_object_is_type(value, json_type_array))
		return walk_array(cv, value, set, is_list);
	if (!json_object_is_type(value, json_type_string) ||
	    (!is_list && !is_range(value)))
		return 0;
	take_address(cv, value, &found);
	return 1;
}

/* What a feed says of itself. */
static bool is_metadata(struct json_object *value)
{
	struct json_object *type;

	return json_object_is_type(value, json_type_object) &&
	       json_object_object_get_ex(value, "type", &type) &&
	       json_object_is_type(type, json_type_string) &&
	       !strcmp(json_object_get_string(type), "metadata");
}

static void end_element(struct convert *cv, struct state *state)
{
	unsigned long line = cv->c->line;
	enum json_tokener_error error;
	struct json_object *value;

	if (!state->tokener)
		state->tokener = json_tokener_new();
	if (!state->tokener) {
		convert_stop(cv, "out of memory");
		return;
	}
	cv->c->line = state->line;
	json_tokener_reset(state->tokener);
	value = json_tokener_parse_ex(state->tokener, state->text, state->len + 1);
	error = json_tokener_get_error(state->tokener);
	if (!value)
		convert_bad(cv, "not JSON: %s", error == json_tokener_continue ?
			    "it has no end" : json_tokener_error_desc(error));
	else if (!is_metadata(value) && !walk(cv, value, NULL, true))
		convert_bad(cv, "there is no address in it: expected a key like \"cidr\"");
	json_object_put(value);
	cv->c->line = line;
	state->open = false;
	state->len = 0;
	state->depth = 0;
	state->in_string = false;
	state->escaped = false;
}

static void append(struct convert *cv, struct state *state, char c)
{
	size_t room = state->room ? state->room * 2 : 256;
	char *text;

	if (state->len + 1 >= DOCUMENT_MAX) {
		convert_stop(cv,
			     "a JSON document of more than 8 MiB: expected an element a line, or an array of them");
		return;
	}
	if (state->len + 1 >= state->room) {
		text = realloc(state->text, room);
		if (!text) {
			convert_stop(cv, "out of memory");
			return;
		}
		state->text = text;
		state->room = room;
	}
	state->text[state->len++] = c;
	state->text[state->len] = '\0';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == ',';
}

/* Between elements. */
static void take_between(struct convert *cv, struct state *state, char c)
{
	if (is_blank(c))
		return;
	if (!state->in_array && c == '[') {
		state->in_array = true;
		return;
	}
	if (state->in_array && c == ']') {
		state->in_array = false;
		return;
	}
	state->open = true;
	state->line = cv->c->line;
	state->depth = c == '{' || c == '[';
	state->in_string = c == '"';
	append(cv, state, c);
}

static void take_in_string(struct convert *cv, struct state *state, char c)
{
	append(cv, state, c);
	if (c == '"' && !state->escaped) {
		state->in_string = false;
		if (!state->depth)
			end_element(cv, state);
	}
	state->escaped = c == '\\' && !state->escaped;
}

static void take_character(struct convert *cv, struct state *state, char c)
{
	if (!state->open) {
		take_between(cv, state, c);
		return;
	}
	if (state->in_string) {
		take_in_string(cv, state, c);
		return;
	}
	/* A number, or what is no JSON. */
	if (!state->depth && (is_blank(c) || c == ']')) {
		end_element(cv, state);
		take_between(cv, state, c);
		return;
	}
	append(cv, state, c);
	state->in_string = c == '"';
	if (c == '{' || c == '[')
		state->depth++;
	if (state->depth && (c == '}' || c == ']') && !--state->depth)
		end_element(cv, state);
}

static void json_line(struct convert *cv, void *arg, char *line)
{
	struct state *state = arg;

	/* An object a line, and the one before it was cut off. */
	if (*line == '{' && state->open && !state->in_array)
		end_element(cv, state);
	for (; *line && !cv->stopped; line++)
		take_character(cv, state, *line);
	take_character(cv, state, '\n');
}

static void json_end(struct convert *cv, void *arg)
{
	struct state *state = arg;

	if (state->open)
		end_element(cv, state);
	if (state->in_array && !cv->stopped)
		convert_bad(cv, "the array has no end: is the file cut off?");
}

static void json_free(void *arg)
{
	struct state *state = arg;

	if (state->tokener)
		json_tokener_free(state->tokener);
	free(state->text);
}

static bool is_json(const char *line)
{
	return *line == '{' || *line == '[';
}

const struct format format_json = {
	.name = "json",
	.what = "JSON",
	.state_size = sizeof(struct state),
	.is = is_json,
	.line = json_line,
	.end = json_end,
	.free = json_free,
};
