// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once: workers add, delete, renew, flush, apply, let expire,
 * list and ask; namespaces come and go; and packets cross the router on every
 * CPU, all in one network namespace. Then the same again, while the module is
 * unloaded and loaded.
 *
 * A worker that changes entries does so in the name of an owner of its own, and
 * so knows what must be there in the end. Every packet must have been counted,
 * once.
 *
 * STRESS_SECONDS says how long it lasts; by default, some seconds. It lasts longer
 * if not every worker has done something by then.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "handle.h"
#include "tun.h"

#define SECONDS_DEFAULT	12
#define SLOTS		512	/* what an owner may have */
#define V4_SLOTS	256	/* of these, hosts of the pool; the rest IPv6 */
#define POOL		"198.51.100.0/24"
#define CPUS_MAX	64
#define WORKERS_MAX	16	/* at least as many as there are */
#define UNLOADS_MIN	3

/* What all processes see. */
static struct {
	atomic_bool	stop;
	atomic_bool	unloading;	/* the module may go: errors are none */
	atomic_ulong	sent[CPUS_MAX];	/* packets */
	atomic_ulong	rounds[WORKERS_MAX]; /* that went well */
	char		problem[160];	/* the first one */
	atomic_flag	has_problem;
} *shared;

static int tun;
static struct p25 *p25;
static unsigned int random_state;

static unsigned int below(unsigned int n)
{
	return rand_r(&random_state) % n;
}

__attribute__((format(printf, 1, 2)))
static void problem(const char *format, ...)
{
	va_list args;

	if (atomic_flag_test_and_set(&shared->has_problem))
		return;
	va_start(args, format);
	vsnprintf(shared->problem, sizeof(shared->problem), format, args);
	va_end(args);
}

/*
 * Owners, and what they have
 */

struct owner {
	const char	*name;
	bool		has[SLOTS];
	unsigned char	version[SLOTS];	/* of comment and action; 0: there is none */
};

static struct p25_entry entry_of(const struct owner *owner, unsigned int slot)
{
	static const enum p25_kind kinds[] = {
		P25_KIND_STATIC, P25_KIND_OPTOUT, P25_KIND_BLOCK,
	};
	struct p25_entry e = { .kind = kinds[slot % 3] };

	strcpy(e.owner, owner->name);
	if (slot < V4_SLOTS)
		e.prefix = (struct p25_prefix) {
			AF_INET, 32, { 198, 51, 100, slot }
		};
	else
		e.prefix = (struct p25_prefix) {
			AF_INET6, 64, { 0x20, 0x01, 0x0d, 0xb8, 0x01, 0x00,
					slot >> 8, slot }
		};
	if (owner->version[slot])
		snprintf(e.comment, sizeof(e.comment), "version %u",
			 owner->version[slot]);
	e.has_action = e.kind == P25_KIND_BLOCK && owner->version[slot];
	e.action = e.has_action ? owner->version[slot] % __P25_ACTION_MAX : 0;
	return e;
}

static unsigned int slot_of(const struct p25_entry *e)
{
	const uint8_t *addr = e->prefix.addr;

	return e->prefix.family == AF_INET ? addr[3] : addr[6] << 8 | addr[7];
}

struct comparison {
	const struct owner	*owner;
	unsigned int		seen[SLOTS];
	bool			differs;
};

static int compare(const struct p25_entry *e, void *arg)
{
	struct comparison *c = arg;
	unsigned int slot = slot_of(e) % SLOTS;
	struct p25_entry want = entry_of(c->owner, slot);

	c->seen[slot]++;
	if (e->kind != want.kind || p25_prefix_cmp(&e->prefix, &want.prefix) ||
	    e->has_action != want.has_action || e->action != want.action ||
	    strcmp(e->comment, want.comment))
		c->differs = true;
	return 0;
}

/* The kernel must have exactly what the owner knows of. */
static void verify(const struct owner *owner)
{
	struct p25_filter filter = { .owner = owner->name };
	struct comparison c;
	unsigned int slot;
	int err;

	do {
		c = (struct comparison) { .owner = owner };
		err = p25_list(p25, &filter, compare, &c);
	} while (err == -EINTR);
	if (err)
		problem("%s: listing: %s", owner->name, p25_error(p25));
	for (slot = 0; slot < SLOTS; slot++)
		if (c.differs || c.seen[slot] != owner->has[slot])
			problem("%s: slot %u is there %u times, should be %u",
				owner->name, slot, c.seen[slot],
				owner->has[slot]);
}

/*
 * Workers. One that is called back and again returns the error of what it did,
 * which is none of its own making. What is refused has not been done, so that it
 * can be tried again.
 */

