// SPDX-License-Identifier: GPL-2.0
/*
 * Files of sessions. A file is replaced atomically, by rename(2). There is no fsync(2):
 * sessions that a power failure loses here have their timeouts in the kernel.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "store.h"

#define SESSION_TEXT 2048

static int make_folder(int at, const char *path)
{
	return mkdirat(at, path, 0700) && errno != EEXIST ? -errno : 0;
}

/*
 * store_open - open a folder, or make it
 *
 * Return: 0, or a negative errno value; -ENOENT without @create: no session has ever
 * been in it.
 */
int store_open(struct store *store, const char *path, bool create)
{
	int err = create ? make_folder(AT_FDCWD, path) : 0;

	*store = STORE_NONE;
	if (err)
		return err;
	store->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->dir < 0)
		return -errno;
	if (create)
		err = make_folder(store->dir, "sessions");
	if (create && !err)
		err = make_folder(store->dir, "holders");
	if (err)
		store_close(store);
	return err;
}

void store_close(struct store *store)
{
	store_unlock(store);
	if (store->dir >= 0)
		close(store->dir);
	store->dir = -1;
}

static time_t seconds_since_boot(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/*
 * store_lock - wait until nobody else changes sessions, but not for longer than that
 *
 * Return: 0, or a negative errno value; -EWOULDBLOCK: the time is up.
 */
int store_lock(struct store *store, int seconds)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	time_t end = seconds_since_boot() + seconds;

	store->lock = openat(store->dir, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (store->lock < 0)
		return -errno;
	while (flock(store->lock, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK || seconds_since_boot() >= end) {
			store_unlock(store);
			return -EWOULDBLOCK;
		}
		nanosleep(&pause, NULL);
	}
	return 0;
}

void store_unlock(struct store *store)
{
	if (store->lock >= 0)
		close(store->lock);
	store->lock = -1;
}

/* store_key - the name of a session's file; no two sessions have the same */
void store_key(char key[STORE_KEYLEN], const char *session)
{
	char *at;

	snprintf(key, STORE_KEYLEN, "%s", session);
	for (at = key; *at; at++) {
		if (*at == ' ')
			*at = ',';
	}
}

static void session_path(char path[PATH_MAX], const char *key)
{
	snprintf(path, PATH_MAX, "sessions/%s", key);
}

static void holder_path(char path[PATH_MAX], const struct p25_prefix *prefix)
{
	char text[P25_PREFIX_STRLEN];
	char *slash;

	p25_prefix_format(prefix, text);
	slash = strchr(text, '/');
	if (slash)
		*slash = '_';
	snprintf(path, PATH_MAX, "holders/%s", text);
}

/* store_load - Return: false: there is no such session; errno is EBADMSG: its file is no good */
bool store_load(const struct store *store, const char *key,
		struct session *session)
{
	char path[PATH_MAX], text[SESSION_TEXT];
	ssize_t n;
	int fd;

	session_path(path, key);
	fd = openat(store->dir, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return false;
	text[n] = '\0';
	if (session_parse(text, session))
		return true;
	errno = EBADMSG;
	return false;
}

static int write_file(int dir, const char *path, const char *text, size_t len)
{
	int fd, err = 0;

	/* left by one that was killed, perhaps as a link */
	unlinkat(dir, path, 0);
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (write(fd, text, len) != (ssize_t)len)
		err = errno ? -errno : -EIO;
	close(fd);
	return err;
}

static int put_in_place(int dir, const char *from, const char *to)
{
	return renameat(dir, from, dir, to) ? -errno : 0;
}

/* store_save - Return: 0 or a negative errno value */
int store_save(const struct store *store, const char *key,
	       const struct session *session)
{
	char path[PATH_MAX], text[SESSION_TEXT];
	int len = session_write(text, sizeof(text), session);
	int err;

	if (len < 0)
		return -EOVERFLOW;
	session_path(path, key);
	err = write_file(store->dir, "new", text, len);
	return err ? err : put_in_place(store->dir, "new", path);
}

void store_remove(const struct store *store, const char *key)
{
	char path[PATH_MAX];

	session_path(path, key);
	unlinkat(store->dir, path, 0);
}

/* store_holder - Return: false: it belongs to no session that has entries */
bool store_holder(const struct store *store, const struct p25_prefix *prefix,
		  char key[STORE_KEYLEN])
{
	char path[PATH_MAX];
	ssize_t n;

	holder_path(path, prefix);
	n = readlinkat(store->dir, path, key, STORE_KEYLEN - 1);
	if (n <= 0)
		return false;
	key[n] = '\0';
	return !strchr(key, '/');
}

/* store_hold - Return: 0 or a negative errno value */
int store_hold(const struct store *store, const struct p25_prefix *prefix,
	       const char *key)
{
	char path[PATH_MAX];

	unlinkat(store->dir, "new", 0);
	if (symlinkat(key, store->dir, "new"))
		return -errno;
	holder_path(path, prefix);
	return put_in_place(store->dir, "new", path);
}

void store_release(const struct store *store, const struct p25_prefix *prefix)
{
	char path[PATH_MAX];

	holder_path(path, prefix);
	unlinkat(store->dir, path, 0);
}

/* A power failure may have left it empty, as nothing waits for the disk here. */
static void remove_broken(const struct store *store, const char *key)
{
	log_warning("sessions/%s is no session's file, and is deleted", key);
	store_remove(store, key);
}

static int each_file(const struct store *store, DIR *dir,
		     int (*each)(const char *key, const struct session *session,
				 void *arg), void *arg)
{
	struct session session;
	struct dirent *entry;
	int err = 0;

	for (errno = 0; !err && (entry = readdir(dir)); errno = 0) {
		const char *key = entry->d_name;

		if (*key == '.' || strlen(key) >= STORE_KEYLEN)
			continue;
		if (store_load(store, key, &session))
			err = each(key, &session, arg);
		else if (errno == EBADMSG)
			remove_broken(store, key);
	}
	return err ? err : -errno;
}

/*
 * store_each - all sessions, in no order; @each may remove the one that it is given
 *
 * The caller holds the lock. A file that can't be understood is deleted.
 *
 * Return: 0, a negative errno value, or what @each has returned, if that isn't 0.
 */
int store_each(const struct store *store,
	       int (*each)(const char *key, const struct session *session,
			   void *arg), void *arg)
{
	int fd = openat(store->dir, "sessions", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int err;

	if (!dir) {
		err = -errno;
		if (fd >= 0)
			close(fd);
		return err;
	}
	err = each_file(store, dir, each, arg);
	closedir(dir);
	return err;
}
