// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl help; p25ctl OBJECT help.
 */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ctl.h"
#include "dispatch.h"
#include "guard.h"
#include "options.h"
#include "words.h"

static const char general[] =
"Usage: p25ctl [OPTION...] OBJECT COMMAND ...\n"
"       p25ctl [OPTION...] -b FILE|-\n"
"\n"
"  p25ctl KIND add PREFIX... [timeout DURATION | expires TIMESTAMP] [comment TEXT]\n"
"  p25ctl pool|block add ... [action drop|reject|prohibit|monitor]\n"
"  p25ctl static|optout add ... [guard off|RATES]\n"
"  p25ctl KIND del PREFIX... [comment TEXT]\n"
"  p25ctl KIND list [PREFIX]\n"
"  p25ctl KIND flush\n"
"  p25ctl list [PREFIX]             every entry, or those that overlap PREFIX\n"
"  p25ctl flush --all               delete every entry\n"
"  p25ctl -o OWNER flush            delete every entry of OWNER\n"
"  p25ctl set action drop|reject|prohibit|monitor\n"
"  p25ctl set inbound on|off\n"
"  p25ctl set limit N               entries that there may be\n"
"  p25ctl set senders N             senders that are remembered\n"
"  p25ctl set guard off|RATES [for DURATION]\n"
"                                   block who is exempt and exceeds a rate\n"
"  p25ctl show                      settings, entries per kind, memory, counters\n"
"  p25ctl check SRC [DST]           what mail from SRC (to DST) gets, and why\n"
"  p25ctl save                      the whole policy, as a policy file\n"
"  p25ctl apply FILE|- [--all] [--dry-run [-s]] [--max-delete N|N%] [--empty]\n"
"               [--force] [--wide]  make the owner's entries exactly this file\n"
"  p25ctl convert KIND [FILE]       a list of another program, as a policy file\n"
"  p25ctl monitor [entries|senders|guard|settings ...] [--journal]\n"
"                                   what happens, as it happens\n"
"  p25ctl top [blocked|exempt] [every DURATION]\n"
"                                   rates, senders and events, on a screen\n"
"  p25ctl senders [blocked|exempt] [PREFIX]\n"
"                                   who makes attempts to send mail, and how many\n"
"  p25ctl senders flush             forget them\n"
"  p25ctl offenders                 the same as \"senders blocked\"\n"
"  p25ctl health [idle DURATION] [ignore bridge|flowtable]\n"
"                                   whether mail of the pools is being judged, in a line\n"
"  p25ctl metrics [--http | --file FILE]\n"
"                                   what there is to monitor, for Prometheus\n"
"  p25ctl help | OBJECT help\n"
"\n"
"KIND\n"
"  relay   destination that everyone may send mail to\n"
"  pool    source that is blocked: dynamic addresses\n"
"  static  source that is exempt: its address is static\n"
"  optout  source that is exempt: its holder asked\n"
"  block   source that is blocked whatever static and optout say\n"
"\n"
"OPTION (before the object)\n"
"  -n, --netns NETNS   in this network namespace: a name of \"ip netns\", or a path\n"
"  -o, --owner OWNER   on behalf of this owner (default: admin; for list, save\n"
"                      and KIND flush: all)\n"
"  -j, --json          print JSON\n"
"  -4, --ipv4          list IPv4 alone; -6, --ipv6: IPv6 alone\n"
"  -e, --exist         deleting what is not there is no error\n"
"  -q, --quiet         with check: print nothing, the exit status is the verdict\n"
"  -v, --verbose       print notes as on a terminal\n"
"      --wide          for add, apply, convert and -b: prefixes wider than /8, in\n"
"                      IPv6 /16, are intended\n"
"      --only KIND,... with -b and -o: the list may change entries of these kinds alone\n"
"  -b, --batch FILE    make the changes of this list of commands, all or none\n"
"  -h, --help          this text\n"
"  -V, --version       the version\n"
"\n"
"Exit status: 0 done; 1 failed; 2 malformed command or file; 3 there is nothing to\n"
"delete; 4 no module; 5 no right; 6 the kernel refuses it; 7 convert left something\n"
"out. Nothing has changed but for 0.\n";

