// SPDX-License-Identifier: GPL-2.0
/*
 * What a list is shows in its first lines: each format has one that no other one has.
 */
#include <string.h>
#include <strings.h>

#include "convert.h"
#include "convert_sniff.h"
#include "ctl.h"

/* A list of addresses is what may be anything else: it comes last. */
const struct format *const formats[FORMATS] = {
	&format_policy, &format_ipset, &format_nft, &format_mikrotik,
	&format_json, &format_csv, &format_list,
};

/* What looks like a line of text, but is of no list at all. */
static const struct {
	const char *begin;
	const char *why;
} others[] = {
	{ "<ipset", "this is XML; expected what \"ipset save\" prints without -o" },
	{ "<!doctype", "this is HTML, a page that reports an error perhaps" },
	{ "<html", "this is HTML, a page that reports an error perhaps" },
	{ "<?xml", "this is XML" },
};

/*
 * convert_sniff - does this line show what the list is?
 * @why: it is none, for this reason
 *
 * Return: the format; NULL: the next line may show it, or there is a reason
 */
const struct format *convert_sniff(const char *line, const char **why)
{
	size_t i;

	*why = NULL;
	line += strspn(line, " \t");
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (!strncasecmp(line, others[i].begin, strlen(others[i].begin))) {
			*why = others[i].why;
			return NULL;
		}
	}
	for (i = 0; i < FORMATS; i++) {
		if (*line && formats[i]->is(line))
			return formats[i];
	}
	return NULL;
}
