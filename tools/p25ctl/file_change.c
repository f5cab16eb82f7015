// SPDX-License-Identifier: GPL-2.0
/*
 * Was the file that has been read complete? A part of a policy can be a policy of
 * its own, and a shell truncates what it writes to.
 *
 * A file that is renamed to the same name does not matter: the one that is open
 * stays whole.
 */
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "file_change.h"
#include "report.h"

#define SECOND 1000000000LL

/*
 * A writer may pause. If it wrote less than this ago, in nanoseconds, it is given
 * time to go on; besides, a file's time is not exact to the millisecond.
 */
#define SETTLED (SECOND / 10)

/**
 * struct source - the file that is read
 * @fd: the file; -1: it is a pipe or a device, which has no size
 * @at: where reading began
 * @st: what it was like then
 */
static struct {
	int fd;
	off_t at;
	struct stat st;
} source;

/* file_change_begin - a file is about to be read from its current offset */
void file_change_begin(int fd)
{
	source.fd = fd;
	source.at = lseek(fd, 0, SEEK_CUR);
	if (fstat(fd, &source.st) || !S_ISREG(source.st.st_mode))
		source.fd = -1;
}

static void settle(void)
{
	struct timespec now, left = { 0 };
	int64_t age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = (now.tv_sec - source.st.st_mtim.tv_sec) * SECOND +
	      now.tv_nsec - source.st.st_mtim.tv_nsec;
	if (age < 0 || age >= SETTLED)
		return;
	left.tv_nsec = SETTLED - age;
	nanosleep(&left, NULL);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/*
 * file_change_check - the file has been read: was it written to meanwhile?
 * @n: bytes that were read. Files of the kernel's own may have more than they say
 */
int file_change_check(const struct ctl *c, uint64_t n)
{
	struct stat now;

	if (source.fd < 0)
		return DONE;
	settle();
	if (!fstat(source.fd, &now) && is_same(&source.st, &now) &&
	    source.at + (off_t)n >= now.st_size)
		return DONE;
	return report_failure(c,
			      "the file was written to while it was read: write a new file, and rename it (mv)");
}
