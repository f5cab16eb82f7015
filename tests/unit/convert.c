// SPDX-License-Identifier: GPL-2.0
/*
 * convert: lists of other programs. The files in samples/ are what those programs
 * print: ipset 7.17 and nft 1.0.6, on Linux 6.1.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd.h"
#include "comment_fit.h"
#include "convert_input.h"
#include "remaining.h"
#include "unit.h"
#include "words.h"

#define MOST_WORDS 16

static char *out, *err;
static size_t out_len, err_len;

static void teardown(void)
{
	free(out);
	free(err);
	out = NULL;
	err = NULL;
}

/* Runs "convert ARGS", with the file, if there is one, behind them. */
static int convert(const char *args, const char *file)
{
	FILE *stdout_before = stdout, *stderr_before = stderr;
	struct ctl ctl = { 0 };
	char line[256], *v[MOST_WORDS];
	struct words w = { .v = v };
	char *word;
	int status;

	teardown();
	strcpy(line, args);
	for (word = strtok(line, " "); word; word = strtok(NULL, " "))
		v[w.n++] = word;
	if (file)
		v[w.n++] = (char *)file;
	stdout = open_memstream(&out, &out_len);
	stderr = open_memstream(&err, &err_len);
	status = cmd_convert(&ctl, &w, P25_KIND_NONE);
	fclose(stdout);
	fclose(stderr);
	stdout = stdout_before;
	stderr = stderr_before;
	return status;
}

