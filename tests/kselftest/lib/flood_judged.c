// SPDX-License-Identifier: GPL-2.0
/*
 * usage: flood_judged FROM TO COUNTS
 *
 * Sends frames from eth0 of network namespace FROM, and looks which of them
 * arrive at eth0 of TO. Standard input says which, one a line:
 *
 *	pass HEX	an Ethernet frame that must arrive
 *	drop HEX	one that must not
 *	any HEX		one that may arrive or not
 *	sentinel HEX	the last line: one that always arrives
 *
 * Each frame is an IP packet with a number of its own, in its identification or
 * flow label. The frames are sent round after round until SIGTERM; a round ends
 * when its sentinel, the last four bytes of which are the number of the round,
 * has arrived. By then all that will ever arrive has arrived, for the whole
 * path is run by the one CPU that sends, first come first served: this program
 * is to be started on one CPU alone.
 *
 * COUNTS is a file descriptor, see flood.h and enum count: what has been counted
 * up to the last round that was judged, and how many packets have been sent.
 *
 * Exit status: 0; 1: it can't be done; 3: a sentinel has not arrived, or a
 * device is gone.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "flood.h"

#define NUMBERS		65536
#define FRAME_MAX	1514
#define PATIENCE_MS	120000

/* As in lib/flood.py. */
enum count {
	ROUNDS,			/* that have been judged */
	PACKETS,		/* sent */
	LOST,			/* that had to pass */
	LEAKED,			/* that had to be dropped */
	FASTEST,		/* nanoseconds of the fastest round */
};

enum fate { PASS, DROP, ANY, SENTINEL };

static const char *const fates[] = {
	[PASS] = "pass", [DROP] = "drop", [ANY] = "any",
	[SENTINEL] = "sentinel",
};

struct frame {
	enum fate fate;
	unsigned int number;
	size_t len;
	unsigned char bytes[FRAME_MAX];
};

static struct frame *frames;
static size_t n_frames;
static uint32_t arrived[NUMBERS];	/* the last round in which it has */
static atomic_uint_least64_t *counts;

/* The number of the packet in a frame; 0: it bears none. */
static unsigned int number_of(const unsigned char *frame, size_t len)
{
	if (len >= 34 && frame[12] == 0x08 && frame[13] == 0x00)
		return frame[18] << 8 | frame[19];
	if (len >= 54 && frame[12] == 0x86 && frame[13] == 0xdd)
		return frame[16] << 8 | frame[17];
	return 0;
}

static void parse_hex(struct frame *frame, const char *hex)
{
	unsigned int byte;

	while (sscanf(hex, "%2x", &byte) == 1 && frame->len < FRAME_MAX) {
		frame->bytes[frame->len++] = byte;
		hex += 2;
	}
	frame->number = number_of(frame->bytes, frame->len);
}

static void add_frame(const char *fate, const char *hex)
{
	struct frame frame = { 0 };

	frames = reallocarray(frames, n_frames + 1, sizeof(*frames));
	if (!frames)
		flood_die("memory");
	while (strcmp(fates[frame.fate], fate)) {
		if (++frame.fate > SENTINEL) {
			fprintf(stderr, "what is \"%s\"?\n", fate);
			exit(1);
		}
	}
	parse_hex(&frame, hex);
	frames[n_frames++] = frame;
}

static void read_frames(void)
{
	char hex[2 * FRAME_MAX + 1];
	char fate[16];

	do {
		if (scanf("%15s %3028s", fate, hex) != 2) {
			fprintf(stderr, "there is no sentinel\n");
			exit(1);
		}
		add_frame(fate, hex);
	} while (frames[n_frames - 1].fate != SENTINEL);
}

/* All that arrives, with room for a round of it. */
static int open_receiver(const char *netns)
{
	int fd = flood_open_eth0(netns, ETH_P_ALL);
	int room = 32 << 20;
	int one = 1;

	if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one,
		       sizeof(one)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)))
		flood_die(netns);
	return fd;
}

static bool is_sentinel(const unsigned char *bytes, size_t len, uint32_t round)
{
	const struct frame *sentinel = &frames[n_frames - 1];

	return len == sentinel->len &&
	       number_of(bytes, len) == sentinel->number &&
	       !memcmp(bytes + len - sizeof(round), &round, sizeof(round));
}

/* Send every frame once; false: the device is gone, or has no buffers left. */
static bool send_round(int fd, uint32_t round)
{
	struct frame *sentinel = &frames[n_frames - 1];
	size_t i;

	memcpy(sentinel->bytes + sentinel->len - sizeof(round), &round,
	       sizeof(round));
	for (i = 0; i < n_frames; i++) {
		if (send(fd, frames[i].bytes, frames[i].len, 0) < 0)
			return false;
		counts[PACKETS]++;
	}
	return true;
}

/* Note what arrives up to the sentinel; false: it doesn't come. */
static bool receive_round(int fd, uint32_t round)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	unsigned char bytes[FRAME_MAX];
	ssize_t len;

	do {
		len = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (len < 0 && errno == EAGAIN) {
			if (!poll(&poller, 1, PATIENCE_MS))
				return false;
			len = 0;
		} else if (len < 0 && errno != EINTR) {
			return false;
		}
		if (len > 0)
			arrived[number_of(bytes, len)] = round;
	} while (len <= 0 || !is_sentinel(bytes, len, round));
	return true;
}

static void judge_round(uint32_t round)
{
	size_t i;

	for (i = 0; i < n_frames; i++) {
		bool here = arrived[frames[i].number] == round;

		counts[LOST] += frames[i].fate == PASS && !here;
		counts[LEAKED] += frames[i].fate == DROP && here;
	}
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

static bool do_round(int from, int to, uint32_t round)
{
	uint64_t begin = now();
	uint64_t took;

	if (!send_round(from, round) || !receive_round(to, round))
		return false;
	took = now() - begin;
	if (round == 1 || took < counts[FASTEST])
		counts[FASTEST] = took;
	judge_round(round);
	counts[ROUNDS] = round;
	return true;
}

int main(int argc, char **argv)
{
	uint32_t round = 0;
	bool good = true;
	int from, to;

	if (argc != 4) {
		fprintf(stderr, "usage: %s FROM TO COUNTS\n", argv[0]);
		return 1;
	}
	counts = flood_begin(argv[3]);
	read_frames();
	from = flood_open_eth0(argv[1], 0);
	to = open_receiver(argv[2]);
	while (good && !flood_stop)
		good = do_round(from, to, ++round);
	return good ? 0 : 3;
}
