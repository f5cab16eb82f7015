// SPDX-License-Identifier: GPL-2.0
/*
 * From an input to messages. Any bytes are some messages: most of them nearly
 * right, so that they get past the first check and into the module.
 *
 *	message		command, COMMAND_ bits, number of attributes, then each:
 *	attribute	type, ATTR_ bits, value
 *	entry		which attributes it has, their values
 *
 * An input that has ended goes on with zeros.
 */
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <time.h>

#include "netlink.h"

/* The byte behind the command. */
enum {
	COMMAND_SOCKET		= 0x03,
	COMMAND_FLAGS		= 0x0c,	/* see flags() */
	COMMAND_HELD		= 0x10,
	COMMAND_UNREAD		= 0x20,
	COMMAND_CLOSE		= 0x40,
	COMMAND_ODD		= 0x80,	/* the header is wrong */
};

/* The byte behind an attribute's type. */
enum {
	ATTR_VALUE		= 0x07,	/* see put_value() */
	ATTR_LENGTH_LIE		= 0x08,
	ATTR_OTHER_FLAGS	= 0x10,
	ATTR_MANY		= 0xe0,	/* see put_many() */
};

/* The byte that begins an entry: what it has, in the order of the enum. */
#define ENTRY_ODD 0x80	/* and an attribute of any kind */

#define DEPTH_MAX 6

/* Types that a command knows, at the most. */
#define KNOWN_MAX 7

uint64_t last_mark;

static struct message *out;
static struct input *source;
static unsigned int turn;	/* of ATTR_MANY */
static uint8_t last_length;	/* of the prefix whose address was put last */

static uint8_t take(void)
{
	return source->at < source->end ? *source->at++ : 0;
}

static uint64_t take_bytes(unsigned int n)
{
	uint64_t value = 0;

	while (n--)
		value = value << 8 | take();
	return value;
}

static size_t room(void)
{
	return sizeof(out->bytes) - out->len;
}

static void put(const void *bytes, size_t n)
{
	if (n > room())
		n = room();
	memcpy(out->bytes + out->len, bytes, n);
	out->len += n;
}

static void put_padding(void)
{
	static const uint8_t zeros[4];

	put(zeros, -out->len % 4);
}

/*
 * Values
 */

/* Few, nested and next to each other: most changes meet something. */
static const struct {
	uint8_t size;
	uint8_t len;
	uint8_t addr[16];
} prefixes[] = {
	{ 4, 24, { 198, 51, 100, 0 } },
	{ 4, 32, { 198, 51, 100, 7 } },
	{ 4, 28, { 198, 51, 100, 64 } },
	{ 4, 32, { 192, 0, 2, 25 } },
	{ 4, 32, { 203, 0, 113, 25 } },
	{ 4, 0, { 0 } },
	{ 4, 1, { 128 } },
	{ 16, 32, { 0x20, 0x01, 0x0d, 0xb8 } },
	{ 16, 64, { 0x20, 0x01, 0x0d, 0xb8, 0, 0x25 } },
	{ 16, 128, { 0x20, 0x01, 0x0d, 0xb8, 1, [15] = 7 } },
	{ 16, 128, { 198, 51, 100, 7 } },
	{ 16, 127, { 0x20, 0x01, 0x0d, 0xb8, 1, [15] = 6 } },
	{ 16, 0, { 0 } },
	{ 16, 128, { [10] = 0xff, [11] = 0xff, [12] = 198, 51, 100, 7 } },
	{ 4, 24, { 198, 51, 100, 1 } },
	{ 4, 33, { 198, 51, 100, 7 } },
};

/* Of ATTR_MANY, each has an address of its own. */
static void put_address(void)
{
	uint8_t which = take() % (sizeof(prefixes) / sizeof(*prefixes));
	uint8_t addr[16];
	unsigned int size = prefixes[which].size;

	memcpy(addr, prefixes[which].addr, sizeof(addr));
	addr[size - 1] ^= turn;
	last_length = turn ? size * 8 : prefixes[which].len;
	put(addr, size);
}

static void put_length(void)
{
	put(&last_length, sizeof(last_length));
}

static void put_small(void)
{
	uint8_t value = take() % 8;

	put(&value, sizeof(value));
}

