// SPDX-License-Identifier: GPL-2.0
/*
 * Events: from messages, and as text and as JSON.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <netlink/genl/genl.h>
#include <stdlib.h>
#include <string.h>

#include "event_print.h"
#include "json.h"
#include "unit.h"

static struct p25_events events;
static struct nl_msg *msg;

static void start(uint8_t cmd)
{
	msg = nlmsg_alloc_size(32768);
	genlmsg_put(msg, 0, 0, 42, 0, 0, cmd, P25_GENL_VERSION);
}

static void setup(void)
{
	memset(&events, 0, sizeof(events));
	start(P25_CMD_EVENT_POLICY);
}

static void teardown(void)
{
	nlmsg_free(msg);
	free(events.v);
}

/* What comes last, as the kernel has it. */
static void put_head(void)
{
	nla_put_u64(msg, P25_A_REVISION, 1ULL << 40);
	nla_put_u64(msg, P25_A_EVENT, 7);
	nla_put_u64(msg, P25_A_TIME, 1767225600);
}

static void put_entry(int type, uint8_t host)
{
	struct nlattr *nest = nla_nest_start(msg, type);
	uint8_t addr[4] = { 198, 51, 100, host };

	nla_put_u8(msg, P25_A_ENTRY_KIND, P25_KIND_OPTOUT);
	nla_put(msg, P25_A_ENTRY_ADDR, sizeof(addr), addr);
	nla_put_u8(msg, P25_A_ENTRY_PREFIXLEN, 32);
	nla_put_string(msg, P25_A_ENTRY_OWNER, "hooks");
	nla_put_u64(msg, P25_A_ENTRY_PACKETS, 3);
	nla_put_u64(msg, P25_A_ENTRY_BYTES, 180);
	nla_nest_end(msg, nest);
}

static void put_settings(void)
{
	nla_put_u8(msg, P25_A_ACTION, P25_ACTION_REJECT);
	nla_put_u8(msg, P25_A_INBOUND, 1);
	nla_put_u32(msg, P25_A_LIMIT, 1000);
}

static void ck_event(size_t i, enum p25_event_type type, uint8_t host)
{
	const struct p25_event *event = &events.v[i];

	ck_assert_uint_lt(i, events.n);
	ck_assert_int_eq(event->type, type);
	ck_assert_uint_eq(event->revision, 1ULL << 40);
	ck_assert_int_eq(event->time, 1767225600);
	if (!host)
		return;
	ck_assert_uint_eq(event->entry.prefix.addr[3], host);
	ck_assert_str_eq(event->entry.owner, "hooks");
	ck_assert_uint_eq(event->entry.packets, 3);
}

/* One change, all of whose events are of one revision. */
START_TEST(test_change)
{
	put_entry(P25_A_EXPIRED, 4);
	put_entry(P25_A_ADDED, 1);
	put_entry(P25_A_CHANGED, 2);
	put_entry(P25_A_DELETED, 3);
	put_entry(P25_A_ADDED, 5);
	put_settings();
	put_head();
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), 0);
	ck_assert_uint_eq(events.n, 6);
	ck_event(0, P25_EVENT_ADDED, 1);
	ck_event(1, P25_EVENT_ADDED, 5);
	ck_event(2, P25_EVENT_CHANGED, 2);
	ck_event(3, P25_EVENT_DELETED, 3);
	ck_event(4, P25_EVENT_EXPIRED, 4);
	ck_event(5, P25_EVENT_SETTINGS, 0);
	ck_assert_int_eq(events.v[5].settings.action, P25_ACTION_REJECT);
	ck_assert_uint_eq(events.v[5].settings.limit, 1000);
}

START_TEST(test_many)
{
	nla_put_u32(msg, P25_A_CHANGES, 65);
	put_head();
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), 0);
	ck_assert_uint_eq(events.n, 1);
	ck_event(0, P25_EVENT_MANY, 0);
	ck_assert_uint_eq(events.v[0].n, 65);
}

START_TEST(test_malformed)
{
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), -EBADMSG);
	nla_put_u64(msg, P25_A_EVENT, 7);
	nla_put_u64(msg, P25_A_TIME, 1767225600);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), -EBADMSG);
	nla_put_u64(msg, P25_A_REVISION, 1);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), 0);
	nla_put_u8(msg, P25_A_ACTION, P25_ACTION_DROP);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), -EBADMSG);
	ck_assert_uint_eq(events.n, 0);
}

START_TEST(test_cut_off)
{
	int len, whole;

	put_head();
	put_entry(P25_A_ADDED, 1);
	whole = nlmsg_hdr(msg)->nlmsg_len;
	for (len = NLMSG_HDRLEN; len < whole; len++) {
		struct nlmsghdr *nlh = malloc(len);

		memcpy(nlh, nlmsg_hdr(msg), len);
		nlh->nlmsg_len = len;
		events.n = 0;
		if (!p25_decode_event(nlh, &events))
			ck_assert_uint_eq(events.n, 0);
		free(nlh);
	}
}

