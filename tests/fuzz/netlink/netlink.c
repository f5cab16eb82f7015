// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: the module's netlink family. It wants root, the module and a
 * network namespace of its own, as "unshare -n" makes it: the policy there ends.
 *
 *	FUZZ_MESSAGES=N		end after so many messages (default: never)
 *	FUZZ_KCOV=1		be guided by KCOV, too; the kernel must have it, and
 *				the module be built with KCOV_INSTRUMENT=y
 *
 * An input is a sequence of messages from several sockets (compose.c). Nothing
 * that is sent may go unanswered, or keep the family from working afterwards;
 * the kernel's own checks say the rest.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/socket.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libp25.h>

#include "../target.h"
#include "netlink.h"

/* Of one input. */
#define MESSAGES_MAX 24

/* An empty policy has no reason to take more. */
#define MEMORY_MAX (4 << 20)
#define INPUTS_PER_LOOK 256

static int sockets[SOCKETS] = { -1, -1, -1, -1 };
static bool used[SOCKETS];	/* a transaction may be open, answers unread */
static struct message msg;
static uint8_t answer[1 << 17];
static struct {
	uint8_t bytes[2 * MESSAGE_ROOM];
	size_t len;
	bool sound;	/* all of them, and there is one */
} datagram;

static struct p25 *p25;	/* a well-behaved client */
static struct p25_monitor *monitor;
static uint64_t revision;	/* of the latest event */
static uint16_t family;
static unsigned long messages, inputs, enough;

static int open_socket(void)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	int on = 1, room = 1 << 18;

	if (fd < 0 || bind(fd, (void *)&any, sizeof(any)))
		broken("no netlink socket: %m");
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	return fd;
}

static void close_socket(unsigned int where)
{
	if (sockets[where] >= 0)
		close(sockets[where]);
	sockets[where] = -1;
	used[where] = false;
}

/* The next input shall know nothing of this one. */
static void close_used_sockets(void)
{
	unsigned int i;

	for (i = 0; i < SOCKETS; i++) {
		if (used[i])
			close_socket(i);
	}
}

/* The text of an extended ack that stands from @at on. */
static const char *extack(const uint8_t *at, const uint8_t *end)
{
	struct nlattr attr;

	while (end - at >= (int)sizeof(attr)) {
		memcpy(&attr, at, sizeof(attr));
		if (attr.nla_len < sizeof(attr) || attr.nla_len > end - at)
			broken("the kernel's extended ack is malformed");
		if (attr.nla_type == NLMSGERR_ATTR_MSG)
			return (const char *)at + sizeof(attr);
		at += NLA_ALIGN(attr.nla_len);
	}
	return "";
}

static void take_error(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *error = NLMSG_DATA(nlh);
	const uint8_t *text = (const void *)(error + 1);

	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		text += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		text = (const uint8_t *)nlh + nlh->nlmsg_len;
	coverage_answer(msg.cmd, error->error,
			extack(text, (const uint8_t *)nlh + nlh->nlmsg_len), 0);
}

/* A later message may repeat it, as a well-behaved client would. */
static void remember_mark(struct nlmsghdr *nlh)
{
	struct nlattr *mark = nlmsg_find_attr(nlh, GENL_HDRLEN, P25_A_MARK);

	if (mark && nla_len(mark) == sizeof(last_mark))
		memcpy(&last_mark, nla_data(mark), sizeof(last_mark));
}

static void take_answer(int len)
{
	struct nlmsghdr *nlh = (void *)answer;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type == NLMSG_ERROR) {
			take_error(nlh);
			continue;
		}
		coverage_answer(msg.cmd, nlh->nlmsg_flags, "", nlh->nlmsg_len);
		if (nlh->nlmsg_type == family)
			remember_mark(nlh);
	}
	if (len > 0)
		broken("the kernel's answer is malformed");
}

/* Answers are there when the request has been sent. */
static unsigned int read_answers(int fd)
{
	unsigned int n = 0;
	ssize_t len;

	for (;;) {
		len = recv(fd, answer, sizeof(answer), MSG_DONTWAIT);
		if (len < 0 && errno == EAGAIN)
			return n;
		/* Answers were lost, as COMMAND_UNREAD may lead to. */
		if (len < 0 && errno != ENOBUFS)
			broken("recv: %m");
		if (len > 0)
			take_answer(len);
		n++;
	}
}

static void send_datagram(void)
{
	unsigned int where = msg.socket;
	ssize_t sent;

	if (sockets[where] < 0)
		sockets[where] = open_socket();
	sent = send(sockets[where], datagram.bytes, datagram.len, MSG_DONTWAIT);
	/* An answer that wasn't read may be in the way. */
	if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
		broken("send of %zu bytes: %m", datagram.len);
	if (!msg.unread && !read_answers(sockets[where]) && datagram.sound &&
	    sent > 0)
		broken("command %u was not answered", msg.cmd);
	if (msg.close)
		close_socket(where);
	datagram.len = 0;
}

static void send_message(void)
{
	messages++;
	used[msg.socket] |= msg.unread || msg.held || msg.cmd == P25_CMD_BEGIN;
	if (datagram.len + msg.len > sizeof(datagram.bytes))
		send_datagram();
	datagram.sound = msg.sound && (!datagram.len || datagram.sound);
	memcpy(datagram.bytes + datagram.len, msg.bytes, msg.len);
	datagram.len += msg.len;
	if (!msg.held)
		send_datagram();
}

