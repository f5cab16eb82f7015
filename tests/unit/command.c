// SPDX-License-Identifier: GPL-2.0
/*
 * The command itself: what it doesn't understand, it says so, with status 2.
 * Nothing here reaches the kernel: of what is understood there is only help.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "version.h"

#define MOST_WORDS 16

/* What a run of p25ctl has printed, on both outputs. */
static char output[16384];

static void child(char **argv, int in, int out)
{
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	execv(getenv("P25CTL"), argv);
	_exit(127);
}

static int file_of(const char *text, size_t len)
{
	int fd = memfd_create("p25ctl", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, len), len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* Splits at blanks; a word that begins with ' goes to the next one. */
static char **split(char *line, char **words)
{
	size_t n = 0;

	words[n++] = (char *)"p25ctl";
	while (*line && n < MOST_WORDS - 1) {
		char stop = *line == '\'' ? '\'' : ' ';

		line += *line == '\'';
		words[n++] = line;
		line += strcspn(line, (char[]){ stop, '\0' });
		if (*line)
			*line++ = '\0';
		line += strspn(line, " ");
	}
	words[n] = NULL;
	return words;
}

/* Runs p25ctl with these arguments and this input. Returns its exit status. */
static int p25ctl_with(const char *args, const char *input, size_t len)
{
	char *words[MOST_WORDS], line[1024];
	int in = file_of(input, len), out = file_of("", 0);
	int status, n;
	pid_t pid;

	snprintf(line, sizeof(line), "%s", args);
	pid = fork();
	if (!pid)
		child(split(line, words), in, out);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status), "%s: died", args);
	lseek(out, 0, SEEK_SET);
	n = read(out, output, sizeof(output) - 1);
	output[n < 0 ? 0 : n] = '\0';
	close(in);
	close(out);
	return WEXITSTATUS(status);
}

static int p25ctl(const char *args)
{
	return p25ctl_with(args, "", 0);
}