static void put_sender(uint8_t host)
{
	struct nlattr *nest = nla_nest_start(msg, P25_A_SENDER);
	uint8_t addr[4] = { 198, 51, 100, host };

	nla_put(msg, P25_A_SENDER_SRC, sizeof(addr), addr);
	nla_put(msg, P25_A_SENDER_DST, sizeof(addr), addr);
	nla_put_u16(msg, P25_A_SENDER_SPORT, 40112);
	nla_put_u8(msg, P25_A_SENDER_KIND, P25_KIND_OPTOUT);
	nla_put(msg, P25_A_SENDER_ADDR, sizeof(addr), addr);
	nla_put_u8(msg, P25_A_SENDER_PREFIXLEN, 32);
	nla_put_u64(msg, P25_A_SENDER_ATTEMPTS, 10);
	nla_put_u64(msg, P25_A_SENDER_ERROR, 0);
	nla_put_u64(msg, P25_A_SENDER_PACKETS, 12);
	nla_put_u32(msg, P25_A_SENDER_DESTINATIONS, 9);
	nla_put_u64(msg, P25_A_SENDER_FIRST, 1767225540);
	nla_put_u64(msg, P25_A_SENDER_LAST, 1767225600);
	nla_nest_end(msg, nest);
}

static void restart(uint8_t cmd)
{
	nlmsg_free(msg);
	start(cmd);
	nla_put_u64(msg, P25_A_EVENT, 7);
	nla_put_u64(msg, P25_A_TIME, 1767225600);
}

/* They change nothing, so there is no revision. */
START_TEST(test_senders)
{
	restart(P25_CMD_EVENT_SENDER);
	put_sender(1);
	put_sender(2);
	nla_put_u32(msg, P25_A_UNLISTED, 100);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), 0);
	ck_assert_uint_eq(events.n, 3);
	ck_assert_int_eq(events.v[0].type, P25_EVENT_SENDER);
	ck_assert_uint_eq(events.v[0].sender.src.addr[3], 1);
	ck_assert_int_eq(events.v[1].type, P25_EVENT_SENDER);
	ck_assert_uint_eq(events.v[1].sender.src.addr[3], 2);
	ck_assert_uint_eq(events.v[1].sender.attempts, 10);
	ck_assert_uint_eq(events.v[1].revision, 0);
	ck_assert_int_eq(events.v[1].time, 1767225600);
	ck_assert_int_eq(events.v[2].type, P25_EVENT_SENDERS_MANY);
	ck_assert_uint_eq(events.v[2].n, 100);
}

START_TEST(test_guard)
{
	static const struct p25_guard_rate rate = { 20, 60 };

	restart(P25_CMD_EVENT_GUARD);
	put_sender(1);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), -EBADMSG);
	nla_put(msg, P25_A_RATE, sizeof(rate), &rate);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), -EBADMSG);
	put_entry(P25_A_ENTRY, 1);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), 0);
	ck_assert_uint_eq(events.n, 1);
	ck_assert_int_eq(events.v[0].type, P25_EVENT_GUARD);
	ck_assert_uint_eq(events.v[0].sender.attempts, 10);
	ck_assert_uint_eq(events.v[0].rate.attempts, 20);
	ck_assert_uint_eq(events.v[0].rate.seconds, 60);
	ck_assert_uint_eq(events.v[0].entry.prefix.addr[3], 1);
	restart(P25_CMD_EVENT_GUARD);
	nla_put_u32(msg, P25_A_UNLISTED, 3);
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), 0);
	ck_assert_uint_eq(events.n, 2);
	ck_assert_int_eq(events.v[1].type, P25_EVENT_GUARD_FULL);
	ck_assert_uint_eq(events.v[1].n, 3);
}

/* A newer module may send more; what it is about is counted, and left aside. */
START_TEST(test_unknown)
{
	uint64_t number;
	int64_t when;

	nlmsg_free(msg);
	start(P25_CMD_MAX + 1);
	put_head();
	ck_assert_int_eq(p25_decode_event(nlmsg_hdr(msg), &events), 0);
	ck_assert_uint_eq(events.n, 0);
	ck_assert_int_eq(p25_decode_event_number(nlmsg_hdr(msg), &number, &when), 0);
	ck_assert_uint_eq(number, 7);
}

#define ENTRY { \
	.kind = P25_KIND_OPTOUT, \
	.prefix = { .family = 2, .len = 32, .addr = { 198, 51, 100, 7 } }, \
	.owner = "hooks", .timeout = 3600, .expires = 1767229200, \
	.comment = "call \"0815\"", .packets = 3, .bytes = 180, \
}