/* One entry at a time: add, renew, delete. */
static int single(struct owner *owner)
{
	unsigned int slot = below(SLOTS);
	struct p25_entry e;
	int err;

	if (owner->has[slot] && below(2)) {
		e = entry_of(owner, slot);
		e.if_comment = below(2);
		err = p25_del(p25, &e, 1, false);
		owner->has[slot] = false;
		return err;
	}
	owner->version[slot] = below(4);
	e = entry_of(owner, slot);
	err = p25_add(p25, &e, 1);
	owner->has[slot] = true;
	return err;
}

static unsigned int choose(const struct owner *owner, struct p25_entry *e)
{
	unsigned int slot, n = 0;

	for (slot = 0; slot < SLOTS; slot++)
		if (owner->has[slot])
			e[n++] = entry_of(owner, slot);
	return n;
}

static void shuffle(struct owner *owner)
{
	unsigned int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		owner->has[slot] = below(2);
		owner->version[slot] = below(3);
	}
}

/* Another policy, as "apply" does it; or it is given up half-way. */
static int apply(struct owner *owner)
{
	struct p25_filter filter = { .owner = owner->name };
	struct p25_entry e[SLOTS];
	struct owner next = *owner;
	int err;

	shuffle(&next);
	err = p25_begin(p25);
	if (!err)
		err = p25_flush(p25, &filter);
	if (!err)
		err = p25_add(p25, e, choose(&next, e));
	if (err)
		return err;
	switch (below(4)) {
	case 0:
		return p25_abort(p25);
	case 1:
		p25_close(p25);
		p25 = p25_open();
		return p25_ready(p25);
	}
	err = p25_commit(p25);
	if (err)
		p25_abort(p25);
	else
		*owner = next;
	return err;
}

/* Walks through all entries have a limit, see budget.c: leave some to others. */
static void leave_some(void)
{
	usleep(10000);
}

/* Has there been too much of that? Not if it is seldom, but on a fast machine. */
static bool is_too_soon(int err)
{
	return err == -EBUSY && strstr(p25_error(p25), "too many flushes");
}

/* All that there may be at once, and then all of a kind goes. */
static int flush(struct owner *owner)
{
	struct p25_filter filter = {
		.owner = owner->name, .kind = P25_KIND_OPTOUT,
	};
	struct p25_entry e[SLOTS];
	unsigned int slot, n;
	int err;

	for (slot = 0; slot < SLOTS; slot++)
		owner->has[slot] = true;
	n = choose(owner, e);
	err = p25_add(p25, e, n);
	if (!err)
		err = p25_flush(p25, &filter);
	if (err)
		return err;
	for (slot = 0; slot < n; slot++)
		owner->has[slot] = e[slot].kind != P25_KIND_OPTOUT;
	leave_some();
	return 0;
}

/* Entries that only expire. */
static int expire(struct owner *owner)
{
	struct p25_entry e[32];
	unsigned int i;

	for (i = 0; i < 32; i++) {
		e[i] = entry_of(owner, below(SLOTS));
		e[i].timeout = 1 + below(2);
	}
	return p25_add(p25, e, 32);
}

static int set(struct owner *owner)
{
	struct p25_settings settings = {
		.has_action = true, .action = below(P25_ACTION_MAX + 1),
		.has_inbound = true, .inbound = below(2),
		.has_limit = true, .limit = 100000 + below(100000),
	};

	(void)owner;
	return p25_set(p25, &settings);
}

static int count_pool(const struct p25_entry *e, void *arg)
{
	if (e->kind == P25_KIND_POOL)
		++*(unsigned int *)arg;
	return 0;
}

static int list(struct owner *owner)
{
	unsigned int pools = 0;
	int err = p25_list(p25, NULL, count_pool, &pools);

	(void)owner;
	if (!err && pools != 1 && !shared->unloading)
		problem("a listing has the pool %u times", pools);
	return err == -EINTR ? 0 : err;
}

static int digest(struct owner *owner)
{
	static struct p25_digests digests;

	(void)owner;
	leave_some();
	return p25_digests_get(p25, below(2) ? "apply" : NULL, &digests);
}

static int see_sender(const struct p25_sender *sender, void *arg)
{
	(void)arg;
	if (!sender->packets)
		problem("a sender that has sent nothing");
	return 0;
}

/* The pool is there all the time, so some entry decides. */
static int ask(struct owner *owner)
{
	struct p25_prefix src = { AF_INET, 32, { 198, 51, 100, below(256) } };
	struct p25_prefix dst = { AF_INET, 32, { 203, 0, 113, 25 } };
	struct p25_judgement judgement;
	struct p25_status status;
	int err;

	(void)owner;
	err = p25_check(p25, &src, &dst, &judgement);
	if (!err && judgement.reason == P25_KIND_NONE && !shared->unloading)
		problem("no entry decides on mail from the pool");
	if (!err)
		err = p25_show(p25, &status);
	if (!err)
		err = p25_senders(p25, see_sender, NULL);
	if (!err && !below(8))
		err = p25_senders_flush(p25);
	return err == -EINTR ? 0 : err;
}

