// SPDX-License-Identifier: GPL-2.0
/*
 * What an input reached in the kernel: the places in the module that KCOV saw,
 * if the kernel has it, and how each command was answered: a refusal that was
 * never heard before comes from a place that was never reached before.
 */
#include <fcntl.h>
#include <linux/kcov.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../target.h"
#include "netlink.h"

/* Places that KCOV can note for one input; of all the kernel, not p25 alone. */
#define PLACES 1048576UL

/* Each sixteen bytes of the module's code, and each answer, is counted here. */
static uint8_t code[1 << 14] EXTRA_COUNTERS;
static uint8_t answers[1 << 12] EXTRA_COUNTERS;

static unsigned long *places;	/* the first one is their number */
static unsigned long begin, end;	/* of the module */
static unsigned long seen;		/* places in it */

static void find_module(void)
{
	FILE *in = fopen("/proc/modules", "re");
	char line[512];
	unsigned long size;

	while (in && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "p25 %lu %*s %*s %*s %lx", &size,
			   &begin) == 2)
			end = begin + size;
	}
	if (in)
		fclose(in);
	if (!end)
		broken("the module's address can't be had");
}

/* coverage_open - ask for KCOV, if that is wanted; otherwise, answers must do */
void coverage_open(void)
{
	int fd;

	if (!getenv("FUZZ_KCOV"))
		return;
	find_module();
	fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, KCOV_INIT_TRACE, PLACES))
		broken("KCOV_INIT_TRACE: %m");
	places = mmap(NULL, PLACES * sizeof(*places), PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	if (places == MAP_FAILED || ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		broken("KCOV: %m");
}

/* coverage_start - from here on, what this thread does in the kernel counts */
void coverage_start(void)
{
	if (places)
		__atomic_store_n(&places[0], 0, __ATOMIC_RELAXED);
}

/* coverage_stop - tell libFuzzer what has been reached */
void coverage_stop(void)
{
	unsigned long n, i;

	if (!places)
		return;
	n = __atomic_load_n(&places[0], __ATOMIC_RELAXED);
	for (i = 1; i <= n && i < PLACES; i++) {
		unsigned long at = (places[i] - begin) / 16;

		if (places[i] < begin || places[i] >= end)
			continue;
		seen++;
		if (at < sizeof(code) && code[at] < UINT8_MAX)
			code[at]++;
	}
}

/*
 * coverage_check - something has been sent: was it seen?
 *
 * Not if the module was built without KCOV_INSTRUMENT=y, or if the kernel is at
 * a random address, which KCOV subtracts from what it notes.
 */
void coverage_check(void)
{
	if (places && !seen)
		broken("KCOV sees nothing of the module");
}

/* coverage_answer - the same for a command's error, the text and the length */
void coverage_answer(uint8_t cmd, int error, const char *text, size_t len)
{
	uint32_t hash = cmd * 31 + error;

	while (*text)
		hash = hash * 31 + (uint8_t)*text++;
	/* Not each length: its order of magnitude. */
	while (len >>= 1)
		hash = hash * 31 + 1;
	hash *= 2654435761;
	answers[hash >> 20] = 1;
}
