// SPDX-License-Identifier: GPL-2.0
/*
 * Events: each kind, their order, and their revisions. A change is one event, of one
 * revision, and the next one has the next: so that nothing has come in between
 * shows as well.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "policy.h"

#define OVERRUN_CHANGES	400
#define RACERS		3
#define RACER_CHANGES	100

static struct p25 *p25;
static struct p25_monitor *monitor;
static uint64_t revision;	/* of the latest event */
static struct p25_event event;	/* the latest event */

static struct p25_monitor *open_monitor(void)
{
	struct p25_monitor *m = p25_monitor_open();

	if (!m)
		ktap_bail_out("out of memory");
	if (p25_monitor_ready(m))
		ktap_bail_out(p25_monitor_error(m));
	return m;
}

/* The next event, for which it waits. Returns false if none comes. */
static bool next(struct p25_monitor *from)
{
	const char *patience = getenv("TEST_PATIENCE");
	int seconds = patience ? atoi(patience) : KTAP_PATIENCE;
	struct pollfd wait = { .fd = p25_monitor_fd(from), .events = POLLIN };
	int got;

	while (!(got = p25_monitor_read(from, &event))) {
		if (poll(&wait, 1, seconds * 1000) <= 0)
			return false;
	}
	if (got < 0)
		ktap_bail_out(p25_monitor_error(from));
	return true;
}

static void say(const char *wanted)
{
	char prefix[P25_PREFIX_STRLEN] = "";

	if (event.entry.kind)
		p25_prefix_format(&event.entry.prefix, prefix);
	printf("# wanted: %s, after revision %llu; got: %s %s, revision %llu, n %llu\n",
	       wanted, (unsigned long long)revision, p25_event_name(event.type),
	       prefix, (unsigned long long)event.revision,
	       (unsigned long long)event.n);
}

/* The next event is of this type, and of a revision so much later. */
static bool comes(enum p25_event_type type, unsigned int later)
{
	bool good = next(monitor) && event.type == type &&
		    event.revision == revision + later;

	if (!good)
		say(p25_event_name(type));
	revision = event.revision;
	return good;
}

/* As comes(), and it is about this entry. */
static bool comes_entry(enum p25_event_type type, const char *prefix,
			unsigned int later)
{
	char text[P25_PREFIX_STRLEN];

	if (!comes(type, later))
		return false;
	if (!strcmp(p25_prefix_format(&event.entry.prefix, text), prefix))
		return true;
	say(prefix);
	return false;
}

static struct p25_entry full_entry(void)
{
	struct p25_entry e = entry(P25_KIND_OPTOUT, "2001:db8:100::7");

	strcpy(e.owner, "hooks");
	strcpy(e.comment, "call 0815");
	e.timeout = 3600;
	return e;
}

static void test_entry(void)
{
	struct p25_entry e = full_entry();
	bool good;

	must(p25, p25_add(p25, &e, 1));
	good = next(monitor) && event.type == P25_EVENT_ADDED;
	revision = event.revision;
	ktap_result(good && event.entry.kind == P25_KIND_OPTOUT &&
		    !p25_prefix_cmp(&event.entry.prefix, &e.prefix) &&
		    !strcmp(event.entry.owner, "hooks") &&
		    !strcmp(event.entry.comment, "call 0815") &&
		    event.entry.timeout > 3500 && event.entry.timeout <= 3600 &&
		    llabs(event.entry.expires - time(NULL) - 3600) < 100 &&
		    llabs(event.time - time(NULL)) < 100,
		    "an entry that is added, with all that it has");
	e.timeout = 0;
	strcpy(e.comment, "call 0816");
	must(p25, p25_add(p25, &e, 1));
	good = comes_entry(P25_EVENT_CHANGED, "2001:db8:100::7", 1);
	ktap_result(good && !event.entry.timeout && !event.entry.expires &&
		    !strcmp(event.entry.comment, "call 0816"),
		    "one that is renewed, as it is now");
	must(p25, p25_del(p25, &e, 1, false));
	good = comes_entry(P25_EVENT_DELETED, "2001:db8:100::7", 1);
	ktap_result(good && !strcmp(event.entry.owner, "hooks") &&
		    !strcmp(event.entry.comment, "call 0816"),
		    "one that is deleted, as it was");
}

