// SPDX-License-Identifier: GPL-2.0
/*
 * Entries in a policy file's words: what is printed can be read again.
 */
#include <stdio.h>
#include <string.h>

#include "parse.h"
#include "print.h"

/* print_word - in quotes, as lex() reads it */
void print_word(const char *word)
{
	putchar('"');
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			putchar('\\');
		putchar(*word);
	}
	putchar('"');
}

static void print_expiry(const struct p25_entry *entry, unsigned int what)
{
	char moment[TIMESTAMP_STRLEN], duration[DURATION_STRLEN];

	if (!entry->expires && !entry->timeout)
		return;
	if (what & PRINT_EXPIRES)
		printf(" expires %s", timestamp_format(entry->expires, moment));
	if (what & PRINT_TIMEOUT)
		printf(" timeout %s",
		       duration_format(entry->timeout, duration));
}

/* print_options - expiry, comment and counters, each with a blank before it */
void print_options(const struct p25_entry *entry, unsigned int what)
{
	print_expiry(entry, what);
	if (*entry->comment) {
		fputs(" comment ", stdout);
		print_word(entry->comment);
	}
	if (what & PRINT_COUNTERS)
		printf(" packets %ju bytes %ju", (uintmax_t)entry->packets,
		       (uintmax_t)entry->bytes);
}

/* print_entry - the whole entry, without a newline */
void print_entry(const struct p25_entry *entry, unsigned int what)
{
	char prefix[P25_PREFIX_STRLEN];

	printf("%s %s", p25_kind_name(entry->kind),
	       p25_prefix_format(&entry->prefix, prefix));
	if (*entry->owner && strcmp(entry->owner, P25_OWNER_DEFAULT))
		printf(" owner %s", entry->owner);
	print_options(entry, what);
}