static int convert_bytes(const char *args, const char *bytes, size_t len)
{
	int fd = memfd_create("list", MFD_CLOEXEC), status;
	char path[40];

	ck_assert_int_eq(write(fd, bytes, len), len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	status = convert(args, path);
	close(fd);
	return status;
}

static int convert_text(const char *args, const char *text)
{
	return convert_bytes(args, text, strlen(text));
}

static void says(const char *text)
{
	ck_assert_msg(strstr(err, text), "%s", err);
}

static void ck_status(int got, int want)
{
	ck_assert_msg(got == want, "status %d, not %d\n%s%s", got, want, err, out);
}

/* ---- what the real programs print ---- */

static const struct {
	const char *args;
	const char *file;
	int status;
	const char *out;
	const char *says;
} samples[] = {
	{ "block", "ipset_ip4.save", DONE,
	  "block 192.0.2.11\n"
	  "block 192.0.2.12/30\n"
	  "block 192.0.2.10 expires 2026-01-01T00:59:42Z comment \"ticket 4711\"\n",
	  " 4 merged, 0 bad, 3 with a comment that was cut; 3 entries written\n" },
	{ "block --no-merge", "ipset_ip4.save", DONE,
	  "block 192.0.2.11 comment \"say 'hi' back\\\\slash\"\n"
	  "block 192.0.2.12 comment \"M\303\274ller, DSL; # not a comment\"\n"
	  "block 192.0.2.13 comment \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n"
	  "block 192.0.2.14 comment \"tab here\"\n"
	  "block 192.0.2.15 comment \"esc[31m\"\n"
	  "block 192.0.2.10 expires 2026-01-01T00:59:42Z comment \"ticket 4711\"\n",
	  ": ipset save: 6 kept, " },
	/* An exception is none of them; a set's netmask says what an address is. */
	{ "pool --set net4 --set=masked", "ipset.save", DONE,
	  "pool 192.0.2.0/28\n"
	  "pool 198.51.100.0/26\n"
	  "pool 198.51.100.80/28\n"
	  "pool 198.51.100.96/27\n"
	  "pool 198.51.100.128/25\n"
	  "pool 203.0.113.0/25 comment \"half\"\n",
	  " 3 kept, 0 masked, 0 merged, 0 bad, 18 of other sets; 6 entries" },
	{ "pool --set net4 --set masked", "ipset.list", DONE,
	  "pool 192.0.2.0/28\n"
	  "pool 198.51.100.0/26\n"
	  "pool 198.51.100.80/28\n"
	  "pool 198.51.100.96/27\n"
	  "pool 198.51.100.128/25\n"
	  "pool 203.0.113.0/25 comment \"half\"\n",
	  ": ipset save: 3 kept" },
	{ "static --set ip6 --set net6", "ipset.save", DONE,
	  "static 2001:db8::8\n"
	  "static 2001:db8:100::/48 comment \"a\"\n"
	  "static 2001:db8:200::/56\n"
	  "static 2001:db8::7 expires 2026-01-01T00:09:46Z\n",
	  ": ipset save: 4 kept" },
	{ "static --set bitmap", "ipset.save", DONE,
	  "static 192.0.2.20/30 comment \"bm\"\n",
	  ": ipset save: 4 kept, 0 masked, 3 merged, 0 bad" },
	{ "static --set port --set iface --set list --set mac --set net6", "ipset.save",
	  PARTLY,
	  "static 2001:db8:100::/48 comment \"a\"\n"
	  "static 2001:db8:200::/56\n",
	  ":26: \"192.0.2.0/24,tcp:25\" is not an address alone: the set has more" },
	{ "static", "ipset.save", MISUSED, "",
	  "sets in the file: \"ip4 net4 ip6 net6 bitmap masked port iface mac list\"; name" },
	{ "static --set nonexistent", "ipset.save", FAILED, "",
	  ": nothing could be kept\n" },
	{ "block", "nft_blocked.set", DONE,
	  "block 192.0.2.12/30\n"
	  "block 203.0.113.1 expires 2026-01-01T00:27:43Z comment \"x\"\n"
	  "block 203.0.113.2/31 expires 2026-01-01T00:27:43Z comment \"x\"\n"
	  "block 203.0.113.4/30 expires 2026-01-01T00:27:43Z comment \"x\"\n"
	  "block 203.0.113.8/31 expires 2026-01-01T00:27:43Z comment \"x\"\n"
	  "block 192.0.2.10 expires 2026-01-01T00:29:56Z comment \"ticket 4711\"\n"
	  "block 198.51.100.0/24 expires 2026-01-02T01:59:56Z comment \"a, b { c } # d\"\n",
	  ": nft list set: 4 kept, 0 masked, 0 merged, 0 bad; 7 entries written\n" },
	{ "block", "nft_seconds.set", DONE, NULL, ": nft list set: 4 kept" },
	{ "relay", "nft_six.set", DONE,
	  "relay 2001:db8::7\n"
	  "relay 2001:db8:1::1\n"
	  "relay 2001:db8:1::2/127\n"
	  "relay 2001:db8:1::4/126\n"
	  "relay 2001:db8:1::8/127\n"
	  "relay 2001:db8:100::/48 comment \"v6\"\n"
	  "relay 2001:db8:200::/40\n",
	  ": nft list set: 4 kept" },
	{ "relay", "nft_six.json", DONE,
	  "relay 2001:db8::7\n"
	  "relay 2001:db8:1::1\n"
	  "relay 2001:db8:1::2/127\n"
	  "relay 2001:db8:1::4/126\n"
	  "relay 2001:db8:1::8/127\n"
	  "relay 2001:db8:100::/48 comment \"v6\"\n"
	  "relay 2001:db8:200::/40\n",
	  ": JSON: 4 kept" },
	/* "nft -s" leaves out what elements have left. */
	{ "relay", "nft_plain.set", DONE,
	  "relay 192.0.2.1 expires 2026-01-01T00:30:00Z\n"
	  "relay 192.0.2.3 expires 2026-01-01T00:30:00Z\n"
	  "relay 192.0.2.2 expires 2026-01-03T00:00:00Z\n",
	  ": nft list set: 3 kept" },
	{ "pool --set merged --set plain6 --set dyn --set empty", "nft.ruleset", DONE,
	  NULL, " 4 kept, 0 masked, 0 merged, 0 bad, 18 of other sets; 8 entries" },
	{ "pool --set services", "nft.ruleset", FAILED, "",
	  ": \"192.0.2.0/24 . 25\" is of more fields than one, not an address alone\n" },
	{ "pool --set verdicts", "nft.ruleset", FAILED, "",
	  ": \"192.0.2.0/24\" is an element of a map, not an address alone\n" },
	{ "pool --set cards", "nft.ruleset", FAILED, "",
	  ": invalid prefix \"01:02:03:04:05:06\": not an IPv4 or IPv6" },
	{ "pool --set everything", "nft.ruleset", FAILED, "",
	  ": \"0.0.0.0/1\" is wider than a /8; if that is intended, use \"p25ctl --w" },
	{ "pool --set everything --wide", "nft.ruleset", DONE, "pool 0.0.0.0/0\n",
	  ": nft list set: 2 kept" },
	{ "pool", "nft.ruleset", MISUSED, "",
	  "there are several sets in the file: \"blocked six plain plain6 merged services cards" },
	{ "pool --set blocked", "nft.json", DONE, NULL, ": JSON: 4 kept" },
	{ "pool --set services", "nft.json", FAILED, "", "is not an address alone\n" },
	{ "pool --set verdicts", "nft.json", FAILED, "", "is not an address alone\n" },
};

START_TEST(test_sample)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/unit/samples/%s", getenv("TOP"),
		 samples[_i].file);
	ck_status(convert(samples[_i].args, path), samples[_i].status);
	if (samples[_i].out)
		ck_assert_str_eq(out, samples[_i].out);
	says(samples[_i].says);
}