static void put_u32(void)
{
	static const uint32_t edges[] = {
		0, 1, 2, 3, 30, 60, 1 << 20, P25_LIMIT_MAX, P25_LIMIT_MAX + 1,
		P25_TIMEOUT_MAX, P25_TIMEOUT_MAX + 1, INT32_MAX,
		1U << 31, UINT32_MAX, P25_LIMIT_DEFAULT,
	};
	uint8_t which = take() % 16;
	uint32_t value = which < 15 ? edges[which] : take_bytes(4);

	put(&value, sizeof(value));
}

/* Large lists take long to make. */
static void put_senders(void)
{
	static const uint32_t edges[] = {
		0, 1, 1024, 1025, 5000, 20000, P25_SENDERS_MAX + 1, UINT32_MAX,
	};

	put(&edges[take() % 8], sizeof(edges[0]));
}

/* A guard of so many rates, or of some bytes more or less. */
static void put_guard(void)
{
	static const struct p25_guard_rate rates[] = {
		{ 20, 60 }, { 5, 1 }, { 1, P25_GUARD_SECONDS_MAX },
		{ P25_GUARD_ATTEMPTS_MAX, 1 }, { 0, 60 }, { 20, 0 },
		{ P25_GUARD_ATTEMPTS_MAX + 1, 60 }, { 20, P25_GUARD_SECONDS_MAX + 1 },
	};
	uint8_t shape = take();
	unsigned int n;

	for (n = shape % 6; n; n--)
		put(&rates[take() % 8 % (shape & 0x80 ? 8 : 4)], sizeof(rates[0]));
	for (n = shape & 0x40 ? shape >> 3 & 7 : 0; n; n--)
		put("", 1);
}

static void put_s64(void)
{
	int64_t now = time(NULL);
	const int64_t edges[] = {
		0, 1, -1, INT64_MIN, INT64_MAX, INT64_MAX / 1000000000,
		1LL << 31, 1LL << 32, now + 3600, now + P25_TIMEOUT_MAX - 60,
		now + P25_TIMEOUT_MAX + 60,
	};
	uint8_t which = take() % 16;
	int64_t value = which < 11 ? edges[which] : (int64_t)take_bytes(8);

	put(&value, sizeof(value));
}

static void put_owner(void)
{
	static const char *const names[] = {
		"admin", "hooks", "abuse", "a", "fifteen-letters",
		"sixteen-letters.", "Upper", "", "a b",
	};
	uint8_t which = take() % 16;
	char name[] = "n.0";

	name[2] += which;
	if (which >= 9)
		put(name, sizeof(name));
	else
		put(names[which], strlen(names[which]) + 1);
}

static void put_comment(void)
{
	static const char *const texts[] = {
		"mx pool", "", "\xc3\xa4\xe2\x82\xac", "\xc3", "\xed\xa0\x80",
		"\x1b[31m", "\xf4\x90\x80\x80", "tab\there",
		"1234567890123456789012345678901234567890123456789012345678901234",
		"12345678901234567890123456789012345678901234567890123456789012345",
	};
	uint8_t which = take() % 10;

	/* With its NUL or without. */
	put(texts[which], strlen(texts[which]) + (take() & 1));
}

static void put_seed(void)
{
	uint8_t seed[P25_DIGEST_SEEDLEN] = { take() };

	put(seed, sizeof(seed));
}

static void put_groups(void)
{
	uint8_t groups[P25_DIGEST_GROUPS / 8];

	memset(groups, take(), sizeof(groups));
	put(groups, sizeof(groups));
}

static void put_mark(void)
{
	uint64_t mark = last_mark + (int8_t)take();

	put(&mark, sizeof(mark));
}

static void put_next(void)
{
	uint64_t next = (uint64_t)(take() % 5) << 32;

	next |= (uint32_t)take_bytes(take() % 5);
	put(&next, sizeof(next));
}

static void put_nothing(void)
{
}

static void put_raw(void)
{
	unsigned int n = take() % 32;

	while (n--) {
		uint8_t byte = take();

		put(&byte, 1);
	}
}

static void put_long(void)
{
	static uint8_t bytes[16 << 7];
	uint8_t shape = take();
	size_t n = (shape & 15) << (shape >> 4) / 2;

	memset(bytes, take(), n);
	put(bytes, n);
}

