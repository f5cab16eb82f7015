// SPDX-License-Identifier: GPL-2.0
/*
 * What a listing is about: [PREFIX], -4, -6.
 */
#include <sys/socket.h>

#include "ctl.h"
#include "parse.h"
#include "quote.h"
#include "report.h"
#include "scope.h"
#include "words.h"

/*
 * parse_scope - what a list is about: "[PREFIX]" is all that it takes, and -4, -6
 * @room: for the prefix
 * @prefix: set to it; or to the /0 of a family; or to NULL: all
 */
int parse_scope(const struct ctl *c, struct words *w, struct p25_prefix *room,
		const struct p25_prefix **prefix)
{
	const char *word = words_peek(w);

	*room = (struct p25_prefix){ .family = c->family };
	*prefix = c->family ? room : NULL;
	if (!word || is_late_option(word))
		return words_end(c, w);
	if (is_word(word, "owner"))
		return report_misuse(c,
				     "unexpected argument %s; give it before the object: \"p25ctl -o OWNER ...\"",
				     quote(word));
	if (parse_prefix(c, words_next(w), room))
		return MISUSED;
	if (c->family && room->family != c->family)
		return report_misuse(c, "invalid prefix %s: not IPv%d, but \"-%d\" is given",
				     quote(word), c->family == AF_INET ? 4 : 6,
				     c->family == AF_INET ? 4 : 6);
	*prefix = room;
	return words_end(c, w);
}
