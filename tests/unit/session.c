// SPDX-License-Identifier: GPL-2.0
/*
 * p25-session: what it makes of what others say. What the kernel makes of it is a test of
 * tests/kselftest.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../tools/session/attributes.h"
#include "../../tools/session/history.h"
#include "../../tools/session/session_event.h"
#include "../../tools/session/session_settings.h"
#include "../../tools/session/store.h"
#include "unit.h"

/* ---- attributes ---- */

static struct attributes quoted(const char *text, size_t len)
{
	struct attributes a = { 0 };

	attributes_quoted(&a, text, len);
	return a;
}

#define QUOTED(text) quoted(text, sizeof(text) - 1)

static const struct {
	const char *text;
	const char *value;
} quotes[] = {
	{ "USER_NAME=alice", "alice" },
	{ "USER_NAME=\"alice\"", "alice" },
	{ "User-Name=\"alice\"", "alice" },
	{ "USER_NAME=\"a\\\"b\\\\c\"", "a\"b\\c" },
	{ "USER_NAME=\"a\\nb\\rc\\td\"", "a\nb\rc\td" },
	{ "USER_NAME=\"\\303\\274\"", "\303\274" },
	{ "USER_NAME=\"\"", "" },
	{ "USER_NAME=\"a\\000b\"", NULL },	/* a NUL ends what follows */
	{ "USER_NAME=\"cut", NULL },
	{ "USER_NAME=\"cut\\\"", NULL },
	{ "USER_NAME=\"", "\"" },
	{ "USER_NAMES=\"alice\"", NULL },
	{ "SHELL=/bin/sh", NULL },
	{ "=x", NULL },
	{ "", NULL },
};

START_TEST(test_quotes)
{
	struct attributes a = quoted(quotes[_i].text, strlen(quotes[_i].text));
	const char *value = attributes_get(&a, "USER_NAME");

	if (quotes[_i].value)
		ck_assert_pstr_eq(value, quotes[_i].value);
	else
		ck_assert_ptr_null(value);
}

START_TEST(test_several)
{
	struct attributes a = QUOTED("FRAMED_ROUTE=\"a\"\0CLASS=0x70\0FRAMED_ROUTE=\"b\"");
	size_t at = 0;

	ck_assert_str_eq(attributes_next(&a, "FRAMED_ROUTE", &at), "a");
	ck_assert_str_eq(attributes_next(&a, "FRAMED_ROUTE", &at), "b");
	ck_assert_ptr_null(attributes_next(&a, "FRAMED_ROUTE", &at));
	ck_assert_str_eq(attributes_get(&a, "CLASS"), "0x70");
}

START_TEST(test_room)
{
	static char text[4 * ATTRIBUTES_ROOM];
	struct attributes a;
	size_t n = 0, i;

	for (i = 0; n < sizeof(text) - 64; i++)
		n += sprintf(text + n, "USER_NAME=%zu", i) + 1;
	a = quoted(text, n);
	ck_assert_uint_eq(a.n, ATTRIBUTES_MAX);
	memset(text, 'x', sizeof(text));
	memcpy(text, "USER_NAME=", 10);
	a = quoted(text, sizeof(text));
	ck_assert_uint_eq(a.n, 0);
}

START_TEST(test_numbers)
{
	struct attributes a = QUOTED("SESSION_TIMEOUT=3600\0ACCT_DELAY_TIME=-1\0"
				     "ACCT_SESSION_TIME=99999999999999999999\0NAS_PORT=");
	unsigned int number = 25;

	ck_assert(attributes_number(&a, "SESSION_TIMEOUT", &number));
	ck_assert_uint_eq(number, 3600);
	ck_assert(!attributes_number(&a, "ACCT_DELAY_TIME", &number));
	ck_assert(!attributes_number(&a, "NAS_PORT", &number));
	ck_assert(!attributes_number(&a, "CLASS", &number));
	ck_assert(attributes_number(&a, "ACCT_SESSION_TIME", &number));
	ck_assert_uint_eq(number, UINT32_MAX);
}

