// SPDX-License-Identifier: GPL-2.0
/*
 * single CONTENDER COUNT SECONDS - time single changes to a loaded table
 *
 * Adds one exempt address and deletes it again, COUNT times or for SECONDS,
 * through the library that the contender's own tool is made of, so that no
 * start of a process is measured, but all that the tool does for one change.
 * Each change is a request of its own and has been answered when it ends.
 *
 * Prints one line: changes of each kind made, then in microseconds the median
 * and the worst add, the median and the worst delete.
 */
#include <arpa/inet.h>
#include <libipset/ipset.h>
#include <libipset/types.h>
#include <nftables/libnftables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libp25.h>

/* Not in the tables: those hold addresses of 10.0.0.0/8. */
#define FIRST_ADDRESS 0xac100000	/* 172.16.0.0/12 */
#define ADDRESSES 4096			/* for each process */

/* As peers.sh calls table and set. */
#define NFT_SET "inet bench exempt"
#define IPSET_SET "exempt"

static struct p25 *p25;
static struct nft_ctx *nft;
static struct ipset *ipset;

static void die(const char *what)
{
	fprintf(stderr, "single: %s\n", what);
	exit(1);
}

static const char *text(uint32_t address)
{
	struct in_addr in = { .s_addr = htonl(address) };

	return inet_ntoa(in);
}

static void p25_start(void)
{
	p25 = p25_open();
	if (!p25 || p25_ready(p25))
		die("the module isn't there");
}

static void p25_change(uint32_t address, bool add)
{
	uint32_t be = htonl(address);
	struct p25_entry entry = {
		.kind = P25_KIND_STATIC,
		.prefix = { .family = AF_INET, .len = 32 },
	};

	memcpy(entry.prefix.addr, &be, sizeof(be));
	if (add ? p25_add(p25, &entry, 1) : p25_del(p25, &entry, 1, false))
		die(p25_error(p25));
}

static void nft_start(void)
{
	nft = nft_ctx_new(NFT_CTX_DEFAULT);
	if (!nft)
		die("no context for nft");
}

static void nft_change(uint32_t address, bool add)
{
	char line[80];

	snprintf(line, sizeof(line), "%s element " NFT_SET " { %s }",
		 add ? "add" : "delete", text(address));
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

static void ipset_change(uint32_t address, bool add)
{
	char line[80];

	snprintf(line, sizeof(line), "%s " IPSET_SET " %s\n",
		 add ? "add" : "del", text(address));
	if (ipset_parse_line(ipset, line) < 0)
		die("ipset failed");
}

static const struct contender {
	const char *name;
	void (*start)(void);
	void (*change)(uint32_t address, bool add);
} contenders[] = {
	{ "p25", p25_start, p25_change },
	{ "nft_hash", nft_start, nft_change },
	{ "nft_interval", nft_start, nft_change },
	{ "ipset", ipset_start, ipset_change },
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

/* Two of these at the same time are in nobody's way. */
static uint32_t address(size_t n)
{
	return FIRST_ADDRESS + (getpid() & 0xff) * ADDRESSES + n % ADDRESSES;
}

static double timed(const struct contender *c, uint32_t which, bool add)
{
	double start = now();

	c->change(which, add);
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
	c->start();
	while (n < count && (!n || now() < end)) {
		adds[n] = timed(c, address(n), true);
		dels[n] = timed(c, address(n), false);
		n++;
	}
	printf("%zu", n);
	print(adds, n);
	print(dels, n);
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
	fputs("usage: single p25|nft_hash|nft_interval|ipset COUNT SECONDS\n",
	      stderr);
	return 2;
}
