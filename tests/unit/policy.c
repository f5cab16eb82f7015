// SPDX-License-Identifier: GPL-2.0
/*
 * Policy files: what is read from them, and what is refused where.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard.h"
#include "policy.h"
#include "print.h"
#include "unit.h"

static struct ctl ctl;
static struct policy policy;
static FILE *out;
static char *said;
static size_t said_size;
static char file[32];

static int got_entry(struct ctl *c, const struct p25_entry *entry, void *arg)
{
	char prefix[P25_PREFIX_STRLEN], guard[GUARD_STRLEN];

	(void)arg;
	fprintf(out, "%lu:%u %s %s %s %u %lld \"%s\"%s%s", c->line,
		entry->cookie, p25_kind_name(entry->kind),
		p25_prefix_format(&entry->prefix, prefix), entry->owner,
		entry->timeout, (long long)entry->expires, entry->comment,
		entry->has_action ? " " : "",
		entry->has_action ? p25_action_name(entry->action) : "");
	if (entry->has_guard) {
		format_guard(guard, &entry->guard);
		fprintf(out, " guard %s", guard);
	}
	putc('\n', out);
	return DONE;
}

static void setup(void)
{
	memset(&ctl, 0, sizeof(ctl));
	policy = (struct policy){ .entry = got_entry };
	out = open_memstream(&said, &said_size);
	strcpy(file, "/tmp/p25-unit-XXXXXX");
	close(mkstemp(file));
}

static void teardown(void)
{
	unlink(file);
	free(said);
}

/* Reads a policy of this text; what was found in it is in @said. */
static int read_policy(const char *text, size_t len)
{
	FILE *to = fopen(file, "w");
	int status;

	fwrite(text, 1, len, to);
	fclose(to);
	status = policy_read(&ctl, file, &policy);
	fclose(out);
	return status;
}

/* In place of the C library's, wherever the tests are run. */
int isatty(int fd)
{
	(void)fd;
	return 0;
}

static FILE *terminal;
static char *errors;
static size_t errors_size;

static void begin_errors(void)
{
	terminal = stderr;
	stderr = open_memstream(&errors, &errors_size);
}

/* What was printed to standard error meanwhile, to @said. */
static void end_errors(void)
{
	fclose(stderr);
	stderr = terminal;
	free(said);
	said = errors;
}

/* Read a policy that is refused: what is said about it, to @said. */
static void refused(const char *text, size_t len)
{
	begin_errors();
	ck_assert_int_eq(read_policy(text, len), MISUSED);
	end_errors();
}

static const char whole[] =
"# /etc/p25/policy\n"
"action drop\n"
"inbound off\n"
"limit 1000\n"
"\n"
"relay  192.0.2.25\n"
"relay  2001:db8:25::/64   comment \"mx pool\"\n"
"pool   198.51.100.0/24\n"
"static 198.51.100.64/28   comment \"acct 4711\" # x\n"
"optout 198.51.100.7       timeout 8h comment \"call \\\"0815\\\"\"\n"
"\toptout 198.51.100.8 comment x expires 2038-01-19T03:14:08Z\n"
"block  198.51.100.70 comment \"\" packets 3 bytes 180\n"
"pool   203.0.113.0/24 action prohibit comment x\n"
"block  203.0.113.7 timeout 1h action drop\n"
"guard  5/1s,20/60s for 1h\n"
"senders 131072\n"
"static 203.0.113.9 guard off comment x\n"
"optout 203.0.113.10 comment y guard 0100/60,1000/1d\n";

