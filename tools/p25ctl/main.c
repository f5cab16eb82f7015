// SPDX-License-Identifier: GPL-2.0
/*
 * p25ctl: configure the p25 kernel module.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd.h"
#include "ctl.h"
#include "dispatch.h"
#include "only.h"
#include "parse.h"
#include "quote.h"
#include "report.h"
#include "version.h"
#include "words.h"

static const char short_options[] = "+:n:o:b:jeqvhV46";
static const struct option long_options[] = {
	{ "netns", required_argument, NULL, 'n' },
	{ "owner", required_argument, NULL, 'o' },
	{ "batch", required_argument, NULL, 'b' },
	{ "json", no_argument, NULL, 'j' },
	{ "exist", no_argument, NULL, 'e' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "ipv4", no_argument, NULL, '4' },
	{ "ipv6", no_argument, NULL, '6' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "wide", no_argument, NULL, 'W' },
	{ "only", required_argument, NULL, 'O' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	/* those of apply, to say so */
	{ "all", no_argument, NULL, 'A' },
	{ "dry-run", no_argument, NULL, 'A' },
	{ "summary", no_argument, NULL, 'A' },
	{ "empty", no_argument, NULL, 'A' },
	{ "force", no_argument, NULL, 'A' },
	{ "max-delete", optional_argument, NULL, 'A' },
	{ 0 },
};

static int set_owner(struct ctl *c)
{
	static char owner[P25_OWNER_MAXLEN + 1];

	c->owner = owner;
	return parse_owner(c, optarg, owner);
}

static int set_family(struct ctl *c, int family)
{
	if (c->family && c->family != family)
		return report_misuse(c,
				     "options \"-4\" and \"-6\" cannot be used together; without either, both are listed");
	c->family = family;
	return -1;
}

/* Options with an argument: which one of two would count? */
static bool is_given(const struct ctl *c, int option, const char *batch)
{
	return (option == 'n' && c->netns) || (option == 'o' && c->owner) ||
	       (option == 'b' && batch);
}

/* getopt_long(3) would print the word as it is, whatever is in it. */
static int report_bad_option(const struct ctl *c, int option, const char *word)
{
	const char letter[] = { '-', optopt, '\0' };

	if (optopt)
		word = letter;
	if (option == ':')
		report_misuse(c, "option %s requires an argument", quote(word));
	else if (optopt && strchr(short_options, optopt))
		report_misuse(c, "option %s takes no argument", quote(word));
	else
		report_misuse(c, "unknown option %s", quote(word));
	usage_hint(c);
	return MISUSED;
}

/* Returns -1 to go on, or an exit status. */
static int take_option(struct ctl *c, int option, const char *word,
		       const char **batch)
{
	if (is_given(c, option, *batch))
		return report_misuse(c, "duplicate option \"-%c\"", option);
	switch (option) {
	case 'n':
		c->netns = optarg;
		return -1;
	case 'o':
		return set_owner(c) ? MISUSED : -1;
	case 'b':
		*batch = optarg;
		return -1;
	case 'j':
		c->json = true;
		return -1;
	case 'e':
		c->exist = true;
		return -1;
	case 'q':
		c->quiet = true;
		return -1;
	case '4':
	case '6':
		return set_family(c, option == '4' ? AF_INET : AF_INET6);
	case 'v':
		c->verbose = true;
		return -1;
	case 'W':
		c->wide = true;
		return -1;
	case 'O':
		return only_parse(c, optarg) ? MISUSED : -1;
	case 'h':
		return help_on("help");
	case 'V':
		printf("p25ctl %s\n", P25_VERSION);
		return DONE;
	case 'A':
		return report_misuse(c,
				     "unexpected option %s: it goes after \"apply\"%s", quote(word),
				     strcmp(word, "--all") ? ", with its file" :
						       " or \"flush\"");
	default:
		return report_bad_option(c, option, word);
	}
}

static int run_command(struct ctl *c, int argc, char **argv)
{
	const char *batch = NULL;
	int option, status = -1;
	struct words w;

	opterr = 0;
	while (status < 0 &&
	       (option = getopt_long(argc, argv, short_options, long_options,
				     NULL)) != -1)
		status = take_option(c, option, argv[optind - 1], &batch);
	if (status >= 0)
		return status;
	w = (struct words){ .v = argv + optind, .n = argc - optind };
	if (batch && w.n)
		return report_misuse(c,
				     "unexpected argument %s: -b takes its commands from the file alone",
				     quote(w.v[0]));
	if (batch && c->quiet)
		return report_misuse(c,
				     "option \"-q\" cannot be used with \"-b\": it is for \"check\"");
	if (batch && c->family)
		return report_misuse(c,
				     "options \"-4\" and \"-6\" cannot be used with \"-b\": they are for \"list\" and \"senders\"");
	if (only_check(c, batch))
		return MISUSED;
	if (batch)
		return cmd_batch(c, batch);
	if (w.n)
		return run_object(c, &w);
	if (argc > 1)
		return report_misuse(c, "missing object after the options; see \"p25ctl help\"");
	usage_hint(c);
	return MISUSED;
}

/*
 * A standard file that is closed would become the first file that is opened,
 * the netlink socket say. What fills its place fails when it is used.
 */
static int fill_standard_files(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null",
			 fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return -1;
	}
	return 0;
}

/*
 * What was printed must have arrived: a full disk is no success. Nor is a pipe
 * that was closed, but who closed it knows.
 */
static int flush_output(const struct ctl *c, int status)
{
	int bad = ferror(stdout);

	if (!fflush(stdout) && !bad)
		return status;
	if (errno != EPIPE)
		report_error(c, -errno, "standard output: %s", strerror(errno));
	return status ? status : FAILED;
}

int main(int argc, char **argv)
{
	char name[] = "p25ctl";
	struct ctl c = { 0 };
	int status;

	if (fill_standard_files())
		return FAILED;
	argv[0] = name;
	/* A closed pipe is a write error like any other. */
	signal(SIGPIPE, SIG_IGN);
	status = run_command(&c, argc, argv);
	c.file = NULL;
	if (status == FAILED && c.failure)
		status = c.failure;
	status = flush_output(&c, status);
	p25_close(c.p25);
	p25_monitor_close(c.monitor);
	if (c.copy > 0)
		close(c.copy);
	return status;
}