/* ---- other files ---- */

#define KEPT(n, rest) ": " #n " kept, 0 masked, 0 merged, 0 bad" rest

static const struct {
	const char *args;
	const char *text;
	int status;
	const char *out;
	const char *says;
} texts[] = {
	/* lists */
	{ "block",
	  "; DROP\n\n192.0.2.0/24 ; SBL000001\n198.51.100.0/24 ;SBL000002\n", DONE,
	  "block 192.0.2.0/24 comment \"SBL000001\"\n"
	  "block 198.51.100.0/24 comment \"SBL000002\"\n",
	  "list of addresses: 2 kept, 0 masked, 0 merged, 0 bad; 2 entries written\n" },
	{ "block", "# a\n// b\n192.0.2.1 // c\n192.0.2.3# d # e\n\t192.0.2.5/32\t## f\n", DONE,
	  "block 192.0.2.1 comment \"c\"\n"
	  "block 192.0.2.3 comment \"d # e\"\n"
	  "block 192.0.2.5 comment \"f\"\n", "3 kept" },
	{ "block", "192.0.2.1,192.0.2.3 ,\t2001:db8::1, \"192.0.2.5\" '192.0.2.7'\n", DONE,
	  "block 192.0.2.1\nblock 192.0.2.3\nblock 192.0.2.5\nblock 192.0.2.7\n"
	  "block 2001:db8::1\n", "5 kept" },
	{ "block", "192.0.2.1-192.0.2.3\n192.0.2.8 - 192.0.2.11 # x\n", DONE,
	  "block 192.0.2.1\nblock 192.0.2.2/31\nblock 192.0.2.8/30 comment \"x\"\n",
	  "2 kept" },
	{ "block", "192.0.2.0/25\n192.0.2.128/25\n192.0.2.5\n192.0.2.5\n", DONE,
	  "block 192.0.2.0/24\n", "4 kept, 0 masked, 3 merged, 0 bad; 1 entry written\n" },
	{ "block", "192.0.2.77/24\n::ffff:198.51.100.7\n", DONE,
	  "block 192.0.2.0/24\nblock 198.51.100.7\n",
	  "2 kept, 1 masked, 0 merged, 0 bad, 1 IPv4-mapped;" },
	{ "block", "\357\273\277192.0.2.1\r\n192.0.2.3", DONE,
	  "block 192.0.2.1\nblock 192.0.2.3\n",
	  ": the last line has no newline: is the file cut off?\n" },
	{ "block", "192.0.2.1\n192.0.2.942\n", PARTLY, "block 192.0.2.1\n",
	  ":2: invalid prefix \"192.0.2.942\": not an IPv4 or IPv6" },
	{ "block", "192.0.2.1\n192.0.2.010\n", PARTLY, "block 192.0.2.1\n",
	  ":2: invalid prefix \"192.0.2.010\": leading zeros" },
	{ "block", "192.0.2.1\n192.0.2.9-192.0.2.3\n", PARTLY, "block 192.0.2.1\n",
	  ":2: invalid range \"192.0.2.9-192.0.2.3\": the range ends before it begins\n" },
	{ "block", "192.0.2.1\n!192.0.2.2\n", PARTLY, "block 192.0.2.1\n",
	  ":2: invalid prefix \"!192.0.2.2\"" },
	{ "block", "192.0.2.1\nfe80::1%ppp0\n", PARTLY, "block 192.0.2.1\n",
	  ":2: invalid prefix \"fe80::1%ppp0\"" },
	{ "relay", "192.0.2.1\n127.0.0.1\n", PARTLY, "relay 192.0.2.1\n",
	  ":2: \"127.0.0.1\" is a loopback address: no mail is forwarded to it\n" },
	{ "block", "223.255.255.254-224.0.0.7\n", DONE, "block 223.255.255.254/31\n",
	  "1 kept" },
	{ "block", "224.0.0.1-225.0.0.0\n192.0.2.1\n", PARTLY, "block 192.0.2.1\n",
	  ":1: \"224.0.0.1-225.0.0.0\" is multicast: no mail" },
	{ "block", "0.0.0.0/0\n", FAILED, "",
	  ":1: \"0.0.0.0/0\" covers every address; if that is intended, use \"p25ctl" },
	{ "block", "::/0\n192.0.2.1\n", PARTLY, "block 192.0.2.1\n",
	  ":1: \"::/0\" covers every address" },
	{ "block", "10.0.0.0/7\n2000::/15\n10.0.0.0/8\n2001::/16\n", PARTLY,
	  "block 10.0.0.0/8\nblock 2001::/16\n",
	  ":2: \"2000::/15\" is wider than a /16; if that is intended" },
	{ "block", "1.0.0.0-9.255.255.255\n", FAILED, "",
	  ":1: \"1.0.0.0-9.255.255.255\" is wider than a /8" },
	{ "block", "10.0.0.0/8\n11.0.0.0/8\n", MISUSED, "",
	  ": together, entries make up \"10.0.0.0/7\", which is wider than a /8; if that" },
	{ "block --no-merge", "10.0.0.0/8\n11.0.0.0/8\n", DONE,
	  "block 10.0.0.0/8\nblock 11.0.0.0/8\n", "2 kept" },
	{ "block --wide", "0.0.0.0/0\n::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff\n", DONE,
	  "block 0.0.0.0/0\nblock ::/0\n", "2 kept" },
	/* ipset, written by hand */
	{ "block",
	  "create -exist a hash:ip timeout 60\nflush a\nadd a 192.0.2.1\n"
	  "add a 192.0.2.3 -exist timeout 0\n-A a 192.0.2.5 timeout 120\nCOMMIT\n", DONE,
	  "block 192.0.2.3\nblock 192.0.2.1 expires 2026-01-01T00:01:00Z\n"
	  "block 192.0.2.5 expires 2026-01-01T00:02:00Z\n", "ipset save: 3 kept" },
	{ "block", "create a hash:ip bitmask 255.0.255.0\nadd a 192.0.2.1\n", FAILED, "",
	  ":2: \"192.0.2.1\" is not an address alone: the set has a bitmask\n" },
	{ "block", "add a 192.0.2.1\ndel a 192.0.2.1\n", PARTLY, "block 192.0.2.1\n",
	  ":2: unexpected \"del\" in what ipset saves\n" },
	{ "block --format ipset",
	  "add a\nadd\ncreate\nadd a 192.0.2.1 timeout x\nadd a 192.0.2.1 comment\n",
	  PARTLY, "block 192.0.2.1\n", ":4: invalid timeout \"x\"\n" },
	/* nft, written by hand */
	{ "pool",
	  "#!/usr/sbin/nft -f\n"
	  "define dsl = { 198.51.100.0/24, # the old one\n\t192.0.2.1 - 192.0.2.2 }\n"
	  "table inet t { chain c { ip saddr { 203.0.113.1, 203.0.113.2 } drop; } }\n", DONE,
	  "pool 192.0.2.1\npool 192.0.2.2\npool 198.51.100.0/24\n", "nft list set: 2 kept" },
	{ "pool",
	  "add element inet t s { 192.0.2.1 timeout 1h, 192.0.2.3 expires 0s,\n"
	  " 192.0.2.5 timeout 5m expires never, 192.0.2.7 timeout 0s }\n", DONE,
	  "pool 192.0.2.5\npool 192.0.2.7\npool 192.0.2.1 expires 2026-01-01T01:00:00Z\n",
	  "3 kept, 0 masked, 0 merged, 0 bad, 1 expired;" },
	{ "pool",
	  "table ip t {\nset s { type ipv4_addr; flags timeout, interval; timeout 1h\n"
	  "elements={192.0.2.1,192.0.2.3 comment \"},{\"} }\n}\n", DONE,
	  "pool 192.0.2.1 expires 2026-01-01T01:00:00Z\n"
	  "pool 192.0.2.3 expires 2026-01-01T01:00:00Z comment \"},{\"\n", "2 kept" },
	{ "pool", "define x = { $y, 192.0.2.1 }\n", PARTLY, "pool 192.0.2.1\n",
	  ":1: invalid prefix \"$y\"" },
	/* RouterOS */
	{ "block",
	  "# nov/27/2026 10:00:00 by RouterOS 6.49.10\n# software id = ABCD-EFGH\n#\n"
	  "/ip firewall address-list\n"
	  "add address=192.0.2.0/24 comment=\"ticket \\\"4711\\\" \\\\ \\$ \\_x\\C3\\BC\" list=dsl\n"
	  "add address=192.0.2.7 disabled=yes list=dsl\n"
	  "add address=198.51.100.0-198.51.100.3 comment=\\\r\n"
	  "    \"a long comm\\\r\n    ent\" list=dsl timeout=\\\r\n    1w2d3h4m5s\n"
	  "add address=198.51.100.7 list=dsl timeout=1d00:10:00\n"
	  "add address=mx.example.net list=dsl\n"
	  "/ip firewall filter\n"
	  "add action=drop chain=forward dst-port=25 protocol=tcp src-address-list=dsl\n"
	  "/ipv6 firewall address-list\n"
	  "add address=2001:db8::/32 list=dsl\n", PARTLY,
	  "block 192.0.2.0/24 comment \"ticket \\\"4711\\\" \\\\ $  x\303\274\"\n"
	  "block 198.51.100.7 expires 2026-01-02T00:10:00Z\n"
	  "block 198.51.100.0/30 expires 2026-01-10T03:04:05Z comment \"a long comment\"\n"
	  "block 2001:db8::/32\n",
	  "RouterOS export: 4 kept, 0 masked, 0 merged, 1 bad, 1 disabled;" },
	{ "block --set a",
	  "/ip/firewall/address-list/add address=192.0.2.1 list=a\n"
	  "/ip/firewall/address-list/add address=192.0.2.3 list=b timeout=none-dynamic\n", DONE,
	  "block 192.0.2.1\n", "1 kept, 0 masked, 0 merged, 0 bad, 1 of other sets" },
	{ "block",
	  ":global L\n/ip firewall address-list\n"
	  ":do {add list=$L comment=$C address=192.0.2.1} on-error {}\n"
	  ":if ([:len [find where list=$L and address=192.0.2.3]] = 0) do={ add list=$L address=192.0.2.3 }\n"
	  "set [find list=$L] disabled=yes\n", DONE,
	  "block 192.0.2.1\nblock 192.0.2.3\n", "2 kept" },
	{ "block", "add address=192.0.2.1 list=x\nadd list=x\nadd address=192.0.2.3 list=x \\\n",
	  PARTLY, "block 192.0.2.1\nblock 192.0.2.3\n", ":2: \"add\" without an address\n" },
	/* JSON */
	{ "block",
	  "{\"cidr\":\"192.0.2.0/24\",\"sblid\":\"SBL000001\",\"rir\":\"x\"}\n"
	  "{\"cidr\":\"192.0.3.0/24\",\"sblid\":\"SBL0\n"
	  "{\"cidr\":\"2001:db8::/32\",\"sblid\":\"SBL000003\"}\n"
	  "{\"type\":\"metadata\",\"size\":2}\n{\"x\":1}\n", PARTLY,
	  "block 192.0.2.0/24 comment \"SBL000001\"\n"
	  "block 2001:db8::/32 comment \"SBL000003\"\n", ":2: not JSON: " },
	{ "block",
	  "[ {\"prefix\":\"2001:db8::/32\",\"comment\":\"a \\\"feed\\\"\",\"expires\":\"2030-01-01\"},\n"
	  "\"198.51.100.7\",\n{\"ip\":\"192.0.2.1\",\"timeout\":60,\n \"expires_at\":1767225700},\n"
	  "{\"address\":\"192.0.2.3\",\"expires\":1},\n"
	  "{\"cidr\":\"192.0.2.5\",\"ttl\":\"1h\"} ]\n", DONE,
	  "block 198.51.100.7\n"
	  "block 192.0.2.3 expires 2026-01-01T00:00:01Z\n"
	  "block 192.0.2.1 expires 2026-01-01T00:01:40Z\n"
	  "block 192.0.2.5 expires 2026-01-01T01:00:00Z\n"
	  "block 2001:db8::/32 expires 2030-01-01T00:00:00Z comment \"a \\\"feed\\\"\"\n",
	  "JSON: 5 kept" },
	{ "relay",
	  "{\"token\":\"1\",\"prefixes\":[{\"ip_prefix\":\"192.0.2.0/24\",\"region\":\"x\"}],\n"
	  "\"ipv6_prefixes\":[{\"ipv6_prefix\":\"2001:db8::/32\"}],\"other\":[\"x\",\"198.51.100.7\"]}\n",
	  DONE, "relay 192.0.2.0/24\nrelay 198.51.100.7\nrelay 2001:db8::/32\n", "3 kept" },
	{ "pool --set pool",
	  "[{\"kind\":\"pool\",\"prefix\":\"192.0.2.0/24\",\"owner\":\"admin\",\"packets\":0},\n"
	  "{\"kind\":\"static\",\"prefix\":\"192.0.2.1\",\"owner\":\"admin\"}]\n", DONE,
	  "pool 192.0.2.0/24\n", "1 of other sets" },
	{ "pool", "[\"192.0.2.1\", 5, null, {\"cidr\":7}, \"x\"", PARTLY, "pool 192.0.2.1\n",
	  ": the array has no end: is the file cut off?\n" },
	/* CSV */
	{ "static --no-merge",
	  "Customer,Account,IPv4,IPv6\n"
	  "\"Miller, \"\"Jane\"\"\",4711,\"198.51.100.65/29, 198.51.100.7\",2001:db8:100:64::/64\n"
	  "x,y,,\n\"two\nlines\",,192.0.2.9,\n", PARTLY,
	  "static 192.0.2.9 comment \"two lines\"\n"
	  "static 198.51.100.7 comment \"4711\"\n"
	  "static 198.51.100.64/29 comment \"4711\"\n"
	  "static 2001:db8:100:64::/64 comment \"4711\"\n",
	  ":3: there is no address in this line\n" },
	{ "static", "name;ip address;valid until\nMiller;192.0.2.7;2030-01-01\nMeier;192.0.2.9;x\n",
	  PARTLY, "static 192.0.2.7 expires 2030-01-01T00:00:00Z comment \"Miller\"\n"
	  , ":3: invalid time \"x\"\n" },
	{ "static", "4711\tMiller\t192.0.2.7\n4712\tMeier\tx\n", PARTLY, "static 192.0.2.7\n",
	  ":2: invalid prefix \"x\"" },
	{ "static", "192.0.2.7,Miller\n192.0.2.9,\n", DONE,
	  "static 192.0.2.7\nstatic 192.0.2.9\n", "CSV: 2 kept" },
	{ "static", "ip\n192.0.2.7\n", DONE, "static 192.0.2.7\n", "CSV: 1 kept" },
	{ "static", "ip,name\n192.0.2.7,\"x\n", FAILED, "", ":2: unterminated quote\n" },
	/* policy files */
	{ "block",
	  "# p25 policy, saved 2026-01-01T00:00:00Z\naction drop\ninbound on\nlimit 4194304\n"
	  "pool 198.51.100.0/24 comment \"x  y\"\n\npool 198.51.100.0/25   comment  \"z\" # t\n"
	  "relay mx.example.net\n"
	  "static 192.0.2.1 owner radius expires 2020-01-01T00:00:00Z packets 1 bytes 2\n", DONE,
	  "# p25 policy, saved 2026-01-01T00:00:00Z\naction drop\ninbound on\nlimit 4194304\n"
	  "pool 198.51.100.0/24 comment \"x  y\"\n\npool 198.51.100.0/25   comment  \"z\" # t\n"
	  "relay mx.example.net\n"
	  "static 192.0.2.1 owner radius expires 2020-01-01T00:00:00Z packets 1 bytes 2\n",
	  "policy file: 4 kept, 0 masked, 0 merged, 0 bad; 4 entries written\n" },
	{ "pool",
	  "block 192.0.2.1-192.0.2.3 timeout 5h comment \"r\"\r\nblock 192.0.2.9/24\n"
	  "pool 0.0.0.0/0\nfoo\npool\npool 192.0.2.1 timeout\naction drop\naction drop\n"
	  "pool \"x\n# caf\351\n", PARTLY,
	  "block 192.0.2.1 timeout 5h comment \"r\"\nblock 192.0.2.2/31 timeout 5h comment \"r\"\n"
	  "block 192.0.2.0/24\naction drop\n",
	  "policy file: 2 kept, 1 masked, 0 merged, 7 bad;" },
	/* what is no list */
	{ "block", "", MISUSED, "", ": there is nothing in the file: did its writer fail?\n" },
	{ "block", "# nothing\n\n", MISUSED, "", ": there is nothing in the file" },
	{ "block", "hello, world\n", MISUSED, "", ": unknown format: none of ipset, nft," },
	{ "block", "<!DOCTYPE html>\n", MISUSED, "", ": this is HTML, a page that reports" },
	{ "block", "<ipsets>\n", MISUSED, "", ": this is XML; expected what \"ipset save\"" },
	{ "block --format list", "x\n", FAILED, "", ": nothing could be kept\n" },
	/* A list that would be a policy file. */
	{ "block --format list", "optout 192.0.2.0/24\naction monitor\n", PARTLY,
	  "block 192.0.2.0/24\n", ":1: invalid prefix \"optout\"" },
	{ "block --format list", "192.0.2.1 # x\" owner y action monitor\n", DONE,
	  "block 192.0.2.1 comment \"x\\\" owner y action monitor\"\n", "1 kept" },
	{ "block --format csv", "ip,comment\n192.0.2.1,\"a\nblock 0.0.0.0/0\"\n", DONE,
	  "block 192.0.2.1 comment \"a block 0.0.0.0/0\"\n", "1 kept" },
};

