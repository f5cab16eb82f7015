// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: answers of a kernel that lies.
 *
 *	input		command (a byte; 255: events are read), then datagrams
 *	datagram	length (two bytes, the lower one first), messages
 *
 * A message whose sequence number is 0 gets that of the request, as only then
 * it is looked at.
 */
#include <linux/netlink.h>
#include <string.h>

#include "ctl_run.h"
#include "event_print.h"
#include "socket.h"
#include "target.h"

/* What asks, in its own way, for each answer that there is. */
static const char *const commands[][8] = {
	{ "list" },
	{ "-j", "list" },
	{ "show" },
	{ "-j", "show" },
	{ "check", "198.51.100.7", "203.0.113.25" },
	{ "-j", "check", "2001:db8:100::7", "2001:db8:25::1" },
	{ "senders" },
	{ "-j", "senders" },
	{ "save" },
	{ "pool", "add", "198.51.100.0/24", "192.0.2.0/24" },
	{ "pool", "del", "198.51.100.0/24" },
	{ "set", "action", "reject" },
	{ "senders", "exempt", "2001:db8::7" },
};

static const uint8_t *at, *end;
static uint32_t sequence;

/* Each datagram of its own: what is read behind its end is seen. */
static void say_next(void)
{
	uint8_t bytes[UINT16_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *nlh = (struct nlmsghdr *)bytes;
	int rest;
	size_t n;

	if (end - at < 2)
		return;
	n = at[0] | at[1] << 8;
	at += 2;
	if (n > (size_t)(end - at))
		n = end - at;
	memcpy(bytes, at, n);
	at += n;
	rest = n;
	for (; nlmsg_ok(nlh, rest); nlh = nlmsg_next(nlh, &rest)) {
		if (!nlh->nlmsg_seq)
			nlh->nlmsg_seq = sequence;
	}
	socket_say(bytes, n);
}

void kernel_hear(struct nlmsghdr *request)
{
	sequence = request->nlmsg_seq;
}

void kernel_silent(void)
{
	say_next();
}

/* What "monitor" does with what comes, which has no end otherwise. */
static void watch(void)
{
	struct p25_monitor *monitor = p25_monitor_open();
	struct p25_event event;
	char text[EVENT_STRLEN];
	int got;

	while ((got = p25_monitor_read(monitor, &event)) > 0) {
		if (!p25_event_name(event.type))
			broken("an event of type %d", event.type);
		event_format(&event, text);
		json_object_put(event_json(&event));
	}
	if (got < 0 && !*p25_monitor_error(monitor))
		broken("error %d, and not a word", got);
	p25_monitor_close(monitor);
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct ran ran;

	if (!size)
		return -1;
	at = data + 1;
	end = data + size;
	if (*data == UINT8_MAX) {
		watch();
	} else {
		ran = ctl_run(commands[*data % (sizeof(commands) /
						sizeof(*commands))]);
		ran_free(&ran);
	}
	socket_clear();
	return 0;
}