static void test_settings(void)
{
	struct p25_settings set = {
		.has_action = true, .action = P25_ACTION_MONITOR,
	};

	must(p25, p25_set(p25, &set));
	ktap_result(comes(P25_EVENT_SETTINGS, 1) && event.settings.has_limit &&
		    event.settings.action == P25_ACTION_MONITOR &&
		    event.settings.inbound &&
		    event.settings.limit == P25_LIMIT_DEFAULT,
		    "settings, all of them");
	must(p25, p25_set(p25, &set));
	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	ktap_result(comes_entry(P25_EVENT_ADDED, "198.51.100.0/24", 1),
		    "none if they are what they were");
}

/* What changes nothing has no event: the next one is that of another change. */
static void test_nothing(void)
{
	struct p25_entry absent = entry(P25_KIND_POOL, "192.0.2.0/24");

	must(p25, p25_del(p25, &absent, 1, true));
	must(p25, p25_begin(p25));
	must(p25, add(p25, P25_KIND_POOL, "192.0.2.0/24"));
	p25_abort(p25);
	must(p25, p25_begin(p25));
	must(p25, add(p25, P25_KIND_POOL, "203.0.113.0/24"));
	must(p25, del(p25, P25_KIND_BLOCK, "192.0.2.1", 1));
	if (p25_commit(p25) != -ENOENT)
		ktap_bail_out("a commit that must fail does not");
	p25_abort(p25);
	must(p25, p25_begin(p25));
	must(p25, add(p25, P25_KIND_POOL, "192.0.2.0/24"));
	must(p25, del(p25, P25_KIND_POOL, "192.0.2.0/24", 1));
	must(p25, p25_commit(p25));
	must(p25, del(p25, P25_KIND_POOL, "198.51.100.0/24", 1));
	ktap_result(comes_entry(P25_EVENT_DELETED, "198.51.100.0/24", 1),
		    "none of what was refused, undone, or came to nothing");
}

static void test_commit(void)
{
	struct p25_settings set = {
		.has_action = true, .action = P25_ACTION_DROP,
	};
	bool good;

	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	must(p25, add(p25, P25_KIND_POOL, "192.0.2.0/24"));
	must(p25, p25_begin(p25));
	must(p25, add(p25, P25_KIND_STATIC, "198.51.100.1"));
	must(p25, add(p25, P25_KIND_STATIC, "198.51.100.1"));
	must(p25, del(p25, P25_KIND_POOL, "198.51.100.0/24", 1));
	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	must(p25, del(p25, P25_KIND_POOL, "192.0.2.0/24", 1));
	must(p25, p25_set(p25, &set));
	must(p25, p25_commit(p25));
	good = comes_entry(P25_EVENT_ADDED, "198.51.100.0/24", 1) &&
	       comes_entry(P25_EVENT_ADDED, "192.0.2.0/24", 1) &&
	       comes_entry(P25_EVENT_ADDED, "198.51.100.1", 1) &&
	       comes_entry(P25_EVENT_CHANGED, "198.51.100.0/24", 0) &&
	       comes_entry(P25_EVENT_DELETED, "192.0.2.0/24", 0) &&
	       comes(P25_EVENT_SETTINGS, 0);
	ktap_result(good, "a transaction has one revision, and each entry once");
	must(p25, p25_flush(p25, &(struct p25_filter){ .kind = P25_KIND_STATIC }));
	good = comes_entry(P25_EVENT_DELETED, "198.51.100.1", 1);
	must(p25, p25_flush(p25, NULL));
	ktap_result(good && comes_entry(P25_EVENT_DELETED, "198.51.100.0/24", 1),
		    "a flush has those that it deletes");
}

/* Each as long as can be. */
static void add_many(unsigned int n)
{
	struct p25_entry entries[P25_EVENT_ENTRIES_MAX + 1];
	unsigned int i;

	for (i = 0; i < n; i++) {
		char text[P25_PREFIX_STRLEN];

		snprintf(text, sizeof(text), "2001:db8:100::%x", i + 1);
		entries[i] = entry(P25_KIND_OPTOUT, text);
		memset(entries[i].owner, 'o', P25_OWNER_MAXLEN);
		memset(entries[i].comment, 'c', P25_COMMENT_MAXLEN);
		entries[i].timeout = 3600;
	}
	must(p25, p25_add(p25, entries, n));
}