static const struct {
	const char *args;
	const char *says;
} misuses[] = {
	/* objects and commands */
	{ "", "Usage: p25ctl" },
	{ "poool add 192.0.2.0/24",
	  "unknown object \"poool\"; did you mean \"pool\"?" },
	{ "xyzzy",
	  "unknown object \"xyzzy\"; expected one of: relay, pool, static, optout, block, list," },
	{ "s",
	  "ambiguous object \"s\"; expected one of: static, set, show, save, senders\n" },
	{ "flus", "\"flus\": write \"flush\" out; it can delete many entries" },
	{ "f", "write \"flush\" out" },
	{ "stats", "unknown object \"stats\"; did you mean \"show\"?" },
	{ "status", "did you mean \"show\"?" },
	{ "action drop",
	  "unknown object \"action\"; did you mean \"set action\"?" },
	{ "limit 10", "did you mean \"set limit\"?" },
	{ "inbound off", "did you mean \"set inbound\"?" },
	{ "add pool 192.0.2.0/24",
	  "unexpected \"add\" before the kind; did you mean \"pool add\"?" },
	{ "delete optout 192.0.2.1", "did you mean \"optout del\"?" },
	{ "list pool", "did you mean \"pool list\"?" },
	{ "show pool", "did you mean \"pool list\"?" },
	{ "ls pool", "did you mean \"pool list\"?" },
	{ "remove pool 192.0.2.0/24", "did you mean \"pool del\"?" },
	{ "del 192.0.2.1",
	  "missing kind before \"del\", as in \"pool del\"" },
	{ "new 192.0.2.1", "missing kind before \"new\", as in \"pool add\"" },
	{ "192.0.2.1", "did you mean \"list 192.0.2.1\"?" },
	{ "unblock 192.0.2.1",
	  "unknown object \"unblock\"; did you mean \"block del\"?" },
	{ "whitelist 192.0.2.1",
	  "did you mean \"optout add\" or \"static add\"?" },
	{ "ban 192.0.2.1", "did you mean \"block add\"?" },
	{ "reload", "unknown object \"reload\"; did you mean \"apply\"?" },
	{ "purge", "did you mean \"flush\"?" },
	{ "backup", "did you mean \"save\"?" },
	{ "spammers", "did you mean \"senders\"?" },
	{ "guard off", "unknown object \"guard\"; did you mean \"block list\" or \"set guard\"?" },
	{ "pool 192.0.2.0/24", "did you mean \"pool add 192.0.2.0/24\"?" },
	{ "pool remove 192.0.2.0/24", "did you mean \"del\"?" },
	{ "pool rm 192.0.2.0/24", "did you mean \"del\"?" },
	{ "pool",
	  "\"pool\" requires a command: add, del, list or flush" },
	{ "pool lits", "unknown command \"lits\"; did you mean \"list\"?" },
	{ "pool replace 192.0.2.0/24",
	  "unknown command \"replace\"; did you mean \"add\"?" },
	{ "pool xyzzy",
	  "unknown command \"xyzzy\"; expected one of: add, del, list, flush\n" },
	{ "show me", "unexpected argument \"me\"" },
	{ "flush pool", "did you mean \"pool flush\"?" },
	{ "flush",
	  "\"flush\" requires an argument: \"flush --all\" deletes every owner's entries, \"p25" },
	{ "flush all",
	  "unexpected argument \"all\"; did you mean \"flush --all\"?" },
	{ "flush --all x", "unexpected argument \"x\"" },
	{ "-o hooks flush --all",
	  "options \"-o\" and \"--all\" cannot be used together" },
	{ "--all flush",
	  "unexpected option \"--all\": it goes after \"apply\" or \"flush\"" },
	{ "p f", "abbreviated command \"f\": write \"flush\" out" },
	{ "pool flu", "abbreviated command \"flu\": write \"flush\" out" },
	{ "p flush", "abbreviated kind \"p\": write \"pool flush\" out" },
	{ "monitor entrie", "unknown kind of event \"entrie\"; did you mean \"entries\"?" },
	{ "monitor pool", "unknown kind of event \"pool\"; did you mean \"entries\"?" },
	{ "monitor entries -j", "options go before the object" },
	{ "watch", "did you mean \"monitor\"?" },
	{ "status health", "did you mean \"show\"?" },
	{ "prometheus", "did you mean \"metrics\"?" },
	{ "alive", "did you mean \"health\"?" },
	{ "h", "ambiguous object \"h\"; expected one of: health, help" },
	{ "health idle", "\"idle\" requires an argument: the longest time without mail" },
	{ "health idle soon", "invalid duration \"soon\"" },
	{ "health ignore", "\"ignore\" requires an argument: bridge or flowtable" },
	{ "health ignore hook", "unknown check \"hook\"; expected one of: bridge, flowtable" },
	{ "health now", "unknown option \"now\"; expected one of: idle, ignore" },
	{ "-o desk health", "option \"-o\" cannot be used with \"health\"" },
	{ "metrics --file", "\"--file\" requires an argument: where to write the metrics" },
	{ "metrics --http now", "unexpected argument \"now\"" },
	{ "metrics now", "unknown option \"now\"; expected one of: --http, --file" },
	{ "-o desk monitor", "option \"-o\" cannot be used with \"monitor\"" },
	{ "top", "\"top\" needs a terminal; use \"show\", \"senders\" or \"monitor\" in its" },
	{ "top blocked every 5s", "needs a terminal" },
	{ "top every", "\"every\" requires an argument: a duration like 5s" },
	{ "top every 0", "invalid interval \"0\": write a duration from 1s to 1d" },
	{ "top every 2d", "invalid interval \"2d\"" },
	{ "top offenders", "unknown word \"offenders\"; expected one of: blocked, exempt, every" },
	{ "top -j", "options go before the object" },
	{ "-o hooks top", "option \"-o\" cannot be used with \"top\"" },
	{ "monitor sender", "unknown kind of event \"sender\"; did you mean \"senders\"?" },
	{ "senders fl", "abbreviated command \"fl\": write \"flush\" out" },
	{ "senders xyzzy",
	  "unknown command \"xyzzy\"; expected one of: blocked, exempt, list, flush\n" },
	{ "senders clear", "unknown command \"clear\"; did you mean \"flush\"?" },
	{ "senders static", "did you mean \"exempt\"?" },
	{ "senders exempt flush",
	  "unknown command \"flush\"; expected one of: list\n" },
	{ "senders exempt lst", "unknown command \"lst\"; did you mean \"list\"?" },
	{ "senders flush 192.0.2.1", "unexpected argument \"192.0.2.1\"" },
	{ "senders 192.0.2.1/24", "host bits set" },
	{ "senders blocked 192.0.2.1/24", "host bits set" },
	{ "senders exempt list 192.0.2.1 192.0.2.2", "unexpected argument" },
	{ "-6 senders exempt 192.0.2.1", "not IPv6, but \"-6\" is given" },
	{ "-6 senders blocked flush", "cannot be used with \"flush\"" },
	{ "-o hooks senders", "option \"-o\" cannot be used with \"senders\"" },
	{ "offenders f", "abbreviated command \"f\": write \"flush\" out" },
	{ "appl -", "abbreviated command \"appl\": write \"apply\" out" },
	{ "pool flush all", "unexpected argument \"all\"" },
	{ "save policy", "unexpected argument \"policy\"" },
	{ "offenders drop",
	  "unknown command \"drop\"; expected one of: list, flush" },
	{ "offenders 192.0.2.1/24", "host bits set" },
	{ "-4 offenders 2001:db8::", "not IPv4, but \"-4\" is given" },
	{ "offenders list 192.0.2.1 192.0.2.2", "unexpected argument" },
	/* options */
	{ "-x list", "unknown option \"-x\"\nUsage: " },
	{ "-ex list", "unknown option \"-x\"\n" },
	{ "-\33 list",
	  "unknown option \"-?\"; there is U+001B, a control character, in it\n" },
	{ "--jason list", "unknown option \"--jason\"\n" },
	{ "--\33]0;x\a list", "unknown option \"--?]0;x?\"; there is U+001B" },
	{ "--json=yes list", "option \"-j\" takes no argument\n" },
	{ "--exist -xj list", "unknown option \"-x\"\n" },
	{ "-o", "option \"-o\" requires an argument\nUsage: " },
	{ "-o list", "missing object after the options" },
	{ "list --owner", "unexpected option \"--owner\": options go before" },
	{ "--owner", "option \"-o\" requires an argument\n" },
	{ "-o Admin list", "invalid owner \"Admin\": expected 1 to 15 of" },
	{ "-o 1234567890123456 list", "invalid owner \"1234567890123456\": " },
	{ "list -j",
	  "unexpected option \"-j\": options go before the object, right after \"p25ctl\"" },
	{ "show -n", "unexpected option \"-n\": options go before the object" },
	{ "pool list --owner",
	  "unexpected option \"--owner\": options go before the object" },
	{ "optout add 192.0.2.1 -o hooks",
	  "unexpected option \"-o\": options go before the object" },
	{ "optout del -e 192.0.2.1",
	  "unexpected option \"-e\": options go before the object" },
	{ "relay add -n x 192.0.2.1",
	  "unexpected option \"-n\": options go before the object" },
	{ "check -j 192.0.2.1 192.0.2.2",
	  "unexpected option \"-j\": options go before the object" },
	{ "--dry-run apply f",
	  "unexpected option \"--dry-run\": it goes after \"apply\", with its file" },
	{ "--all apply f",
	  "unexpected option \"--all\": it goes after \"apply\"" },
	{ "--max-delete=5 apply f",
	  "unexpected option \"--max-delete=5\": it goes after \"apply\"" },
	{ "-o a -o b list", "duplicate option \"-o\"" },
	{ "-n a --netns b list", "duplicate option \"-n\"" },
	{ "-b a -b b", "duplicate option \"-b\"" },
	{ "-o hooks set action drop",
	  "option \"-o\" cannot be used with \"set\": it is not about an owner's entries" },
	{ "-o hooks show", "option \"-o\" cannot be used with \"show\"" },
	{ "-o hooks check 192.0.2.1 192.0.2.2",
	  "option \"-o\" cannot be used with \"check\"" },
	{ "-o hooks offenders flush",
	  "option \"-o\" cannot be used with \"offenders\"" },
	{ "-e pool add 192.0.2.0/24",
	  "option \"-e\" cannot be used with \"add\": it is for" },
	{ "-v -e list", "option \"-e\" cannot be used with \"list\"" },
	{ "-q list",
	  "option \"-q\" cannot be used with \"list\": it is for \"check\"" },
	{ "-q -b -", "option \"-q\" cannot be used with \"-b\"" },
	{ "-e pool flush", "option \"-e\" cannot be used with \"flush\"" },
	{ "-4 -6 list", "options \"-4\" and \"-6\" cannot be used together" },
	{ "-4 show",
	  "cannot be used with \"show\": they are for \"list\" and \"senders\"\n" },
	{ "--ipv6 pool add 2001:db8::/32", "cannot be used with \"add\"" },
	{ "-6 offenders flush", "cannot be used with \"flush\"" },
	{ "-6 -b -", "cannot be used with \"-b\"" },
	{ "-6 list 192.0.2.0/24",
	  "invalid prefix \"192.0.2.0/24\": not IPv6, but \"-6\" is given" },
	{ "-4 pool list 2001:db8::", "not IPv4, but \"-4\" is given" },
	{ "-b - list",
	  "unexpected argument \"list\": -b takes its commands from the file alone" },
	/* prefixes */
	{ "pool add", "missing prefix" },
	{ "pool del", "missing prefix" },
	{ "pool add timeout 8h 192.0.2.0/24",
	  "missing prefix, such as 198.51.100.0/24; it goes before \"timeout\"" },
	{ "optout add 192.0.2.1 for 8h",
	  "prefix \"for\": not an IPv4 or IPv6 address or prefix; did you mean \"timeout\"?" },
	{ "relay add 192.0.2.25 ttl 8h", "did you mean \"timeout\"?" },
	{ "relay add 192.0.2.25 until 2027-01-31",
	  "did you mean \"expires\"?" },
	{ "optout add 192.0.2.1 comment x ttl 8h",
	  "unknown entry option \"ttl\"; did you mean \"timeout\"?" },
	{ "relay add 192.0.2.25 note x", "did you mean \"comment\"?" },
	{ "relay add mx1",
	  "invalid address \"mx1\": a host name needs a dot, as \"mx1.\"\n" },
	{ "relay del localhost", "needs a dot, as \"localhost.\"" },
	{ "list owner desk",
	  "unexpected argument \"owner\"; give it before the object: \"p25ctl -o OWNER ...\"" },
	{ "pool list timeout",
	  "invalid prefix \"timeout\": not an IPv4 or IPv6 address or prefix\n" },
	{ "optout add 192.0.2.1 8h",
	  "invalid prefix \"8h\"; did you mean \"timeout 8h\"?" },
	{ "relay add 192.0.2.25 8h", "did you mean \"timeout 8h\"?" },
	{ "relay add 192.0.2.25 comment x 8h",
	  "quote a comment of several words" },
	{ "pool add any",
	  "invalid prefix \"any\": every address is 0.0.0.0/0 or ::/0" },
	{ "relay add all", "every address is 0.0.0.0/0 or ::/0" },
	{ "pool list default", "every address is 0.0.0.0/0 or ::/0" },
	{ "pool add 198.51.100.0/255.255.255.0",
	  "prefix \"198.51.100.0/255.255.255.0\": has a netmask; did you mean 198.51.100.0/24?" },
	{ "relay add 192.0.2.25/255.255.255.255",
	  "did you mean 192.0.2.25/32?" },
	{ "pool add 198.51.100.0/255.0.255.0",
	  "the length must be 0 to 32" },
	{ "pool add 198.51.100.7/255.255.255.0",
	  "the length must be 0 to 32" },
	{ "pool add 192.0.2.1/24",
	  "invalid prefix \"192.0.2.1/24\": host bits set; did you mean 192.0.2.0/24?" },
	{ "pool add 192.0.2.0/24 2001:db8::1/64",
	  "did you mean 2001:db8::/64?" },
	{ "pool add 198.51.100",
	  "invalid prefix \"198.51.100\": not an IPv4 or IPv6 address" },
	{ "relay add 198.51.100",
	  "invalid prefix \"198.51.100\": not an IPv4 or IPv6 address" },
	{ "relay add 300.1.1.1",
	  "invalid prefix \"300.1.1.1\": not an IPv4 or IPv6 address" },
	{ "relay add 0x7f000001",
	  "invalid prefix \"0x7f000001\": hexadecimal numbers; did you mean 127.0.0.1?" },
	{ "relay add 0xc0.0.2.0x19", "did you mean 192.0.2.25?" },
	{ "pool add 192.0.2.0x19", "did you mean 192.0.2.25?" },
	{ "pool add 192.0.2.010",
	  "\"192.0.2.010\": leading zeros, which some programs read as octal; write it" },
	{ "pool add 192.000.2.0/24", ": leading zeros" },
	{ "check 192.0.2.08 192.0.2.1", ": leading zeros" },
	{ "pool add 192.0.2.0/024", "the length must be 0 to 32\n" },
	/* what looks right */
	{ "pool add 192.0.2.0/24\302\240",
	  "32; there is U+00A0, a no-break space, in it\n" },
	{ "pool\342\200\213 add 192.0.2.0/24",
	  "offenders, health, metrics, help; there is U+200B, a zero-width character, in it\n" },
	{ "pool add \357\273\277192.0.2.0/24",
	  "there is U+FEFF, a byte order mark, in it\n" },
	{ "pool add 192.0.2.0/24 comment \342\200\234two words\342\200\235",
	  "U+201D, a typographic quote, in it\n" },
	{ "pool add 192.0.2.0/24 \342\200\223o hooks",
	  "U+2013, a dash other than \"-\", in it\n" },
	{ "pool add 192.0.2.0/24 timeout 8\357\275\210",
	  "U+FF48, a letter of another width, in it\n" },
	{ "relay add mail.example/32",
	  "invalid prefix \"mail.example/32\": not an IPv4 or IPv6 prefix" },
	{ "pool add mail.example",
	  "prefix \"mail.example\": not an IPv4 or IPv6 prefix (only a relay may be a host name)" },
	{ "block del mail.example", "only a relay may be a host name" },
	{ "static add ::ffff:192.0.2.1",
	  "invalid prefix \"::ffff:192.0.2.1\": IPv4-mapped; write 192.0.2.1" },
	{ "pool list 192.0.2.1/24", "did you mean 192.0.2.0/24?" },
	{ "list 192.0.2", "invalid prefix \"192.0.2\": not an IPv4" },
	{ "pool del 192.0.2.0/24 timeout 8h",
	  "unexpected argument \"timeout\": \"del\" takes only prefixes, and the comment" },
	{ "pool del 192.0.2.0/24 comment",
	  "\"comment\" requires an argument: a text" },
	{ "pool del 192.0.2.0/24 comment two words",
	  "unexpected argument \"words\"; quote a comment of several words" },
	{ "pool del comment x", "missing prefix" },
	{ "pool del 192.0.2.0/24 comment " COMMENT_65,
	  "longer than 64 bytes (it has 65)" },
	{ "relay add 192.0.2.25 coment x", "did you mean \"comment\"?" },
	/* what they cover */
	{ "block add 0.0.0.0/0",
	  "\"0.0.0.0/0\" covers every address; if that is intended, use \"p25ctl --wide block" },
	{ "relay add ::/0", "\"p25ctl --wide relay add ...\"" },
	{ "pool add 192.0.2.0/24 254.0.0.0/7",
	  "\"254.0.0.0/7\" is wider than a /8; if that is intended, use" },
	{ "pool add 2000::/15", "\"2000::/15\" is wider than a /16" },
	{ "--wide pool add 127.0.0.0/8",
	  "\"127.0.0.0/8\" is a loopback address: no mail is forwarded from it" },
	{ "relay add 224.0.0.1", "is multicast: no mail is forwarded to it" },
	{ "--only block -b -", "option \"--only\" requires -b, and -o with the owner" },
	{ "-o desk --only static block add 192.0.2.1", "option \"--only\" requires -b" },
	{ "-o desk --only blocks -b -", "invalid kinds \"blocks\": write --only=optout,block" },
	{ "-o desk --only block, -b -", "invalid kinds \"block,\"" },
	{ "-o desk --only= -b -", "invalid kinds \"\"" },
	{ "--wide list", "option \"--wide\" cannot be used with \"list\"" },
	{ "--wide pool del 0.0.0.0/0",
	  "option \"--wide\" cannot be used with \"del\"" },
	{ "pool add 0.0.0.0/0 --wide",
	  "unexpected option \"--wide\": options go before" },
	/* timeouts and timestamps */
	{ "pool add 192.0.2.0/24 timeout",
	  "\"timeout\" requires an argument: a duration like 8h" },
	{ "pool add 192.0.2.0/24 timeout 0",
	  "invalid duration \"0\": would expire at once" },
	{ "pool add 192.0.2.0/24 timeout -5",
	  "invalid duration \"-5\": write it like 1w1d2h30m5s" },
	{ "pool add 192.0.2.0/24 timeout 8hours",
	  "invalid duration \"8hours\"" },
	{ "pool add 192.0.2.0/24 timeout 7321d",
	  "invalid duration \"7321d\": too long; 20 years" },
	{ "pool add 192.0.2.0/24 timeout 18446744073709551617", "too long" },
	{ "pool add 192.0.2.0/24 timeout 1h timeout 2h",
	  "duplicate \"timeout\"" },
	{ "pool add 192.0.2.0/24 expires 2020-01-01T00:00:00Z",
	  "invalid timestamp \"2020-01-01T00:00:00Z\": in the past; by the clock it is 20" },
	{ "pool add 192.0.2.0/24 expires 2030-02-30T00:00:00Z",
	  "no such day or time of day" },
	{ "pool add 192.0.2.0/24 expires 2020-01-01",
	  "invalid timestamp \"2020-01-01\": in the past" },
	{ "pool add 192.0.2.0/24 expires '2030-01-01 18:00",
	  "invalid timestamp \"2030-01-01 18:00\": no time zone; append Z (UTC)," },
	{ "pool add 192.0.2.0/24 expires tomorrow",
	  "invalid timestamp \"tomorrow\": write 2030-01-31T12:00:00Z, or @$(date -d 'tomorrow" },
	{ "pool add 192.0.2.0/24 expires 1900000000", "invalid timestamp" },
	{ "pool add 192.0.2.0/24 expires @99999999999999999999",
	  "too far in the future" },
	{ "pool add 192.0.2.0/24 expires 2999-01-01T00:00:00Z",
	  "too far in the future; 2088-01-19T03:14:06Z is the latest" },
	{ "pool add 192.0.2.0/24 timeou 8h",
	  "prefix \"timeou\": not an IPv4 or IPv6 address or prefix; did you mean \"timeout\"?" },
	{ "pool add 192.0.2.0/24 timeout 8h 198.51.100.0/24",
	  "unexpected prefix \"198.51.100.0/24\": prefixes go before" },
	{ "pool add 192.0.2.0/24 --timeout 8h",
	  "unexpected option \"--timeout\"; did you mean \"timeout\"?" },
	{ "pool add 192.0.2.0/24 timeout 8h --note x",
	  "unexpected option \"--note\"; did you mean \"comment\"?" },
	{ "pool add 192.0.2.0/24 timeout 2030-01-31",
	  "invalid duration \"2030-01-31\"; did you mean \"expires 2030-01-31\"?" },
	{ "pool add 192.0.2.0/24 expires 8h",
	  "invalid timestamp \"8h\"; did you mean \"timeout 8h\"?" },
	{ "pool add 192.0.2.0/24 expires 2040-01-31 18:00Z",
	  "unknown entry option \"18:00Z\"; put a T in place of" },
	/* comments and owners */
	{ "pool add 192.0.2.0/24 comment",
	  "\"comment\" requires an argument: a text" },
	{ "pool add 192.0.2.0/24 comment two words",
	  "unknown entry option \"words\"; quote a comment of several words" },
	{ "pool add 192.0.2.0/24 comment call 0815", "quote a comment" },
	{ "pool add 192.0.2.0/24 timeout 8h x",
	  "expected one of: timeout, expires, comment, action, guard\n" },
	{ "pool add 192.0.2.0/24 action",
	  "\"action\" requires an argument: drop, reject, prohibit or monitor" },
	{ "block add 192.0.2.1 action deny",
	  "unknown action \"deny\"; did you mean \"drop\"?" },
	{ "block add 192.0.2.1 timeout 8h mode drop",
	  "unknown entry option \"mode\"; did you mean \"action\"?" },
	{ "optout add 192.0.2.1 action drop",
	  "unexpected option \"action\": only pool and block can have one" },
	{ "static add 192.0.2.1 guard",
	  "\"guard\" requires an argument: off, or rates like 20/60s,1000/1h" },
	{ "pool add 192.0.2.0/24 guard off",
	  "unexpected option \"guard\": only static and optout can have one" },
	{ "relay add 192.0.2.25 guard 20/60s", "only static and optout can have one" },
	{ "optout add 192.0.2.1 guard on",
	  "invalid guard \"on\": expected off, or rates like 20/60s,1000/1h\n" },
	{ "optout add 192.0.2.1 guard 20", "invalid guard \"20\": expected off, or" },
	{ "optout add 192.0.2.1 guard 20/minute",
	  "invalid rate \"20/minute\"; did you mean 20/1m?" },
	{ "optout add 192.0.2.1 guard 5/1s,20/h",
	  "invalid rate \"20/h\"; did you mean 20/1h?" },
	{ "optout add 192.0.2.1 guard 20/60s,",
	  "a rate is missing in a guard; write them like 20/60s,1000/1h, without blanks" },
	{ "optout add 192.0.2.1 guard 20/60s,60s",
	  "invalid rate \"60s\": expected off, or rates like" },
	{ "optout add 192.0.2.1 guard 0/60s",
	  "invalid rate \"0/60s\": expected 1 to 1000000 attempts" },
	{ "optout add 192.0.2.1 guard 1000001/60s", "expected 1 to 1000000 attempts" },
	{ "optout add 192.0.2.1 guard 18446744073709551617/60s",
	  "expected 1 to 1000000 attempts" },
	{ "optout add 192.0.2.1 guard x/60s", "invalid rate \"x/60s\": expected off" },
	{ "optout add 192.0.2.1 guard /60s", "invalid rate \"/60s\": expected off" },
	{ "optout add 192.0.2.1 guard 20/",
	  "invalid rate \"20/\": write its time like 60s, 1h30m or 1d" },
	{ "optout add 192.0.2.1 guard 20/60x", "write its time like" },
	{ "optout add 192.0.2.1 guard 20/0s",
	  "invalid rate \"20/0s\": its time must be 1s to 30d" },
	{ "optout add 192.0.2.1 guard 20/30d1s", "its time must be 1s to 30d" },
	{ "optout add 192.0.2.1 guard 1/1s,2/2s,3/3s,4/4s,5/5s",
	  "a guard has 4 rates at most" },
	{ "optout add 192.0.2.1 guard 20/60s guard off", "duplicate \"guard\"" },
	{ "optout add 192.0.2.1 guard 20/60s for 1h",
	  "unexpected \"for\": how long the guard blocks is the same for all, by \"set guard\"" },
	{ "optout add 192.0.2.1 comment x rate 20/60s", "did you mean \"guard\"?" },
	{ "relay add 192.0.2.25 action drop", "only pool and block can have one" },
	{ "pool add 192.0.2.0/24 comment x timeot 8h",
	  "did you mean \"timeout\"?" },
	{ "pool add 192.0.2.0/24 comment 'a\tb'",
	  "invalid comment \"a?b\": not printable UTF-8" },
	{ "pool add 192.0.2.0/24 comment caf\351",
	  "invalid comment \"caf?\": not printable" },
	{ "pool add 192.0.2.0/24 comment " COMMENT_65,
	  "longer than 64 bytes (it has 65)" },
	{ "pool add 192.0.2.0/24 owner hooks",
	  "unexpected option \"owner\"; give it before the object: \"p25ctl -o hooks ...\"" },
	{ "pool add 192.0.2.0/24 packets 3",
	  "unexpected option \"packets\": counters cannot be set" },
	/* settings */
	{ "set", "\"set\" requires an argument: action, inbound, limit, senders or guard" },
	{ "set action",
	  "\"action\" requires an argument: drop, reject, prohibit or monitor" },
	{ "set action drp", "unknown action \"drp\"; did you mean \"drop\"?" },
	{ "set action accept",
	  "unknown action \"accept\"; expected one of: drop, reject, prohibit, monitor" },
	{ "set inbound maybe",
	  "unknown inbound value \"maybe\"; expected one of: on, off" },
	{ "set inbound true", "did you mean \"on\"?" },
	{ "set action deny",
	  "unknown action \"deny\"; did you mean \"drop\"?" },
	{ "set action icmp",
	  "unknown action \"icmp\"; did you mean \"prohibit\"?" },
	{ "set limit 0",
	  "invalid limit \"0\": expected a number from 1 to 33554432" },
	{ "set limit 33554433",
	  "invalid limit \"33554433\": expected a number from 1 to 33554432" },
	{ "set limit 4294967296", "invalid limit" },
	{ "set limit 1k", "invalid limit \"1k\"" },
	{ "set limit 99999999999999999999999", "invalid limit" },
	{ "set action drop action drop", "duplicate \"action\"" },
	{ "set port 25",
	  "unknown setting \"port\"; expected one of: action, inbound, limit, senders, guard\n" },
	{ "set senders", "\"senders\" requires an argument: a number of senders" },
	{ "set senders 0",
	  "invalid number of senders \"0\": expected a number from 1 to 1048576" },
	{ "set senders 1048577", "expected a number from 1 to 1048576" },
	{ "set offenders 1000", "did you mean \"senders\"?" },
	{ "set guard",
	  "\"guard\" requires an argument: off, or rates like 20/60s,1000/1h" },
	{ "set guard on", "invalid guard \"on\": expected off, or rates like" },
	{ "set guard 20/60s for", "\"for\" requires an argument: a duration like 1h" },
	{ "set guard 20/60s for ever",
	  "invalid duration \"ever\": write its time like 60s, 1h30m or 1d" },
	{ "set guard 20/60s for 0", "invalid duration \"0\": its time must be 1s to 30d" },
	{ "set guard 20/60s for 31d", "its time must be 1s to 30d" },
	{ "set guard off for 1h", "unexpected \"for\": the guard is off" },
	{ "set guard 20/60s 1h", "unknown setting \"1h\"" },
	{ "set guard off guard off", "duplicate \"guard\"" },
	/* check */
	{ "check", "\"check\" requires an argument: the sender" },
	{ "check 192.0.2.0/24", "192.0.2.0/24" },
	{ "check 192.0.2.1 192.0.2.2 25", "unexpected argument \"25\"" },
	{ "check 192.0.2.0/24 198.51.100.1",
	  "invalid address \"192.0.2.0/24\": a single address is required" },
	{ "check 192.0.2.1 2001:db8::1",
	  "\"192.0.2.1\" and \"2001:db8::1\": one is IPv4, the other is IPv6" },
	{ "check 192.0.2.1 mail.example",
	  "invalid prefix \"mail.example\": not an IPv4 or IPv6 address" },
	/* apply */
	{ "apply", "\"apply\" requires an argument: a policy file" },
	{ "apply --all", "\"apply\" requires an argument" },
	{ "apply a b", "unexpected argument \"b\"" },
	{ "apply --forced a",
	  "unknown option \"--forced\"; expected one of: --all, --dry-run, -s," },
	{ "apply --max-delete",
	  "option \"--max-delete\" requires an argument: a number like" },
	{ "apply a --max-delete -1", "invalid argument \"-1\" for" },
	{ "apply a --max-delete=101%", "invalid argument \"101%\" for" },
	{ "apply a --max-delete 10%%", "invalid argument \"10%%\" for" },
	{ "apply a --max-delete 5x", "invalid argument \"5x\" for" },
	{ "apply a --max-delete= -",
	  "option \"--max-delete\" requires an argument: a number" },
	{ "apply a --max-delete 99999999999999999999",
	  "for \"--max-delete\": expected a number" },
	{ "apply a --max-delete 1 --max-delete 2", "duplicate option" },
	{ "apply a --max-deletes 1", "unknown option \"--max-deletes\"" },
	{ "apply a --force --max-delete 1",
	  "options \"--force\" and \"--max-delete\" cannot be used together" },
	{ "apply a -s", "option \"-s\" requires \"--dry-run\"" },
	{ "apply --summary a", "option \"-s\" requires \"--dry-run\"" },
	{ "-o hooks apply --all -",
	  "options \"-o\" and \"--all\" cannot be used together" },
};

