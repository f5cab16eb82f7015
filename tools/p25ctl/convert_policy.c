// SPDX-License-Identifier: GPL-2.0
/*
 * Policy files: what "p25ctl save" prints stays as it is, line by line. Lines that
 * "apply" would refuse, but that can be read, are written anew: a range, say.
 */
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "convert_words.h"
#include "ctl.h"
#include "host.h"
#include "lexer.h"
#include "lines.h"
#include "options.h"
#include "parse.h"
#include "print.h"
#include "quote.h"
#include "words.h"

/**
 * struct state - between lines
 * @w: memory of the words
 * @given: settings so far, none of which may be given twice
 * @copy: the line, for lex() to write to
 */
struct state {
	struct words w;
	struct p25_settings given;
	char copy[LINE_MAXLEN + 1];
};

static void count_bad(struct convert *cv)
{
	cv->bad++;
	cv->c->bad++;
}

static void keep_line(struct convert *cv, const char *line)
{
	fprintf(cv->text, "%s\n", line);
}

static void keep_range(struct convert *cv, const struct address_range *range,
		       struct p25_entry *entry)
{
	struct address_range rest = *range;
	char text[ENTRY_STRLEN], *end;

	while (range_next_prefix(&rest, &entry->prefix)) {
		end = entry_format(text, entry, entry->timeout ? PRINT_TIMEOUT :
								 PRINT_EXPIRES);
		*end++ = '\n';
		fwrite(text, 1, end - text, cv->text);
	}
}

/* A relay may be a host name: it is looked up when the file is applied. */
static bool is_relay_host(const char *word, enum p25_kind kind)
{
	struct p25_prefix prefix;

	return kind == P25_KIND_RELAY && strchr(word, '.') && is_host(word) &&
	       p25_prefix_parse(word, &prefix, NULL);
}

static void take_entry(struct convert *cv, struct state *state,
		       enum p25_kind kind, const char *line)
{
	struct p25_entry entry = { .kind = kind };
	struct address_range range;
	unsigned int how = 0;
	char *target;

	state->w.at = 2;
	target = state->w.n > 1 ? state->w.v[1] : NULL;
	if (!target) {
		convert_bad(cv, "missing prefix, such as 198.51.100.0/24");
		return;
	}
	if (!is_relay_host(target, kind) &&
	    !convert_range(cv, target, 0, &range, &how))
		return;
	if (parse_options(cv->c, &state->w,
			  OPTION_PAST | OPTION_OWNER | OPTION_COUNTERS, &entry)) {
		count_bad(cv);
		return;
	}
	if (how)
		keep_range(cv, &range, &entry);
	else
		keep_line(cv, line);
	cv->kept++;
	cv->masked += !!(how & RANGE_MASKED);
	cv->mapped += !!(how & RANGE_MAPPED);
}

static void take_setting(struct convert *cv, struct state *state,
			 const char *line)
{
	if (parse_setting(cv->c, &state->w, &state->given) ||
	    words_end(cv->c, &state->w))
		count_bad(cv);
	else
		keep_line(cv, line);
}

static void policy_line(struct convert *cv, void *arg, char *line)
{
	struct state *state = arg;
	size_t len = strlen(line);
	enum p25_kind kind;
	const char *why;

	if (!cv->text)
		cv->text = open_memstream(&cv->text_bytes, &cv->text_len);
	if (!cv->text) {
		convert_stop(cv, "out of memory");
		return;
	}
	if (len > LINE_MAXLEN) {
		convert_bad(cv, "line too long: at most 65535 bytes");
		return;
	}
	if (!lines_are_utf8(line, len)) {
		convert_bad(cv, "invalid UTF-8");
		return;
	}
	memcpy(state->copy, line, len + 1);
	if (lex(state->copy, &state->w, &why)) {
		convert_bad(cv, "%s", why);
		return;
	}
	if (!state->w.n) {
		keep_line(cv, line);
		return;
	}
	kind = p25_kind_parse(state->w.v[0]);
	if (kind != P25_KIND_NONE)
		take_entry(cv, state, kind, line);
	else
		take_setting(cv, state, line);
}

static void policy_free(void *arg)
{
	struct state *state = arg;

	free(state->w.v);
}

static bool is_policy(const char *line)
{
	static const char *const settings[] = { "action", "inbound", "limit" };
	char word[16];
	size_t len = strcspn(line, BLANKS), i;

	if (!strncmp(line, "# p25 policy", 12))
		return true;
	if (len >= sizeof(word) || !*word_second(line))
		return false;
	memcpy(word, line, len);
	word[len] = '\0';
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!strcmp(word, settings[i]))
			return true;
	}
	return p25_kind_parse(word) != P25_KIND_NONE;
}

const struct format format_policy = {
	.name = "p25",
	.what = "policy file",
	.state_size = sizeof(struct state),
	.is = is_policy,
	.line = policy_line,
	.free = policy_free,
};