/*
 * Attributes
 */

static void put_attributes(unsigned int n, unsigned int depth);
static void put_attribute(uint16_t type, uint8_t how, unsigned int depth);

static void put_entry(unsigned int depth)
{
	static const uint8_t types[] = {
		P25_A_ENTRY_KIND, P25_A_ENTRY_ADDR, P25_A_ENTRY_PREFIXLEN,
		P25_A_ENTRY_OWNER, P25_A_ENTRY_TIMEOUT, P25_A_ENTRY_COMMENT,
		P25_A_ENTRY_COOKIE,
	};
	/* The first three, as nearly every entry has them. */
	uint8_t has = take() ^ 0x07;
	unsigned int i;

	for (i = 0; i < sizeof(types); i++) {
		if (has & 1 << i)
			put_attribute(types[i], 0, depth);
	}
	if (has & ENTRY_ODD)
		put_attributes(1, depth);
}

/* What an attribute of that type has for a value, in an entry and outside. */
static void (*const values[])(void) = {
	[P25_A_IGNORE_MISSING] = put_nothing,
	[P25_A_KIND] = put_small,
	[P25_A_OWNER] = put_owner,
	[P25_A_ADDR] = put_address,
	[P25_A_PREFIXLEN] = put_length,
	[P25_A_ACTION] = put_small,
	[P25_A_INBOUND] = put_small,
	[P25_A_LIMIT] = put_u32,
	[P25_A_SRC] = put_address,
	[P25_A_DST] = put_address,
	[P25_A_SEED] = put_seed,
	[P25_A_GROUPS] = put_groups,
	[P25_A_MARK] = put_mark,
	[P25_A_NEXT] = put_next,
	[P25_A_SENDERS] = put_senders,
	[P25_A_GUARD] = put_guard,
	[P25_A_GUARD_FOR] = put_u32,
};

static void (*const entry_values[])(void) = {
	[P25_A_ENTRY_KIND] = put_small,
	[P25_A_ENTRY_ADDR] = put_address,
	[P25_A_ENTRY_PREFIXLEN] = put_length,
	[P25_A_ENTRY_OWNER] = put_owner,
	[P25_A_ENTRY_TIMEOUT] = put_u32,
	[P25_A_ENTRY_EXPIRES] = put_s64,
	[P25_A_ENTRY_COMMENT] = put_comment,
	[P25_A_ENTRY_PACKETS] = put_s64,
	[P25_A_ENTRY_BYTES] = put_s64,
	[P25_A_ENTRY_COOKIE] = put_u32,
	[P25_A_ENTRY_ACTION] = put_small,
	[P25_A_ENTRY_GUARD] = put_guard,
};

static void put_proper(uint16_t type, unsigned int depth)
{
	void (*value)(void) = NULL;

	if (!depth && type == P25_A_ENTRY) {
		put_entry(depth + 1);
		return;
	}
	if (depth && type < sizeof(entry_values) / sizeof(*entry_values))
		value = entry_values[type];
	if (!depth && type < sizeof(values) / sizeof(*values))
		value = values[type];
	if (value)
		value();
	else
		put_raw();
}

static void put_value(uint16_t type, uint8_t how, unsigned int depth)
{
	switch (how & ATTR_VALUE) {
	case 5:
		put_raw();
		break;
	case 6:
		put_long();
		break;
	case 7:
		if (depth < DEPTH_MAX)
			put_attributes(take() % 4, depth + 1);
		break;
	default:
		put_proper(type, depth);
	}
}

static void put_attribute(uint16_t type, uint8_t how, unsigned int depth)
{
	struct nlattr attr = { .nla_type = type };
	size_t at = out->len;

	if (!depth && type == P25_A_ENTRY)
		attr.nla_type |= NLA_F_NESTED;
	if (how & ATTR_OTHER_FLAGS)
		attr.nla_type ^= take() << 8;
	put(&attr, sizeof(attr));
	put_value(type, how, depth);
	attr.nla_len = out->len - at;
	if (how & ATTR_LENGTH_LIE)
		attr.nla_len += (int8_t)take();
	if (at + sizeof(attr) <= sizeof(out->bytes))
		memcpy(out->bytes + at, &attr, sizeof(attr));
	put_padding();
}

