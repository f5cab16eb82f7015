// SPDX-License-Identifier: GPL-2.0
/*
 * A table of subscribers: comma-separated values as in RFC 4180, or with semicolons or
 * tabs. The first line names the columns; if it doesn't, addresses are in the first
 * column that has some.
 *
 *	Customer,Account,IPv4,IPv6
 *	"Miller, Jane",4711,"198.51.100.64/29, 198.51.100.7",2001:db8:100:64::/64
 */
#include <string.h>

#include "convert.h"
#include "convert_keys.h"
#include "convert_words.h"
#include "ctl.h"
#include "quote.h"

#define COLUMNS_MAX 256
#define RECORD_MAX 65536

/* Bytes of a first line that are looked at. */
#define SNIFFED 4096

/* What addresses in one field are separated by. */
#define SEPARATORS " \t\n,;|"

/**
 * struct state - between lines
 * @record: what has been read of a record; a field in quotes may have several lines
 * @len: length of it
 * @line: where it begins
 * @open: there is a line of it
 * @quoted: and it ends within quotes
 * @too_long: it was too long, and is left out
 * @begun: the first record has been read
 * @separator: what is between fields
 * @columns: what they are; without a first line that names them, all but one are
 *	KEY_OTHER
 * @ranks: of columns with comments, which one goes first
 */
struct state {
	char record[RECORD_MAX];
	size_t len;
	unsigned long line;
	bool open;
	bool quoted;
	bool too_long;
	bool begun;
	char separator;
	enum key columns[COLUMNS_MAX];
	unsigned int ranks[COLUMNS_MAX];
};

/* The one that there are most of; those in quotes don't count. */
static char find_separator(const char *line)
{
	static const char separators[] = ",;\t";
	unsigned int n[3] = { 0 }, best = 0, i;
	bool quoted = false;
	const char *which;

	for (; *line; line++) {
		quoted ^= *line == '"';
		which = quoted ? NULL : strchr(separators, *line);
		if (which)
			n[which - separators]++;
	}
	for (i = 1; i < 3; i++) {
		if (n[i] > n[best])
			best = i;
	}
	return n[best] ? separators[best] : '\0';
}

/* Between the first quote and the last one, a quote is written twice. */
static char *unquote(char *from)
{
	char *to = from;

	for (; *from; from++) {
		if (*from == '"' && *++from != '"')
			break;
		*to++ = *from;
	}
	if (to < from)
		*to = '\0';
	return from;
}

/* Split in place. Return: how many fields; further ones are left out */
static size_t split(char *at, char separator, char *fields[COLUMNS_MAX])
{
	size_t n = 0;
	char *end;

	while (n < COLUMNS_MAX) {
		if (*at != separator)
			at += strspn(at, BLANKS);
		end = at;
		if (*at == '"')
			end = unquote(++at);
		fields[n++] = at;
		end = separator ? strchr(end, separator) : NULL;
		if (!end)
			break;
		*end = '\0';
		at = end + 1;
	}
	return n;
}

static bool is_range(const char *field)
{
	struct address_range range;
	char copy[128];
	unsigned int how;
	const char *why;
	size_t len;

	field += strspn(field, SEPARATORS);
	len = strcspn(field, SEPARATORS);
	if (len >= sizeof(copy))
		return false;
	memcpy(copy, field, len);
	copy[len] = '\0';
	return !range_parse(copy, &range, &how, &why);
}

/* Do these fields name columns? Then one of them is for addresses. */
static bool name_columns(char *const fields[], size_t n, enum key *columns,
			 unsigned int *ranks)
{
	bool found = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (is_range(fields[i]))
			return false;
	}
	for (i = 0; i < n; i++) {
		columns[i] = key_parse(fields[i], &ranks[i]);
		found |= columns[i] == KEY_ADDRESS;
	}
	return found;
}

/* The first column that has an address. */
static bool find_column(struct state *state, char *const fields[], size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		state->columns[i] = is_range(fields[i]) ? KEY_ADDRESS : KEY_OTHER;
		if (state->columns[i] == KEY_ADDRESS)
			return true;
	}
	return false;
}

static void take_about(struct convert *cv, const struct state *state,
		       char *const fields[], size_t n, struct found *found)
{
	unsigned int best = UINT32_MAX;
	size_t i;

	for (i = 0; i < n; i++) {
		enum key key = state->columns[i];

		if (key == KEY_COMMENT && *fields[i] && state->ranks[i] < best) {
			best = state->ranks[i];
			found->comment = fields[i];
		}
		if ((key == KEY_TIMEOUT || key == KEY_EXPIRES) &&
		    !key_expiry(key, fields[i], found)) {
			found->bad = true;
			convert_bad(cv, "invalid time %s", quote(fields[i]));
		}
	}
}