static char *file_with(const char *text)
{
	static char path[32];
	int fd;

	strcpy(path, "/tmp/p25-unit-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path;
}

START_TEST(test_file)
{
	struct attributes a = { 0 };
	char *path = file_with("User-Name alice\nFramed-Route 198.51.100.64/28 x 1\n"
			       "Odd\n\n x\nFilter-Id p25-optout");

	ck_assert_int_eq(attributes_file(&a, path), 0);
	unlink(path);
	ck_assert_uint_eq(a.n, 2);
	ck_assert_str_eq(attributes_get(&a, "FRAMED_ROUTE"), "198.51.100.64/28 x 1");
	/* Who writes the file was at that line. */
	ck_assert_ptr_null(attributes_get(&a, "FILTER_ID"));
	ck_assert_int_lt(attributes_file(&a, path), 0);
}

/* ---- prefixes ---- */

static const struct {
	const char *text;
	const char *prefix;
} prefixes[] = {
	{ "198.51.100.7", "198.51.100.7" },
	{ "198.51.100.71/28", "198.51.100.64/28" },
	{ "2001:db8:100:7:200:5eff:fe00:5307/64", "2001:db8:100:7::/64" },
	{ "2001:db8::/56", "2001:db8::/56" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "::ffff:198.51.100.7", NULL },
	{ "::ffff:198.51.100.7/128", NULL },
	{ "198.51.100.7/33", NULL },
	{ "198.51.100.7/", NULL },
	{ "198.51.100.7/ 8", NULL },
	{ "198.51.100.7/-1", NULL },
	{ "198.51.100.7/0x18", NULL },
	{ "198.51.100", NULL },
	{ "2001:db8::/129", NULL },
	{ "fe80::1%eth0", NULL },
	{ "", NULL },
	{ "/24", NULL },
};

START_TEST(test_prefixes)
{
	const char *text = prefixes[_i].text;
	char back[P25_PREFIX_STRLEN];
	struct p25_prefix prefix;

	ck_assert_int_eq(prefix_read(text, strlen(text), &prefix),
			 !!prefixes[_i].prefix);
	if (prefixes[_i].prefix)
		ck_assert_str_eq(p25_prefix_format(&prefix, back),
				 prefixes[_i].prefix);
}

/* ---- events ---- */

static struct session_settings settings;

static struct event accounting(const char *text, size_t len, int result)
{
	struct attributes a = quoted(text, len);
	struct event event = { 0 };

	session_settings_default(&settings);
	ck_assert_int_eq(accounting_event(&event, &settings, &a), result);
	return event;
}

#define ACCOUNTING(text) accounting(text, sizeof(text) - 1, 0)
#define NO_ACCOUNTING(text) accounting(text, sizeof(text) - 1, -1)

START_TEST(test_accounting)
{
	static const char text[] =
		"P25_NAS=192.0.2.1\0ACCT_STATUS_TYPE=Start\0ACCT_SESSION_ID=\"0815\"\0"
		"USER_NAME=\"alice.nofilter\"\0FRAMED_IP_ADDRESS=198.51.100.7\0"
		"FRAMED_IPV6_PREFIX=2001:db8:100:7::/64\0"
		"DELEGATED_IPV6_PREFIX=2001:db8:107::/56\0"
		"FRAMED_ROUTE=\"198.51.100.64/28 198.51.100.7 1\"\0ACCT_DELAY_TIME=5";
	struct event event = ACCOUNTING(text);

	ck_assert_int_eq(event.type, EVENT_BEGIN);
	ck_assert_str_eq(event.session, "192.0.2.1 0815");
	ck_assert_int_eq(event.kind, P25_KIND_OPTOUT);
	ck_assert(event.marked);
	ck_assert_uint_eq(event.n, 4);
	ck_assert_uint_eq(event.age, 5);
	ck_assert(!event.reused);
}

START_TEST(test_accounting_unmarked)
{
	static const char text[] =
		"P25_NAS=192.0.2.1\0ACCT_STATUS_TYPE=Interim-Update\0"
		"ACCT_SESSION_ID=x\0USER_NAME=\"alice\"\0ACCT_SESSION_TIME=4000000000\0"
		"ACCT_DELAY_TIME=4000000000\0FRAMED_IP_ADDRESS=255.255.255.254";
	struct event event = ACCOUNTING(text);

	ck_assert_int_eq(event.type, EVENT_CHANGE);
	ck_assert_int_eq(event.kind, P25_KIND_NONE);
	ck_assert(!event.marked);
	ck_assert_uint_eq(event.n, 0);
	ck_assert_uint_eq(event.age, UINT32_MAX);
}

START_TEST(test_accounting_odd)
{
	struct event event;

	NO_ACCOUNTING("");
	NO_ACCOUNTING("P25_NAS=192.0.2.1\0ACCT_STATUS_TYPE=Start");
	NO_ACCOUNTING("ACCT_STATUS_TYPE=Start\0ACCT_SESSION_ID=\"0815\"");
	NO_ACCOUNTING("P25_NAS=192.0.2.1\0ACCT_STATUS_TYPE=Failed\0ACCT_SESSION_ID=x");
	NO_ACCOUNTING("P25_NAS=../x y\0ACCT_STATUS_TYPE=Start\0ACCT_SESSION_ID=x");
	NO_ACCOUNTING("P25_NAS=\033[2J\0ACCT_STATUS_TYPE=Accounting-On");
	/* what Debian 12's pppd has for an id */
	event = ACCOUNTING("P25_NAS=192.0.2.1\0ACCT_STATUS_TYPE=Stop\0"
			   "ACCT_SESSION_ID=\"%lX6b0815b8%hX\"\0NAS_PORT=3");
	ck_assert(event.reused);
	event = ACCOUNTING("P25_NAS=192.0.2.1\0ACCT_STATUS_TYPE=Accounting-On");
	ck_assert_int_eq(event.type, EVENT_RESET);
	ck_assert_str_eq(event.session, "192.0.2.1");
}

/* An id that can't be in a comment, or in a path, is replaced by its hash. */
START_TEST(test_ids)
{
	static const char *const odd[] = {
		"../../etc/passwd", "a b", "\"; p25ctl flush --all", "..", ".x", "\n",
		"0123456789012345678901234567890123456789012345678901234567890123",
	};
	struct event event, other;
	size_t i;

	ck_assert(event_name_session(&event, "192.0.2.1", "a:b@c-d_e+f.g"));
	ck_assert_str_eq(event.session, "192.0.2.1 a:b@c-d_e+f.g");
	ck_assert(!event_name_session(&event, "192.0.2.1", ""));
	ck_assert(!event_name_session(&event, "192.0.2.1 x", "y"));
	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		ck_assert(event_name_session(&event, "192.0.2.1", odd[i]));
		ck_assert_msg(!strncmp(event.session, "192.0.2.1 +", 11), "%s",
			      event.session);
		ck_assert(p25_comment_valid(event.session));
		event_name_session(&other, "192.0.2.1", odd[(i + 1) % ARRAY_SIZE(odd)]);
		ck_assert_str_ne(event.session, other.session);
	}
}