static void put_many(uint16_t type, uint8_t how, unsigned int depth)
{
	static const uint8_t times[8] = { 1, 1, 1, 1, 1, 1, 3, 64 };
	unsigned int many = times[(how & ATTR_MANY) / 32];
	struct input again = *source;

	for (turn = 0; turn < many; turn++) {
		*source = again;
		put_attribute(type, how & ~ATTR_MANY, depth);
	}
	turn = 0;
}

/* Types that the command at hand knows. */
static uint16_t known_type(uint8_t which)
{
	static const uint8_t types[__P25_CMD_MAX][KNOWN_MAX] = {
		[P25_CMD_ENTRY_ADD] = { P25_A_ENTRY },
		[P25_CMD_ENTRY_DEL] = { P25_A_ENTRY, P25_A_IGNORE_MISSING },
		[P25_CMD_ENTRY_FLUSH] = { P25_A_KIND, P25_A_OWNER },
		[P25_CMD_ENTRY_LIST] = { P25_A_KIND, P25_A_OWNER, P25_A_ADDR,
					 P25_A_PREFIXLEN, P25_A_SEED,
					 P25_A_GROUPS, P25_A_NEXT },
		[P25_CMD_SET] = { P25_A_ACTION, P25_A_INBOUND, P25_A_LIMIT,
				  P25_A_SENDERS, P25_A_GUARD, P25_A_GUARD_FOR },
		[P25_CMD_CHECK] = { P25_A_SRC, P25_A_DST },
		[P25_CMD_COMMIT] = { P25_A_OWNER, P25_A_MARK },
		[P25_CMD_SENDER_LIST] = { P25_A_NEXT },
		[P25_CMD_DIGEST] = { P25_A_OWNER, P25_A_SEED },
	};
	const uint8_t *known;
	unsigned int n = 0;

	if (out->cmd > P25_CMD_MAX)
		return which;
	known = types[out->cmd];
	while (n < KNOWN_MAX && known[n])
		n++;
	return n ? known[which % n] : which;
}

static void put_attributes(unsigned int n, unsigned int depth)
{
	while (n--) {
		uint8_t type = take();
		uint8_t how = take();

		if (type < 0x80 && !depth)
			type = known_type(type);
		if (depth)
			put_attribute(type % 16, how, depth);
		else
			put_many(type % 64, how, depth);
	}
}

/*
 * Messages
 */

static uint16_t flags(uint8_t bits)
{
	switch (bits & COMMAND_FLAGS) {
	case 0x00:
		return NLM_F_REQUEST | NLM_F_ACK;
	case 0x04:
		return NLM_F_REQUEST | NLM_F_DUMP;
	case 0x08:
		return NLM_F_REQUEST;
	default:
		return take_bytes(2);
	}
}

static void put_header(uint16_t family, uint8_t bits)
{
	struct nlmsghdr nlh = {
		.nlmsg_type = family,
		.nlmsg_flags = flags(bits),
		.nlmsg_seq = 25,
	};
	struct genlmsghdr genl = {
		.cmd = out->cmd,
		.version = bits & COMMAND_ODD ? take() : P25_GENL_VERSION,
		.reserved = bits & COMMAND_ODD ? take() : 0,
	};

	put(&nlh, sizeof(nlh));
	put(&genl, sizeof(genl));
}

/*
 * compose - make the next message
 * @family: number of the generic netlink family
 */
void compose(struct input *in, uint16_t family, struct message *msg)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)msg->bytes;
	uint8_t bits;

	out = msg;
	source = in;
	out->len = 0;
	out->cmd = take() % 24;
	bits = take();
	out->socket = bits & COMMAND_SOCKET;
	out->held = bits & COMMAND_HELD;
	out->unread = bits & COMMAND_UNREAD;
	out->close = bits & COMMAND_CLOSE;
	out->sound = !(bits & COMMAND_ODD) && (bits & COMMAND_FLAGS) < 0x08;
	put_header(family, bits);
	put_attributes(take() % 8, 0);
	nlh->nlmsg_len = out->len;
	if (bits & COMMAND_ODD)
		nlh->nlmsg_len += (int8_t)take();
}
