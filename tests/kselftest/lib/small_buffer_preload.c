// SPDX-License-Identifier: GPL-2.0
/*
 * To be preloaded: a monitor's socket gets a small buffer, where it wants a large one,
 * so that a few events are too many.
 */

/* As p25ctl is compiled: on 32 bits, what it calls has another name then. */
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <dlfcn.h>
#include <sys/socket.h>

typedef int (*setsockopt_t)(int fd, int level, int name, const void *value,
			    socklen_t len);

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
	setsockopt_t real = (setsockopt_t)dlsym(RTLD_NEXT, "setsockopt");
	int small = 4096;

	if (level == SOL_SOCKET && name == SO_RCVBUFFORCE) {
		value = &small;
		len = sizeof(small);
	}
	return real(fd, level, name, value, len);
}