static const char on_kind[] =
"  PREFIX     address, or ADDRESS/LENGTH without host bits; 0.0.0.0/0 and ::/0 are\n"
"             everyone, and need --wide before the kind. A relay may also be a host\n"
"             name: all its addresses\n"
"  DURATION   1w1d2h30m5s, or seconds\n"
"  TIMESTAMP  2030-01-31, 2030-01-31T12:00:00Z or ...+01:00, @SECONDS since 1970;\n"
"             others by date(1): expires @$(date -d 'tomorrow 18:00' +%s)\n"
"  TEXT       up to 64 bytes, in quotes if it has blanks\n";

static const char on_rates[] =
"  RATES      ATTEMPTS/DURATION, up to four of them: 20/60s,1000/1h\n";

static const char on_verbs[] =
"\n"
"\"add\" of what is there renews what follows its prefix. \"del\" with a comment deletes\n"
"only what has that comment. Several prefixes are added or deleted all or none.\n";

static const char on_guard[] =
"With \"guard\", the entry has rates of its own, or none, whatever \"set guard\" says.\n";

static const char on_action[] =
"With \"action\", mail that the entry blocks gets that, whatever \"set action\" says.\n";

static const struct {
	const char *object;
	const char *text;
} texts[] = {
	{ "list",
"Usage: p25ctl [-j] [-4|-6] [-o OWNER] list [PREFIX]\n"
"\n"
"Every entry; with PREFIX, those that cover it, equal it or lie in it. -j:\n"
"[{\"kind\",\"prefix\",\"owner\",\"timeout\",\"expires\",\"action\",\"guard\",\"comment\",\n"
"\"packets\",\"bytes\"}, ...], \"guard\" as [{\"attempts\",\"seconds\"}, ...]\n" },
	{ "flush",
"Usage: p25ctl flush --all\n"
"       p25ctl -o OWNER flush\n"
"\n"
"Delete every entry, or every entry of OWNER. To undo it, \"p25ctl save\" first.\n" },
	{ "set",
"Usage: p25ctl set action drop|reject|prohibit|monitor\n"
"       p25ctl set inbound on|off\n"
"       p25ctl set limit N\n"
"       p25ctl set senders N\n"
"       p25ctl set guard off|RATES [for DURATION]\n"
"\n"
"  action   what blocked mail gets: silence, a TCP RST, an ICMP error, or nothing but\n"
"           a count\n"
"  inbound  is the way back closed too: TCP from port 25 to blocked sources?\n"
"  limit    entries that the network namespace may hold\n"
"  senders  senders that it remembers; \"p25ctl senders\" lists them\n"
"  guard    attempts that an exempt sender may make: RATES is ATTEMPTS/DURATION, up to\n"
"           four of them, as in \"set guard 5/1s,20/60s,1000/1h for 1h\". Who exceeds one\n"
"           is blocked: for DURATION, twice as long the next time, or until the entry,\n"
"           of owner \"guard\", is deleted\n" },
	{ "show",
"Usage: p25ctl [-j] show\n"
"\n"
"Settings, kernel memory, whether the kernel shows packets to p25, entries per owner and\n"
"kind, what the guard has done, packet counters. -j:\n"
"{\"action\",\"inbound\",\"limit\",\"senders\",\"guard\",\"guard_for\",\"entries\":{KIND:N},\n"
"\"memory\",\"since\",\"counters\":{NAME:N},\"hook\",\"counted\",\"guard_blocks\",\n"
"\"guard_missed\",\"owners\":{OWNER:N}}\n" },
	{ "check",
"Usage: p25ctl [-j] check SRC [DST]\n"
"       p25ctl -q check SRC [DST]\n"
"\n"
"What the kernel does with mail from SRC to DST, and the entry that decides; without\n"
"DST, mail to any host that is no relay. -q prints nothing: exit status 0 accept,\n"
"10 drop, 11 reject, 12 prohibit; 1 and 2 are errors. -j:\n"
"{\"src\",\"dst\",\"verdict\",\"reason\",\"prefix\",\"owner\",\"timeout\",\"expires\",\"action\",\n"
"\"guard\",\"comment\"}, \"would\" under \"action monitor\", \"local\" if an address is the\n"
"router's own.\n" },
	{ "save",
"Usage: p25ctl [-j] [-o OWNER] save\n"
"\n"
"The whole policy, as a file for \"p25ctl apply --all\"; with -o, the entries of\n"
"OWNER alone, for \"p25ctl -o OWNER apply\". -j:\n"
"{\"settings\":{...},\"entries\":[...]}, with \"expires\" in place of \"timeout\".\n" },
	{ "apply",
"Usage: p25ctl [-o OWNER] apply FILE|- [--all] [--dry-run [-s]]\n"
"                                       [--max-delete N|N%] [--empty] [--force]\n"
"                                       [--wide]\n"
"\n"
"Make the owner's entries exactly those of FILE, at once for every packet, or\n"
"change nothing. Settings change only if FILE gives them. Of entries that FILE has\n"
"twice, the last one counts; those whose \"expires\" has passed don't.\n"
"\n"
"  --all              FILE is the policy of all owners, as \"save\" writes it\n"
"  --dry-run          only print what would change: \"+\" added, \"-\" deleted, \"~\"\n"
"                     changed\n"
"  -s, --summary      with --dry-run: only how much would change\n"
"  --max-delete N|N%  refuse to delete more entries than that, or more than that\n"
"                     share of them (default: half of them, or 9 if that is more)\n"
"  --empty            FILE may have no entry at all\n"
"  --force            refuse neither\n"
"  --wide             prefixes that are wider than /8, in IPv6 /16, are intended\n" },
	{ "convert",
"Usage: p25ctl convert KIND [FILE] [--format NAME] [--set NAME] [--no-merge] [--wide]\n"
"\n"
"Make a policy file of a list that another program has written: its addresses,\n"
"prefixes and ranges, as entries of KIND. Without FILE, or if that is \"-\", standard\n"
"input is read. It takes no module and no right.\n"
"\n"
"  --format NAME  what it is, if that does not show: ipset (save, list), nft (list\n"
"                 set), mikrotik (export), json, csv, list, p25 (a policy file)\n"
"  --set NAME     of a file with several sets, this one; may be repeated\n"
"  --no-merge     keep prefixes that make up a shorter one, with their comments\n"
"  --wide         prefixes that are wider than /8, in IPv6 /16, are intended\n"
"\n"
"Exit status: 0 all of it was kept; 7 something was left out, and is named; 1 and 2\n"
"are errors, and nothing is printed.\n" },
	{ "monitor",
"Usage: p25ctl [-j] monitor [entries|senders|guard|settings ...]\n"
"       p25ctl monitor [entries|senders|guard|settings ...] --journal\n"
"\n"
"What happens, as it happens, a line each, until it is interrupted; only what is\n"
"named, or everything. -j: a JSON object each,\n"
"{\"time\",\"event\",\"revision\",...}, with the keys of an entry, of settings, of a sender,\n"
"or how many \"entries\" have changed at once, \"events\" were lost or \"senders\" left out;\n"
"of the guard also \"rate\", \"block\" and that entry's \"timeout\", \"expires\", \"comment\".\n"
"\n"
"  --journal  into the journal of systemd, with a field P25_... for each of these\n" },
	{ "top",
"Usage: p25ctl top [blocked|exempt] [every DURATION]\n"
"\n"
"Packets a second by verdict and reason, the senders that make most attempts, and the\n"
"last events, on a terminal, until \"q\" or a signal ends it; \"h\" there explains the\n"
"keys.\n"
"\n"
"  blocked|exempt  only these senders, to begin with\n"
"  every DURATION  time between samples (default: 2s)\n" },
	{ "senders",
"Usage: p25ctl [-j] [-4|-6] senders [blocked|exempt] [list] [PREFIX]\n"
"       p25ctl senders flush\n"
"\n"
"Who makes attempts to send mail, other than to relays, the most attempts first: all,\n"
"or who is blocked, or who is exempt; with PREFIX, who is in it. IPv6 by /64.\n"
"\"attempts\" are too many by \"error\" at most, \"destinations\" is an estimate. -j:\n"
"[{\"src\",\"attempts\",\"error\",\"packets\",\"destinations\",\"dst\",\"sport\",\"reason\",\n"
"\"prefix\",\"first\",\"last\"}, ...]\n"
"\n"
"\"flush\" forgets all of them, which lets nobody go that the guard has blocked.\n" },
	{ "health",
"Usage: p25ctl [-j] health [idle DURATION] [ignore bridge|flowtable]\n"
"\n"
"Whether mail of the pools is being judged, in one line for monitoring: exit status 0, or 1\n"
"with the reason. The module has to be loaded, a pool to be there, the kernel to show\n"
"packets; no bridge may carry frames past p25, nor a flowtable take connections to port\n"
"25; and nft's table p25_guard must not hold that closed.\n"
"\n"
"  idle DURATION     some mail has to have come within that time, whoever sent it\n"
"  ignore bridge     of bridges that it takes for ways past p25, and that are none\n"
"  ignore flowtable  the same of flowtables\n"
"\n"
"-j: {\"healthy\",\"problems\":[{\"check\",\"message\"}, ...],\"pools\",\"action\",\n"
"\"counted\"}\n" },
	{ "metrics",
"Usage: p25ctl metrics [--http | --file FILE]\n"
"\n"
"What there is to monitor, in the text format of Prometheus; without the module, p25_up is\n"
"0, and most of the others are left out.\n"
"\n"
"  --http       answer the HTTP request on standard input: for a socket of systemd\n"
"  --file FILE  write FILE, at once: for the textfile collector of node_exporter\n" },
	{ "offenders",
"Usage: p25ctl [-j] [-4|-6] offenders [list] [PREFIX]\n"
"       p25ctl offenders flush\n"
"\n"
"The same as \"senders blocked\" and \"senders flush\".\n" },
};

