/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the programs share that load the router until SIGTERM: the end, the
 * device, and what they count for the test (lib/flood.py). Counts are numbers of
 * 64 bits in shared memory, of which the test passes a file descriptor.
 */
#ifndef _FLOOD_H
#define _FLOOD_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define FLOOD_COUNTS_MAX	16

static atomic_int flood_stop;

__attribute__((noreturn))
static inline void flood_die(const char *what)
{
	perror(what);
	exit(1);
}

static inline void flood_on_signal(int signal)
{
	(void)signal;
	flood_stop = 1;
}

/* From here on SIGTERM sets flood_stop. @fd: that of the counts, in decimal. */
static inline atomic_uint_least64_t *flood_begin(const char *fd)
{
	struct sigaction action = {
		.sa_handler = flood_on_signal,
		.sa_flags = SA_RESTART,
	};
	void *counts = mmap(NULL,
			    FLOOD_COUNTS_MAX * sizeof(atomic_uint_least64_t),
			    PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd), 0);

	if (counts == MAP_FAILED)
		flood_die("counts");
	sigaction(SIGTERM, &action, NULL);
	return counts;
}

/* A packet socket on eth0 of @netns, which becomes our own; 0: receives nothing. */
static inline int flood_open_eth0(const char *netns, uint16_t protocol)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(protocol),
	};
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		flood_die(path);
	close(fd);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	to.sll_ifindex = if_nametoindex("eth0");
	if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof(to)))
		flood_die(netns);
	return fd;
}

#endif /* _FLOOD_H */