START_TEST(test_text)
{
	ck_status(convert_text(texts[_i].args, texts[_i].text), texts[_i].status);
	ck_assert_str_eq(out, texts[_i].out);
	says(texts[_i].says);
}

/* What convert has written, it leaves as it is. */
START_TEST(test_again)
{
	char *first;

	convert_text(texts[_i].args, texts[_i].text);
	if (!*out)
		return;
	first = strdup(out);
	ck_status(convert_text("relay --wide", first), DONE);
	ck_assert_str_eq(out, first);
	free(first);
}

static const struct {
	const char *bytes;
	size_t len;
	const char *says;
} odd[] = {
	{ "\0", 1, ": unknown format" },
	{ "192.0.2.1\n\0\n", 12, ":2: NUL byte: not text\n" },
	{ "\377\3761\0", 4, ": the file is in UTF-16; save it in UTF-8\n" },
	{ "192.0.2.1\n\377\n", 12, ":2: invalid prefix \"?\"" },
};

START_TEST(test_odd)
{
	ck_assert_int_ne(convert_bytes("block", odd[_i].bytes, odd[_i].len), DONE);
	says(odd[_i].says);
}

START_TEST(test_many_are_bad)
{
	char text[30 * 16], *to = stpcpy(text, "192.0.2.1\n");
	int i;

	for (i = 0; i < 25; i++)
		to = stpcpy(to, "192.0.2.x\n");
	ck_status(convert_text("block", text), PARTLY);
	ck_assert_str_eq(out, "block 192.0.2.1\n");
	says(":21: invalid prefix");
	says(": and 5 more\n");
	says(" 25 bad; 1 entry written\n");
	ck_assert_ptr_null(strstr(err, ":22:"));
}

