// SPDX-License-Identifier: GPL-2.0
/*
 * Random changes to the kernel's policy and to a naive model of it: after each
 * one both must say the same.
 *
 *	             .--> p25_add(), p25_commit() --> the kernel --.
 *	random step -+                                             +- same?
 *	             '--> an array and a loop -----> the model ----'
 *
 * Asked are the result of each change, p25_check() of addresses at and around
 * the edges of prefixes, and now and then the whole list. The prefixes are few
 * and nested, and some IPv6 ones begin with the bytes of IPv4 ones, so that
 * most changes meet something that is there.
 *
 *	SEED=N    start of the random numbers (default: from the clock)
 *	STEPS=N   number of steps, of all workers, at least (default: 20000)
 *
 * Several workers do this, each in a namespace of its own, because a change of
 * more than one entry waits for an RCU grace period. Entries expire by the clock,
 * so a seed repeats the steps, but not the moments. What a step does is compared
 * if the second is the same before and after it; otherwise what had expired is
 * unknown, both begin anew, and it doesn't count as one of the steps. A run goes
 * on until it has met all that there is to be compared.
 */
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "handle.h"
#include "model.h"

#define WORKERS 4
#define OPS_MAX 12
#define CHECKS_PER_STEP 5
#define STEPS_PER_LIST 50

/* Entries that the model strives for: full enough to collide. */
#define CROWD 60

static struct model now_model, next_model;
static struct p25 *writer, *reader;
static uint64_t random_state;
static unsigned long long seed;
static unsigned long step;
static int64_t began;		/* the second in which the step has */

/**
 * struct stats - what a worker has done; the parent sees it
 * @steps: steps that were compared
 * @checks: answers of p25_check() compared
 * @lists: lists compared
 * @refusals: changes that both refused
 * @expired: entries of the model that expired
 * @resyncs: steps that took longer than their second
 */
struct stats {
	unsigned long steps;
	unsigned long checks;
	unsigned long lists;
	unsigned long refusals;
	unsigned long expired;
	unsigned long resyncs;
};

static struct stats *stats;

/*
 * Random numbers: xorshift64*, so that a seed means the same everywhere.
 */
static uint64_t random64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 2685821657736338717ULL;
}

static unsigned int below(unsigned int n)
{
	return (random64() >> 33) % n;
}

static bool chance(unsigned int percent)
{
	return below(100) < percent;
}

/*
 * How long the machine has slept. Something may come between the readings of the
 * two clocks, so the least difference is the true one.
 */
static int64_t time_asleep(void)
{
	int64_t least = INT64_MAX;
	int i;

	for (i = 0; i < 100; i++) {
		int64_t mono = ktap_clock(CLOCK_MONOTONIC);
		int64_t asleep = ktap_clock(CLOCK_BOOTTIME) - mono;

		if (asleep < least)
			least = asleep;
	}
	return least < 1000000 ? 0 : least;	/* it has never slept */
}

/*
 * The clock by which entries expire: the boot-time clock as the kernel's last
 * tick saw it.
 */
static int64_t coarse_ns(void)
{
	static int64_t asleep = -1;

	if (asleep < 0)
		asleep = time_asleep();
	return ktap_clock(CLOCK_MONOTONIC_COARSE) + asleep;
}

static int64_t second(void)
{
	return coarse_ns() / 1000000000;
}