/* What this kind alone may have. */
static const char *own_option(enum p25_kind kind)
{
	if (can_act(kind))
		return " [action drop|reject|prohibit|monitor]";
	return can_guard(kind) ? " [guard off|RATES]" : "";
}

static const char *on_own_option(enum p25_kind kind)
{
	if (can_act(kind))
		return on_action;
	return can_guard(kind) ? on_guard : "";
}

static int help_on_kind(const char *name)
{
	enum p25_kind kind = p25_kind_parse(name);

	printf("Usage: p25ctl [-o OWNER] %s add PREFIX... [timeout DURATION | expires TIMESTAMP]\n"
	       "                                 [comment TEXT]%s\n"
	       "       p25ctl [-o OWNER] [-e] %s del PREFIX... [comment TEXT]\n"
	       "       p25ctl [-o OWNER] [-j] %s list [PREFIX]\n"
	       "       p25ctl [-o OWNER] %s flush\n\n%s%s%s%s",
	       name, own_option(kind), name, name, name, on_kind,
	       can_guard(kind) ? on_rates : "", on_verbs, on_own_option(kind));
	return DONE;
}

/* help_on - print the help on one object */
int help_on(const char *object)
{
	size_t i;

	if (p25_kind_parse(object) != P25_KIND_NONE)
		return help_on_kind(object);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!strcmp(texts[i].object, object)) {
			fputs(texts[i].text, stdout);
			return DONE;
		}
	}
	fputs(general, stdout);
	return DONE;
}

/* "help" and "help OBJECT" */
int cmd_help(struct ctl *c, struct words *w, enum p25_kind kind)
{
	char help[] = "help";
	char *words[2] = { NULL, help };
	struct words turned = { .v = words, .n = 2 };

	(void)kind;
	if (!words_peek(w))
		return help_on("help");
	words[0] = w->v[w->at++];
	return words_end(c, w) ? MISUSED : run_object(c, &turned);
}

/* usage_hint - for a person; a program has had its object */
void usage_hint(const struct ctl *c)
{
	if (c->json)
		return;
	fputs("Usage: p25ctl [OPTION...] OBJECT COMMAND ...; see \"p25ctl help\"\n",
	      stderr);
}
