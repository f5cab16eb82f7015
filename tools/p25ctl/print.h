/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Entries on standard output.
 */
#ifndef _PRINT_H
#define _PRINT_H

#include <stdint.h>

#include "libp25.h"

/* What is printed beside an entry's kind, prefix, owner and comment. */
enum {
	PRINT_TIMEOUT = 1,
	PRINT_EXPIRES = 2,
	PRINT_COUNTERS = 4,
};

/* Room for an entry, were every letter of its comment a quote. */
#define ENTRY_STRLEN 512

char *entry_format(char *to, const struct p25_entry *entry, unsigned int what);
void print_entry(const struct p25_entry *entry, unsigned int what);
void print_options(const struct p25_entry *entry, unsigned int what);
char *format_options(char *to, const struct p25_entry *entry, unsigned int what);
char *format_number(char *to, uint64_t number);

#endif /* _PRINT_H */
