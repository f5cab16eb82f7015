// SPDX-License-Identifier: GPL-2.0
/*
 * /etc/p25/session.conf: a line for each setting, in the words of policy files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "duration.h"
#include "lexer.h"
#include "lines.h"
#include "log.h"
#include "quote.h"
#include "session_settings.h"
#include "words.h"

/* session_settings_default - as without a file */
void session_settings_default(struct session_settings *settings)
{
	*settings = (struct session_settings) {
		.kinds = 1U << P25_KIND_OPTOUT | 1U << P25_KIND_STATIC |
			 1U << P25_KIND_BLOCK,
		.widest4 = 24,
		.widest6 = 48,
		.timeout = 86400,
		.suffix = ".nofilter",
		.radattr = "/run/radattr",
	};
}

static const char *read_kinds(struct session_settings *settings, const struct words *w)
{
	unsigned int kinds = 0;
	size_t i;

	for (i = 1; i < w->n; i++) {
		enum p25_kind kind = p25_kind_parse(w->v[i]);

		if (kind != P25_KIND_OPTOUT && kind != P25_KIND_STATIC &&
		    kind != P25_KIND_BLOCK)
			return "kinds are optout, static and block";
		kinds |= 1U << kind;
	}
	settings->kinds = kinds;
	return NULL;
}

static bool read_length(const char *word, unsigned int most, unsigned int *len)
{
	char *end;
	unsigned long value = strtoul(word, &end, 10);

	if (*word < '0' || *word > '9' || *end || !value || value > most)
		return false;
	*len = value;
	return true;
}

static const char *read_widest(struct session_settings *settings, const struct words *w)
{
	if (w->n != 3 || !read_length(w->v[1], 32, &settings->widest4) ||
	    !read_length(w->v[2], 128, &settings->widest6))
		return "write \"widest LENGTH LENGTH\", for IPv4 and IPv6, 1 to 32 and 128";
	return NULL;
}

static const char *read_timeout(struct session_settings *settings, const struct words *w)
{
	const char *why = "write \"timeout DURATION\", such as 2h or 90m";

	if (w->n != 2 || duration_parse(w->v[1], &settings->timeout, &why))
		return why;
	return NULL;
}

static const char *read_text(char *to, size_t room, const struct words *w)
{
	if (w->n != 2 || strlen(w->v[1]) >= room)
		return "one word is expected, and not too long";
	strcpy(to, w->v[1]);
	return NULL;
}

static const char *read_suffix(struct session_settings *settings, const struct words *w)
{
	return read_text(settings->suffix, sizeof(settings->suffix), w);
}

static const char *read_radattr(struct session_settings *settings, const struct words *w)
{
	return read_text(settings->radattr, sizeof(settings->radattr), w);
}

static const char *read_within(struct session_settings *settings, const struct words *w)
{
	const char *why = NULL;
	size_t i;

	for (i = 1; i < w->n; i++) {
		if (settings->n_within == SETTINGS_WITHIN)
			return "more prefixes than 64";
		if (p25_prefix_parse(w->v[i],
				     &settings->within[settings->n_within], &why))
			return why;
		settings->n_within++;
	}
	return w->n > 1 ? NULL : "write \"within PREFIX...\"";
}

static const struct {
	const char *name;
	const char *(*read)(struct session_settings *settings, const struct words *w);
} lines[] = {
	{ "kinds", read_kinds },
	{ "radattr", read_radattr },
	{ "suffix", read_suffix },
	{ "timeout", read_timeout },
	{ "widest", read_widest },
	{ "within", read_within },
};

/* Return: what is wrong, or NULL. */
static const char *read_words(struct session_settings *settings,
			      const struct words *w)
{
	size_t i;

	if (!w->n)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		if (!strcmp(w->v[0], lines[i].name))
			return lines[i].read(settings, w);
	}
	return "no such setting: kinds, radattr, suffix, timeout, widest, within";
}

static void complain(struct session_settings *settings, const char *where,
		     const char *word, const char *why)
{
	settings->broken = true;
	log_warning("%s: %s: %s", where, word ? quote(word) : "line", why);
}

/* session_settings_line - take a line; @where it is, for messages */
void session_settings_line(struct session_settings *settings, char *line, const char *where)
{
	struct words w = { 0 };
	const char *why;

	if (lex(line, &w, &why)) {
		complain(settings, where, NULL, why);
	} else {
		why = read_words(settings, &w);
		if (why)
			complain(settings, where, w.v[0], why);
	}
	free(w.v);
}

/* session_settings_read - the file's, if there is one */
void session_settings_read(struct session_settings *settings, const char *path)
{
	static struct lines in;
	enum line_result result;
	unsigned int number = 0;
	const char *why;
	char where[160], *line;
	int fd;

	session_settings_default(settings);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (errno != ENOENT)
			complain(settings, path, NULL, strerror(errno));
		return;
	}
	lines_start(&in, fd);
	while ((result = lines_next(&in, &line, &why)) != LINE_END) {
		snprintf(where, sizeof(where), "%s:%u", path, ++number);
		if (result == LINE_READ) {
			session_settings_line(settings, line, where);
			continue;
		}
		complain(settings, where, NULL,
			 result == LINE_MALFORMED ? why : strerror(errno));
		break;
	}
	close(fd);
}