/* Most steps are to lie within one second: don't begin them near the end of one. */
static void keep_off_the_edge(void)
{
	for (;;) {
		int64_t ns = coarse_ns() % 1000000000;

		if (ns > 5000000 && ns < 920000000)
			return;
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
}

/*
 * Prefixes
 */
static void fill_host_bits(struct p25_prefix *p, bool ones)
{
	int bit;

	for (bit = p->len; bit < bits(p); bit++) {
		uint8_t mask = 0x80 >> bit % 8;

		if (ones)
			p->addr[bit / 8] |= mask;
		else
			p->addr[bit / 8] &= ~mask;
	}
}

static struct p25_prefix random_prefix(void)
{
	static const char *const bases[] = {
		"198.51.100.0", "198.51.100.128", "203.0.113.0", "192.0.2.0",
		"198.51.0.0", "2001:db8::", "2001:db8:0:1::", "2001:db8:8000::",
		"2001:db8::ff00:0:0:0", "c633:6400::",
	};
	static const uint8_t lengths4[] = {
		0, 1, 8, 16, 23, 24, 25, 26, 28, 30, 31, 32, 32,
	};
	static const uint8_t lengths6[] = {
		0, 1, 32, 33, 48, 56, 63, 64, 65, 72, 96, 127, 128, 128,
	};
	struct p25_prefix p;

	p25_prefix_parse(bases[below(10)], &p, NULL);
	if (p.family == AF_INET) {
		p.addr[3] |= below(8) << below(6);
		p.len = lengths4[below(sizeof(lengths4))];
	} else {
		p.addr[below(2) ? 8 : 15] |= below(8) << below(6);
		p.len = lengths6[below(sizeof(lengths6))];
	}
	fill_host_bits(&p, false);
	return p;
}

/* One up or down from a prefix's edge: may well be outside of it. */
static void nudge(struct p25_prefix *p, bool up)
{
	int byte = bits(p) / 8;

	while (byte--) {
		p->addr[byte] += up ? 1 : -1;
		if (p->addr[byte] != (up ? 0 : 0xff))
			return;
	}
}

static struct p25_prefix address_near(struct p25_prefix p)
{
	unsigned int where = below(5);
	int bit;

	fill_host_bits(&p, where & 1);
	if (where == 4)
		for (bit = p.len; bit < bits(&p); bit++)
			p.addr[bit / 8] ^= below(2) << (7 - bit % 8);
	else if (where & 2)
		nudge(&p, where & 1);
	p.len = bits(&p);
	return p;
}

/*
 * Where both differ
 */
__attribute__((noreturn, format(printf, 1, 2)))
static void differ(const char *format, ...)
{
	va_list args;

	printf("# SEED=%llu, step %lu: ", seed, step);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	exit(KTAP_FAIL);
}

static void print_judgement(const char *who, const struct p25_judgement *j)
{
	char text[P25_PREFIX_STRLEN] = "-";

	if (j->reason)
		p25_prefix_format(&j->prefix, text);
	printf("# %s: %s, %s %s%s\n", who, p25_verdict_name(j->verdict),
	       p25_kind_name(j->reason), text,
	       j->monitored ? ", monitored" : "");
}

static void print_entry(const char *who, const struct p25_entry *e,
			uint32_t timeout)
{
	char text[P25_PREFIX_STRLEN];

	printf("# %s: %s %s owner %s timeout %u action %s rates %d comment \"%s\"\n", who,
	       p25_kind_name(e->kind), p25_prefix_format(&e->prefix, text),
	       e->owner, timeout,
	       e->has_action ? p25_action_name(e->action) : "-",
	       e->has_guard ? (int)e->guard.n : -1, e->comment);
}

/*
 * Questions
 */
static bool same_judgement(const struct p25_judgement *a,
			   const struct p25_judgement *b)
{
	return a->verdict == b->verdict && a->reason == b->reason &&
	       a->monitored == b->monitored && a->would == b->would &&
	       (!a->reason || !p25_prefix_cmp(&a->prefix, &b->prefix));
}

static struct p25_prefix interesting(const struct model *m, int family)
{
	struct p25_prefix p;
	int tries;

	for (tries = 0; tries < 8 && m->n; tries++) {
		p = m->v[below(m->n)].e.prefix;
		if (p.family == family)
			return address_near(p);
	}
	do {
		p = random_prefix();
	} while (p.family != family);
	return address_near(p);
}

static void check_one(const struct model *m, struct p25 *p25)
{
	int family = chance(50) ? AF_INET : AF_INET6;
	struct p25_prefix src = interesting(m, family);
	struct p25_prefix dst = interesting(m, family);
	char s[P25_PREFIX_STRLEN], d[P25_PREFIX_STRLEN];
	struct p25_judgement got, want;
	int64_t now;
	int err;

	do {
		now = second();
		err = p25_check(p25, &src, &dst, &got);
	} while (second() != now);
	if (err)
		differ("p25_check(): %s", p25_error(p25));
	model_judge(m, &src, &dst, now, &want);
	stats->checks++;
	if (same_judgement(&got, &want))
		return;
	print_judgement("kernel", &got);
	print_judgement("model", &want);
	differ("mail from %s to %s", p25_prefix_format(&src, s),
	       p25_prefix_format(&dst, d));
}

struct listed {
	struct p25_entry v[ENTRIES_MAX];
	size_t n;
};

static int take(const struct p25_entry *e, void *arg)
{
	struct listed *listed = arg;

	if (listed->n == ENTRIES_MAX)
		return 1;
	listed->v[listed->n++] = *e;
	return 0;
}

static int by_name(const void *left, const void *right)
{
	const struct p25_entry *a = left, *b = right;
	int order = (int)a->kind - (int)b->kind;

	if (!order)
		order = p25_prefix_cmp(&a->prefix, &b->prefix);
	return order ? order : strcmp(a->owner, b->owner);
}

static bool matches(const struct p25_filter *f, const struct p25_entry *e)
{
	return (!f->kind || f->kind == e->kind) &&
	       (!f->owner || !strcmp(f->owner, e->owner)) &&
	       (!f->prefix || covers(f->prefix, &e->prefix) ||
		covers(&e->prefix, f->prefix));
}

/* What the kernel should list, with the timeouts that it should show. */
static void model_list(const struct model *m, const struct p25_filter *f,
		       int64_t now, struct listed *listed)
{
	size_t i;

	listed->n = 0;
	for (i = 0; i < m->n; i++) {
		struct p25_entry e = m->v[i].e;

		if (m->v[i].expires <= now || !matches(f, &e))
			continue;
		e.timeout = m->v[i].expires == NEVER ? 0 :
			    m->v[i].expires > now + 1 ? m->v[i].expires - now - 1 :
			    1;
		listed->v[listed->n++] = e;
	}
}

static bool same_action(const struct p25_entry *a, const struct p25_entry *b)
{
	return a->has_action == b->has_action &&
	       (!a->has_action || a->action == b->action);
}

static bool same_guard(const struct p25_entry *a, const struct p25_entry *b)
{
	return a->has_guard == b->has_guard && a->guard.n == b->guard.n &&
	       !memcmp(a->guard.rate, b->guard.rate, sizeof(a->guard.rate));
}

static void compare_lists(struct listed *got, struct listed *want)
{
	size_t i;

	qsort(got->v, got->n, sizeof(*got->v), by_name);
	qsort(want->v, want->n, sizeof(*want->v), by_name);
	for (i = 0; i < got->n || i < want->n; i++) {
		const struct p25_entry *a = &got->v[i], *b = &want->v[i];

		if (i < got->n && i < want->n && !by_name(a, b) &&
		    a->timeout == b->timeout && same_action(a, b) && same_guard(a, b) &&
		    !strcmp(a->comment, b->comment))
			continue;
		if (i < got->n)
			print_entry("kernel", a, a->timeout);
		if (i < want->n)
			print_entry("model", b, b->timeout);
		differ("lists of %zu and %zu entries", got->n, want->n);
	}
}

static const char *const owners[] = { "admin", "radius", "abuse.desk", "x" };

static void check_list(const struct model *m)
{
	static struct listed got, want;
	struct p25_prefix prefix = random_prefix();
	struct p25_filter f = {
		.kind = chance(60) ? P25_KIND_NONE : 1 + below(P25_KIND_MAX),
		.owner = chance(60) ? NULL : owners[below(4)],
		.prefix = chance(60) ? NULL : &prefix,
	};
	int64_t now;
	int err;

	do {
		now = second();
		got.n = 0;
		err = p25_list(reader, &f, take, &got);
	} while (err == -EINTR || second() != now);
	if (err)
		differ("p25_list(): %d, %s", err, p25_error(reader));
	model_list(m, &f, now, &want);
	stats->lists++;
	compare_lists(&got, &want);
}

static void check_counts(const struct model *m)
{
	uint32_t want[__P25_KIND_MAX];
	struct p25_status status;
	int64_t now;
	size_t i;
	int err;

	do {
		now = second();
		err = p25_show(reader, &status);
	} while (second() != now);
	if (err)
		differ("p25_show(): %s", p25_error(reader));
	memset(want, 0, sizeof(want));
	for (i = 0; i < m->n; i++)
		want[m->v[i].e.kind] += m->v[i].expires > now;
	for (i = P25_KIND_RELAY; i <= P25_KIND_MAX; i++)
		if (want[i] != status.entries[i])
			differ("%u entries of kind %s, the model has %u",
			       status.entries[i], p25_kind_name(i), want[i]);
	if (status.settings.action != m->action)
		differ("another action");
}

static void check_some(const struct model *m)
{
	int i;

	for (i = 0; i < CHECKS_PER_STEP; i++)
		check_one(m, reader);
	if (step % STEPS_PER_LIST == 0) {
		check_list(m);
		check_counts(m);
	}
}

/*
 * Steps
 */
static void random_name(const struct model *m, struct p25_entry *e)
{
	memset(e, 0, sizeof(*e));
	if (m->n && chance(40)) {
		*e = m->v[below(m->n)].e;
		return;
	}
	e->kind = 1 + below(P25_KIND_MAX);
	e->prefix = random_prefix();
	strcpy(e->owner, owners[below(4)]);
}

static void random_guard(struct p25_entry *e)
{
	unsigned int i;

	memset(&e->guard, 0, sizeof(e->guard));
	e->has_guard = (e->kind == P25_KIND_STATIC || e->kind == P25_KIND_OPTOUT) &&
		       chance(40);
	if (!e->has_guard)
		return;
	e->guard.n = below(P25_GUARD_RATES_MAX + 1);
	for (i = 0; i < e->guard.n; i++)
		e->guard.rate[i] = (struct p25_guard_rate) {
			.attempts = 1 + below(9), .seconds = 1 + below(99),
		};
}

static void random_add(const struct model *m, struct op *op)
{
	op->type = OP_ADD;
	random_name(m, &op->e);
	op->e.timeout = chance(20) ? 1 + below(4) : 0;
	op->e.expires = !op->e.timeout && chance(8) ? 1 + below(1000000) : 0;
	op->e.has_action = (op->e.kind == P25_KIND_POOL ||
			    op->e.kind == P25_KIND_BLOCK) && chance(40);
	op->e.action = op->e.has_action ? below(P25_ACTION_MAX + 1) : 0;
	random_guard(&op->e);
	op->e.comment[0] = '\0';
	if (chance(40))
		snprintf(op->e.comment, sizeof(op->e.comment), "no. %lu.%u ä",
			 step, below(100));
}

static void random_del(const struct model *m, struct op *op)
{
	op->type = OP_DEL;
	if (m->n && chance(90))
		op->e = m->v[below(m->n)].e;
	else
		random_name(m, &op->e);
	op->ignore_missing = chance(30);
	op->e.if_comment = chance(30);
	if (op->e.if_comment && chance(30))
		strcpy(op->e.comment, chance(50) ? "another one" : "");
}

static void random_op(const struct model *m, struct op *op, bool crowded)
{
	unsigned int dice = below(1000);

	memset(op, 0, sizeof(*op));
	if (dice < 5) {
		op->type = OP_FLUSH;
		op->kind = chance(80) ? 1 + below(P25_KIND_MAX) : 0;
		op->owner = !op->kind || chance(50) ? owners[below(4)] : NULL;
	} else if (dice < 10) {
		op->type = OP_SET;
		op->action = below(P25_ACTION_MAX + 1);
	} else if (dice < (crowded ? 400 : 750)) {
		random_add(m, op);
	} else {
		random_del(m, op);
	}
}

static int kernel_apply(const struct op *op)
{
	struct p25_settings set = { .has_action = true, .action = op->action };
	struct p25_filter filter = { .kind = op->kind, .owner = op->owner };

	switch (op->type) {
	case OP_ADD:
		return p25_add(writer, &op->e, 1);
	case OP_DEL:
		return p25_del(writer, &op->e, 1, op->ignore_missing);
	case OP_FLUSH:
		return p25_flush(writer, &filter);
	default:
		return p25_set(writer, &set);
	}
}

static bool is_in_time(void)
{
	return second() == began;
}

/* Results must be the same, and a refusal must name the same entry. */
static void compare_results(int got, int want, uint32_t cookie)
{
	if (!is_in_time())
		return;
	if (got != want)
		differ("result %d (%s), the model's is %d", got,
		       got ? p25_error(writer) : "", want);
	if (!want)
		return;
	stats->refusals++;
	if (p25_error_cookie(writer) != cookie)
		differ("cookie %u, the model's is %u",
		       p25_error_cookie(writer), cookie);
}

/*
 * Apply ops to next_model, a copy of now_model, in the second in which the step
 * began; *bad: the op that is refused.
 */
static int model_try(const struct op *ops, unsigned int n, uint32_t *bad)
{
	unsigned int i;
	int err = 0;

	copy_model(&next_model, &now_model);
	for (i = 0; i < n && !err; i++) {
		err = model_apply(&next_model, &ops[i], began);
		*bad = ops[i].e.cookie;
	}
	return err;
}

static void single_step(void)
{
	uint32_t cookie = 0;
	struct op op;
	int want;

	random_op(&now_model, &op, now_model.n > CROWD);
	op.e.cookie = 1 + below(1000);
	want = model_try(&op, 1, &cookie);
	compare_results(kernel_apply(&op), want, cookie);
	if (!want)
		copy_model(&now_model, &next_model);
}

/* Several entries in one call. */
static void call_step(void)
{
	bool add = chance(50), ignore = chance(30);
	struct p25_entry entries[OPS_MAX];
	unsigned int n = 2 + below(OPS_MAX - 2), i;
	struct op ops[OPS_MAX] = { 0 };
	uint32_t cookie = 0;
	int got, want;

	for (i = 0; i < n; i++) {
		if (add)
			random_add(&now_model, &ops[i]);
		else
			random_del(&now_model, &ops[i]);
		ops[i].ignore_missing = ignore;
		ops[i].e.cookie = i + 1;
		entries[i] = ops[i].e;
	}
	want = model_try(ops, n, &cookie);
	got = add ? p25_add(writer, entries, n) :
		    p25_del(writer, entries, n, ignore);
	compare_results(got, want, cookie);
	if (!want)
		copy_model(&now_model, &next_model);
}

/* While it is open, all readers see the policy as it was. */
static void transaction_step(void)
{
	unsigned int n = 1 + below(OPS_MAX - 1), i;
	struct op ops[OPS_MAX];
	bool commit = chance(75);
	uint32_t cookie = 0;
	int got, want;

	if (p25_begin(writer))
		differ("p25_begin(): %s", p25_error(writer));
	for (i = 0; i < n; i++) {
		random_op(i ? &next_model : &now_model, &ops[i],
			  now_model.n > CROWD);
		ops[i].e.cookie = ops[i].type <= OP_DEL ? i + 1 : 0;
		if (kernel_apply(&ops[i]))
			differ("in a transaction: %s", p25_error(writer));
	}
	want = model_try(ops, n, &cookie);
	check_one(&now_model, reader);
	got = commit ? p25_commit(writer) : p25_abort(writer);
	compare_results(got, commit ? want : 0, cookie);
	if (got)
		p25_abort(writer);
	else if (commit)
		copy_model(&now_model, &next_model);
}

/* The second has changed: both begin anew. */
static void resync(void)
{
	struct p25_settings set = { .has_action = true };

	stats->resyncs++;
	if (p25_flush(writer, NULL) || p25_set(writer, &set))
		differ("a new beginning: %s", p25_error(writer));
	now_model.n = 0;
	now_model.action = set.action;
}

static void one_step(void)
{
	unsigned int dice = below(100);

	keep_off_the_edge();
	began = second();
	model_forget_expired(&now_model, began);
	if (dice < 90)
		single_step();
	else if (dice < 95)
		call_step();
	else
		transaction_step();
	if (!is_in_time()) {
		resync();
		return;
	}
	stats->steps++;
	stats->expired = now_model.expired;
}

/* Have as many steps been compared, and all that they may be about? */
static bool is_enough(unsigned long steps)
{
	return stats->steps >= steps && stats->refusals && stats->expired &&
	       stats->checks && stats->lists;
}

static int work(unsigned long steps, unsigned int worker)
{
	ktap_own_netns();
	writer = ktap_open();
	reader = ktap_open();
	seed += worker;
	random_state = seed ? seed : 1;
	for (step = 1; !is_enough(steps); step++) {
		one_step();
		check_some(&now_model);
	}
	p25_close(reader);
	p25_close(writer);
	return KTAP_PASS;
}

static pid_t start_worker(unsigned long steps, unsigned int worker,
			  struct stats *its)
{
	pid_t pid = fork();

	if (pid < 0)
		ktap_bail_out("fork() failed");
	if (pid)
		return pid;
	stats = its;
	exit(work(steps, worker));
}

static void finish_worker(pid_t pid, unsigned int worker,
			  const struct stats *its)
{
	int status;

	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == KTAP_SKIP)
		exit(KTAP_SKIP);
	printf("# %lu steps, %lu checks, %lu lists, %lu refusals, %lu expired, %lu resyncs\n",
	       its->steps, its->checks, its->lists, its->refusals,
	       its->expired, its->resyncs);
	ktap_result(!status, "SEED=%llu: the kernel does what the model does",
		    seed + worker);
}

static unsigned long from_environment(const char *name, unsigned long other)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : other;
}

int main(void)
{
	unsigned long steps = from_environment("STEPS", 20000) / WORKERS;
	struct stats *all;
	pid_t pids[WORKERS];
	unsigned int i;

	ktap_begin();
	seed = from_environment("SEED", time(NULL) * 1000003 + getpid());
	all = mmap(NULL, WORKERS * sizeof(*all), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED)
		ktap_bail_out("mmap() failed");
	printf("# SEED=%llu STEPS=%lu\n", seed, steps * WORKERS);
	for (i = 0; i < WORKERS; i++)
		pids[i] = start_worker(steps, i, &all[i]);
	for (i = 0; i < WORKERS; i++)
		finish_worker(pids[i], i, &all[i]);
	return ktap_end();
}