#define ADDRESS(a, b, c, d) { .family = 2, .len = 32, .addr = { a, b, c, d } }

#define SENDER { \
	.src = ADDRESS(198, 51, 100, 7), .dst = ADDRESS(203, 0, 113, 25), \
	.sport = 40112, .kind = P25_KIND_OPTOUT, \
	.prefix = { .family = 2, .len = 28, .addr = { 198, 51, 100, 0 } }, \
	.attempts = 10, .error = 2, .packets = 12, .destinations = 9, \
	.first = 1767225540, .last = 1767225600, \
}

#define JSON_SENDER \
	"\"src\":\"198.51.100.7\",\"attempts\":10,\"error\":2,\"packets\":12,\"destinations\":9,\"dst\":\"203.0.113.25\",\"sport\":40112,\"reason\":\"optout\",\"prefix\":\"198.51.100.0/28\",\"first\":\"2025-12-31T23:59:00Z\",\"last\":\"2026-01-01T00:00:00Z\""

#define BLOCK { \
	.kind = P25_KIND_BLOCK, .prefix = ADDRESS(198, 51, 100, 7), \
	.owner = P25_OWNER_GUARD, .timeout = 3600, .expires = 1767229200, \
	.comment = "21 attempts in 60 s", \
}

#define TIME .time = 1767225600

#define JSON_RATES \
	"[{\"attempts\":20,\"seconds\":60},{\"attempts\":1000,\"seconds\":3600}]"
#define JSON_HEAD "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":"
#define JSON_NAME \
	"\"kind\":\"optout\",\"prefix\":\"198.51.100.7\",\"owner\":\"hooks\","
#define JSON_POOL \
	"\"kind\":\"pool\",\"prefix\":\"198.51.100.0/24\",\"owner\":\"admin\""
#define JSON_SETTINGS \
	"\"action\":\"reject\",\"inbound\":\"off\",\"limit\":1000"
#define JSON_EXPIRES "\"expires\":\"2026-01-01T01:00:00Z\","
#define JSON_COMMENT "\"comment\":\"call \\\"0815\\\"\""

static const struct {
	struct p25_event event;
	const char *text;
	const char *json;
} prints[] = {
	{ { P25_EVENT_ADDED, TIME, .revision = 12, .entry = ENTRY },
	  "added optout 198.51.100.7 owner hooks timeout 1h expires 2026-01-01T01:00:00Z comment \"call \\\"0815\\\"\"",
	  JSON_HEAD "\"added\",\"revision\":12," JSON_NAME "\"timeout\":3600,"
	  JSON_EXPIRES JSON_COMMENT "}" },
	{ { P25_EVENT_CHANGED, TIME, .revision = 13,
	    .entry = { P25_KIND_POOL, { 2, 24, { 198, 51, 100 } }, "admin" } },
	  "changed pool 198.51.100.0/24",
	  JSON_HEAD "\"changed\",\"revision\":13," JSON_POOL "}" },
	{ { P25_EVENT_DELETED, TIME, .revision = 14, .entry = ENTRY },
	  "deleted optout 198.51.100.7 owner hooks expires 2026-01-01T01:00:00Z comment \"call \\\"0815\\\"\" packets 3 bytes 180",
	  JSON_HEAD "\"deleted\",\"revision\":14," JSON_NAME JSON_EXPIRES
	  JSON_COMMENT ",\"packets\":3,\"bytes\":180}" },
	{ { P25_EVENT_EXPIRED, TIME, .revision = 15, .entry = ENTRY },
	  "expired optout 198.51.100.7 owner hooks expires 2026-01-01T01:00:00Z comment \"call \\\"0815\\\"\" packets 3 bytes 180",
	  JSON_HEAD "\"expired\",\"revision\":15," JSON_NAME JSON_EXPIRES
	  JSON_COMMENT ",\"packets\":3,\"bytes\":180}" },
	{ { P25_EVENT_MANY, TIME, .revision = 16, .n = 1234 },
	  "many 1234 entries",
	  JSON_HEAD "\"many\",\"revision\":16,\"entries\":1234}" },
	{ { P25_EVENT_SETTINGS, TIME, .revision = 17,
	    .settings = { .has_action = true, .action = P25_ACTION_REJECT,
			  .has_inbound = true, .has_limit = true,
			  .limit = 1000 } },
	  "settings action reject inbound off limit 1000",
	  JSON_HEAD "\"settings\",\"revision\":17," JSON_SETTINGS "}" },
	{ { P25_EVENT_SETTINGS, TIME, .revision = 18,
	    .settings = { .has_senders = true, .senders = 131072,
			  .has_guard = true,
			  .guard = { 2, { { 20, 60 }, { 1000, 3600 } } },
			  .guard_for = 3600 } },
	  "settings senders 131072 guard 20/1m,1000/1h for 1h",
	  JSON_HEAD "\"settings\",\"revision\":18,\"senders\":131072,\"guard\":" JSON_RATES
	  ",\"guard_for\":3600}" },
	{ { P25_EVENT_SETTINGS, TIME, .revision = 19,
	    .settings = { .has_guard = true, .guard_for = 3600 } },
	  "settings guard off",
	  JSON_HEAD "\"settings\",\"revision\":19,\"guard\":[]}" },
	{ { P25_EVENT_SENDER, TIME, .sender = SENDER },
	  "sender 198.51.100.7 attempts 10 error 2 packets 12 destinations 9 dst 203.0.113.25 sport 40112 reason optout 198.51.100.0/28",
	  JSON_HEAD "\"sender\"," JSON_SENDER "}" },
	{ { P25_EVENT_SENDERS_MANY, TIME, .n = 100 }, "senders_many 100 more",
	  JSON_HEAD "\"senders_many\",\"senders\":100}" },
	{ { P25_EVENT_GUARD, TIME, .sender = SENDER, .rate = { 20, 60 },
	    .entry = BLOCK },
	  "guard 198.51.100.7 rate 20/1m block 198.51.100.7 timeout 1h expires 2026-01-01T01:00:00Z comment \"21 attempts in 60 s\" attempts 10 error 2 packets 12 destinations 9 dst 203.0.113.25 sport 40112 reason optout 198.51.100.0/28",
	  JSON_HEAD "\"guard\",\"rate\":{\"attempts\":20,\"seconds\":60}," JSON_SENDER
	  ",\"block\":\"198.51.100.7\",\"timeout\":3600," JSON_EXPIRES
	  "\"comment\":\"21 attempts in 60 s\"}" },
	{ { P25_EVENT_GUARD_FULL, TIME, .n = 3 }, "guard_full 3 not blocked",
	  JSON_HEAD "\"guard_full\",\"senders\":3}" },
	{ { P25_EVENT_OVERRUN, TIME, .n = 12 }, "overrun 12",
	  JSON_HEAD "\"overrun\",\"events\":12}" },
	{ { P25_EVENT_OVERRUN, TIME }, "overrun", JSON_HEAD "\"overrun\"}" },
	{ { P25_EVENT_UNLOADED, TIME }, "unloaded p25 kernel module",
	  JSON_HEAD "\"unloaded\"}" },
	{ { P25_EVENT_LOADED, TIME }, "loaded p25 kernel module",
	  JSON_HEAD "\"loaded\"}" },
};

