// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation of every command fails in turn: the first one, then the
 * second one, and so on until the command needs no more. Each time it must be
 * refused and the policy be as it was, or, where the kernel could do without
 * that memory, be made as if nothing had happened. A listener gets its event, or an
 * overrun. That nothing is lost is for kmemleak to see.
 *
 *	echo N > /proc/self/fail-nth	this task's Nth allocation from now on
 *					fails
 *	cat /proc/self/fail-nth		0: it has
 *
 * See Documentation/fault-injection/fault-injection.rst of the kernel.
 *
 * Some of these allocations are netlink's own. If it has no memory to say that
 * a command has been carried out, the caller learns only that something is
 * wrong: then the policy may be the new one as well.
 */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "handle.h"

/* No command allocates more often. */
#define TRIES_MAX	1000
/* Making a namespace does, and loading a module. */
#define TRIES_SYSTEM	20000

#define ROUNDS_MAX	20

/* Enough for a larger index, and for a larger directory of its pages. */
#define BULK		700

static struct p25 *p25;		/* its commands fail */
static struct p25 *reader;	/* looks what has come of it */
static struct p25_monitor *monitor;
static int fail_nth;

/*
 * Faults
 */

static void write_to(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0) {
		perror(path);
		ktap_bail_out("no fault injection");
	}
	close(fd);
}

static void allow_faults(void)
{
	fail_nth = open("/proc/self/fail-nth", O_RDWR);
	if (fail_nth < 0)
		ktap_skip_all("this kernel has no /proc/self/fail-nth");
	write_to("/sys/kernel/debug/failslab/ignore-gfp-wait", "N");
	write_to("/sys/kernel/debug/failslab/verbose", "0");
	write_to("/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N");
	write_to("/sys/kernel/debug/fail_page_alloc/min-order", "0");
	write_to("/sys/kernel/debug/fail_page_alloc/verbose", "0");
}

static void set_fault(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, len, 0) != len)
		ktap_bail_out("/proc/self/fail-nth can't be written");
}

/* Has it come to the fault that was set? There will be none from now on. */
static bool end_fault(void)
{
	char text[16] = "";

	if (pread(fail_nth, text, sizeof(text) - 1, 0) <= 0)
		ktap_bail_out("/proc/self/fail-nth can't be read");
	set_fault(0);
	return !atoi(text);
}

/*
 * The policy, as text that can be compared
 */

struct snapshot {
	size_t	n;
	char	lines[BULK + 32][160];
};