START_TEST(test_misuse)
{
	ck_assert_msg(p25ctl(misuses[_i].args) == MISUSED, "%s", output);
	ck_assert_msg(strstr(output, misuses[_i].says), "%s: %s",
		      misuses[_i].args, output);
	ck_assert_msg(!strncmp(output, *misuses[_i].args ? "p25ctl: " :
			       "Usage: ", 7), "%s", output);
}

#define FILE_OF(args, text, says) { args, text "\n", sizeof(text), says }

static const struct {
	const char *args;
	const char *input;
	size_t len;
	const char *says;
} files[] = {
	FILE_OF("-o desk --only block,optout -b -", "set action monitor",
		"-:1: command \"set\" is not among the kinds of --only"),
	FILE_OF("-o desk --only block,optout -b -", "optout add 192.0.2.1\nflush --all",
		"-:2: command \"flush\" is not among the kinds of --only"),
	FILE_OF("-o desk --only block,optout -b -", "static add 192.0.2.1",
		"-:1: command \"static\" is not among the kinds of --only"),
	FILE_OF("-o desk --only block -b -", "block add 192.0.2.1 owner admin",
		"-:1: unexpected option \"owner\""),
	FILE_OF("apply -", "pool 192.0.2.0/24\n\npool 192.0.2.1/24\n",
		"-:3: invalid prefix \"192.0.2.1/24\": host bits set; did you mean 192.0.2.0/24?"),
	FILE_OF("apply --dry-run -", "action drop\naction drop\n",
		"p25ctl: -:2: duplicate \"action\"\n"),
	FILE_OF("apply --all -", "pool 192.0.2.0/24 owner A\n",
		"p25ctl: -:1: invalid owner \"A\": "),
	FILE_OF("apply -", "pool 192.0.2.0/24 owner hooks\n",
		"p25ctl: -:1: unexpected owner \"hooks\": entries of owners other than"),
	FILE_OF("apply -", "pool 192.0.2.0/24\r\n",
		"p25ctl: -:1: the line ends in CR LF"),
	FILE_OF("apply -", "pool 192.0.2.0/24\npool \"x",
		"p25ctl: -:2: unterminated quote"),
	FILE_OF("apply -", "198.51.100.0/24\n203.0.113.0/24\n",
		"-:1: missing kind before \"198.51.100.0/24\"; expected one of: pool, static,"),
	FILE_OF("apply -", "2001:db8::1/64\n", "missing kind before"),
	FILE_OF("apply -", "{ \"prefixes\": [] }\n",
		"this is JSON; expected lines of words (\"p25ctl convert\" makes them"),
	FILE_OF("apply -", "pool 192.0.2.1-192.0.2.9\n",
		"a range; \"p25ctl convert\" makes prefixes of it\n"),
	FILE_OF("apply -", "create bl hash:net family inet\nadd bl 192.0.2.0/24\n",
		"-:1: unexpected \"create\": not a line of a policy file; \"p25ctl convert"),
	FILE_OF("apply -", "table inet filter {\n",
		"-:1: unexpected \"table\": not a line of a policy file; \"p25ctl convert\" reads"),
	FILE_OF("apply -", "/ip firewall address-list\n",
		"-:1: unexpected \"/ip\": not a line of a policy file; \"p25ctl convert\" reads"),
	FILE_OF("apply -", "192.0.2.0/24 ; SBL000001\n", "\"p25ctl convert\" makes"),
	FILE_OF("apply -", "whitelist 192.0.2.1\n",
		"did you mean \"optout\" or \"static\"?"),
	FILE_OF("apply -", "pool\302\240192.0.2.0/24\n",
		"there is U+00A0, a no-break space, in it"),
	FILE_OF("-b -", "192.0.2.1\n",
		"-:1: unexpected prefix \"192.0.2.1\"; did you mean \"pool add 192.0.2.1\"?"),
	FILE_OF("-b -", "pool add --help\n",
		"unexpected option \"--help\": options go before -b"),
	FILE_OF("apply -", "\0", "p25ctl: -:1: NUL byte"),
	FILE_OF("apply -", "#\n#\n# \377\n", "p25ctl: -:3: invalid UTF-8"),
	FILE_OF("-b -", "pool add 192.0.2.0/24\npool\n",
		"p25ctl: -:2: \"pool\" requires a command"),
	FILE_OF("-b -", "pool add 192.0.2.0/24\nlist\n",
		"-:2: command \"list\" cannot be used in a batch; add, del, flush and set can"),
	FILE_OF("-b -", "pool list\n",
		"p25ctl: -:1: command \"list\" cannot be used in a batch"),
	FILE_OF("-b -", "show", "command \"show\" cannot be used in a batch"),
	FILE_OF("-b -", "save", "command \"save\" cannot be used in a batch"),
	FILE_OF("-b -", "help", "command \"help\" cannot be used in a batch"),
	FILE_OF("-b -", "apply -",
		"command \"apply\" cannot be used in a batch"),
	FILE_OF("-b -", "offenders flush",
		"command \"offenders\" cannot be used in a batch"),
	FILE_OF("-b -", "-o hooks pool add 192.0.2.0/24",
		"unexpected option \"-o\": options go before -b, once for all lines"),
	FILE_OF("-b -", "pool add 192.0.2.0/24 -o hooks",
		"unexpected option \"-o\": options go before -b"),
	FILE_OF("apply -", "pool 192.0.2.0/24 -o hooks",
		"unexpected option \"-o\": a policy file has no options; they go before \"apply\""),
	FILE_OF("apply -", "-e pool 192.0.2.0/24",
		"unexpected option \"-e\": a policy file has no options"),
	FILE_OF("-b -", "p25ctl pool add 192.0.2.0/24",
		"-:1: unexpected \"p25ctl\": leave it out in a batch"),
	FILE_OF("-b -", "xyzzy",
		"expected one of: relay, pool, static, optout, block, flush, set\n"),
	FILE_OF("-b -", "// pools", "unexpected \"//\": a comment begins with \"#\""),
	FILE_OF("apply -", "; pools",
		"-:1: unexpected \";\": a comment begins with \"#\""),
	FILE_OF("apply -", "pool 192.0.2.0/24 198.51.100.0/24",
		"unexpected prefix \"198.51.100.0/24\"; each has a line of its"),
	FILE_OF("apply -", "POOL 192.0.2.0/24", "did you mean \"pool\"?"),
	FILE_OF("apply -", "pool 192.0.2.0/24 --comment x",
		"unexpected option \"--comment\"; did you mean \"comment\"?"),
	FILE_OF("-b -",
		"set action drop\n\n  optout add 192.0.2.1/31 timeout 8h",
		"p25ctl: -:3: invalid prefix \"192.0.2.1/31\": host bits set"),
	FILE_OF("-b -", "optout add 192.0.2.1 expires 2020-01-01T00:00:00Z",
		"p25ctl: -:1: invalid timestamp \"2020-01-01T00:00:00Z\": in the past"),
	FILE_OF("-b -", "pool add 0.0.0.0/0",
		":1: \"0.0.0.0/0\" covers every address; if that is intended, use \"p25ctl --wi"),
	FILE_OF("apply -", "pool 128.0.0.0/1",
		"-:1: \"128.0.0.0/1\" is wider than a /8; if that is intended, use \"p25ctl"),
	FILE_OF("apply --wide --dry-run -", "pool 0.0.0.0/0\nblock fe80::1",
		"p25ctl: -:2: \"fe80::1\" is link-local: no mail is forwarded from it\n"),
	FILE_OF("-b -", "flush", "-:1: \"flush\" requires an argument: "),
	FILE_OF("-b -", "p f",
		"-:1: abbreviated command \"f\": write \"flush\" out"),
	FILE_OF("-b -", "pool help", "unknown command \"help\""),
	{ "-b -", "static add 192.0.2.1", strlen("static add 192.0.2.1"),
	  "p25ctl: -:1: the last line has no newline" },
};