static const struct {
	const char *text;
	const char *user;
	enum p25_kind kind;
} marks[] = {
	{ "FILTER_ID=\"p25-optout\"", "alice", P25_KIND_OPTOUT },
	{ "RADIUS_FILTER_ID=p25-optout", "alice", P25_KIND_OPTOUT },
	{ "FILTER_ID=\"p25-static\"", "alice.nofilter", P25_KIND_STATIC },
	{ "FILTER_ID=\"p25-block\"", "alice.nofilter", P25_KIND_BLOCK },
	{ "CLASS=0x7032352d6f70746f7574", "alice", P25_KIND_OPTOUT },
	{ "CLASS=\"p25-optout\"", NULL, P25_KIND_OPTOUT },
	{ "CLASS=0x70", "alice", P25_KIND_NONE },
	{ "CLASS=0x7032352d6f70746f75747", "alice", P25_KIND_NONE },
	{ "CLASS=0xzz", "alice", P25_KIND_NONE },
	{ "FILTER_ID=\"p25-pool\"", "alice", P25_KIND_NONE },
	{ "FILTER_ID=\"p25-relay\"", "alice", P25_KIND_NONE },
	{ "FILTER_ID=\"p25-\"", "alice", P25_KIND_NONE },
	{ "FILTER_ID=\"optout\"", "alice", P25_KIND_NONE },
	{ "FILTER_ID=\"p25-optout \"", "alice", P25_KIND_NONE },
	{ "", "alice.nofilter", P25_KIND_OPTOUT },
	{ "", ".nofilter", P25_KIND_NONE },
	{ "", "nofilter", P25_KIND_NONE },
	{ "", "alice.nofilter@example.net", P25_KIND_NONE },
	{ "", "alice\n.nofilter", P25_KIND_NONE },
	{ "FILTER_ID=\"p25-optout\"", "alice\n", P25_KIND_NONE },
	{ "", NULL, P25_KIND_NONE },
};

