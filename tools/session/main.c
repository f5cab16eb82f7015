// SPDX-License-Identifier: GPL-2.0
/*
 * p25-session: what a subscriber's session gets, from its begin to its end.
 *
 * It is called by programs on which logins depend. So whatever goes wrong is logged, and
 * the exit status is 0; after ten seconds it gives up.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
#include "serve.h"
#include "session_settings.h"
#include "store.h"
#include "sync.h"
#include "version.h"

#define PATIENCE 10
#define LOCK_SECONDS 5

static const char usage[] =
	"usage: p25-session ip-pre-up|ip-up|ip-change|ip-down|ipv6-up|ipv6-down\n"
	"                   INTERFACE TTY SPEED LOCAL PEER    for pppd and accel-ppp\n"
	"       p25-session dnsmasq add|old|del MAC ADDRESS   for dnsmasq\n"
	"       p25-session begin|change|end SESSION [optout|static|block]\n"
	"                   [timeout DURATION] PREFIX...      for other programs\n"
	"       p25-session [-s SOCKET] radius NAS            for FreeRADIUS\n"
	"       p25-session [-s SOCKET] [-d FOLDER] serve     what \"radius\" talks to\n"
	"       p25-session [-d FOLDER] sync                  entries of those that are up\n"
	"\n"
	"See p25-session(8).\n";

/**
 * struct call - what we are called for
 * @socket: -s
 * @folder: -d
 * @verb: the first word
 * @args: those that follow
 * @n: how many
 */
struct call {
	const char *socket;
	const char *folder;
	const char *verb;
	char **args;
	size_t n;
};

static int log_socket = -1;

/* syslog(3) may be what hangs: this is all that a signal handler may do. */
static void give_up(int number)
{
	static const char message[] = "<28>p25-session: given up, after 10 s";

	(void)number;
	send(log_socket, message, sizeof(message) - 1, MSG_DONTWAIT);
	_exit(0);
}

/* The daemon that calls us may wait for us. */
static void limit_time(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX,
				       .sun_path = "/dev/log" };
	sigset_t set;

	log_socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (log_socket >= 0 && connect(log_socket, (struct sockaddr *)&address,
				       sizeof(address))) {
		close(log_socket);
		log_socket = -1;
	}
	/* Whoever calls may have it blocked. */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGALRM, give_up);
	alarm(PATIENCE);
}

/* Sessions of this network namespace: another one may have an interface of that name. */
static int open_local(struct store *store, bool create)
{
	struct stat ns;
	char path[64];

	if (stat("/proc/self/ns/net", &ns))
		return -errno;
	if (create && mkdir(STORE_LOCAL, 0700) && errno != EEXIST)
		return -errno;
	snprintf(path, sizeof(path), STORE_LOCAL "/%llu",
		 (unsigned long long)ns.st_ino);
	return store_open(store, path, create);
}

/* Without the files, as without their lock, entries are still added and deleted. */
static void handle(const struct session_settings *settings, struct store *store,
		   const struct event *event, int err)
{
	struct context ctx = {
		.settings = settings, .store = store, .now = time(NULL),
	};

	if (err) {
		log_warning("the folder of the sessions can't be opened: %s",
			    strerror(-err));
	} else if (store_lock(store, LOCK_SECONDS)) {
		log_warning("the folder of the sessions is locked for too long");
		store_close(store);
	}
	enforce_event(&ctx, event);
	kernel_close(&ctx);
	store_close(store);
}

static void ppp(const struct call *call)
{
	static struct attributes a;
	static struct session_settings settings;
	struct event event = { 0 };
	struct store store = STORE_NONE;

	session_settings_read(&settings, SETTINGS_FILE);
	attributes_environment(&a, environ);
	if (!ppp_event(&event, &settings, call->verb, call->args, call->n, &a))
		handle(&settings, &store, &event, open_local(&store, true));
}

static void lease(const struct call *call)
{
	static struct attributes a;
	static struct session_settings settings;
	struct event event = { 0 };
	struct store store = STORE_NONE;

	session_settings_read(&settings, SETTINGS_FILE);
	attributes_environment(&a, environ);
	if (!dnsmasq_event(&event, &settings, call->args, call->n, &a))
		handle(&settings, &store, &event,
		       store_open(&store, call->folder, true));
}

static void generic(const struct call *call)
{
	static struct session_settings settings;
	struct event event = { 0 };
	struct store store = STORE_NONE;
	enum event_type type = *call->verb == 'b' ? EVENT_BEGIN :
			       *call->verb == 'c' ? EVENT_CHANGE : EVENT_END;

	session_settings_read(&settings, SETTINGS_FILE);
	if (!generic_event(&event, type, call->args, call->n))
		handle(&settings, &store, &event,
		       store_open(&store, call->folder, true));
}

static void radius(const struct call *call)
{
	int err = call->n ? serve_send(call->socket, call->args[0], environ) :
			    -EINVAL;

	if (err)
		log_warning("%s: %s: %s", call->verb, call->socket, strerror(-err));
}

static int run_serve(const struct call *call)
{
	return serve(call->socket, call->folder) ? 1 : 0;
}

/* Return: 0, also if there is none, or a negative errno value. */
static int open_to_sync(struct store *store, int err)
{
	if (err == -ENOENT)
		return 0;
	if (!err)
		err = store_lock(store, 60);
	if (err)
		log_warning("sync: the folder of the sessions can't be used: %s",
			    strerror(-err));
	return err;
}

static int run_sync(const struct call *call)
{
	static struct session_settings settings;
	struct store local = STORE_NONE, remote = STORE_NONE;
	int err;

	session_settings_read(&settings, SETTINGS_FILE);
	if (settings.broken) {
		log_warning("sync: %s has a mistake: nothing is changed", SETTINGS_FILE);
		return 1;
	}
	err = open_to_sync(&local, open_local(&local, false));
	if (!err)
		err = open_to_sync(&remote,
				   store_open(&remote, call->folder, false));
	if (!err)
		err = sync_sessions(&settings, &local, &remote);
	store_close(&remote);
	store_close(&local);
	return err ? 1 : 0;
}

/* Logins depend on these: their exit status is 0. */
static const struct {
	const char *verb;
	void (*run)(const struct call *call);
} hooks[] = {
	{ "ip-pre-up", ppp }, { "ip-up", ppp }, { "ip-change", ppp },
	{ "ip-down", ppp }, { "ipv6-up", ppp }, { "ipv6-down", ppp },
	{ "dnsmasq", lease },
	{ "begin", generic }, { "change", generic }, { "end", generic },
	{ "radius", radius },
};

static int run(const struct call *call)
{
	size_t i;

	if (!strcmp(call->verb, "serve"))
		return run_serve(call);
	if (!strcmp(call->verb, "sync"))
		return run_sync(call);
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (strcmp(call->verb, hooks[i].verb))
			continue;
		limit_time();
		hooks[i].run(call);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}

int main(int argc, char **argv)
{
	struct call call = { .socket = SERVE_SOCKET, .folder = STORE_REMOTE };
	int option;

	log_open();
	while ((option = getopt(argc, argv, "+s:d:hV")) != -1) {
		switch (option) {
		case 's':
			call.socket = optarg;
			break;
		case 'd':
			call.folder = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'V':
			puts("p25-session " P25_VERSION);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return 2;
	}
	call.verb = argv[optind];
	call.args = argv + optind + 1;
	call.n = argc - optind - 1;
	return run(&call);
}