/* A list may be one line, but not of any length. */
START_TEST(test_long_line)
{
	size_t len = 1 << 20, i;
	char *text = malloc(INPUT_LINE_MAX + 100);

	for (i = 0; i < len; i += 16)
		memcpy(text + i, "198.51.100.7    ", 16);
	memcpy(text + len, "192.0.2.1\n", 10);
	ck_status(convert_bytes("block", text, len + 10), DONE);
	ck_assert_str_eq(out, "block 192.0.2.1\nblock 198.51.100.7\n");
	memset(text, ' ', INPUT_LINE_MAX + 100);
	memcpy(text, "192.0.2.1\n", 10);
	ck_status(convert_bytes("block", text, INPUT_LINE_MAX + 100), FAILED);
	says(":2: line too long: at most 16 MiB\n");
	ck_assert_str_eq(out, "");
	free(text);
}

static const struct {
	const char *args;
	const char *says;
} misuse[] = {
	{ "", "\"convert\" requires an argument: the kind" },
	{ "foo", "unknown kind \"foo\"; expected one of: relay, pool," },
	{ "pool a b", "unexpected argument \"b\"" },
	{ "pool --set", "\"--set\" requires an argument: the name of a set" },
	{ "pool --format", "\"--format\" requires an argument: what the file is" },
	{ "pool --format x", "unknown format \"x\"; expected one of: p25, ipset, nft," },
	{ "pool --format csv --format=nft", "duplicate option \"--format\"" },
	{ "pool --foo", "unknown option \"--foo\"; expected one of: --format," },
};