START_TEST(test_whole)
{
	ck_assert_int_eq(read_policy(whole, strlen(whole)), DONE);
	ck_assert_str_eq(said,
			 "6:6 relay 192.0.2.25 admin 0 0 \"\"\n"
			 "7:7 relay 2001:db8:25::/64 admin 0 0 \"mx pool\"\n"
			 "8:8 pool 198.51.100.0/24 admin 0 0 \"\"\n"
			 "9:9 static 198.51.100.64/28 admin 0 0 \"acct 4711\"\n"
			 "10:10 optout 198.51.100.7 admin 28800 0 \"call \"0815\"\"\n"
			 "11:11 optout 198.51.100.8 admin 0 2147483648 \"x\"\n"
			 "12:12 block 198.51.100.70 admin 0 0 \"\"\n"
			 "13:13 pool 203.0.113.0/24 admin 0 0 \"x\" prohibit\n"
			 "14:14 block 203.0.113.7 admin 3600 0 \"\" drop\n"
			 "17:17 static 203.0.113.9 admin 0 0 \"x\" guard off\n"
			 "18:18 optout 203.0.113.10 admin 0 0 \"y\" guard 100/1m,1000/1d\n");
	ck_assert(policy.given.has_action && policy.given.has_inbound &&
		  policy.given.has_limit && policy.given.has_senders &&
		  policy.given.has_guard);
	ck_assert_int_eq(policy.given.action, P25_ACTION_DROP);
	ck_assert(!policy.given.inbound);
	ck_assert_uint_eq(policy.given.limit, 1000);
	ck_assert_uint_eq(policy.limit_line, 4);
	ck_assert_uint_eq(policy.given.senders, 131072);
	ck_assert_uint_eq(policy.given.guard.n, 2);
	ck_assert_uint_eq(policy.given.guard.rate[1].attempts, 20);
	ck_assert_uint_eq(policy.given.guard.rate[1].seconds, 60);
	ck_assert_uint_eq(policy.given.guard_for, 3600);
}

START_TEST(test_owner)
{
	static const char text[] = "pool 192.0.2.0/24 owner hooks comment x\n";

	ctl.owner = "hooks";
	ck_assert_int_eq(read_policy(text, strlen(text)), DONE);
	ck_assert_str_eq(said, "1:1 pool 192.0.2.0/24 hooks 0 0 \"x\"\n");
}

START_TEST(test_all_owners)
{
	static const char text[] = "pool 192.0.2.0/24 owner hooks\n"
				   "pool 192.0.2.0/24\n";

	policy.all = true;
	ck_assert_int_eq(read_policy(text, strlen(text)), DONE);
	ck_assert_str_eq(said,
			 "1:1 pool 192.0.2.0/24 hooks 0 0 \"\"\n"
			 "2:2 pool 192.0.2.0/24 admin 0 0 \"\"\n");
}

/* Who reads it on no terminal, cron say, hears of it with -v only. */
START_TEST(test_lapsed)
{
	static const char text[] =
		"pool 192.0.2.0/24 expires 2020-01-01T00:00:00Z\n"
		"pool 192.0.2.0/25 expires 1970-01-01T00:00:00Z\n"
		"pool 198.51.100.0/24\n";

	ctl.verbose = _i;
	begin_errors();
	ck_assert_int_eq(read_policy(text, strlen(text)), DONE);
	ck_assert_str_eq(said, "3:3 pool 198.51.100.0/24 admin 0 0 \"\"\n");
	ck_assert_uint_eq(policy.lapsed, 2);
	end_errors();
	if (_i)
		ck_assert_msg(strstr(said, "2 entries have expired"), "%s",
			      said);
	else
		ck_assert_str_eq(said, "");
}

/* Expired entries: with @past they are passed on, as the clock may be wrong. */
START_TEST(test_past)
{
	static const char text[] =
		"pool 192.0.2.0/25 expires 2021-01-01T00:00:00Z\n"
		"pool 198.51.100.0/24\n";

	policy.past = true;
	ck_assert_int_eq(read_policy(text, strlen(text)), DONE);
	ck_assert_str_eq(said,
			 "1:1 pool 192.0.2.0/25 admin 0 1609459200 \"\"\n"
			 "2:2 pool 198.51.100.0/24 admin 0 0 \"\"\n");
	ck_assert_uint_eq(policy.lapsed, 1);
	ck_assert(has_past(&policy, -ENOSPC));
	ck_assert(!has_past(&policy, -EINVAL));
	policy.past = false;
	ck_assert(!has_past(&policy, -ENOSPC));
}

/* No file is refused for a moment that the kernel can't keep. */
START_TEST(test_out_of_range)
{
	static const char text[] =
		"pool 192.0.2.0/24 expires 0001-01-01T00:00:00Z\n"
		"pool 192.0.2.0/25 expires 9999-12-31T23:59:59Z\n";

	policy.past = true;
	ck_assert_int_eq(read_policy(text, strlen(text)), DONE);
	ck_assert_str_eq(said,
			 "1:1 pool 192.0.2.0/24 admin 0 1577836800 \"\"\n"
			 "2:2 pool 192.0.2.0/25 admin 0 3725320446 \"\"\n");
}