/* A namespace that ends with all that can be there. */
static int live_elsewhere(struct owner *owner)
{
	struct p25_entry e = entry_of(owner, 0);
	struct p25 *other;
	int err;

	if (unshare(CLONE_NEWNET))
		problem("unshare(): %s", strerror(errno));
	p25_close(p25);
	p25 = p25_open();
	other = p25_open();
	err = p25_begin(other);
	if (!err)
		err = p25_add(other, &e, 1);
	if (!err)
		err = flush(owner);
	if (!err)
		err = expire(owner);
	p25_close(other);
	return err;
}

static struct {
	const char	*name;
	int		(*work)(struct owner *owner);
	bool		knows;		/* what must be there in the end */
} workers[] = {
	{ "single1", single, true },
	{ "single2", single, true },
	{ "apply", apply, true },
	{ "flush", flush, true },
	{ "expire", expire, false },
	{ "set", set, false },
	{ "list", list, false },
	{ "digest", digest, false },
	{ "ask", ask, false },
	{ "elsewhere", live_elsewhere, false },
};

#define N_WORKERS	ARRAY_SIZE(workers)

/* The module is gone, or was: what there was is gone as well. */
static void begin_anew(struct owner *owner)
{
	usleep(1000);
	p25_close(p25);
	p25 = p25_open();
	memset(owner->has, 0, sizeof(owner->has));
}

static void one_round(unsigned int number, struct owner *owner)
{
	int err = workers[number].work(owner);

	if (!err) {
		shared->rounds[number]++;
	} else if (is_too_soon(err)) {
		usleep(100000);
	} else {
		if (!shared->unloading)
			problem("%s: %s", owner->name, p25_error(p25));
		begin_anew(owner);
	}
}

static void work(unsigned int number)
{
	struct owner owner = { .name = workers[number].name };

	random_state = time(NULL) + number;
	p25 = p25_open();
	while (!shared->stop)
		one_round(number, &owner);
	if (!shared->unloading)
		printf("# %s: %lu rounds\n", owner.name,
		       shared->rounds[number]);
	if (workers[number].knows && !shared->unloading)
		verify(&owner);
	p25_close(p25);
}

static void send_packets(unsigned int cpu)
{
	cpu_set_t cpus;

	random_state = cpu;
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		problem("CPU %u: %s", cpu, strerror(errno));
	while (!shared->stop) {
		if (tun_send_mail(tun, 0xc6336400 + below(256)))
			shared->sent[cpu]++;
		else
			problem("tun: %s", strerror(errno));
	}
}

/*
 * Phases
 */

static pid_t start(void (*job)(unsigned int number), unsigned int number)
{
	pid_t pid = fork();

	if (pid < 0)
		ktap_bail_out("fork() failed");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	job(number);
	exit(0);
}

static unsigned int cpus(void)
{
	unsigned int n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < CPUS_MAX ? n : CPUS_MAX;
}

static unsigned int start_all(pid_t *pids)
{
	unsigned int i, n = 0;

	shared->stop = false;
	fflush(stdout);
	for (i = 0; i < cpus(); i++)
		pids[n++] = start(send_packets, i);
	for (i = 0; i < N_WORKERS; i++)
		pids[n++] = start(work, i);
	return n;
}

static void stop_all(const pid_t *pids, unsigned int n)
{
	unsigned int i;
	int status;

	shared->stop = true;
	for (i = 0; i < n; i++)
		if (waitpid(pids[i], &status, 0) < 0 || status)
			problem("process %u: status %d", i, status);
}

static bool add_pool(void)
{
	struct p25_entry pool = { .kind = P25_KIND_POOL };

	return !p25_prefix_parse(POOL, &pool.prefix, NULL) &&
	       !p25_add(p25, &pool, 1);
}

static struct p25_status status(void)
{
	struct p25_status s;

	if (p25_show(p25, &s))
		ktap_bail_out(p25_error(p25));
	return s;
}

static unsigned long counted(void)
{
	struct p25_status s = status();
	unsigned long sum = 0;
	int counter;

	for (counter = P25_COUNTER_ACCEPT_RELAY;
	     counter <= P25_COUNTER_MONITOR_BLOCK; counter++)
		sum += s.counters[counter];
	return sum + s.counters[P25_COUNTER_PROHIBIT_POOL] +
	       s.counters[P25_COUNTER_PROHIBIT_BLOCK];
}

