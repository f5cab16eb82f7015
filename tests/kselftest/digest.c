// SPDX-License-Identifier: GPL-2.0
/*
 * Digests: the kernel's are those of libp25, and a commit can depend on nothing
 * having changed since.
 */
#include "handle.h"

#define SOME 9

static struct p25 *a, *b;
static int64_t tomorrow;

static struct p25_entry entry(enum p25_kind kind, const char *prefix,
			      const char *owner)
{
	struct p25_entry e = { .kind = kind };
	const char *why;

	if (p25_prefix_parse(prefix, &e.prefix, &why))
		ktap_bail_out(why);
	strcpy(e.owner, owner);
	return e;
}

static void add(struct p25 *p25, const struct p25_entry *e)
{
	if (p25_add(p25, e, 1))
		ktap_bail_out(p25_error(p25));
}

static void flush(void)
{
	if (p25_flush(a, NULL))
		ktap_bail_out(p25_error(a));
}

/* All that an entry can have. */
static size_t some_entries(struct p25_entry e[SOME])
{
	e[0] = entry(P25_KIND_POOL, "198.51.100.0/24", "admin");
	e[1] = entry(P25_KIND_POOL, "c633:6400::/24", "admin");
	e[2] = entry(P25_KIND_STATIC, "198.51.100.7", "radius");
	e[2].has_guard = true;		/* off */
	e[3] = entry(P25_KIND_BLOCK, "198.51.100.7", "radius");
	strcpy(e[3].comment, "spam");
	e[3].has_action = true;
	e[3].action = P25_ACTION_PROHIBIT;
	e[4] = entry(P25_KIND_RELAY, "2001:db8:25::/64", "admin");
	memset(e[4].comment, 'x', P25_COMMENT_MAXLEN);
	e[5] = entry(P25_KIND_OPTOUT, "2001:db8::1", "a.b_c-9_a.b_c-9");
	e[5].expires = tomorrow;
	strcpy(e[5].comment, "mail server");
	e[5].has_guard = true;
	e[5].guard.n = 2;
	e[5].guard.rate[0] = (struct p25_guard_rate) { 100, 60 };
	e[5].guard.rate[1] = (struct p25_guard_rate) { 5000, 3600 };
	e[6] = entry(P25_KIND_POOL, "0.0.0.0/0", "admin");
	e[6].has_action = true;		/* that of value 0 */
	e[7] = entry(P25_KIND_POOL, "::/0", "admin");
	/* Its moment has passed, but it is kept for a while. */
	e[8] = entry(P25_KIND_STATIC, "203.0.113.0/28", "admin");
	e[8].expires = 1600000000;
	return SOME;
}

static struct p25_digests digests(struct p25 *p25, const char *owner)
{
	struct p25_digests d;

	if (p25_digests_init(&d) || p25_digests_get(p25, owner, &d))
		ktap_bail_out(p25_error(p25));
	return d;
}

/* Those of the entries of @owner under the same seed. */
static struct p25_digests wanted(const struct p25_entry *e, size_t n,
				 const char *owner,
				 const struct p25_digests *kernel)
{
	struct p25_digests d = { 0 };
	size_t i;

	memcpy(d.seed, kernel->seed, sizeof(d.seed));
	for (i = 0; i < n; i++)
		if (!owner || !strcmp(e[i].owner, owner))
			p25_digests_add(&d, &e[i]);
	return d;
}

static bool agree(const struct p25_entry *e, size_t n, const char *owner)
{
	struct p25_digests kernel = digests(b, owner);
	struct p25_digests lib = wanted(e, n, owner, &kernel);

	return !memcmp(kernel.group, lib.group, sizeof(kernel.group));
}

static void test_digests(void)
{
	struct p25_entry e[SOME];
	size_t n = some_entries(e);
	size_t i;

	flush();
	ktap_result(agree(e, 0, NULL), "no entries, no digests");
	for (i = 0; i < n; i++)
		add(a, &e[i]);
	ktap_result(agree(e, n, NULL), "kernel and library digest alike");
	ktap_result(agree(e, n, "radius"), "and those of one owner");
	ktap_result(agree(e, n, "nobody"), "an owner without entries has none");
	e[3].comment[0] = 'S';
	ktap_result(!agree(e, n, NULL), "one letter of a comment makes a difference");
	ktap_result(agree(e, n, "admin"), "but not to other owners");
	e[3].comment[0] = 's';
	e[3].action = P25_ACTION_MONITOR;
	ktap_result(!agree(e, n, NULL), "another action does");
	add(a, &e[3]);
	ktap_result(agree(e, n, NULL), "a change of the action is digested");
	e[6].has_action = false;
	ktap_result(!agree(e, n, NULL), "so is one that is the first or none");
	add(a, &e[6]);
	ktap_result(agree(e, n, NULL), "and that it is taken away");
	e[5].guard.rate[1].attempts++;
	ktap_result(!agree(e, n, NULL), "another rate of a guard does");
	add(a, &e[5]);
	ktap_result(agree(e, n, NULL), "a change of the guard is digested");
	e[2].has_guard = false;
	ktap_result(!agree(e, n, NULL), "so is one that is off or none");
	add(a, &e[2]);
	ktap_result(agree(e, n, NULL), "and that there is none");
}

static int count_listed(const struct p25_entry *e, void *arg)
{
	(void)e;
	++*(unsigned int *)arg;
	return 0;
}

/* Entries of these groups, by the kernel's list. */
static unsigned int listed(const uint8_t *groups, const uint8_t *seed)
{
	struct p25_filter filter = { .groups = groups, .seed = seed };
	unsigned int n = 0;

	if (p25_list(b, &filter, count_listed, &n))
		ktap_bail_out(p25_error(b));
	return n;
}