/* A line of "list" has both, and then it is the moment that counts. */
START_TEST(test_listed)
{
	static const char text[] =
		"optout 192.0.2.7 timeout 8h expires @2147483648 packets 3 bytes 180\n";

	ck_assert_int_eq(read_policy(text, strlen(text)), DONE);
	ck_assert_str_eq(said,
			 "1:1 optout 192.0.2.7 admin 0 2147483648 \"\"\n");
}

START_TEST(test_empty)
{
	ck_assert_int_eq(read_policy("#\n", 2), DONE);
	ck_assert_str_eq(said, "");
}

START_TEST(test_not_a_byte)
{
	refused("", 0);
	ck_assert_msg(strstr(said, ": the file is empty"), "%s", said);
}

/* So does what is no file, and what runs in the background has as its input. */
START_TEST(test_null_device)
{
	ck_assert_int_eq(policy_read(&ctl, "/dev/null", &policy), MISUSED);
	fclose(out);
}

#define BAD(text, why) { text "\n", sizeof(text), why }
#define CUT_OFF(text, why) { text, sizeof(text) - 1, why }

static const struct {
	const char *text;
	size_t len;
	const char *why;
} bad[] = {
	BAD("pool", ":1: missing prefix"),
	BAD("\n\npool 192.0.2.1/24\n",
	    ":3: invalid prefix \"192.0.2.1/24\": host bits set; did you mean 192.0.2.0/24?"),
	BAD("poool 192.0.2.0/24",
	    "unknown kind or setting \"poool\"; did you mean \"pool\"?"),
	BAD("xyzzy", "expected one of: relay, pool, static"),
	BAD("pool add 192.0.2.0/24",
	    "unexpected \"add\": in a policy file an entry is \"pool PREFIX\""),
	BAD("relay del 192.0.2.25", "an entry is \"relay PREFIX\""),
	BAD("set action drop",
	    "unexpected \"set\": in a policy file it is \"action drop\" alone"),
	BAD("\357\273\277pool 192.0.2.0/24",
	    ":1: the file begins with a byte order mark"),
	BAD("{\"settings\":{\"action\":\"drop\"}}",
	    ":1: this is JSON; expected lines"),
	BAD("[\n]\n", ":1: this is JSON; expected lines"),
	BAD("pool 192.0.2.0/24 198.51.100.0/24",
	    "unexpected prefix \"198.51.100.0/24\""),
	BAD("pool 192.0.2.0/24 timeou 8h", "did you mean \"timeout\"?"),
	BAD("pool 192.0.2.0/24 timeout 0",
	    "invalid duration \"0\": would expire at once"),
	BAD("pool 192.0.2.0/24 timeout",
	    "\"timeout\" requires an argument: a duration"),
	BAD("pool 192.0.2.0/24 timeout 8h expires 2030-01-01T00:00:00Z",
	    "\"timeout\" and \"expires\" cannot be used together"),
	BAD("pool 192.0.2.0/24 expires 2030-01-01T00:00:00Z timeout 8h",
	    "cannot be used together"),
	BAD("pool 192.0.2.0/24 comment a comment b",
	    "duplicate \"comment\""),
	BAD("pool 192.0.2.0/24 comment a b", "unknown entry option \"b\""),
	BAD("pool 192.0.2.0/24 owner hooks",
	    "entries of owners other than \"admin\" need \"apply --all\""),
	BAD("pool 192.0.2.0/24 owner A", "invalid owner \"A\": "),
	BAD("pool 192.0.2.0/24 packets x", "invalid number \"x\""),
	BAD("pool mail.example", "only a relay may be a host name"),
	BAD("action",
	    "\"action\" requires an argument: drop, reject, prohibit or monitor"),
	BAD("pool 192.0.2.0/24 action",
	    "\"action\" requires an argument: drop, reject, prohibit or monitor"),
	BAD("pool 192.0.2.0/24 action accept", "unknown action \"accept\""),
	BAD("pool 192.0.2.0/24 action drop action drop", "duplicate \"action\""),
	BAD("static 192.0.2.0/24 action drop",
	    "unexpected option \"action\": only pool and block can have one"),
	BAD("action accept", "unknown action \"accept\""),
	BAD("action drop reject", "unexpected argument \"reject\""),
	BAD("action drop\naction drop\n", ":2: duplicate \"action\""),
	BAD("inbound on\n\ninbound off\n", ":3: duplicate \"inbound\""),
	BAD("inbound yes", "unknown inbound value \"yes\""),
	BAD("guard", "\"guard\" requires an argument: off, or rates"),
	BAD("guard on", "invalid guard \"on\": expected off, or rates"),
	BAD("guard 20/60s for", "\"for\" requires an argument: a duration like 1h"),
	BAD("guard 20/60s, 1000/1h", "a rate is missing in a guard"),
	BAD("guard 20/60s for 1h for 1h", "unexpected argument \"for\""),
	BAD("guard off\nguard off\n", ":2: duplicate \"guard\""),
	BAD("senders 0", "invalid number of senders \"0\""),
	BAD("senders 1\nsenders 2\n", ":2: duplicate \"senders\""),
	BAD("offenders 1", "unknown kind or setting \"offenders\"; did you mean \"senders\"?"),
	BAD("pool 192.0.2.0/24 guard off",
	    "unexpected option \"guard\": only static and optout can have one"),
	BAD("static 192.0.2.1 guard 20/s", "invalid rate \"20/s\"; did you mean 20/1s?"),
	BAD("static 192.0.2.1 guard off for 1h", "unexpected \"for\": how long"),
	BAD("limit 0", "invalid limit \"0\""),
	BAD("limit 4294967296", "invalid limit"),
	BAD("pool 192.0.2.0/24 comment \"x", ":1: unterminated quote"),
	BAD("pool 192.0.2.0/24\r\n", ":1: the line ends in CR LF"),
	CUT_OFF("pool 192.0.2.0/24\nstatic 192.0.2.1",
		":2: the last line has no newline: is the file cut off? (end it with one)"),
	BAD("#\npool 192.0.2.0/24\0\n", ":2: NUL byte"),
	BAD("# caf\351\n", ":1: invalid UTF-8"),
	BAD("pool 192.0.2.0/24 comment \"a\tb\"", "not printable UTF-8"),
	BAD("pool 192.0.2.0/24 comment " COMMENT_65,
	    "longer than 64 bytes (it has 65)"),
};