START_TEST(test_marks)
{
	struct attributes a = quoted(marks[_i].text, strlen(marks[_i].text));
	struct event event = { 0 };

	session_settings_default(&settings);
	event_mark(&event, &settings, &a, marks[_i].user);
	ck_assert_int_eq(event.kind, marks[_i].kind);
	settings.kinds = 0;
	memset(&event, 0, sizeof(event));
	event_mark(&event, &settings, &a, marks[_i].user);
	ck_assert_int_eq(event.kind, P25_KIND_NONE);
}

START_TEST(test_ppp)
{
	char *args[6] = { "ppp0", "none", "0", "192.0.2.1", "198.51.100.7", "x" };
	char *environment[5] = {
		"PEERNAME=alice.nofilter", "PATH=/bin",
		"IPV6_PREFIX=2001:db8:100:7:1:2:3:4/64",
		"IPV6_DELEGATED_PREFIX=2001:db8:107::/56", NULL
	};
	struct attributes a = { 0 };
	struct event event = { 0 };

	session_settings_default(&settings);
	strcpy(settings.radattr, "/nonexistent/radattr");
	attributes_environment(&a, environment);
	ck_assert_int_eq(ppp_event(&event, &settings, "ip-pre-up", args, 6, &a), 0);
	ck_assert_int_eq(event.type, EVENT_BEGIN);
	ck_assert_int_eq(event.kind, P25_KIND_OPTOUT);
	ck_assert_uint_eq(event.n, 3);
	ck_assert(event.whole);
	ck_assert_str_eq(event.ifname, "ppp0");
	ck_assert_msg(!strncmp(event.session, "ppp0 ", 5), "%s", event.session);
	memset(&event, 0, sizeof(event));
	ck_assert_int_eq(ppp_event(&event, &settings, "ip-up", args, 0, &a), -1);
	ck_assert_int_eq(ppp_event(&event, &settings, "ip", args, 6, &a), -1);
	args[0] = "../../x";
	ck_assert_int_eq(ppp_event(&event, &settings, "ip-up", args, 6, &a), -1);
	args[0] = "0123456789abcdef";
	ck_assert_int_eq(ppp_event(&event, &settings, "ip-up", args, 6, &a), -1);
	args[0] = "ppp0\033[2J";
	ck_assert_int_eq(ppp_event(&event, &settings, "ip-up", args, 6, &a), -1);
}

/* However long a client's identifier is, its leases differ by their addresses. */
START_TEST(test_dnsmasq_duid)
{
	char duid[3 * 130], first[P25_COMMENT_MAXLEN + 1];
	char *args[3] = { "add", duid, "2001:db8:100::7" };
	struct attributes a = { 0 };
	struct event event = { 0 };
	size_t i;

	session_settings_default(&settings);
	for (i = 0; i < sizeof(duid); i++)
		duid[i] = i % 3 < 2 ? 'f' : ':';
	duid[sizeof(duid) - 1] = '\0';
	ck_assert_int_eq(dnsmasq_event(&event, &settings, args, 3, &a), 0);
	strcpy(first, event.session);
	memset(&event, 0, sizeof(event));
	args[2] = "2001:db8:100::8";
	ck_assert_int_eq(dnsmasq_event(&event, &settings, args, 3, &a), 0);
	ck_assert_str_ne(event.session, first);
}