/* Return: how many addresses there are in a field. */
static unsigned int take_addresses(struct convert *cv, char *field,
				   struct found *found)
{
	unsigned int n = 0;
	char *end;

	for (;; field = end + 1) {
		field += strspn(field, SEPARATORS);
		if (!*field)
			return n;
		end = field + strcspn(field, SEPARATORS);
		n++;
		found->word = field;
		if (!*end) {
			convert_found(cv, found);
			return n;
		}
		*end = '\0';
		convert_found(cv, found);
	}
}

static void take_fields(struct convert *cv, struct state *state, char *fields[],
			size_t n)
{
	struct found found = { 0 };
	unsigned int addresses = 0;
	size_t i;

	take_about(cv, state, fields, n, &found);
	for (i = 0; i < n; i++) {
		if (state->columns[i] == KEY_ADDRESS)
			addresses += take_addresses(cv, fields[i], &found);
	}
	if (!addresses)
		convert_bad(cv, "there is no address in this line");
}

static void take_record(struct convert *cv, struct state *state)
{
	char *fields[COLUMNS_MAX];
	size_t n;

	if (!state->begun)
		state->separator = find_separator(state->record);
	n = split(state->record, state->separator, fields);
	if (!state->begun &&
	    name_columns(fields, n, state->columns, state->ranks)) {
		state->begun = true;
		return;
	}
	if (!state->begun && !find_column(state, fields, n)) {
		convert_bad(cv, "this line neither names a column for addresses nor has one");
		return;
	}
	state->begun = true;
	take_fields(cv, state, fields, n);
}

/* Does a field in quotes begin or end in this line, and go on in the next one? */
static bool turns_quotes(const char *line)
{
	bool turns = false;

	for (; *line; line++)
		turns ^= *line == '"';
	return turns;
}

static void end_record(struct convert *cv, struct state *state)
{
	unsigned long line = cv->c->line;

	cv->c->line = state->line;
	if (state->too_long)
		convert_bad(cv, "line too long: at most 65535 bytes");
	else
		take_record(cv, state);
	cv->c->line = line;
	state->open = false;
	state->quoted = false;
	state->too_long = false;
	state->len = 0;
}

static void csv_line(struct convert *cv, void *arg, char *line)
{
	struct state *state = arg;
	size_t len = strlen(line);

	if (!state->open) {
		if (!line[strspn(line, BLANKS)] || *line == '#')
			return;
		state->open = true;
		state->line = cv->c->line;
	} else if (!state->too_long) {
		state->record[state->len++] = '\n';
	}
	state->too_long |= state->len + len + 1 >= RECORD_MAX;
	if (!state->too_long) {
		memcpy(state->record + state->len, line, len + 1);
		state->len += len;
	}
	state->quoted ^= turns_quotes(line);
	if (state->too_long || !state->quoted)
		end_record(cv, state);
}

static void csv_end(struct convert *cv, void *arg)
{
	struct state *state = arg;

	if (!state->open)
		return;
	cv->c->line = state->line;
	convert_bad(cv, "unterminated quote");
}

/* Fields of which some are addresses and some are not, or names of columns. */
static bool is_csv(const char *line)
{
	enum key columns[COLUMNS_MAX];
	unsigned int ranks[COLUMNS_MAX];
	char *fields[COLUMNS_MAX];
	size_t len = strlen(line), n, i, addresses = 0, others = 0;
	char copy[SNIFFED], separator;

	if (*line == '#')
		return false;
	len = len < SNIFFED ? len : SNIFFED - 1;
	memcpy(copy, line, len);
	copy[len] = '\0';
	separator = find_separator(copy);
	/* Half an address is none. */
	if (separator && line[len])
		*strrchr(copy, separator) = '\0';
	n = split(copy, separator, fields);
	if (name_columns(fields, n, columns, ranks))
		return true;
	/* "192.0.2.0/24 ; SBL000001" is a list with a comment. */
	if (n < 2 || (separator == ';' && is_range(fields[0])))
		return false;
	for (i = 0; i < n; i++) {
		addresses += is_range(fields[i]);
		others += *fields[i] && !is_range(fields[i]) &&
			  !strchr("#;/", *fields[i]);
	}
	return addresses && others;
}

const struct format format_csv = {
	.name = "csv",
	.what = "CSV",
	.state_size = sizeof(struct state),
	.is = is_csv,
	.line = csv_line,
	.end = csv_end,
};
