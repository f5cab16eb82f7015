// SPDX-License-Identifier: GPL-2.0
/*
 * The service behind the socket: it has the right to change entries, and who writes to
 * the socket need not have it. A datagram is an accounting request and nothing else: it
 * says that a session begins or ends; what this gives to whom is decided here.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "attributes.h"
#include "ctl.h"
#include "enforce.h"
#include "session_event.h"
#include "log.h"
#include "history.h"
#include "serve.h"
#include "session_settings.h"
#include "store.h"

/* SD_LISTEN_FDS_START */
#define SYSTEMD_FD 3

/* For so long it waits for "sync", which has the files. */
#define LOCK_SECONDS 60

/*
 * The one that systemd has made: see sd_listen_fds(3). Return: it, -ENOENT if there is
 * none, or another negative errno value.
 */
static int inherited_socket(void)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	socklen_t len = sizeof(int);
	int type;

	if (!pid || !n || atol(pid) != getpid())
		return -ENOENT;
	if (getsockopt(SYSTEMD_FD, SOL_SOCKET, SO_TYPE, &type, &len))
		return -errno;
	return atoi(n) == 1 && type == SOCK_DGRAM ? SYSTEMD_FD : -EPROTOTYPE;
}

static int fill_address(struct sockaddr_un *address, const char *path)
{
	address->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	strcpy(address->sun_path, path);
	return 0;
}

/* One of our own: nobody else may write to it. */
static int own_socket(const char *path)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = { 0 };
	mode_t before;
	int err;

	if (fd < 0)
		return -errno;
	err = fill_address(&address, path);
	if (!err && unlink(path) && errno != ENOENT)
		err = -errno;
	before = umask(0177);
	if (!err && bind(fd, (struct sockaddr *)&address, sizeof(address)))
		err = -errno;
	umask(before);
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* serve_message - handle a datagram */
void serve_message(struct context *ctx, const char *text, size_t len)
{
	struct attributes a;
	struct event event = { 0 };

	a.n = 0;
	a.used = 0;
	attributes_quoted(&a, text, len);
	if (!accounting_event(&event, ctx->settings, &a))
		enforce_event(ctx, &event);
}

static void take_message(struct context *ctx, const char *text, size_t len)
{
	struct store none = STORE_NONE, *store = ctx->store;

	ctx->now = time(NULL);
	if (store_lock(store, LOCK_SECONDS)) {
		log_warning("the files are locked for too long: this goes without them");
		ctx->store = &none;
	}
	serve_message(ctx, text, len);
	ctx->store = store;
	store_unlock(store);
}

/* As with a policy file, a mistake changes nothing. */
static void reload(struct session_settings *settings)
{
	static struct session_settings new;

	session_settings_read(&new, SETTINGS_FILE);
	if (new.broken)
		log_warning("%s has a mistake: the settings stay as they were",
			    SETTINGS_FILE);
	else
		*settings = new;
}

/* Return: false: it is to end. */
static bool take_signal(struct session_settings *settings, int signals)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info))
		return true;
	if (info.ssi_signo != SIGHUP)
		return false;
	reload(settings);
	return true;
}

static int take_datagram(struct context *ctx, int fd)
{
	static char text[SERVE_MAXLEN + 1];
	ssize_t n = recv(fd, text, sizeof(text), MSG_DONTWAIT);

	if (n > SERVE_MAXLEN)
		log_warning("a message by the socket is too long");
	else if (n >= 0)
		take_message(ctx, text, n);
	else if (errno != EAGAIN && errno != EINTR)
		return -errno;
	return 0;
}

static int serve_socket(struct context *ctx, struct session_settings *settings,
			int fd, int signals)
{
	struct pollfd files[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	int err = 0;

	while (!err) {
		if (poll(files, ARRAY_SIZE(files), -1) < 0 && errno != EINTR)
			return -errno;
		if (files[1].revents && !take_signal(settings, signals))
			return 0;
		if (files[0].revents)
			err = take_datagram(ctx, fd);
	}
	return err;
}

/* They wait until a message has been handled. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/*
 * serve - take messages until a signal ends it
 * @path: of the socket, if systemd has made none
 * @folder: of the sessions
 *
 * Return: 0 or a negative errno value.
 */
int serve(const char *path, const char *folder)
{
	static struct session_settings settings;
	static struct history history;
	struct store store = STORE_NONE;
	struct context ctx = {
		.settings = &settings, .store = &store, .history = &history,
	};
	int fd = inherited_socket(), signals = open_signals(), err;

	session_settings_read(&settings, SETTINGS_FILE);
	err = signals < 0 ? -errno : history_init(&history);
	if (!err)
		err = store_open(&store, folder, true);
	if (!err && fd == -ENOENT)
		fd = own_socket(path);
	if (!err)
		err = fd < 0 ? fd : 0;
	if (!err) {
		kernel_open(&ctx);
		err = serve_socket(&ctx, &settings, fd, signals);
		kernel_close(&ctx);
		store_close(&store);
	}
	if (err)
		log_warning("the socket: %s", strerror(-err));
	return err;
}

/* What is known of the environment, and the NAS, with a NUL after each. */
static size_t gather(char text[SERVE_MAXLEN], const char *nas,
		     char *const *environment)
{
	size_t n = strlen("P25_NAS=") + strlen(nas) + 1;

	if (n > SERVE_MAXLEN)
		return 0;
	strcpy(stpcpy(text, "P25_NAS="), nas);
	for (; *environment; environment++) {
		const char *equals = strchr(*environment, '=');
		size_t len = strlen(*environment) + 1;

		if (!equals || !strncmp(*environment, "P25_", 4) ||
		    !attribute_is_known(*environment, equals - *environment))
			continue;
		if (len > SERVE_MAXLEN - n)
			break;
		memcpy(text + n, *environment, len);
		n += len;
	}
	return n;
}

/*
 * serve_send - hand over what FreeRADIUS' module exec has put into our environment
 * @nas: who sent that to FreeRADIUS
 *
 * Return: 0 or a negative errno value.
 */
int serve_send(const char *path, const char *nas, char *const *environment)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = { 0 };
	char text[SERVE_MAXLEN];
	size_t n = gather(text, nas, environment);
	int err;

	if (fd < 0)
		return -errno;
	err = n ? fill_address(&address, path) : -EMSGSIZE;
	if (!err && sendto(fd, text, n, 0, (struct sockaddr *)&address,
			   sizeof(address)) < 0)
		err = -errno;
	close(fd);
	return err;
}
