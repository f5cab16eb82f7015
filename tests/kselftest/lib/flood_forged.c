// SPDX-License-Identifier: GPL-2.0
/*
 * usage: flood_forged NETNS COUNTS
 *
 * Sends mail from forged sources out of eth0 of a network namespace, as much as
 * a CPU can, until SIGTERM: TCP SYNs, each from the next one of 2^20 IPv6
 * addresses in 2001:db8:100::/48, in an order that leaps about.
 *
 * COUNTS is a file descriptor, see flood.h: how many have been sent.
 */
#include <errno.h>
#include <net/ethernet.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>

#include "flood.h"

#define SOURCES	1048576
#define BATCH	64

struct frame {
	struct ether_header eth;
	struct ip6_hdr ip;
	struct tcphdr tcp;
} __attribute__((packed));

static struct frame frames[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

/* The addresses are those of lib.sh's topology. */
static void make_frames(void)
{
	struct frame frame = {
		.eth = {
			.ether_dhost = { 2, 0x25, 0, 0, 1, 1 },
			.ether_shost = { 2, 0x25, 0, 0, 1, 2 },
			.ether_type = htons(ETHERTYPE_IPV6),
		},
		.ip = {
			.ip6_flow = htonl(6 << 28),
			.ip6_plen = htons(sizeof(struct tcphdr)),
			.ip6_nxt = IPPROTO_TCP,
			.ip6_hlim = 64,
		},
		.tcp = {
			.th_sport = htons(40000),
			.th_dport = htons(25),
			.th_off = 5,
			.th_flags = TH_SYN,
		},
	};
	int i;

	inet_pton(AF_INET6, "2001:db8:100::", &frame.ip.ip6_src);
	inet_pton(AF_INET6, "2001:db8:203::25", &frame.ip.ip6_dst);
	for (i = 0; i < BATCH; i++) {
		frames[i] = frame;
		vectors[i] = (struct iovec) { &frames[i], sizeof(frames[i]) };
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
}

/* Some in a /64 of their own, some in one with others. */
static void set_source(struct frame *frame, uint32_t number)
{
	uint32_t source = number * 2654435761u % SOURCES;

	frame->ip.ip6_src.s6_addr[7] = source & 0xff;
	frame->ip.ip6_src.s6_addr[14] = source >> 16;
	frame->ip.ip6_src.s6_addr[15] = source >> 8;
}

static void send_batch(int fd, atomic_uint_least64_t *sent)
{
	int done, i;

	for (i = 0; i < BATCH; i++)
		set_source(&frames[i], *sent + i);
	done = sendmmsg(fd, messages, BATCH, 0);
	if (done >= 0)
		*sent += done;
	else if (errno != EINTR)
		flood_die("send");
}

int main(int argc, char **argv)
{
	atomic_uint_least64_t *sent;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: %s NETNS COUNTS\n", argv[0]);
		return 1;
	}
	sent = flood_begin(argv[2]);
	fd = flood_open_eth0(argv[1], 0);
	make_frames();
	while (!flood_stop)
		send_batch(fd, sent);
	return 0;
}