START_TEST(test_dnsmasq)
{
	char *args[4] = { "old", "00:00:5e:00:53:07", "198.51.100.7", "host" };
	struct attributes a = { 0 };
	struct event event = { 0 };

	attributes_add(&a, "DNSMASQ_TAGS", 12, "known p25-optout  lan", 21);
	session_settings_default(&settings);
	ck_assert_int_eq(dnsmasq_event(&event, &settings, args, 4, &a), 0);
	ck_assert_int_eq(event.type, EVENT_CHANGE);
	ck_assert_int_eq(event.kind, P25_KIND_OPTOUT);
	ck_assert_str_eq(event.session, "dhcp 00:00:5e:00:53:07-198.51.100.7");
	args[0] = "del";
	ck_assert_int_eq(dnsmasq_event(&event, &settings, args, 4, &a), 0);
	ck_assert_int_eq(event.type, EVENT_END);
	args[0] = "what";
	ck_assert_int_eq(dnsmasq_event(&event, &settings, args, 4, &a), -1);
	ck_assert_int_eq(dnsmasq_event(&event, &settings, args, 2, &a), -1);
}

/* ---- settings ---- */

static const struct {
	const char *line;
	bool broken;
} settings_lines[] = {
	{ "", false },
	{ "# a comment", false },
	{ "kinds optout block", false },
	{ "kinds", false },
	{ "kinds pool", true },
	{ "widest 28 56", false },
	{ "widest 0 56", true },
	{ "widest 33 56", true },
	{ "widest 28", true },
	{ "widest 28x 56", true },
	{ "timeout 8h", false },
	{ "timeout never", true },
	{ "suffix \"\"", false },
	{ "suffix a b", true },
	{ "within 198.51.100.0/24 2001:db8::/32", false },
	{ "within 198.51.100.7/24", true },
	{ "within", true },
	{ "radattr /run/x", false },
	{ "radattr", true },
	{ "owner admin", true },
	{ "suffix \"open", true },
};

START_TEST(test_settings)
{
	char line[128];

	session_settings_default(&settings);
	strcpy(line, settings_lines[_i].line);
	session_settings_line(&settings, line, "x:1");
	ck_assert_int_eq(settings.broken, settings_lines[_i].broken);
}

START_TEST(test_settings_file)
{
	char *path = file_with("widest 28 56\ntimeout 8h\n");

	session_settings_read(&settings, path);
	unlink(path);
	ck_assert(!settings.broken);
	ck_assert_uint_eq(settings.widest4, 28);
	ck_assert_uint_eq(settings.timeout, 28800);
	session_settings_read(&settings, path);		/* none */
	ck_assert(!settings.broken);
	ck_assert_uint_eq(settings.widest4, 24);
	path = file_with("timeout 8h");		/* cut off */
	session_settings_read(&settings, path);
	unlink(path);
	ck_assert(settings.broken);
}

/* ---- the store ---- */

static struct session sample(void)
{
	struct session session = {
		.session = "192.0.2.1 0815", .kind = P25_KIND_OPTOUT,
		.begin = 1767225600, .until = 1767312000, .fixed = true,
		.ifname = "ppp0", .ifindex = 12, .pid = 815, .n = 2,
	};

	session.prefixes[0] = prefix_of("198.51.100.7");
	session.prefixes[1] = prefix_of("2001:db8:107::/56");
	return session;
}

START_TEST(test_session_text)
{
	struct session session = sample(), back;
	char text[2048], cut[2048];
	int len = session_write(text, sizeof(text), &session), i;

	ck_assert_int_gt(len, 0);
	for (i = 0; i < len - 1; i++) {
		memcpy(cut, text, i);
		cut[i] = '\0';
		ck_assert_msg(!session_parse(cut, &back), "%s", text);
	}
	ck_assert(session_parse(text, &back));
	ck_assert(!memcmp(&session, &back, sizeof(back)));
	ck_assert_int_eq(session_write(text, 40, &session), -1);
	session.n = EVENT_PREFIXES;
	for (i = 0; i < EVENT_PREFIXES; i++)
		session.prefixes[i] = prefix_of("2001:db8:1111:2222:3333:4444:5555:6666/127");
	ck_assert_int_gt(session_write(text, sizeof(text), &session), 0);
}