static int take_entry(const struct p25_entry *e, void *arg)
{
	char prefix[P25_PREFIX_STRLEN];
	struct snapshot *s = arg;

	snprintf(s->lines[s->n++], sizeof(s->lines[0]), "%s %s owner %s %s %d %u %s",
		 p25_kind_name(e->kind), p25_prefix_format(&e->prefix, prefix),
		 e->owner, e->has_action ? p25_action_name(e->action) : "",
		 e->has_guard, e->guard.rate[0].attempts, e->comment);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void take_snapshot(struct snapshot *s)
{
	struct p25_status status;

	memset(s, 0, sizeof(*s));
	if (p25_list(reader, NULL, take_entry, s) || p25_show(reader, &status))
		ktap_bail_out(p25_error(reader));
	qsort(s->lines, s->n, sizeof(s->lines[0]), by_text);
	snprintf(s->lines[s->n++], sizeof(s->lines[0]),
		 "%s inbound %d limit %u senders %u guard %u, entries %u %u %u %u %u",
		 p25_action_name(status.settings.action),
		 status.settings.inbound, status.settings.limit,
		 status.settings.senders, status.settings.guard.n,
		 status.entries[P25_KIND_RELAY], status.entries[P25_KIND_POOL],
		 status.entries[P25_KIND_STATIC],
		 status.entries[P25_KIND_OPTOUT],
		 status.entries[P25_KIND_BLOCK]);
}

static bool same(const struct snapshot *a, const struct snapshot *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/*
 * Commands
 */

static struct p25_entry entry(enum p25_kind kind, const char *prefix)
{
	struct p25_entry e = { .kind = kind };

	if (p25_prefix_parse(prefix, &e.prefix, NULL))
		ktap_bail_out(prefix);
	return e;
}

static int nothing(void)
{
	return 0;
}

static int add_v4(void)
{
	struct p25_entry e = entry(P25_KIND_BLOCK, "198.51.100.7");

	strcpy(e.comment, "spam, ticket 4712");
	strcpy(e.owner, "abuse");
	return p25_add(p25, &e, 1);
}

static int add_v6(void)
{
	struct p25_entry e = entry(P25_KIND_OPTOUT, "2001:db8:100:7::/64");

	strcpy(e.comment, "call 0815");
	return p25_add(p25, &e, 1);
}

static int add_relay(void)
{
	struct p25_entry e = entry(P25_KIND_RELAY, "192.0.2.25");

	return p25_add(p25, &e, 1);
}

/* Large enough a policy that all that grows has to grow. */
static int add_many(void)
{
	struct p25_entry e[BULK];
	unsigned int i;

	for (i = 0; i < BULK; i++) {
		e[i] = entry(P25_KIND_STATIC, "2001:db8:200::/64");
		e[i].prefix.addr[6] = i >> 8;
		e[i].prefix.addr[7] = i;
		if (i % 128 == 0)
			snprintf(e[i].comment, sizeof(e[i].comment), "%u", i);
	}
	return p25_add(p25, e, BULK);
}

/* Senders are to be answered: there are hooks for that. */
static int add_acting(void)
{
	struct p25_entry e = entry(P25_KIND_POOL, "198.51.100.0/24");

	e.has_action = true;
	e.action = P25_ACTION_PROHIBIT;
	return p25_add(p25, &e, 1);
}

static int add_guarded(void)
{
	struct p25_entry e = entry(P25_KIND_STATIC, "2001:db8:100::/48");

	e.has_guard = true;
	e.guard.n = 1;
	e.guard.rate[0] = (struct p25_guard_rate) { 20, 60 };
	return p25_add(p25, &e, 1);
}

static int renew(void)
{
	struct p25_entry e = entry(P25_KIND_POOL, "198.51.100.0/24");

	strcpy(e.comment, "Hauptstrasse");
	return p25_add(p25, &e, 1);
}

/* What a deletion depends on is known by what goes before. */
static int add_and_del(void)
{
	struct p25_entry e = entry(P25_KIND_BLOCK, "198.51.100.7");
	int err;

	strcpy(e.comment, "spam, ticket 4712");
	e.if_comment = true;
	err = p25_begin(p25);
	if (!err)
		err = p25_add(p25, &e, 1);
	if (!err)
		err = p25_del(p25, &e, 1, false);
	if (!err)
		err = renew();
	if (!err)
		err = p25_commit(p25);
	if (err)
		p25_abort(p25);
	return err;
}

static int del(void)
{
	struct p25_entry e[] = {
		entry(P25_KIND_POOL, "198.51.100.0/24"),
		entry(P25_KIND_STATIC, "2001:db8:100::/48"),
	};

	return p25_del(p25, e, 2, false);
}

static int flush_owner(void)
{
	struct p25_filter filter = { .owner = "radius" };

	return p25_flush(p25, &filter);
}

static int flush_all(void)
{
	return p25_flush(p25, NULL);
}

static int set(void)
{
	struct p25_settings settings = {
		.has_action = true, .action = P25_ACTION_REJECT,
		.has_inbound = true,
		.has_limit = true, .limit = 4711,
	};

	return p25_set(p25, &settings);
}

static int set_senders(void)
{
	struct p25_settings settings = { .has_senders = true, .senders = 5000 };

	return p25_set(p25, &settings);
}

static int set_guard(void)
{
	struct p25_settings settings = {
		.has_guard = true,
		.guard = { .n = 1, .rate = { { 20, 60 } } },
	};

	return p25_set(p25, &settings);
}

static int show(void)
{
	struct p25_status status;

	return p25_show(p25, &status);
}

static int check(void)
{
	struct p25_entry src = entry(P25_KIND_POOL, "198.51.100.7");
	struct p25_entry dst = entry(P25_KIND_RELAY, "203.0.113.25");
	struct p25_judgement judgement;

	return p25_check(p25, &src.prefix, &dst.prefix, &judgement);
}

static int see_entry(const struct p25_entry *e, void *arg)
{
	(void)e;
	(void)arg;
	return 0;
}

static int list(void)
{
	struct p25_filter filter = { .owner = "radius" };

	return p25_list(p25, &filter, see_entry, NULL);
}

static int digest(void)
{
	static struct p25_digests digests;

	return p25_digests_get(p25, "radius", &digests);
}

static int see_sender(const struct p25_sender *sender, void *arg)
{
	(void)sender;
	(void)arg;
	return 0;
}

static int senders(void)
{
	return p25_senders(p25, see_sender, NULL);
}

static int senders_flush(void)
{
	return p25_senders_flush(p25);
}

static int begin(void)
{
	return p25_begin(p25);
}

/* A whole policy waits; its entries are sent with the commit. */
static int begin_changes(void)
{
	int err = p25_begin(p25);

	if (!err)
		err = flush_all();
	if (!err)
		err = set();
	if (!err)
		err = add_v4();
	return err ? err : add_many();
}

static int commit(void)
{
	return p25_commit(p25);
}

static int abort_changes(void)
{
	int err = begin_changes();

	/* p25_abort() hides what the kernel says, and needn't be heard. */
	p25_abort(p25);
	return err;
}

/* What there is in every namespace of this test, unless it is to be empty. */
static int policy(void)
{
	struct p25_entry e[] = {
		entry(P25_KIND_POOL, "198.51.100.0/24"),
		entry(P25_KIND_STATIC, "198.51.100.64/28"),
		entry(P25_KIND_STATIC, "2001:db8:100::/48"),
		entry(P25_KIND_RELAY, "2001:db8:25::/64"),
	};

	strcpy(e[1].comment, "acct 4711");
	strcpy(e[2].comment, "acct 4712");
	strcpy(e[1].owner, "radius");
	strcpy(e[3].owner, "radius");
	return p25_add(p25, e, 4);
}

static int policy_and_changes(void)
{
	int err = policy();

	return err ? err : begin_changes();
}

static const struct {
	const char	*name;
	int		(*before)(void);
	int		(*command)(void);
	bool		allocates;	/* itself, not only netlink */
} commands[] = {
	{ "the first entry",		nothing, add_v4, true },
	{ "the first IPv6 entry",	nothing, add_v6, true },
	{ "the first relay",		nothing, add_relay, true },
	{ "add",			policy, add_v4, true },
	{ "add, IPv6",			policy, add_v6, true },
	{ "add many",			policy, add_many, true },
	{ "renew",			policy, renew, true },
	{ "an action of its own",	policy, add_acting, true },
	{ "the first one's",		nothing, add_acting, true },
	{ "a guard of its own",		policy, add_guarded, true },
	{ "del",			policy, del, true },
	{ "del by the comment",		policy, add_and_del, true },
	{ "flush of an owner",		policy, flush_owner, true },
	{ "flush",			policy, flush_all, true },
	{ "set",			policy, set, true },
	{ "set senders",		policy, set_senders, true },
	{ "set guard",			policy, set_guard, true },
	{ "show",			policy, show, true },
	{ "check",			policy, check, true },
	{ "list",			policy, list, false },
	{ "digests",			policy, digest, true },
	{ "senders",			policy, senders, false },
	{ "senders flush",		policy, senders_flush, false },
	{ "begin",			policy, begin, true },
	{ "commit",			policy_and_changes, commit, true },
	{ "a transaction",		policy, abort_changes, true },
};

/*
 * Trying
 */

struct outcome {
	unsigned int	refused;	/* in p25's own words */
	unsigned int	failed;		/* in others' */
	unsigned int	unheard;	/* carried out, but not acknowledged */
	unsigned int	survived;	/* carried out in spite of the fault */
	char		problem[256];
};

static void fresh_namespace(int (*before)(void))
{
	ktap_own_netns();
	p25 = ktap_open();
	reader = ktap_open();
	if (before())
		ktap_bail_out(p25_error(p25));
	monitor = p25_monitor_open();
	if (!monitor || p25_monitor_ready(monitor))
		ktap_bail_out("no monitor");
}

static void leave(void)
{
	p25_monitor_close(monitor);
	p25_close(p25);
	p25_close(reader);
}

static void problem(struct outcome *out, unsigned int nth, const char *what,
		    int err)
{
	if (out->problem[0])
		return;
	snprintf(out->problem, sizeof(out->problem),
		 ": allocation %u: %s (%d, %.120s)", nth, what, err,
		 err ? p25_error(p25) : "success");
}

static bool is_ours(const char *error)
{
	return strstr(error, "no memory for") || strstr(error, "cannot hook");
}

static void judge_events(struct outcome *out, unsigned int nth, bool changed)
{
	struct p25_event event;

	if (changed != (p25_monitor_read(monitor, &event) > 0))
		problem(out, nth, changed ? "there was no event of it" :
					    "an event of nothing", 0);
}

/* The command was refused: is everything as it was? */
static void judge_refusal(struct outcome *out, unsigned int nth, int err,
			  const struct snapshot *before,
			  const struct snapshot *after)
{
	static struct snapshot now;
	bool ours = is_ours(p25_error(p25));

	take_snapshot(&now);
	if (!*p25_error(p25))
		problem(out, nth, "no message", err);
	if (ours && err != -ENOMEM)
		problem(out, nth, "not ENOMEM", err);
	if (same(&now, before)) {
		out->refused += ours;
		out->failed += !ours;
	} else if (!ours && same(&now, after)) {
		out->unheard++;
	} else {
		problem(out, nth, "another policy", err);
	}
	judge_events(out, nth, !same(&now, before));
}

static void judge_success(struct outcome *out, unsigned int nth, bool faulted,
			  const struct snapshot *before,
			  const struct snapshot *after)
{
	static struct snapshot now;

	take_snapshot(&now);
	if (same(&now, after))
		out->survived += faulted;
	else
		problem(out, nth, "not carried out", 0);
	judge_events(out, nth, !same(&now, before));
}

/* Returns false if the command has done without the nth allocation. */
static bool try_nth(unsigned int command, unsigned int nth,
		    const struct snapshot *after, struct outcome *out)
{
	static struct snapshot before;
	bool faulted;
	int err;

	fresh_namespace(commands[command].before);
	take_snapshot(&before);
	set_fault(nth);
	err = commands[command].command();
	faulted = end_fault();
	if (err)
		judge_refusal(out, nth, err, &before, after);
	else
		judge_success(out, nth, faulted, &before, after);
	if (err && !faulted)
		problem(out, nth, "failed without a fault", err);
	leave();
	return faulted;
}

/* Returns how many allocations the command makes. */
static unsigned int try_all(unsigned int command, const struct snapshot *after,
			    struct outcome *out)
{
	unsigned int nth = 0;

	while (nth < TRIES_MAX && try_nth(command, ++nth, after, out))
		;
	if (nth == TRIES_MAX)
		problem(out, nth, "and no end", 0);
	return nth - 1;
}

/*
 * A slab now and then takes a page more, which is an allocation too: if it does
 * so in the wrong try, one of p25's is passed over. So once is not enough.
 */
static void test_command(unsigned int command)
{
	bool allocates = commands[command].allocates;
	static struct snapshot after;
	struct outcome out = { 0 };
	unsigned int n, round = 0;

	fresh_namespace(commands[command].before);
	if (commands[command].command())
		problem(&out, 0, "without faults", -1);
	take_snapshot(&after);
	leave();

	do {
		n = try_all(command, &after, &out);
	} while (allocates && !out.refused && ++round < ROUNDS_MAX);
	if (allocates && !out.refused)
		problem(&out, n + 1, "never refused by p25", 0);
	ktap_result(!out.problem[0],
		    "%s: %u allocations: %u refused, %u netlink, %u unheard, %u survived%s",
		    commands[command].name, n, out.refused, out.failed,
		    out.unheard, out.survived, out.problem);
}

/*
 * A namespace that can't be made leaves nothing behind, but all others. Which
 * error it is says nothing about p25: most of it belongs to others, and some
 * of them turn a lack of memory into EEXIST.
 */
static void test_namespace(void)
{
	static struct snapshot before, now;
	unsigned int nth = 0, refused = 0;
	struct outcome out = { 0 };
	bool faulted;

	fresh_namespace(policy);
	take_snapshot(&before);
	do {
		set_fault(++nth);
		refused += !!unshare(CLONE_NEWNET);
		faulted = end_fault();
	} while (faulted && nth < TRIES_SYSTEM);
	take_snapshot(&now);
	if (!same(&before, &now))
		problem(&out, nth, "another policy", 0);
	leave();
	ktap_result(!out.problem[0] && !faulted && refused,
		    "a namespace: %u allocations, %u refused%s", nth - 1,
		    refused, out.problem);
}

/*
 * Loading the module
 */

static bool is_unloaded(void *arg)
{
	(void)arg;
	return !syscall(SYS_delete_module, "p25", O_NONBLOCK) ||
	       errno == ENOENT;
}

static int open_module(void)
{
	FILE *modinfo = popen("modinfo -n p25", "r");
	char path[4096] = "";

	if (!modinfo || fscanf(modinfo, "%4095[^\n]", path) != 1)
		ktap_bail_out("where is p25.ko?");
	pclose(modinfo);
	return open(path, O_RDONLY);
}

/* A module that can't be loaded isn't there, and can be loaded afterwards. */
static void test_loading(void)
{
	unsigned int nth = 0, refused = 0;
	struct outcome out = { 0 };
	int fd = open_module();
	bool faulted;
	int err;

	do {
		if (!ktap_wait(is_unloaded, NULL))
			ktap_bail_out("p25 can't be unloaded");
		set_fault(++nth);
		err = syscall(SYS_finit_module, fd, "", 0) ? -errno : 0;
		faulted = end_fault();
		refused += !!err;
		if (err && !access("/sys/module/p25", F_OK))
			problem(&out, nth, "it is there", 0);
	} while (faulted && nth < TRIES_SYSTEM);
	close(fd);
	ktap_result(!out.problem[0] && !faulted && !err && refused,
		    "the module: %u allocations, %u refused%s", nth - 1,
		    refused, out.problem);
}

/* Unloading it would take others' policies away. */
static bool machine_has_policy(void)
{
	struct p25_status status;
	unsigned int kind, n = 0;

	p25 = ktap_open();
	if (p25_show(p25, &status))
		ktap_bail_out(p25_error(p25));
	p25_close(p25);
	for (kind = P25_KIND_RELAY; kind <= P25_KIND_MAX; kind++)
		n += status.entries[kind];
	return n;
}

int main(void)
{
	bool may_unload;
	unsigned int i;

	ktap_begin();
	allow_faults();
	may_unload = !machine_has_policy();
	ktap_own_netns();
	p25 = ktap_open();
	if (set())		/* loads what "reject" needs */
		ktap_bail_out(p25_error(p25));
	p25_close(p25);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		test_command(i);
	test_namespace();
	if (may_unload)
		test_loading();
	else
		ktap_skip("the module", "this machine has a policy");
	return ktap_end();
}