START_TEST(test_file)
{
	ck_assert_int_eq(p25ctl_with(files[_i].args, files[_i].input,
				     files[_i].len), MISUSED);
	ck_assert_msg(strstr(output, files[_i].says), "%s", output);
}

static const struct {
	const char *args;
	const char *says;
} failures[] = {
	{ "apply /nonexistent/policy",
	  "p25ctl: /nonexistent/policy: No such file or directory\n" },
	/* A file may have any name. */
	{ "apply --dry-run help", "p25ctl: help: No such file or directory\n" },
	{ "apply --dry-run /nonexistent",
	  "p25ctl: /nonexistent: No such file or directory\n" },
	{ "apply /", "p25ctl: /: Is a directory\n" },
	{ "-b /nonexistent",
	  "p25ctl: /nonexistent: No such file or directory\n" },
	{ "apply '/nonexistent/\33]0;x\a\n.policy'",
	  "p25ctl: \"/nonexistent/?]0;x??.policy\": No such file or directory\n" },
	{ "-b /nonexistent/caf\303\251",
	  "p25ctl: /nonexistent/caf\303\251: No such file or directory\n" },
	{ "-b /nonexistent/caf\351",
	  "p25ctl: \"/nonexistent/caf?\": No such file or directory\n" },
	{ "-n nonexistent-25 list",
	  "p25ctl: network namespace \"nonexistent-25\": No such file or directory" },
	/* A comment may be any text. */
	{ "-n /nonexistent/netns pool add 192.0.2.0/24 comment --help",
	  "p25ctl: network namespace \"/nonexistent/netns\": No such file" },
	/* What is understood gets as far as the network namespace. */
	{ "-n /nonexistent/netns pool delete 192.0.2.0/24", "No such file" },
	{ "-n /nonexistent/netns pool show", "No such file" },
	{ "-n /nonexistent/netns block ls 192.0.2.0/24", "No such file" },
	{ "-n /nonexistent/netns ls", "No such file" },
	{ "-n /nonexistent/netns -6 pool s 2001:db8::/32", "No such file" },
	{ "-n /nonexistent/netns -4 offenders ls", "No such file" },
	{ "-n /nonexistent/netns senders", "No such file" },
	{ "-n /nonexistent/netns -4 senders exempt", "No such file" },
	{ "-n /nonexistent/netns senders bl ls", "No such file" },
	{ "-n /nonexistent/netns senders blocked list 2001:db8::7", "No such file" },
	{ "-n /nonexistent/netns senders flush", "No such file" },
	{ "-n /nonexistent/netns senders blocked flush", "No such file" },
	{ "-n /nonexistent/netns set senders 1048576 guard 5/1s,20/60s,1000/1h for 1h limit 9",
	  "No such file" },
	{ "-n /nonexistent/netns set guard off action drop", "No such file" },
	{ "-n /nonexistent/netns static add 192.0.2.1 guard off comment x", "No such file" },
	{ "-n /nonexistent/netns offenders 192.0.2.0/24", "No such file" },
	{ "-n /nonexistent/netns offenders list 2001:db8::/32",
	  "No such file" },
	{ "-n /nonexistent/netns pool add 192.0.2.0/24 expires 2030-01-01",
	  "No such file" },
	{ "-n /nonexistent/netns show",
	  "p25ctl: network namespace \"/nonexistent/netns\": No such file" },
};

