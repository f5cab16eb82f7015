// SPDX-License-Identifier: GPL-2.0
/*
 * Words of other programs, and what they are called here.
 */
#include <string.h>

#include "ctl.h"
#include "synonyms.h"

/*
 * What a word was taken for, as report_unknown_word() has it; the words; what to
 * write, where one of two meanings ends and begins with a quote.
 */
static const struct {
	const char *what;
	const char *words;
	const char *meant;
} synonyms[] = {
	{ "object", "allow exempt permit whitelist", "optout add\" or \"static add" },
	{ "object", "unban unblock", "block del" },
	{ "object", "ban blacklist deny reblock", "block add" },
	{ "object", "dynamic dyn subscribers", "pool" },
	{ "object", "mx mailserver server smarthost", "relay" },
	{ "object", "import load refresh reload replace restore sync", "apply" },
	{ "object", "backup dump export store write", "save" },
	{ "object", "counters info stat statistics stats status", "show" },
	{ "object", "entries get print", "list" },
	{ "object", "abusers bots log sender spammers talkers", "senders" },
	{ "object", "events follow tail watch", "monitor" },
	{ "object", "alive healthy ready", "health" },
	{ "object", "exporter openmetrics prometheus", "metrics" },
	{ "object", "lookup query test verdict why", "check" },
	{ "object", "clear empty purge reset", "flush" },
	{ "object", "config configure", "set" },
	{ "object", "action", "set action" },
	{ "object", "inbound", "set inbound" },
	{ "object", "limit", "set limit" },
	{ "object", "guard", "block list\" or \"set guard" },
	{ "command", "append change create insert new renew replace update",
	  "add" },
	{ "command", "delete erase remove rm unset", "del" },
	{ "command", "dump get ls print show", "list" },
	{ "command", "clear empty purge reset", "flush" },
	{ "command", "block pool", "blocked" },
	{ "command", "allowed optout passed static", "exempt" },
	{ "entry option", "duration for lease lifetime ttl", "timeout" },
	{ "entry option", "expiration expiry till until", "expires" },
	{ "entry option", "desc description note reason remark text",
	  "comment" },
	{ "kind or setting", "allow exempt permit whitelist",
	  "optout\" or \"static" },
	{ "kind or setting", "ban blacklist deny", "block" },
	{ "kind or setting", "dynamic dyn", "pool" },
	{ "kind or setting", "mx mailserver server smarthost",
	  "relay" },
	{ "kind of event", "entry policy pool relay static optout block", "entries" },
	{ "kind of event", "set setting", "settings" },
	{ "kind of event", "offender offenders sender", "senders" },
	{ "entry option", "mode", "action" },
	{ "entry option", "attempts rate", "guard" },
	{ "setting", "mode", "action" },
	{ "setting", "attempts rate", "guard" },
	{ "setting", "offenders", "senders" },
	{ "kind or setting", "offenders", "senders" },
	{ "setting", "max maximum", "limit" },
	{ "action", "block deny discard", "drop" },
	{ "action", "refuse reset rst", "reject" },
	{ "action", "admin-prohibited icmp unreachable", "prohibit" },
	{ "action", "count log watch", "monitor" },
	{ "inbound value", "1 enable enabled true yes", "on" },
	{ "inbound value", "0 disable disabled false no", "off" },
};

/* Is it one of these words, which are separated by blanks? */
static bool is_among(const char *word, const char *words)
{
	size_t len = strlen(word), n;

	for (; *words; words += n + (words[n] == ' ')) {
		n = strcspn(words, " ");
		if (n == len && !memcmp(words, word, n))
			return true;
	}
	return false;
}

/* Does the meaning begin with a word that may stand here? */
static bool may_be(const char *meant, const char *const *names, size_t n)
{
	size_t len = strcspn(meant, " \""), i;

	for (i = 0; i < n; i++) {
		if (strlen(names[i]) == len && !memcmp(names[i], meant, len))
			return true;
	}
	return false;
}

/*
 * synonym - what a word of other programs is called here, NULL if it is none
 * @what: what it was taken for
 * @names: the words that may be that
 */
const char *synonym(const char *word, const char *what,
		    const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(synonyms); i++) {
		if (!strcmp(synonyms[i].what, what) &&
		    is_among(word, synonyms[i].words) &&
		    may_be(synonyms[i].meant, names, n))
			return synonyms[i].meant;
	}
	return NULL;
}
