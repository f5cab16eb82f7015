// SPDX-License-Identifier: GPL-2.0
/*
 * usage: load_flood_helper NETNS SECONDS PORT [HEADERS LENGTH]
 *
 * Sends packets from forged sources out of eth0 of a network namespace, as many
 * as a CPU can, for so long: TCP SYNs to this port, each from the next one of
 * 2^20 IPv6 addresses in 2001:db8:100::/48, in an order that leaps about.
 *
 * With HEADERS destination options headers before TCP, of 8 bytes each, and as
 * much data behind it that IPv6's payload has LENGTH bytes.
 *
 * Prints: sent N
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SOURCES	1048576
#define BATCH	64
#define LENGTH_MAX 1460

struct frame {
	struct ether_header eth;
	struct ip6_hdr ip;
	uint8_t payload[LENGTH_MAX];
} __attribute__((packed));

static struct frame frames[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int open_eth0(const char *netns)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = if_nametoindex("eth0");
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)))
		die(netns);
	return fd;
}

/* The headers, then TCP; all else is 0: options of padding, data. */
static void make_payload(struct frame *frame, int port, int headers)
{
	struct tcphdr tcp = {
		.th_sport = htons(40000),
		.th_dport = htons(port),
		.th_off = 5,
		.th_flags = TH_SYN,
	};
	int i;

	frame->ip.ip6_nxt = headers ? IPPROTO_DSTOPTS : IPPROTO_TCP;
	for (i = 1; i < headers; i++)
		frame->payload[8 * (i - 1)] = IPPROTO_DSTOPTS;
	if (headers)
		frame->payload[8 * (headers - 1)] = IPPROTO_TCP;
	memcpy(&frame->payload[8 * headers], &tcp, sizeof(tcp));
}

/* The addresses are those of lib.sh's topology. */
static void make_frames(int port, int headers, int length)
{
	struct frame frame = {
		.eth = {
			.ether_dhost = { 2, 0x25, 0, 0, 1, 1 },
			.ether_shost = { 2, 0x25, 0, 0, 1, 2 },
			.ether_type = htons(ETHERTYPE_IPV6),
		},
		.ip = {
			.ip6_flow = htonl(6 << 28),
			.ip6_plen = htons(length),
			.ip6_hlim = 64,
		},
	};
	int i;

	inet_pton(AF_INET6, "2001:db8:100::", &frame.ip.ip6_src);
	inet_pton(AF_INET6, "2001:db8:203::25", &frame.ip.ip6_dst);
	make_payload(&frame, port, headers);
	for (i = 0; i < BATCH; i++) {
		frames[i] = frame;
		vectors[i] = (struct iovec) {
			&frames[i],
			sizeof(frame.eth) + sizeof(frame.ip) + length
		};
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

int main(int argc, char **argv)
{
	int headers = argc == 6 ? atoi(argv[4]) : 0;
	int length = argc == 6 ? atoi(argv[5]) : (int)sizeof(struct tcphdr);
	unsigned long sent = 0;
	time_t end;
	int done;
	int fd;
	int i;

	if ((argc != 4 && argc != 6) || length > LENGTH_MAX ||
	    8 * headers + (int)sizeof(struct tcphdr) > length) {
		fprintf(stderr, "usage: %s NETNS SECONDS PORT [HEADERS LENGTH]\n",
			argv[0]);
		return 1;
	}
	fd = open_eth0(argv[1]);
	make_frames(atoi(argv[3]), headers, length);
	end = time(NULL) + atoi(argv[2]);
	while (time(NULL) <= end) {
		for (i = 0; i < BATCH; i++)
			set_source(&frames[i], sent + i);
		done = sendmmsg(fd, messages, BATCH, 0);
		if (done < 0)
			die("send");
		sent += done;
	}
	printf("sent %lu\n", sent);
	return 0;
}