static const char *const odd_sessions[] = {
	"", "end\n", "x\n", "session a\nkind pool", "session a\nend\n",
	"session a\nkind world\nend\n", "session a\nkind optout\nbegin -1\nend\n",
	"session a\nkind optout\nbegin 99999999999999999999\nend\n",
	"session a\nkind optout\npid 99999999999\nend\n",
	"session a\nkind optout\ninterface 0123456789abcdefghij\nend\n",
	"session a\nkind optout\nprefix 198.51.100.7/24\nend\n",
	"session a\nkind optout\nowner admin\nend\n",
	"session \033[2J\nkind optout\nend\n",
	"session " COMMENT_65 "\nkind optout\nend\n",
};

START_TEST(test_odd_sessions)
{
	char text[512];
	struct session session;

	strcpy(text, odd_sessions[_i]);
	ck_assert(!session_parse(text, &session));
}

static int count_session(const char *key, const struct session *session, void *arg)
{
	unsigned int *n = arg;

	ck_assert_str_eq(key, "192.0.2.1,0815");
	ck_assert_str_eq(session->session, "192.0.2.1 0815");
	++*n;
	return 0;
}

START_TEST(test_store)
{
	struct session session = sample(), back;
	char path[] = "/tmp/p25-unit-XXXXXX", key[STORE_KEYLEN], holder[STORE_KEYLEN];
	char command[64];
	struct store store, other;
	unsigned int n = 0;

	ck_assert_ptr_nonnull(mkdtemp(path));
	ck_assert_int_eq(store_open(&store, path, true), 0);
	ck_assert_int_eq(store_lock(&store, 0), 0);
	ck_assert_int_eq(store_open(&other, path, false), 0);
	ck_assert_int_eq(store_lock(&other, 0), -EWOULDBLOCK);
	store_close(&other);
	store_key(key, session.session);
	ck_assert(!store_load(&store, key, &back));
	ck_assert_int_eq(store_save(&store, key, &session), 0);
	ck_assert_int_eq(store_save(&store, key, &session), 0);
	ck_assert(store_load(&store, key, &back));
	ck_assert(!memcmp(&session, &back, sizeof(back)));
	ck_assert(!store_holder(&store, &session.prefixes[1], holder));
	ck_assert_int_eq(store_hold(&store, &session.prefixes[1], "x"), 0);
	ck_assert_int_eq(store_hold(&store, &session.prefixes[1], key), 0);
	ck_assert(store_holder(&store, &session.prefixes[1], holder));
	ck_assert_str_eq(holder, key);
	ck_assert_int_eq(store_each(&store, count_session, &n), 0);
	ck_assert_uint_eq(n, 1);
	store_release(&store, &session.prefixes[1]);
	ck_assert(!store_holder(&store, &session.prefixes[1], holder));
	/* what a power failure may leave */
	snprintf(command, sizeof(command), "touch %s/sessions/empty", path);
	ck_assert_int_eq(system(command), 0);
	ck_assert_int_eq(store_each(&store, count_session, &n), 0);
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(faccessat(store.dir, "sessions/empty", F_OK, 0), -1);
	store_remove(&store, key);
	ck_assert(!store_load(&store, key, &back));
	store_close(&store);
	ck_assert_int_eq(store_open(&other, "/nonexistent/x", false), -ENOENT);
	snprintf(command, sizeof(command), "rm -r %s", path);
	ck_assert_int_eq(system(command), 0);
}

/* A blank's place in the file's name is taken by what an identifier can't have. */
START_TEST(test_store_key)
{
	char one[STORE_KEYLEN], other[STORE_KEYLEN];

	store_key(one, "nas_a b");
	store_key(other, "nas a_b");
	ck_assert_str_ne(one, other);
	ck_assert_ptr_null(strchr(one, ' '));
}

/* ---- what comes late ---- */

