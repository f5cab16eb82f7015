// SPDX-License-Identifier: GPL-2.0
/*
 * When each owner's file was last applied, and whether that went well: a file for each owner
 * in /run/p25, "TIME STATUS".
 *
 * It is no error if that can't be written: the policy is what counts. Without the module, or
 * in another network namespace, nothing is noted.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"
#include "last_apply.h"

#define FOLDER	"/run/p25"
#define NAME	"apply."

/* Readers of metrics are not root, and there is nothing in it to hide. */
#define MODE	0644

static int write_note(int folder, const char *name, int status)
{
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
			MODE);
	int err;

	if (fd < 0)
		return -1;
	err = fchmod(fd, MODE) ||
	      dprintf(fd, "%jd %d\n", (intmax_t)time(NULL), status) < 0;
	return close(fd) || err ? -1 : 0;
}

/* last_apply_note - @owner: "": the file was that of all; @status: the exit status */
void last_apply_note(const struct ctl *c, const char *owner, int status)
{
	char name[sizeof(NAME) + P25_OWNER_MAXLEN], new[sizeof(name) + 4];
	int folder;

	if (!c->p25 || c->netns)
		return;
	mkdir(FOLDER, 0755);
	folder = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (folder < 0)
		return;
	snprintf(name, sizeof(name), NAME "%s", owner);
	snprintf(new, sizeof(new), ".new.%s", owner);
	if (write_note(folder, new, status) || renameat(folder, new, folder, name))
		unlinkat(folder, new, 0);
	close(folder);
}

static int read_note(int folder, const char *name, struct last_apply *last)
{
	const char *owner = name + strlen(NAME);
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char text[64] = "";
	intmax_t when;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0 || (*owner && !p25_owner_valid(owner)))
		return -1;
	strcpy(last->owner, owner);
	if (sscanf(text, "%jd %d", &when, &last->status) != 2)
		return -1;
	last->time = when;
	return 0;
}

/* last_apply_each - call a function for each owner whose file was applied since the boot */
void last_apply_each(void (*each)(const struct last_apply *last, void *arg), void *arg)
{
	DIR *folder = opendir(FOLDER);
	struct last_apply last;
	struct dirent *entry;

	if (!folder)
		return;
	while ((entry = readdir(folder))) {
		if (!strncmp(entry->d_name, NAME, strlen(NAME)) &&
		    !read_note(dirfd(folder), entry->d_name, &last))
			each(&last, arg);
	}
	closedir(folder);
}