START_TEST(test_failure)
{
	ck_assert_int_eq(p25ctl(failures[_i].args), FAILED);
	ck_assert_msg(strstr(output, failures[_i].says), "%s", output);
}

/* With -j, an error is one object on one line, and nothing stands beside it. */
static const struct {
	const char *args;
	const char *input;
	int status;
	const char *says;	/* as 'word', where the object has "word" */
} objects[] = {
	{ "-j poool add", "", MISUSED,
	  "{'word':'poool','message':'unknown object ~poool~; did you mean ~pool~?'}\n" },
	{ "-j pool add 192.0.2.1x", "", MISUSED,
	  "{'word':'192.0.2.1x','message':'invalid prefix ~192.0.2.1x~: not an IPv4 or IPv6" },
	{ "-j -x", "", MISUSED,
	  "{'word':'-x','message':'unknown option ~-x~'}\n" },
	{ "-j", "", MISUSED,
	  "{'message':'missing object after the options; see ~p25ctl help~'}\n" },
	{ "-j apply -", "\npool 192.0.2.0/24 timeout x\n", MISUSED,
	  "{'file':'-','line':2,'word':'x','message':'invalid duration ~x~:" },
	{ "-j pool add 192.0.2.0/24 timeout", "", MISUSED,
	  "{'word':'timeout','message':'~timeout~ requires an argument: a duration" },
	{ "-j apply /nonexistent", "", FAILED,
	  "{'file':'/nonexistent','errno':2,'message':'No such file or directory'}\n" },
	{ "-j -n nonexistent-25 list", "", FAILED,
	  "{'errno':2,'message':'network namespace ~nonexistent-25~: No such" },
};

