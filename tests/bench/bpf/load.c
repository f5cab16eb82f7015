// SPDX-License-Identifier: GPL-2.0
/*
 * load hash|trie OBJECT POLICY - block port 25 by eBPF
 *
 * Loads the program in OBJECT (block.bpf.c), its maps with POLICY, which is in
 * p25ctl's words, and attaches it in this network namespace. The exempt prefixes
 * come into the hash or into the trie. Prints "ready" then, and stays until its
 * standard input ends: everything goes with it.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "key.h"

/* Of Linux 6.4's bpf.h; libbpf learnt of them in 1.3. */
#define PROG_TYPE_NETFILTER	32
#define ATTACH_NETFILTER	45

#define RELAYS	16

/* Entries of a map. */
struct entries {
	struct key	*key;
	struct value	*value;
	__u32		n;
	__u32		size;
};

static struct entries exempt, pools;
static __be32 relay[RELAYS];
static __u32 relays;
static __u64 lengths;	/* those of the exempt prefixes, see block.bpf.c */

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void add(struct entries *entries, struct key key, __u32 verdict,
		unsigned int timeout)
{
	struct timespec now;

	if (entries->n == entries->size) {
		entries->size = entries->size ? 2 * entries->size : 1024;
		entries->key = realloc(entries->key, entries->size *
						     sizeof(*entries->key));
		entries->value = realloc(entries->value,
					 entries->size *
					 sizeof(*entries->value));
		if (!entries->key || !entries->value)
			die("entries");
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	entries->key[entries->n] = key;
	entries->value[entries->n++] = (struct value) {
		.verdict = verdict,
		.expires = timeout ? ((now.tv_sec + timeout) * 1000000000ULL) >>
				     30 : 0,
	};
}

static struct key parse_prefix(char *text)
{
	char *slash = strchr(text, '/');
	struct key key = { .prefixlen = slash ? atoi(slash + 1) : 32 };

	if (slash)
		*slash = '\0';
	if (!inet_pton(AF_INET, text, &key.address))
		die(text);
	return key;
}

static void parse_line(const char *line)
{
	char prefix[32];
	unsigned int timeout = 0;

	if (sscanf(line, "relay %31s", prefix) == 1 && relays < RELAYS) {
		relay[relays++] = parse_prefix(prefix).address;
	} else if (sscanf(line, "pool %31s", prefix) == 1) {
		add(&pools, parse_prefix(prefix), NF_DROP, 0);
	} else if (sscanf(line, "static %31s timeout %u", prefix,
			  &timeout) >= 1) {
		add(&exempt, parse_prefix(prefix), NF_ACCEPT, timeout);
		lengths |= 1ULL << exempt.key[exempt.n - 1].prefixlen;
	} else {
		errno = EINVAL;
		die(line);
	}
}

static void parse(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[128];

	if (!file)
		die(path);
	while (fgets(line, sizeof(line), file))
		parse_line(line);
	fclose(file);
}

static struct bpf_map *find_map(struct bpf_object *object, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (!map)
		die(name);
	return map;
}

/* Tells it where the exempt prefixes are, has it verified and compiled. */
static void load(struct bpf_object *object, bool in_hash)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);
	struct bpf_map *bss = find_map(object, ".bss");

	bpf_program__set_type(program, PROG_TYPE_NETFILTER);
	bpf_program__set_expected_attach_type(program, ATTACH_NETFILTER);
	bpf_map__set_max_entries(find_map(object, "trie"),
				 pools.n + (in_hash ? 0 : exempt.n));
	bpf_map__set_max_entries(find_map(object, "hash"),
				 in_hash && exempt.n ? exempt.n : 1);
	if (!in_hash)
		lengths = 0;
	if (bpf_map__set_initial_value(bss, &lengths, sizeof(lengths)) ||
	    bpf_object__load(object))
		die("the program isn't loaded");
}

static void fill(struct bpf_object *object, const char *name, const void *key,
		 const struct value *value, __u32 n)
{
	if (n && bpf_map_update_batch(bpf_map__fd(find_map(object, name)), key,
				      value, &n, NULL))
		die(name);
}

static void fill_all(struct bpf_object *object, bool in_hash)
{
	static const struct value accept[RELAYS] = {
		[0 ... RELAYS - 1] = { .verdict = NF_ACCEPT },
	};

	fill(object, "relays", relay, accept, relays);
	fill(object, "trie", pools.key, pools.value, pools.n);
	fill(object, in_hash ? "hash" : "trie", exempt.key, exempt.value,
	     exempt.n);
}

/* As bpf_program__attach_netfilter() of libbpf 1.3 does. */
static void attach(const struct bpf_object *object)
{
	const struct bpf_program *program =
		bpf_object__next_program(object, NULL);
	struct {
		__u32	prog_fd;
		__u32	target_fd;
		__u32	attach_type;
		__u32	flags;
		__u32	pf;
		__u32	hooknum;
		__s32	priority;
		__u32	netfilter_flags;
	} attributes = {
		.prog_fd = bpf_program__fd(program),
		.attach_type = ATTACH_NETFILTER,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_FORWARD,
		.priority = NF_IP_PRI_FILTER - 1,
	};

	if (syscall(SYS_bpf, BPF_LINK_CREATE, &attributes,
		    sizeof(attributes)) < 0)
		die("the program isn't attached");
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	bool in_hash;

	if (argc != 4)
		return 2;
	in_hash = !strcmp(argv[1], "hash");
	parse(argv[3]);
	object = bpf_object__open_file(argv[2], NULL);
	if (!object)
		die(argv[2]);
	load(object, in_hash);
	fill_all(object, in_hash);
	attach(object);
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