static bool come(enum p25_event_type type, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!comes(type, !i))
			return false;
	}
	return true;
}

static void test_many(void)
{
	add_many(P25_EVENT_ENTRIES_MAX);
	ktap_result(come(P25_EVENT_ADDED, P25_EVENT_ENTRIES_MAX) &&
		    strlen(event.entry.comment) == P25_COMMENT_MAXLEN,
		    "64 entries at once are an event each");
	must(p25, p25_flush(p25, NULL));
	ktap_result(come(P25_EVENT_DELETED, P25_EVENT_ENTRIES_MAX),
		    "so are 64 that are flushed");
	add_many(P25_EVENT_ENTRIES_MAX + 1);
	ktap_result(comes(P25_EVENT_MANY, 1) &&
		    event.n == P25_EVENT_ENTRIES_MAX + 1,
		    "of 65, there is the number");
	must(p25, p25_flush(p25, NULL));
	ktap_result(comes(P25_EVENT_MANY, 1) &&
		    event.n == P25_EVENT_ENTRIES_MAX + 1,
		    "so it is when they are flushed");
}

static void test_expiry(void)
{
	struct p25_entry e = entry(P25_KIND_OPTOUT, "198.51.100.7");
	bool good;

	e.timeout = 1;
	must(p25, p25_add(p25, &e, 1));
	good = comes_entry(P25_EVENT_ADDED, "198.51.100.7", 1);
	ktap_result(good && comes_entry(P25_EVENT_EXPIRED, "198.51.100.7", 1),
		    "an entry that has expired");
	e.timeout = 0;
	e.expires = time(NULL) + 2;	/* a second from now at least */
	must(p25, p25_add(p25, &e, 1));
	good = comes_entry(P25_EVENT_ADDED, "198.51.100.7", 1);
	ktap_result(good && comes_entry(P25_EVENT_EXPIRED, "198.51.100.7", 1),
		    "one that has expired by the clock, although it is kept");
	/* It is there, but readers don't know it. */
	must(p25, p25_del(p25, &e, 1, true));
	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	ktap_result(comes_entry(P25_EVENT_ADDED, "198.51.100.0/24", 1),
		    "that it is deleted is none");
	e.expires = P25_EXPIRES_MIN;
	must(p25, p25_add(p25, &e, 1));
	must(p25, p25_flush(p25, NULL));
	ktap_result(comes_entry(P25_EVENT_DELETED, "198.51.100.0/24", 1),
		    "nor one of an entry that has never been valid");
}

static int count_entry(const struct p25_entry *e, void *arg)
{
	(void)e;
	++*(unsigned int *)arg;
	return 0;
}

static void test_listing(void)
{
	unsigned int n = 0;

	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	comes_entry(P25_EVENT_ADDED, "198.51.100.0/24", 1);
	must(p25, p25_list(p25, NULL, count_entry, &n));
	ktap_result(p25_revision(p25) == revision && n == 1,
		    "a listing has the revision of the event before it");
	p25_monitor_close(monitor);
	must(p25, add(p25, P25_KIND_POOL, "192.0.2.0/24"));
	must(p25, p25_flush(p25, NULL));
	must(p25, p25_list(p25, NULL, count_entry, &n));
	ktap_result(p25_revision(p25) == revision + 2,
		    "revisions go on without listeners");
	revision += 2;
	monitor = open_monitor();
}

/* Adds and deletes an entry of its own, again and again. */
static void race(unsigned int number)
{
	struct p25 *own = ktap_open();
	char prefix[P25_PREFIX_STRLEN];
	unsigned int i;

	snprintf(prefix, sizeof(prefix), "198.51.100.%u", number);
	for (i = 0; i < RACER_CHANGES; i++)
		must(own, i % 2 ? del(own, P25_KIND_POOL, prefix, 1) :
				  add(own, P25_KIND_POOL, prefix));
	p25_close(own);
}

