// SPDX-License-Identifier: GPL-2.0
/*
 * single CONTENDER COUNT SECONDS < ADDRESSES - time single changes of a table
 *
 * Deletes an exempt address and adds it again, COUNT times or for SECONDS, with
 * each of the addresses in turn, one a line. It does so through the library that
 * the contender's own tool is made of, so that no start of a process is measured,
 * but all that the tool does for one change. Each change is a request of its own
 * and has been answered when it ends.
 *
 * Prints one line: how many of each it has made, then in microseconds the median
 * and the worst delete, the median and the worst add. A SIGTERM ends it early, but
 * never between a delete and its add: the table is left as it was.
 */
#include <arpa/inet.h>
#include <libipset/ipset.h>
#include <libipset/types.h>
#include <nftables/libnftables.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libp25.h>

#define MAX_ADDRESSES 4096

/* As policy.py calls table and set. */
#define NFT_SET "ip bench exempt"
#define IPSET_SET "exempt"

static char addresses[MAX_ADDRESSES][INET_ADDRSTRLEN];
static size_t n_addresses;

static struct p25 *p25;
static struct nft_ctx *nft;
static struct ipset *ipset;

static void die(const char *what)
{
	fprintf(stderr, "single: %s\n", what);
	exit(1);
}

static void p25_start(void)
{
	p25 = p25_open();
	if (!p25 || p25_ready(p25))
		die("the module isn't there");
}

static void p25_change(const char *address, bool add)
{
	struct p25_entry entry = { .kind = P25_KIND_STATIC };
	const char *why;

	if (p25_prefix_parse(address, &entry.prefix, &why))
		die(why);
	if (add ? p25_add(p25, &entry, 1) : p25_del(p25, &entry, 1, false))
		die(p25_error(p25));
}

static void nft_start(void)
{
	nft = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!nft)
		die("no context for nft");
}

static void nft_change(const char *address, bool add)
{
	char line[80];

	snprintf(line, sizeof(line), "%s element " NFT_SET " { %s }",
		 add ? "add" : "delete", address);
	if (nft_run_cmd_from_buffer(nft, line))
		die("nft failed");
}

static void ipset_start(void)
{
	ipset_load_types();
	ipset = ipset_init();
	if (!ipset)
		die("no context for ipset");
}

static void ipset_change(const char *address, bool add)
{
	char line[80];

	snprintf(line, sizeof(line), "%s " IPSET_SET " %s\n",
		 add ? "add" : "del", address);
	if (ipset_parse_line(ipset, line) < 0)
		die("ipset failed");
}

static const struct contender {
	const char *name;
	void (*start)(void);
	void (*change)(const char *address, bool add);
} contenders[] = {
	{ "p25", p25_start, p25_change },
	{ "nft_hash", nft_start, nft_change },
	{ "nft_interval", nft_start, nft_change },
	{ "ipset", ipset_start, ipset_change },
};

/* SIGTERM waits, so that what has been deleted is added again. */
static void hold_sigterm(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static bool terminated(void)
{
	sigset_t set;

	sigpending(&set);
	return sigismember(&set, SIGTERM);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void read_addresses(void)
{
	while (n_addresses < MAX_ADDRESSES &&
	       scanf("%15s", addresses[n_addresses]) == 1)
		n_addresses++;
	if (!n_addresses)
		die("no addresses on standard input");
}

static double timed(const struct contender *c, size_t n, bool add)
{
	double start = now();

	c->change(addresses[n % n_addresses], add);
	return now() - start;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void print(double *times, size_t n)
{
	qsort(times, n, sizeof(*times), ascending);
	printf(" %.3f %.3f", times[n / 2], times[n - 1]);
}

static void measure(const struct contender *c, size_t count, double seconds)
{
	double *adds = calloc(count, sizeof(*adds));
	double *dels = calloc(count, sizeof(*dels));
	double end = now() + seconds * 1e6;
	size_t n = 0;

	if (!adds || !dels)
		die("out of memory");
	read_addresses();
	c->start();
	hold_sigterm();
	while (!terminated() && n < count && (!n || now() < end)) {
		dels[n] = timed(c, n, false);
		adds[n] = timed(c, n, true);
		n++;
	}
	if (!n)
		die("terminated");
	printf("%zu", n);
	print(dels, n);
	print(adds, n);
	putchar('\n');
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 4 && i < sizeof(contenders) / sizeof(*contenders);
	     i++) {
		if (strcmp(argv[1], contenders[i].name))
			continue;
		measure(&contenders[i], strtoul(argv[2], NULL, 10),
			strtod(argv[3], NULL));
		return 0;
	}
	fputs("usage: single p25|nft_hash|nft_interval|ipset COUNT SECONDS < ADDRESSES\n",
	      stderr);
	return 2;
}
