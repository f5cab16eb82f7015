// SPDX-License-Identifier: GPL-2.0
/*
 * Why the kernel module is not loaded: there is none, there is one for another kernel,
 * this kernel refuses it, or nobody has loaded it. The first two can be seen in what
 * depmod(8) leaves, /lib/modules/KERNEL/modules.dep; the third one only the kernel knows.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "module.h"

#ifndef MODULE_INIT_COMPRESSED_FILE	/* since Linux 5.17 */
#define MODULE_INIT_COMPRESSED_FILE 4
#endif

#define FOLDER		"/lib/modules"
#define NOT_LOADED	"the p25 kernel module is not loaded"
#define PATH_ROOM	1024

/* The path of p25.ko, relative or not, from a line of modules.dep; NULL: it's another's. */
static const char *own_path(char *line)
{
	const char *name;
	char *end = strchr(line, ':');

	if (!end)
		return NULL;
	*end = '\0';
	name = strrchr(line, '/');
	name = name ? name + 1 : line;
	if (strncmp(name, "p25.ko", 6) || (name[6] && name[6] != '.'))
		return NULL;
	return line;
}

/*
 * Where a kernel has its p25.ko. Return: 1, 0 if it has none, -1 if it has no list of
 * modules at all.
 */
static int find_module(const char *release, char path[PATH_ROOM])
{
	char *line = NULL;
	const char *own = NULL;
	size_t room = 0;
	FILE *list;

	snprintf(path, PATH_ROOM, FOLDER "/%s/modules.dep", release);
	list = fopen(path, "re");
	if (!list)
		return -1;
	while (!own && getline(&line, &room, list) > 0)
		own = own_path(line);
	if (own && *own == '/')
		snprintf(path, PATH_ROOM, "%s", own);
	else if (own)
		snprintf(path, PATH_ROOM, FOLDER "/%s/%s", release, own);
	free(line);
	fclose(list);
	return own ? 1 : 0;
}

/* A removed kernel leaves its folder, a package of headers makes one. */
static bool is_installed(const char *release, const char *running)
{
	char path[PATH_ROOM];

	snprintf(path, sizeof(path), "/boot/vmlinuz-%s", release);
	if (!strcmp(release, running) || !access(path, F_OK))
		return true;
	snprintf(path, sizeof(path), FOLDER "/%s/vmlinuz", release);
	return !access(path, F_OK);
}

/**
 * module_each_kernel - which of the installed kernels have the module?
 * @each: called for each of them
 * @arg: for @each
 */
void module_each_kernel(void (*each)(const char *release, bool has_module, void *arg),
			void *arg)
{
	DIR *folder = opendir(FOLDER);
	struct utsname kernel;
	struct dirent *entry;
	char path[PATH_ROOM];

	if (!folder)
		return;
	if (uname(&kernel))
		*kernel.release = '\0';
	while ((entry = readdir(folder))) {
		if (*entry->d_name != '.' && is_installed(entry->d_name, kernel.release))
			each(entry->d_name, find_module(entry->d_name, path) > 0, arg);
	}
	closedir(folder);
}

/* Some other kernel that has the module. */
static bool find_other(char other[256])
{
	char path[PATH_ROOM];
	struct dirent *entry;
	bool found = false;
	DIR *folder = opendir(FOLDER);

	if (!folder)
		return false;
	while (!found && (entry = readdir(folder))) {
		found = *entry->d_name != '.' &&
			find_module(entry->d_name, path) > 0;
		if (found)
			snprintf(other, 256, "%s", entry->d_name);
	}
	closedir(folder);
	return found;
}

static bool first_byte_is(const char *path, const char *wanted)
{
	char first = '\0';
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, &first, 1) != 1)
		first = '\0';
	close(fd);
	return first && strchr(wanted, first);
}

static bool is_locked_down(void)
{
	char modes[128] = "";
	int fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	if (read(fd, modes, sizeof(modes) - 1) < 0)
		*modes = '\0';
	close(fd);
	return *modes && !strstr(modes, "[none]");
}

static bool takes_only_signed(void)
{
	return first_byte_is("/sys/module/module/parameters/sig_enforce", "Y1") ||
	       is_locked_down();
}

/*
 * The kernel's answer to the file. It looks at the signature first, and at the
 * parameters, which can't be read, last: so nothing is loaded whatever the answer is.
 */
static bool is_refused(const char *path)
{
	/* An address that no process has. */
	const unsigned long unreadable = 1;
	int fd, err;

	if (geteuid() || !takes_only_signed())
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	err = syscall(SYS_finit_module, fd, unreadable,
		      strstr(path, ".ko.") ? MODULE_INIT_COMPRESSED_FILE : 0) ?
	      errno : 0;
	close(fd);
	return err == EKEYREJECTED || err == EPERM;
}

/**
 * module_why_unloaded - say why the module is not loaded, and what to do
 * @to: the message
 * @room: its room, MODULE_WHY_ROOM
 */
void module_why_unloaded(char *to, size_t room)
{
	char path[PATH_ROOM], other[256];
	struct utsname kernel;
	int found;

	if (uname(&kernel)) {
		snprintf(to, room, NOT_LOADED);
		return;
	}
	found = find_module(kernel.release, path);
	if (!found && find_other(other))
		snprintf(to, room, NOT_LOADED
			 ": it was built for another kernel, %s, not for the running one, %s; install the headers of the latter",
			 other, kernel.release);
	else if (!found)
		snprintf(to, room, NOT_LOADED
			 ": there is no such module for any kernel here; install p25-dkms, or run \"make install\"");
	else if (found > 0 && is_refused(path))
		snprintf(to, room, NOT_LOADED
			 ": the kernel refuses it, as it is not signed by a key that the kernel trusts (EKEYREJECTED); see \"SECURE BOOT\" in p25ctl(8)");
	else
		snprintf(to, room, NOT_LOADED
			 "; load it with \"modprobe p25\" (or \"insmod p25.ko\")");
}
