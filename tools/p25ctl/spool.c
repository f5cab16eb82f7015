// SPDX-License-Identifier: GPL-2.0
/*
 * The file of apply, which may have to read it twice, is kept open. What can be
 * read once only is kept in memory: so a slow writer does not hold a transaction
 * open in the kernel, either.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"
#include "file.h"
#include "file_change.h"
#include "report.h"
#include "spool.h"

/* Four million lines and more: a larger policy is not piped, but in a file. */
#define SPOOL_MAX (256UL << 20)

/* Devices have no end, or no bytes: they are read as they are. */
static bool is_read_once(int fd, bool *again)
{
	struct stat st = { 0 };

	*again = !fstat(fd, &st) && S_ISREG(st.st_mode) && fd != STDIN_FILENO;
	if (*again)
		return false;
	return S_ISREG(st.st_mode) || lseek(fd, 0, SEEK_CUR) < 0;
}

static int write_all(int fd, const char *bytes, size_t n)
{
	while (n) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0)
			return -1;
		bytes += done;
		n -= done;
	}
	return 0;
}

/* What is larger than SPOOL_MAX is EFBIG: it may have no end. */
static int copy_file(int from, int to)
{
	static char bytes[65536];
	size_t room = SPOOL_MAX;
	ssize_t n;

	while ((n = read(from, bytes, sizeof(bytes))) > 0) {
		if ((size_t)n > room) {
			errno = EFBIG;
			return -1;
		}
		if (write_all(to, bytes, n))
			return -1;
		room -= n;
	}
	return n;
}

static int report_spool_failure(const struct ctl *c)
{
	if (errno == EFBIG)
		return report_error(c, -EFBIG,
				    "more than 256 MiB from a pipe: write it to a file, and apply that");
	return report_errno(c);
}

/*
 * spool_file - make a file readable more than once, if it has an end
 * @again: it can be
 *
 * From now on c->copy is read in its place, if it is not standard input.
 *
 * Return: DONE or FAILED
 */
int spool_file(struct ctl *c, const char *file, bool *again)
{
	int from = file_open(c, file), status = DONE;

	*again = false;
	if (from < 0)
		return FAILED;
	file_change_begin(from);
	if (!is_read_once(from, again)) {
		c->copy = from == STDIN_FILENO ? 0 : from;
		return DONE;
	}
	c->copy = memfd_create("policy", MFD_CLOEXEC);
	if (c->copy < 0 || copy_file(from, c->copy))
		status = report_spool_failure(c);
	*again = !status;
	if (from != STDIN_FILENO)
		close(from);
	return status;
}
