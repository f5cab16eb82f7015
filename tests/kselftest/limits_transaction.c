// SPDX-License-Identifier: GPL-2.0
/*
 * What is too much for a transaction is refused, and the policy stays as it was:
 * open transactions, entries, what waits in it.
 */
#include "policy.h"

/* As kmod/transaction.h has it. */
#define TRANSACTIONS_MAX 64

static struct p25 *a, *b;

static void test_many_open(void)
{
	struct p25 *many[TRANSACTIONS_MAX + 1];
	unsigned int i, opened = 0;
	int err = 0;

	start_policy(a);
	for (i = 0; i <= TRANSACTIONS_MAX; i++) {
		many[i] = ktap_open();
		err = p25_begin(many[i]);
		opened += !err;
	}
	ktap_result(opened == TRANSACTIONS_MAX && err == -ENOSPC,
		    "%u transactions can be open: %s", opened,
		    p25_error(many[TRANSACTIONS_MAX]));
	p25_close(many[0]);
	ktap_result(!p25_begin(many[TRANSACTIONS_MAX]),
		    "one more, once a socket has closed");
	for (i = 1; i <= TRANSACTIONS_MAX; i++)
		p25_close(many[i]);
	ktap_result(!p25_begin(a) && !p25_abort(a), "they are all gone");
}

static void test_limit(void)
{
	struct p25_settings set = { .has_limit = true, .limit = 1000 };
	int err;

	start_policy(a);
	ktap_result(!p25_set(a, &set) && !add_numbered(a, 1, 998) &&
		    add(a, P25_KIND_BLOCK, "198.51.100.7") == -ENOSPC,
		    "full: %s", p25_error(a));
	ktap_result(count(b) == 1000 &&
		    reason(b, "198.51.100.7") == P25_KIND_POOL,
		    "and nothing has changed");
	ktap_result(!add(a, P25_KIND_STATIC, "198.51.100.64/28"),
		    "what is there can be renewed all the same");

	p25_begin(a);
	p25_flush(a, NULL);
	err = add_numbered(a, 2, 1000);
	ktap_result(!err && !p25_commit(a) && count(b) == 1000 &&
		    reason(b, "198.51.100.7") == P25_KIND_NONE,
		    "a full policy can be replaced by another");

	p25_begin(a);
	p25_flush(a, NULL);
	err = add_numbered(a, 3, 1001);
	if (!err)
		err = p25_commit(a);
	ktap_result(err == -ENOSPC && p25_error_cookie(a) == 1001,
		    "not by one that is too large: entry %u, %s",
		    p25_error_cookie(a), p25_error(a));
	p25_abort(a);

	set.limit = 999;
	ktap_result(p25_set(a, &set) == -ERANGE,
		    "the limit can't fall below what is there: %s",
		    p25_error(a));
	set.limit = 1001;
	p25_begin(a);
	p25_set(a, &set);
	add(a, P25_KIND_POOL, "198.51.100.0/24");
	ktap_result(!p25_commit(a) && count(b) == 1001,
		    "a transaction can raise the limit, then use it");

	p25_begin(a);
	err = add_numbered(a, 4, 2 * 1001 + 100);
	if (!err)
		err = p25_commit(a);
	ktap_result(err == -ENOSPC && count(b) == 1001,
		    "what waits in a transaction has its limit as well: %s",
		    p25_error(a));
	p25_abort(a);

	set.limit = 4000;
	p25_begin(a);
	p25_set(a, &set);
	err = add_numbered(a, 4, 2999);
	ktap_result(!err && !p25_commit(a) && count(b) == 4000,
		    "unless it raises the limit");
}

int main(void)
{
	ktap_begin();
	ktap_own_netns();
	a = ktap_open();
	b = ktap_open();
	test_many_open();
	test_limit();
	p25_close(b);
	p25_close(a);
	return ktap_end();
}
