// SPDX-License-Identifier: GPL-2.0
/*
 * Entries in a policy file's words: what is printed can be read again.
 *
 * A line is written into a buffer and printed as a whole: printf() would take
 * most of the time of a long listing.
 */
#include <stdio.h>
#include <string.h>

#include "duration.h"
#include "guard.h"
#include "libp25.h"
#include "print.h"
#include "timestamp.h"

/* format_number - write it. Return: where its NUL is, as of stpcpy() */
char *format_number(char *to, uint64_t number)
{
	char digits[20];
	size_t n = 0;

	do {
		digits[n++] = '0' + number % 10;
		number /= 10;
	} while (number);
	while (n)
		*to++ = digits[--n];
	*to = '\0';
	return to;
}

/* In quotes, as lex() reads it. */
static char *format_word(char *to, const char *word)
{
	*to++ = '"';
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			*to++ = '\\';
		*to++ = *word;
	}
	return stpcpy(to, "\"");
}

static char *format_expiry(char *to, const struct p25_entry *entry,
			   unsigned int what)
{
	char text[TIMESTAMP_STRLEN + DURATION_STRLEN];

	if (!entry->expires && !entry->timeout)
		return to;
	if (what & PRINT_TIMEOUT) {
		to = stpcpy(to, " timeout ");
		to = stpcpy(to, duration_format(entry->timeout, text));
	}
	if (what & PRINT_EXPIRES) {
		to = stpcpy(to, " expires ");
		to = stpcpy(to, timestamp_format(entry->expires, text));
	}
	return to;
}

/* format_options - what print_options() prints. Return: where its NUL is */
char *format_options(char *to, const struct p25_entry *entry, unsigned int what)
{
	to = format_expiry(to, entry, what);
	if (entry->has_action) {
		to = stpcpy(to, " action ");
		to = stpcpy(to, p25_action_name(entry->action));
	}
	if (entry->has_guard)
		to = format_guard(stpcpy(to, " guard "), &entry->guard);
	if (*entry->comment) {
		to = stpcpy(to, " comment ");
		to = format_word(to, entry->comment);
	}
	if (what & PRINT_COUNTERS) {
		to = stpcpy(to, " packets ");
		to = format_number(to, entry->packets);
		to = stpcpy(to, " bytes ");
		to = format_number(to, entry->bytes);
	}
	return to;
}

/* print_options - expiry, action, guard, comment and counters, each with a blank before it */
void print_options(const struct p25_entry *entry, unsigned int what)
{
	char text[ENTRY_STRLEN];

	fwrite(text, 1, format_options(text, entry, what) - text, stdout);
}

/* entry_format - write the whole entry. Return: where its NUL is */
char *entry_format(char *to, const struct p25_entry *entry, unsigned int what)
{
	char prefix[P25_PREFIX_STRLEN];

	to = stpcpy(to, p25_kind_name(entry->kind));
	to = stpcpy(to, " ");
	to = stpcpy(to, p25_prefix_format(&entry->prefix, prefix));
	if (*entry->owner && strcmp(entry->owner, P25_OWNER_DEFAULT)) {
		to = stpcpy(to, " owner ");
		to = stpcpy(to, entry->owner);
	}
	return format_options(to, entry, what);
}

/* print_entry - the whole entry, without a newline */
void print_entry(const struct p25_entry *entry, unsigned int what)
{
	char text[ENTRY_STRLEN];

	fwrite(text, 1, entry_format(text, entry, what) - text, stdout);
}