/* Of the entries, are those listed that share the nth one's group? */
static bool lists_group(const struct p25_entry *e, size_t n, size_t nth)
{
	uint8_t groups[P25_DIGEST_GROUPS / 8] = { 0 };
	struct p25_digests d = digests(b, NULL);
	unsigned int group = p25_digests_add(&d, &e[nth]);
	unsigned int sharing = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sharing += p25_digests_add(&d, &e[i]) == group;
	groups[group / 8] = 1 << group % 8;
	return listed(groups, d.seed) == sharing;
}

static void test_groups(void)
{
	static const uint8_t none[P25_DIGEST_GROUPS / 8];
	struct p25_entry e[SOME];
	struct p25_digests d;
	size_t n = some_entries(e);
	unsigned int right = 0;
	size_t i;

	flush();
	for (i = 0; i < n; i++)
		add(a, &e[i]);
	for (i = 0; i < n; i++)
		right += lists_group(e, n, i);
	ktap_result(right == n, "each entry is listed with its group");
	d = digests(b, NULL);
	ktap_result(!listed(none, d.seed), "no group, no entry");
}

/* Open a transaction that adds an entry of @owner. */
static void prepare(const char *owner)
{
	struct p25_entry e = entry(P25_KIND_STATIC, "203.0.113.7", owner);

	if (p25_begin(a) || p25_add(a, &e, 1))
		ktap_bail_out(p25_error(a));
}

static int finish(const char *owner, uint64_t mark)
{
	int err = p25_commit_unchanged(a, owner, mark);

	if (err)
		p25_abort(a);
	return err;
}

static bool has_new_entry(void)
{
	struct p25_entry e = entry(P25_KIND_STATIC, "203.0.113.7", "admin");
	unsigned int n = 0;
	struct p25_filter filter = {
		.kind = P25_KIND_STATIC, .prefix = &e.prefix,
	};

	if (p25_list(b, &filter, count_listed, &n))
		ktap_bail_out(p25_error(b));
	return n;
}

/* Owner @who changes something between digest and commit. */
static int meanwhile(const char *owner, const char *who)
{
	struct p25_entry other = entry(P25_KIND_BLOCK, "198.51.100.9", who);
	struct p25_digests d;
	struct p25_entry e[SOME];
	size_t n = some_entries(e);
	size_t i;

	flush();
	for (i = 0; i < n; i++)
		add(a, &e[i]);
	d = digests(a, owner);
	if (*who)
		add(b, &other);
	prepare(owner ? owner : "admin");
	return finish(owner, d.mark);
}

static void test_mark(void)
{
	ktap_result(!meanwhile("admin", "") && has_new_entry(),
		    "nothing has changed: committed");
	ktap_result(meanwhile("admin", "admin") == -EAGAIN && !has_new_entry(),
		    "the owner has: refused, and nothing is changed");
	ktap_result(strstr(p25_error(a), "changed"), "and it says so");
	ktap_result(!meanwhile("admin", "radius") && has_new_entry(),
		    "another owner has: that doesn't matter");
	ktap_result(meanwhile(NULL, "radius") == -EAGAIN && !has_new_entry(),
		    "but it does if the digests were of all");
	ktap_result(!p25_begin(a) && !p25_abort(a),
		    "a refused commit has closed the transaction");
}

/* All of an owner's entries go, and the number of its name to another owner. */
static void test_number_reused(void)
{
	struct p25_filter admins = { .owner = "admin" };
	struct p25_entry other = entry(P25_KIND_BLOCK, "198.51.100.9", "new");
	struct p25_entry e = entry(P25_KIND_POOL, "198.51.100.0/24", "admin");
	struct p25_digests d;

	flush();
	add(a, &e);
	d = digests(a, "admin");
	if (p25_flush(b, &admins))
		ktap_bail_out(p25_error(b));
	add(b, &other);
	prepare("admin");
	ktap_result(finish("admin", d.mark) == -EAGAIN,
		    "all of its entries are gone: refused");
}

static void be_refused(void)
{
	struct p25_entry e[2] = {
		entry(P25_KIND_POOL, "198.51.100.0/24", "admin"),
		entry(P25_KIND_POOL, "203.0.113.0/24", "admin"),
	};

	if (p25_del(b, e, 2, false) != -ENOENT)
		ktap_bail_out("a missing entry was deleted");
}

/* A change that was refused has changed nothing, so it is no reason either. */
static void test_refused(void)
{
	struct p25_entry pool = entry(P25_KIND_POOL, "198.51.100.0/24", "admin");
	struct p25_entry more = entry(P25_KIND_BLOCK, "198.51.100.9", "admin");
	struct p25_digests d;

	flush();
	add(a, &pool);
	be_refused();
	d = digests(a, "admin");
	prepare("admin");
	ktap_result(!finish("admin", d.mark) && has_new_entry(),
		    "a change was refused before: that doesn't matter");

	flush();
	add(a, &pool);
	d = digests(a, "admin");
	be_refused();
	prepare("admin");
	ktap_result(!finish("admin", d.mark) && has_new_entry(),
		    "nor does one that was refused meanwhile");

	flush();
	add(a, &pool);
	d = digests(a, "admin");
	add(b, &more);
	be_refused();
	prepare("admin");
	ktap_result(finish("admin", d.mark) == -EAGAIN && !has_new_entry(),
		    "but it doesn't hide one that was made before it");
}

int main(void)
{
	ktap_begin();
	ktap_own_netns();
	tomorrow = time(NULL) + 86400;
	a = ktap_open();
	b = ktap_open();
	test_digests();
	test_groups();
	test_mark();
	test_number_reused();
	test_refused();
	p25_close(b);
	p25_close(a);
	return ktap_end();
}
