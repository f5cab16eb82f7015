// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzz target: events of sessions. An input is lines; a line is
 *
 *	what comes by the socket of "p25-session serve", with a tab for each NUL; or
 *	"ppp", and a tab before each of: script, interface, peer, user, and lines of the
 *	file of attributes
 *
 * Whatever they say: only entries of sessions change, and these are of their kinds, in
 * a pool, not wider than the settings have it, and expire.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "../../tools/session/attributes.h"
#include "../../tools/session/enforce.h"
#include "../../tools/session/history.h"
#include "../../tools/session/serve.h"
#include "../../tools/session/session_event.h"
#include "../../tools/session/session_settings.h"
#include "../../tools/session/store.h"
#include "ctl_run.h"
#include "kernel.h"
#include "target.h"
#include "utf8.h"

static char folder[32];
static struct session_settings settings;
static struct store store;
static struct history history;
static struct kernel_policy before;

/* In place of the C library's: nothing goes to this machine's log. */
void vsyslog(int priority, const char *format, va_list args)
{
	char text[4096];

	(void)priority;
	vsnprintf(text, sizeof(text), format, args);
	if (strpbrk(text, "\n\033"))
		broken("a message could forge another one: %s", text);
}

static bool lies_in(const struct p25_prefix *narrow, const struct p25_prefix *wide)
{
	unsigned int i;

	if (narrow->family != wide->family || narrow->len < wide->len)
		return false;
	for (i = 0; i < wide->len; i++) {
		if ((narrow->addr[i / 8] ^ wide->addr[i / 8]) & 0x80 >> i % 8)
			return false;
	}
	return true;
}

static bool is_in_pool(const struct p25_prefix *prefix)
{
	size_t i;

	for (i = 0; i < before.n; i++) {
		if (before.entries[i].kind == P25_KIND_POOL &&
		    lies_in(prefix, &before.entries[i].prefix))
			return true;
	}
	return false;
}

static void check_entry(const struct p25_entry *entry)
{
	if (entry->kind != P25_KIND_OPTOUT && entry->kind != P25_KIND_STATIC &&
	    entry->kind != P25_KIND_BLOCK)
		broken("an entry of a kind that is no session's");
	if (!is_in_pool(&entry->prefix))
		broken("an entry that is in no pool");
	if (entry->prefix.len < (entry->prefix.family == AF_INET ? settings.widest4 :
								   settings.widest6))
		broken("an entry that is wider than it may be");
	if (entry->expires <= time(NULL) || !*entry->comment)
		broken("an entry that doesn't expire, or has no session");
}

/* Others' entries move about, as one is put in the place of another. */
static void check_policy(void)
{
	size_t others = 0, i, j;

	for (i = 0; i < kernel_policy.n; i++) {
		const struct p25_entry *entry = &kernel_policy.entries[i];

		if (!strcmp(entry->owner, SESSION_OWNER)) {
			check_entry(entry);
			continue;
		}
		for (j = 0; j < before.n; j++)
			others += !memcmp(entry, &before.entries[j], sizeof(*entry));
	}
	if (others != before.n)
		broken("others' entries have changed");
	if (memcmp(&kernel_policy.settings, &before.settings, sizeof(before.settings)))
		broken("settings have changed");
}

static void ppp(struct context *ctx, char *line)
{
	static struct attributes a;
	struct event event = { 0 };
	char *script = strsep(&line, "\t"), *user;
	char *args[5] = { "", "tty", "0", "192.0.2.1", "" };

	args[0] = line ? strsep(&line, "\t") : "";
	args[4] = line ? strsep(&line, "\t") : "";
	user = line ? strsep(&line, "\t") : "";
	a.n = 0;
	a.used = 0;
	attributes_add(&a, "PEERNAME", 8, user, strlen(user));
	while (line) {
		char *value = strsep(&line, "\t"), *name = strsep(&value, " ");

		if (value)
			attributes_add(&a, name, strlen(name), value, strlen(value));
	}
	if (!ppp_event(&event, &settings, script, args, 5, &a))
		enforce_event(ctx, &event);
}

static void radius(struct context *ctx, char *line, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (line[i] == '\t')
			line[i] = '\0';
	}
	serve_message(ctx, line, len);
}

static void take_line(struct context *ctx, char *line, size_t len)
{
	line[len] = '\0';
	if (!strncmp(line, "ppp\t", 4))
		ppp(ctx, line + 4);
	else
		radius(ctx, line, len);
}

static int forget(const char *key, const struct session *session, void *arg)
{
	size_t i;

	(void)arg;
	for (i = 0; i < session->n; i++)
		store_release(&store, &session->prefixes[i]);
	store_remove(&store, key);
	return 0;
}

int fuzz_one(const uint8_t *data, size_t size)
{
	struct context ctx = {
		.settings = &settings, .store = &store, .history = &history,
	};
	char text[SERVE_MAXLEN + 1], *line = text, *end;

	if (size >= sizeof(text))
		return -1;
	memcpy(text, data, size);
	text[size] = '\n';
	kernel_start();
	before = kernel_policy;
	store_each(&store, forget, NULL);
	history_init(&history);
	ctx.now = time(NULL);
	while (line < text + size && (end = memchr(line, '\n', text + size + 1 - line))) {
		take_line(&ctx, line, end - line);
		check_policy();
		line = end + 1;
	}
	kernel_close(&ctx);
	return 0;
}

static void remove_folder(void)
{
	char command[64];

	store_each(&store, forget, NULL);
	store_close(&store);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command))
		perror(folder);
}

int fuzz_start(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	session_settings_default(&settings);
	strcpy(settings.radattr, "/nonexistent/radattr");
	strcpy(folder, "/tmp/p25-fuzz-XXXXXX");
	if (!mkdtemp(folder) || store_open(&store, folder, true))
		return -1;
	return atexit(remove_folder);
}
