/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers that a helper counts, and that the test reads meanwhile: 64 bits each,
 * in memory that both share. The test passes a file descriptor of it.
 */
#ifndef COUNTS_H
#define COUNTS_H

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define COUNTS_MAX	16

/* counts_map - @fd is the descriptor as the test gives it, in decimal */
static inline atomic_uint_least64_t *counts_map(const char *fd)
{
	void *counts = mmap(NULL, COUNTS_MAX * sizeof(atomic_uint_least64_t),
			    PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd), 0);

	if (counts == MAP_FAILED) {
		perror("counts");
		exit(1);
	}
	return counts;
}

#endif /* COUNTS_H */