static unsigned long sent(void)
{
	unsigned long sum = 0;
	unsigned int cpu;

	for (cpu = 0; cpu < cpus(); cpu++)
		sum += shared->sent[cpu];
	return sum;
}

/* What each process must have done at least. */
struct least {
	unsigned int	packets;
	unsigned int	rounds;
};

static bool have_all_worked(void *arg)
{
	const struct least *least = arg;
	unsigned int i;

	for (i = 0; i < cpus(); i++)
		if (shared->sent[i] < least->packets)
			return false;
	for (i = 0; i < N_WORKERS; i++)
		if (shared->rounds[i] < least->rounds)
			return false;
	return true;
}

/* What is deleted gives its memory back soon. */
static bool has_come_down(void *arg)
{
	return status().memory <= *(uint64_t *)arg;
}

static bool can_be_flushed(void *arg)
{
	int *err = arg;

	*err = p25_flush(p25, NULL);
	return !is_too_soon(*err);
}

static bool gives_back(uint64_t memory)
{
	int err;

	return ktap_wait(can_be_flushed, &err) && !err &&
	       ktap_wait(has_come_down, &memory);
}

static void together(unsigned int seconds)
{
	struct least least = { .packets = 1000, .rounds = 5 };
	pid_t pids[CPUS_MAX + N_WORKERS];
	uint64_t memory;
	unsigned int n;

	if (!add_pool())
		ktap_bail_out(p25_error(p25));
	memory = status().memory;
	n = start_all(pids);
	sleep(seconds);
	if (!ktap_wait(have_all_worked, &least))
		problem("a worker does nothing");
	stop_all(pids, n);
	if (shared->problem[0])
		printf("# %s\n", shared->problem);
	ktap_result(!shared->problem[0], "every worker finds what it left");
	printf("# memory: %llu, then %llu bytes\n", (unsigned long long)memory,
	       (unsigned long long)status().memory);
	ktap_result(counted() == sent(), "%lu packets were sent, %lu counted",
		    sent(), counted());
	ktap_result(gives_back(memory + 65536), "memory is given back");
}

/* Commands and listings that are under way hold the module. */
static bool is_unloaded(void *arg)
{
	(void)arg;
	return !syscall(SYS_delete_module, "p25", O_NONBLOCK);
}

static void count_anew(void)
{
	unsigned int i;

	for (i = 0; i < CPUS_MAX; i++)
		shared->sent[i] = 0;
	for (i = 0; i < WORKERS_MAX; i++)
		shared->rounds[i] = 0;
}

/* Once every worker has used it since it was loaded. */
static bool reload(void)
{
	struct least least = { .packets = 1, .rounds = 1 };

	count_anew();
	usleep(below(300000));
	if (!ktap_wait(have_all_worked, &least))
		problem("a worker does nothing");
	else if (!ktap_wait(is_unloaded, NULL))
		problem("unloading: %s", strerror(errno));
	else if (system("modprobe p25"))
		problem("modprobe fails");
	return !shared->problem[0];
}

static void unloading(unsigned int seconds)
{
	int64_t until = ktap_clock(CLOCK_MONOTONIC) + seconds * 1000000000LL;
	pid_t pids[CPUS_MAX + N_WORKERS];
	unsigned int rounds = 0, n;

	shared->unloading = true;
	n = start_all(pids);
	while (reload() && (++rounds < UNLOADS_MIN ||
			    ktap_clock(CLOCK_MONOTONIC) < until))
		;
	stop_all(pids, n);
	if (shared->problem[0])
		printf("# %s\n", shared->problem);
	ktap_result(!shared->problem[0],
		    "the module is unloaded and loaded, %u times", rounds);
}

static bool machine_has_policy(void)
{
	struct p25_status s = status();
	unsigned int kind, n = 0;

	for (kind = P25_KIND_RELAY; kind <= P25_KIND_MAX; kind++)
		n += s.entries[kind];
	return n;
}

int main(void)
{
	const char *text = getenv("STRESS_SECONDS");
	unsigned int seconds = text ? atoi(text) : SECONDS_DEFAULT;
	bool may_unload;

	ktap_begin();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		ktap_bail_out("mmap() failed");
	p25 = ktap_open();
	may_unload = !machine_has_policy();
	p25_close(p25);
	ktap_own_netns();
	p25 = ktap_open();
	tun = tun_open();
	if (tun < 0)
		ktap_bail_out("no tun device");

	together(seconds * 2 / 3);
	p25_close(p25);
	if (may_unload)
		unloading(seconds / 3);
	else
		ktap_skip("the module is unloaded and loaded",
			  "this machine has a policy");
	p25 = ktap_open();
	ktap_result(add_pool(), "the module works");
	p25_close(p25);
	return ktap_end();
}