START_TEST(test_bad)
{
	refused(bad[_i].text, bad[_i].len);
	ck_assert_msg(strstr(said, bad[_i].why), "%s", said);
	ck_assert_msg(!strncmp(said, "p25ctl: /tmp/p25-unit-", 22), "%s",
		      said);
	ck_assert_ptr_eq(strchr(said, '\n'), said + strlen(said) - 1);
}

/* What "list" and "save" print is read again as the same entry. */
static const char *const comments[] = {
	"", "x", "a b", "\"", "\\", "\\\"", "# x", "'", "B\303\274ro", " ",
	"timeout", "\\n",
};

static void print_one(void *arg)
{
	print_entry(arg, PRINT_EXPIRES | PRINT_COUNTERS);
	putchar('\n');
}

START_TEST(test_round_trip)
{
	struct p25_entry entry = {
		.kind = P25_KIND_OPTOUT,
		.prefix = prefix_of("2001:db8::/64"),
		.owner = "hooks",
		.expires = 2147483648,
		.packets = UINT64_MAX,
	};
	char want[256];
	char *text;

	strcpy(entry.comment, comments[_i]);
	text = printed_by(print_one, &entry);
	policy.all = true;
	ck_assert_int_eq(read_policy(text, strlen(text)), DONE);
	snprintf(want, sizeof(want),
		 "1:1 optout 2001:db8::/64 hooks 0 2147483648 \"%s\"\n",
		 comments[_i]);
	ck_assert_str_eq(said, want);
	free(text);
}

void *policy_suite(void)
{
	void *tests;
	void *suite = suite_new("policy", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_whole);
	tcase_add_test(tests, test_owner);
	tcase_add_test(tests, test_all_owners);
	tcase_add_loop_test(tests, test_lapsed, 0, 2);
	tcase_add_test(tests, test_past);
	tcase_add_test(tests, test_out_of_range);
	tcase_add_test(tests, test_listed);
	tcase_add_test(tests, test_empty);
	tcase_add_test(tests, test_not_a_byte);
	tcase_add_test(tests, test_null_device);
	tcase_add_loop_test(tests, test_bad, 0, ARRAY_SIZE(bad));
	tcase_add_loop_test(tests, test_round_trip, 0, ARRAY_SIZE(comments));
	return suite;
}