/* Brackets of strings become ', quotes in them ~: so they can be read above. */
static void plain_quotes(char *text)
{
	char *to = text;

	for (; *text; text++) {
		bool is_escaped = *text == '\\' && text[1] == '"';

		text += is_escaped;
		*to++ = is_escaped ? '~' : *text == '"' ? '\'' : *text;
	}
	*to = '\0';
}

START_TEST(test_json_error)
{
	ck_assert_int_eq(p25ctl_with(objects[_i].args, objects[_i].input,
				     strlen(objects[_i].input)),
			 objects[_i].status);
	plain_quotes(output);
	ck_assert_msg(!strncmp(output, objects[_i].says,
			       strlen(objects[_i].says)), "%s", output);
	ck_assert_ptr_eq(strchr(output, '\n'), output + strlen(output) - 1);
	ck_assert_ptr_nonnull(strstr(output, "'}\n"));
}

static const struct {
	const char *args;
	const char *says;
} helps[] = {
	{ "help", "Usage: p25ctl [OPTION...] OBJECT COMMAND ..." },
	{ "-h", "Exit status: 0 done; 1 failed" },
	{ "--help", "p25ctl KIND add PREFIX..." },
	{ "-j -e -q help", "p25ctl check SRC [DST]" },
	{ "relay help", "p25ctl [-o OWNER] relay add PREFIX..." },
	{ "pool help", "p25ctl [-o OWNER] [-e] pool del PREFIX..." },
	{ "help block", "p25ctl [-o OWNER] block flush" },
	{ "list help", "list [PREFIX]" },
	{ "flush help", "p25ctl -o OWNER flush" },
	{ "set help", "p25ctl set limit N" },
	{ "set help", "p25ctl set guard off|RATES [for DURATION]" },
	{ "senders help", "p25ctl senders flush" },
	{ "static help", "[guard off|RATES]" },
	{ "show help", "\"counters\"" },
	{ "check help", "\"verdict\"" },
	{ "save help", "apply --all" },
	{ "apply help", "--dry-run" },
	{ "convert help", "p25ctl convert KIND [FILE]" },
	{ "top help", "p25ctl top [blocked|exempt] [every DURATION]" },
	{ "offenders help", "p25ctl offenders flush" },
	{ "health help", "p25ctl [-j] health [idle DURATION]" },
	{ "metrics help", "p25ctl metrics [--http | --file FILE]" },
	{ "monitor help", "p25ctl [-j] monitor [entries|" },
	{ "help help", "p25ctl KIND flush" },
	{ "pool add --help", "p25ctl [-o OWNER] pool add PREFIX..." },
	{ "pool --help", "p25ctl [-o OWNER] pool add PREFIX..." },
	{ "blo add 192.0.2.1 -h", "p25ctl [-o OWNER] block add PREFIX..." },
	{ "apply --help", "apply FILE" },
	{ "static del help", "p25ctl [-o OWNER] [-e] static del PREFIX..." },
	{ "--version", "p25ctl " P25_VERSION "\n" },
	{ "-V", "p25ctl " P25_VERSION "\n" },
};

