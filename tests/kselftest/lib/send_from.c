// SPDX-License-Identifier: GPL-2.0
/*
 * usage: send_from NETNS FRAME AT < WORDS
 *
 * Sends a frame out of eth0 of a network namespace, once for each word of four bytes on
 * standard input, which replaces four bytes of the frame: so many packets would take a
 * script too long. FRAME is in hexadecimal, AT is where in it the word belongs.
 */
#include <string.h>

#include "flood.h"

#define BATCH		64
#define FRAME_MAX	256

static uint8_t frames[BATCH][FRAME_MAX];
static uint32_t words[BATCH];
static struct iovec vectors[BATCH];
static struct mmsghdr messages[BATCH];

static size_t read_frame(const char *text)
{
	unsigned int byte;
	size_t len = 0;

	for (; len < FRAME_MAX && sscanf(text, "%2x", &byte) == 1; text += 2)
		frames[0][len++] = byte;
	return len;
}

static void make_messages(size_t len)
{
	int i;

	for (i = 0; i < BATCH; i++) {
		memcpy(frames[i], frames[0], len);
		vectors[i] = (struct iovec) { frames[i], len };
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
}

static void send_all(int fd, int n)
{
	int done = 0;
	int more;

	while (done < n) {
		more = sendmmsg(fd, messages + done, n - done, 0);
		if (more < 0)
			flood_die("send");
		done += more;
	}
}

int main(int argc, char **argv)
{
	size_t at, n, i;
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: %s NETNS FRAME AT\n", argv[0]);
		return 1;
	}
	fd = flood_open_eth0(argv[1], 0);
	make_messages(read_frame(argv[2]));
	at = atoi(argv[3]);
	while ((n = fread(words, sizeof(*words), BATCH, stdin))) {
		for (i = 0; i < n; i++)
			memcpy(&frames[i][at], &words[i], sizeof(*words));
		send_all(fd, n);
	}
	return 0;
}