START_TEST(test_history)
{
	static struct history history;
	const struct p25_prefix address = prefix_of("198.51.100.7");
	const struct p25_prefix other = prefix_of("198.51.100.8");

	ck_assert_int_eq(history_init(&history), 0);
	ck_assert(!history_is_stale(&history, &address, "a", 100, 1000));
	history_begin(&history, &address, "b", 200, 1000);
	ck_assert(history_is_stale(&history, &address, "a", 199, 1000));
	ck_assert(!history_is_stale(&history, &address, "a", 200, 1000));
	ck_assert(!history_is_stale(&history, &address, "b", 100, 1000));
	ck_assert(!history_is_stale(&history, &other, "a", 100, 1000));
	history_end(&history, &address, "a", 100, 1000);
	ck_assert(!history_is_stale(&history, &address, "b", 200, 1000));
	history_end(&history, &address, "b", 0, 1000);
	ck_assert(history_is_stale(&history, &address, "b", 2000, 1000));
	ck_assert(history_is_stale(&history, &address, "b", 2000,
				   1000 + HISTORY_ENDED - 1));
	ck_assert(!history_is_stale(&history, &address, "b", 2000, 1000 + HISTORY_ENDED));
	/* What says that it began before that end is over for ever. */
	ck_assert(history_is_stale(&history, &address, "b", 999, 1000 + HISTORY_ENDED));
	/* So is a session that another one has followed: a repeated begin seems new. */
	ck_assert(history_is_stale(&history, &address, "a", 1000, 1000));
	/* An end that comes before its begin is remembered. */
	history_end(&history, &other, "c", 900, 1000);
	ck_assert(history_is_stale(&history, &other, "c", 900, 1003));
	history_begin(&history, &other, "d", 1004, 1004);
	history_begin(&history, &other, "e", 1005, 1005);
	ck_assert(history_is_stale(&history, &other, "c", 1006, 1006));
	ck_assert(history_is_stale(&history, &other, "d", 1006, 1006));
	ck_assert(!history_is_stale(&history, &other, "e", 1006, 1006));
}

/* However many there are, the latest are known. */
START_TEST(test_history_full)
{
	static struct history history;
	struct p25_prefix prefix = prefix_of("2001:db8::");
	unsigned int i, known = 0;

	ck_assert_int_eq(history_init(&history), 0);
	for (i = 0; i < 10 * HISTORY_SETS * HISTORY_WAYS; i++) {
		memcpy(prefix.addr + 8, &i, sizeof(i));
		history_begin(&history, &prefix, "a", 100, 1 + i);
	}
	for (; i > 9 * HISTORY_SETS * HISTORY_WAYS; i--) {
		unsigned int number = i - 1;

		memcpy(prefix.addr + 8, &number, sizeof(number));
		known += history_is_stale(&history, &prefix, "b", 99, i);
	}
	ck_assert_uint_gt(known, HISTORY_SETS * HISTORY_WAYS / 2);
}

void *session_suite(void)
{
	void *tests;
	void *suite = suite_new("session", &tests);

	tcase_add_loop_test(tests, test_quotes, 0, ARRAY_SIZE(quotes));
	tcase_add_test(tests, test_several);
	tcase_add_test(tests, test_room);
	tcase_add_test(tests, test_numbers);
	tcase_add_test(tests, test_file);
	tcase_add_loop_test(tests, test_prefixes, 0, ARRAY_SIZE(prefixes));
	tcase_add_test(tests, test_accounting);
	tcase_add_test(tests, test_accounting_unmarked);
	tcase_add_test(tests, test_accounting_odd);
	tcase_add_test(tests, test_ids);
	tcase_add_loop_test(tests, test_marks, 0, ARRAY_SIZE(marks));
	tcase_add_test(tests, test_ppp);
	tcase_add_test(tests, test_dnsmasq);
	tcase_add_test(tests, test_dnsmasq_duid);
	tcase_add_loop_test(tests, test_settings, 0, ARRAY_SIZE(settings_lines));
	tcase_add_test(tests, test_settings_file);
	tcase_add_test(tests, test_session_text);
	tcase_add_loop_test(tests, test_odd_sessions, 0, ARRAY_SIZE(odd_sessions));
	tcase_add_test(tests, test_store);
	tcase_add_test(tests, test_store_key);
	tcase_add_test(tests, test_history);
	tcase_add_test(tests, test_history_full);
	return suite;
}