START_TEST(test_help)
{
	ck_assert_int_eq(p25ctl(helps[_i].args), DONE);
	ck_assert_msg(strstr(output, helps[_i].says), "%s", output);
}

static void redirect(int from, int to)
{
	if (from < 0)
		close(to);
	else
		dup2(from, to);
}

/* Runs p25ctl with these standard files; -1: closed. Returns its status. */
static int p25ctl_on(int in, int out, const char *args)
{
	int errors = file_of("", 0), status, n;
	char *words[MOST_WORDS], line[64];
	pid_t pid;

	snprintf(line, sizeof(line), "%s", args);
	pid = fork();
	if (!pid) {
		redirect(in, STDIN_FILENO);
		redirect(out, STDOUT_FILENO);
		dup2(errors, STDERR_FILENO);
		execv(getenv("P25CTL"), split(line, words));
		_exit(127);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	lseek(errors, 0, SEEK_SET);
	n = read(errors, output, sizeof(output) - 1);
	output[n < 0 ? 0 : n] = '\0';
	close(errors);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int help_to(int out)
{
	return p25ctl_on(STDIN_FILENO, out, "help");
}

START_TEST(test_full_disk)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	ck_assert_int_eq(help_to(full), FAILED);
	ck_assert_str_eq(output,
			 "p25ctl: standard output: No space left on device\n");
	close(full);
}

START_TEST(test_closed_pipe)
{
	int ends[2];

	ck_assert(!pipe2(ends, O_CLOEXEC));
	close(ends[0]);
	ck_assert_int_eq(help_to(ends[1]), FAILED);
	ck_assert_str_eq(output, "");
	close(ends[1]);
}

START_TEST(test_closed_files)
{
	ck_assert_int_eq(help_to(-1), FAILED);
	ck_assert_str_eq(output,
			 "p25ctl: standard output: Bad file descriptor\n");
	ck_assert_int_eq(p25ctl_on(-1, STDOUT_FILENO, "apply -"), FAILED);
	ck_assert_str_eq(output, "p25ctl: -: Bad file descriptor\n");
	ck_assert_int_eq(p25ctl_on(-1, -1, "-b -"), FAILED);
	ck_assert_str_eq(output, "p25ctl: -: Bad file descriptor\n");
}

void *command_suite(void)
{
	void *tests;
	void *suite = suite_new("command", &tests);

	tcase_add_loop_test(tests, test_misuse, 0, ARRAY_SIZE(misuses));
	tcase_add_loop_test(tests, test_file, 0, ARRAY_SIZE(files));
	tcase_add_loop_test(tests, test_failure, 0, ARRAY_SIZE(failures));
	tcase_add_loop_test(tests, test_json_error, 0, ARRAY_SIZE(objects));
	tcase_add_loop_test(tests, test_help, 0, ARRAY_SIZE(helps));
	tcase_add_test(tests, test_full_disk);
	tcase_add_test(tests, test_closed_pipe);
	tcase_add_test(tests, test_closed_files);
	return suite;
}