START_TEST(test_misuse)
{
	ck_status(convert(misuse[_i].args, NULL), MISUSED);
	says(misuse[_i].says);
}

START_TEST(test_no_file)
{
	ck_status(convert("pool", "/nonexistent"), FAILED);
	says("/nonexistent: No such file or directory\n");
	ck_status(convert("pool", "/"), FAILED);
	says("/: Is a directory\n");
}

/* ---- parts ---- */

static const struct {
	const char *text;
	int64_t seconds;
} times[] = {
	{ "0", 0 }, { "3594", 3594 }, { "28m47s230ms", 1727 }, { "748ms", 0 },
	{ "2d3h4m748ms", 183840 }, { "1w2d3h4m5s", 788645 }, { "1d00:10:00", 87000 },
	{ "1d 00:10:00", 87000 }, { "00:05", 300 }, { "30m", 1800 }, { "1795s", 1795 },
	{ "9999999999999999999w9999999999999999999w", 1000000000000 },
	{ "", -1 }, { "x", -1 }, { "1x", -1 }, { "-1", -1 }, { "1h:", -1 },
	{ "00:60", -1 }, { "1:2:3:4", -1 }, { "m", -1 },
};

START_TEST(test_remaining)
{
	uint64_t seconds = 0;
	int status = remaining_parse(times[_i].text, &seconds);

	ck_assert_int_eq(status, times[_i].seconds < 0 ? -1 : 0);
	if (!status)
		ck_assert_int_eq(seconds, times[_i].seconds);
}