/* Requests that leave an empty policy, made once: libp25 would take longer. */
static struct nl_msg *requests[2];

static void make_requests(void)
{
	static const uint8_t cmds[] = { P25_CMD_ENTRY_FLUSH, P25_CMD_SET };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		requests[i] = nlmsg_alloc_size(128);
		genlmsg_put(requests[i], 0, 25, family, 0,
			    NLM_F_REQUEST | NLM_F_ACK, cmds[i],
			    P25_GENL_VERSION);
	}
	nla_put_u8(requests[1], P25_A_ACTION, P25_ACTION_DROP);
	nla_put_u8(requests[1], P25_A_INBOUND, 1);
	nla_put_u32(requests[1], P25_A_LIMIT, P25_LIMIT_DEFAULT);
	nla_put_u32(requests[1], P25_A_SENDERS, 1000);
	nla_put(requests[1], P25_A_GUARD, 0, NULL);
	nla_put_u32(requests[1], P25_A_GUARD_FOR, 0);
}

/* Returns the error that the family gives. */
static int ask_for(struct nl_msg *ask)
{
	const struct nlmsghdr *nlh = (const void *)answer;
	const struct nlmsgerr *error = NLMSG_DATA(nlh);
	static int fd = -1;

	if (fd < 0)
		fd = open_socket();
	if (send(fd, nlmsg_hdr(ask), nlmsg_hdr(ask)->nlmsg_len, 0) < 0 ||
	    recv(fd, answer, sizeof(answer), MSG_DONTWAIT) < NLMSG_LENGTH(4))
		broken("the family doesn't answer: %m");
	if (nlh->nlmsg_type != NLMSG_ERROR)
		broken("the family's answer is none");
	return error->error;
}

/* A fast machine may send more flushes than there may be in some seconds. */
static void request(struct nl_msg *ask)
{
	int err;

	while ((err = ask_for(ask)) == -EBUSY)
		usleep(100000);
	if (err)
		broken("the family refuses what is right: error %d", err);
}

/* Each input finds the same policy: none. */
static void start_anew(void)
{
	request(requests[0]);
	request(requests[1]);
}

/* Does it say so? Returns what memory it takes. */
static uint64_t show(void)
{
	struct p25_status status;
	int kind;

	if (p25_show(p25, &status))
		broken("the family fails: %s", p25_error(p25));
	for (kind = P25_KIND_RELAY; kind <= P25_KIND_MAX; kind++) {
		if (status.entries[kind])
			broken("a flushed policy has entries");
	}
	return status.memory;
}

/* Memory is given back a little later; if not, libFuzzer's -timeout ends it. */
static void look(void)
{
	while (show() > MEMORY_MAX)
		usleep(1000);
}

/* A listener gets what can be read, and each revision, or an overrun. */
static void follow(void)
{
	struct p25_event event;
	int got;

	while ((got = p25_monitor_read(monitor, &event)) > 0) {
		if (event.type == P25_EVENT_OVERRUN)
			revision = 0;
		if (event.revision && revision && event.revision != revision &&
		    event.revision != revision + 1)
			broken("revision %ju after %ju",
			       (uintmax_t)event.revision, (uintmax_t)revision);
		if (event.revision)
			revision = event.revision;
	}
	if (got < 0)
		broken("%s", p25_monitor_error(monitor));
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct input in = { .at = data, .end = data + size };
	unsigned int n;

	coverage_start();
	for (n = 0; n < MESSAGES_MAX && in.at < in.end; n++) {
		compose(&in, family, &msg);
		send_message();
	}
	if (datagram.len)
		send_datagram();
	close_used_sockets();
	coverage_stop();
	follow();
	start_anew();
	if (!(++inputs % INPUTS_PER_LOOK))
		look();
	if (enough && messages >= enough) {
		fprintf(stderr, "%lu messages sent\n", messages);
		enough = 0;
		raise(SIGUSR1);		/* libFuzzer ends, well */
	}
	return 0;
}

static uint16_t resolve(void)
{
	struct nl_sock *sock = nl_socket_alloc();
	int id = sock ? genl_connect(sock) : -1;

	if (!id)
		id = genl_ctrl_resolve(sock, P25_GENL_NAME);
	if (id < 0)
		broken("no p25: is the module loaded?");
	nl_socket_free(sock);
	return id;
}

/* The machine's own policy is not to be played with. */
static bool is_first_netns(void)
{
	struct stat ours, first;

	return stat("/proc/self/ns/net", &ours) ||
	       stat("/proc/1/ns/net", &first) || ours.st_ino == first.st_ino;
}

int fuzz_start(int *argc, char ***argv)
{
	const char *number = getenv("FUZZ_MESSAGES");

	(void)argc;
	(void)argv;
	enough = number ? strtoul(number, NULL, 10) : 0;
	if (is_first_netns())
		broken("this is no network namespace of its own");
	family = resolve();
	p25 = p25_open();
	monitor = p25_monitor_open();
	if (p25_monitor_ready(monitor))
		broken("%s", p25_monitor_error(monitor));
	make_requests();
	coverage_open();
	coverage_start();
	start_anew();
	coverage_stop();
	coverage_check();
	return 0;
}
