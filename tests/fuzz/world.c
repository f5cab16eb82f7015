// SPDX-License-Identifier: GPL-2.0
/*
 * In place of the C library's: what p25ctl sees of the world is always the same,
 * and nothing that it does there lasts or leaves the machine.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* 2026-01-01 00:00:00 UTC */
#define NOW 1767225600

time_t time(time_t *now)
{
	if (now)
		*now = NOW;
	return NOW;
}

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
	(void)wanted;
	(void)left;
	return 0;
}

/* libp25 wants a seed. */
ssize_t getrandom(void *bytes, size_t n, unsigned int flags)
{
	(void)flags;
	memset(bytes, 25, n);
	return n;
}

int isatty(int fd)
{
	(void)fd;
	errno = ENOTTY;
	return 0;
}

int setns(int fd, int type)
{
	(void)fd;
	(void)type;
	errno = EPERM;
	return -1;
}

/* A socket of libnl's has no file here. */
int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	(void)fd;
	(void)level;
	(void)name;
	(void)value;
	(void)len;
	return 0;
}

/* The router has no address. */
int getifaddrs(struct ifaddrs **all)
{
	*all = NULL;
	return 0;
}

void freeifaddrs(struct ifaddrs *all)
{
	(void)all;
}

static struct addrinfo *address(struct addrinfo *next, int family,
				const void *sockaddr, socklen_t len)
{
	struct addrinfo *one = calloc(1, sizeof(*one) + len);

	one->ai_family = family;
	one->ai_next = next;
	one->ai_addr = memcpy(one + 1, sockaddr, len);
	one->ai_addrlen = len;
	return one;
}

/* Hosts whose names begin with 'm' have addresses of both families. */
int getaddrinfo(const char *name, const char *service,
		const struct addrinfo *hints, struct addrinfo **all)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	(void)service;
	(void)hints;
	if (*name != 'm')
		return EAI_NONAME;
	in.sin_addr.s_addr = htonl(0xc0000219);
	inet_pton(AF_INET6, "2001:db8:25::1", &in6.sin6_addr);
	*all = address(NULL, AF_INET6, &in6, sizeof(in6));
	*all = address(*all, AF_INET, &in, sizeof(in));
	*all = address(*all, AF_INET, &in, sizeof(in));
	return 0;
}

void freeaddrinfo(struct addrinfo *all)
{
	struct addrinfo *next;

	for (; all; all = next) {
		next = all->ai_next;
		free(all);
	}
}