static void test_order(void)
{
	unsigned int seen[RACERS] = { 0 };
	bool good = true;
	unsigned int i;

	for (i = 0; i < RACERS; i++) {
		if (!fork()) {
			race(i);
			_exit(0);
		}
	}
	for (i = 0; i < RACERS * RACER_CHANGES && good; i++) {
		good = next(monitor) && event.revision == revision + 1 &&
		       event.entry.prefix.addr[3] < RACERS &&
		       event.type == (seen[event.entry.prefix.addr[3]]++ % 2 ?
				      P25_EVENT_DELETED : P25_EVENT_ADDED);
		if (!good)
			say("the next change");
		revision++;
	}
	while (wait(NULL) > 0)
		;
	ktap_result(good, "changes of several processes, each in its order");
}

static void test_namespaces(void)
{
	int here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	const struct p25_entry its = entry(P25_KIND_POOL, "192.0.2.0/24");
	struct p25_monitor *other;
	struct p25 *there;
	bool good;

	if (unshare(CLONE_NEWNET))
		ktap_bail_out("no other network namespace");
	there = ktap_open();
	other = open_monitor();
	must(p25, add(p25, P25_KIND_POOL, "198.51.100.0/24"));
	must(there, add(there, P25_KIND_POOL, "192.0.2.0/24"));
	must(p25, p25_flush(p25, NULL));
	good = comes_entry(P25_EVENT_ADDED, "198.51.100.0/24", 1) &&
	       comes_entry(P25_EVENT_DELETED, "198.51.100.0/24", 1);
	ktap_result(good && next(other) && event.type == P25_EVENT_ADDED &&
		    !p25_prefix_cmp(&event.entry.prefix, &its.prefix) &&
		    !p25_monitor_read(other, &event) &&
		    !p25_monitor_read(monitor, &event),
		    "a namespace's events are its own");
	p25_monitor_close(other);
	p25_close(there);
	if (setns(here, CLONE_NEWNET))
		ktap_bail_out("no way back");
	close(here);
}

static void change_many(void)
{
	unsigned int i;

	for (i = 0; i < OVERRUN_CHANGES; i++)
		must(p25, i % 2 ? del(p25, P25_KIND_POOL, "198.51.100.0/24", 1) :
				  add(p25, P25_KIND_POOL, "198.51.100.0/24"));
}

/* How many events come until one is lost? */
static unsigned int read_until_overrun(void)
{
	unsigned int n;

	for (n = 0; next(monitor) && event.type != P25_EVENT_OVERRUN; n++) {
		if (event.revision != revision + 1)
			say("the next change");
		revision = event.revision;
	}
	return n;
}

static void read_events(unsigned int n)
{
	while (n-- && next(monitor))
		revision = event.revision;
}

static void test_overrun(void)
{
	int small = 4096;
	unsigned int n;
	bool good;

	setsockopt(p25_monitor_fd(monitor), SOL_SOCKET, SO_RCVBUF, &small,
		   sizeof(small));
	change_many();
	n = read_until_overrun();
	printf("# %u of %u events had room\n", n, OVERRUN_CHANGES);
	ktap_result(n && n < OVERRUN_CHANGES && !event.n && !event.revision &&
		    !p25_monitor_read(monitor, &event),
		    "an overrun comes behind what was received before it, once");
	must(p25, add(p25, P25_KIND_POOL, "192.0.2.0/24"));
	ktap_result(comes_entry(P25_EVENT_ADDED, "192.0.2.0/24",
				OVERRUN_CHANGES - n + 1),
		    "revisions show it, too");
	/* The same, but for a change before it is noticed. */
	change_many();
	read_events(n);
	must(p25, p25_flush(p25, NULL));
	good = next(monitor) && event.type == P25_EVENT_OVERRUN &&
	       event.n == OVERRUN_CHANGES - n;
	if (!good)
		say("overrun");
	ktap_result(good && comes_entry(P25_EVENT_DELETED, "192.0.2.0/24",
					OVERRUN_CHANGES - n + 1),
		    "with the number of lost events, if one follows");
}

int main(void)
{
	ktap_begin();
	ktap_own_netns();
	p25 = ktap_open();
	monitor = open_monitor();
	test_entry();
	test_settings();
	test_nothing();
	test_commit();
	test_many();
	test_expiry();
	test_listing();
	test_order();
	test_namespaces();
	test_overrun();
	p25_monitor_close(monitor);
	p25_close(p25);
	return ktap_end();
}