static void print_json(void *event)
{
	json_print(event_json(event));
}

START_TEST(test_print)
{
	struct p25_event event = prints[_i].event;
	char text[EVENT_STRLEN], *json;

	ck_assert_str_eq(event_format(&event, text), prints[_i].text);
	json = printed_by(print_json, &event);
	json[strlen(json) - 1] = '\0';
	ck_assert_str_eq(json, prints[_i].json);
	free(json);
}

/* There is room for all of it. */
START_TEST(test_longest)
{
	struct p25_event event = {
		.type = P25_EVENT_CHANGED,
		.entry = ENTRY,
	};
	char text[EVENT_STRLEN];

	event.entry.prefix = prefix_of("2001:db8:1111:2222:3333:4444:5555:6666/127");
	event.entry.timeout = UINT32_MAX;
	memset(event.entry.owner, 'o', P25_OWNER_MAXLEN);
	memset(event.entry.comment, '"', P25_COMMENT_MAXLEN);
	ck_assert_uint_lt(strlen(event_format(&event, text)), sizeof(text));
	event.type = P25_EVENT_GUARD;
	event.rate = (struct p25_guard_rate){ UINT32_MAX, UINT32_MAX };
	event.sender = (struct p25_sender){
		.src = event.entry.prefix, .dst = event.entry.prefix,
		.prefix = event.entry.prefix, .kind = P25_KIND_STATIC,
		.sport = UINT16_MAX, .attempts = UINT64_MAX, .error = UINT64_MAX,
		.packets = UINT64_MAX, .destinations = UINT32_MAX,
	};
	ck_assert_uint_lt(strlen(event_format(&event, text)), sizeof(text));
	sender_format(text, &event.sender);
	ck_assert_uint_lt(strlen(text), SENDER_STRLEN);
}

void *event_suite(void)
{
	void *tests;
	void *suite = suite_new("event", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, test_change);
	tcase_add_test(tests, test_many);
	tcase_add_test(tests, test_malformed);
	tcase_add_test(tests, test_cut_off);
	tcase_add_test(tests, test_senders);
	tcase_add_test(tests, test_guard);
	tcase_add_test(tests, test_unknown);
	tcase_add_loop_test(tests, test_print, 0, ARRAY_SIZE(prints));
	tcase_add_test(tests, test_longest);
	return suite;
}