#define X63 "123456789012345678901234567890123456789012345678901234567890123"

static const struct {
	const char *from;
	const char *to;
	bool whole;
} comments[] = {
	{ "", "", true },
	{ " \tticket 4711 ", "ticket 4711", true },
	{ X63 "4", X63 "4", true },
	{ X63 "45", X63 "4", false },
	/* No half characters. */
	{ X63 "\303\274", X63, false },
	{ "a\33[31mb\177\r\nc", "a[31mb c", false },
	{ "a\tb", "a b", false },
	{ "caf\351 x", "caf x", false },
	{ "\342\200\256abc", "abc", false },
	{ "abc\377", "abc", false },
	{ "\377\377", "", false },
};

START_TEST(test_comment)
{
	char to[P25_COMMENT_MAXLEN + 1];

	ck_assert_int_eq(comment_fit(to, comments[_i].from), comments[_i].whole);
	ck_assert_str_eq(to, comments[_i].to);
	ck_assert(p25_comment_valid(to));
}

void *convert_suite(void)
{
	void *tests;
	void *suite = suite_new("convert", &tests);

	tcase_add_checked_fixture(tests, NULL, teardown);
	tcase_add_loop_test(tests, test_sample, 0, ARRAY_SIZE(samples));
	tcase_add_loop_test(tests, test_text, 0, ARRAY_SIZE(texts));
	tcase_add_loop_test(tests, test_again, 0, ARRAY_SIZE(texts));
	tcase_add_loop_test(tests, test_odd, 0, ARRAY_SIZE(odd));
	tcase_add_test(tests, test_many_are_bad);
	tcase_add_test(tests, test_long_line);
	tcase_add_loop_test(tests, test_misuse, 0, ARRAY_SIZE(misuse));
	tcase_add_test(tests, test_no_file);
	tcase_add_loop_test(tests, test_remaining, 0, ARRAY_SIZE(times));
	tcase_add_loop_test(tests, test_comment, 0, ARRAY_SIZE(comments));
	return suite;
}
