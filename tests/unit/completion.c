// SPDX-License-Identifier: GPL-2.0
/*
 * Completion, as an interactive bash does it: keys are typed at a terminal, and what
 * the line has become is read from a pipe. Where p25ctl would be asked, there is a
 * script that knows some entries.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

/* Keys: complete; insert all that may stand here, sorted; give the line away. */
#define TAB "\t"
#define ALL "\033*"
#define GIVE "\030\007"

static const char fake[] =
"#!/bin/sh\n"
"echo \"$*\" >> asked\n"
"case $* in\n"
"*show) cat show ;;\n"
"'pool list'|'-o admin pool list') echo 'pool 198.51.100.0/24 packets 0' ;;\n"
"'-o desk optout list'|'optout list')\n"
"	echo 'optout 2001:db8::7 owner desk packets 0'\n"
"	echo 'optout 2001:db8::99 owner desk packets 0' ;;\n"
"list) echo 'pool 198.51.100.0/24 packets 0 bytes 0'\n"
"	echo 'optout 2001:db8::7 owner desk packets 0'\n"
"	echo 'static 192.0.2.1 owner radius comment \"owner x\"' ;;\n"
"'-n blue list') echo 'pool 198.51.100.0/24 owner other packets 0' ;;\n"
"*) exit 1 ;;\n"
"esac\n";

static const char few[] = "entries\n  relay 0\n  pool 2\ncounters (packets)\n"
			  "  accept_relay 4000000000\n";
static const char many[] = "entries\n  relay 1\n  pool 20000\n";

static const char startup[] =
"PS1=; HISTFILE=\n"
"bind 'set bell-style none'\n"
"bind 'set completion-query-items 0'\n"
"give() { printf '%s\\n' \"$READLINE_LINE\" >&$TO; READLINE_LINE=; }\n"
"bind -x '\"\\C-x\\C-g\": give'\n"
". \"$COMPLETION\"\n";

static char folder[32];
static int terminal, given;
static pid_t bash;

static void make_file(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void make_folder(void)
{
	strcpy(folder, "/tmp/p25-unit-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
	make_file("p25ctl", fake, 0755);
	make_file("show", few, 0644);
	make_file("startup", startup, 0644);
	ck_assert_int_eq(mkdir("etc", 0755), 0);
	ck_assert_int_eq(mkdir("etc/p25", 0755), 0);
	make_file("etc/p25/policy", "", 0644);
	make_file("etc/p25/new one", "", 0644);
}

static void child(const char *name, int to)
{
	char *const argv[] = {
		(char *)"bash", (char *)"--noprofile", (char *)"--rcfile",
		(char *)"startup", (char *)"-i", NULL,
	};
	char path[256], number[16];
	int fd;

	setsid();
	fd = open(name, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	fcntl(to, F_SETFD, 0);
	snprintf(number, sizeof(number), "%d", to);
	setenv("TO", number, 1);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", folder);
	setenv("PATH", path, 1);
	setenv("TERM", "dumb", 1);
	setenv("INPUTRC", "/dev/null", 1);
	execvp(*argv, argv);
	_exit(127);
}

static void setup(void)
{
	int ends[2];

	make_folder();
	terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	ck_assert_int_ge(terminal, 0);
	ck_assert(!grantpt(terminal) && !unlockpt(terminal) &&
		  !pipe2(ends, O_CLOEXEC));
	bash = fork();
	if (!bash)
		child(ptsname(terminal), ends[1]);
	close(ends[1]);
	given = ends[0];
}

static void teardown(void)
{
	char command[64];

	close(terminal);
	close(given);
	kill(bash, SIGKILL);
	waitpid(bash, NULL, 0);
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ck_assert(!chdir("/") && !system(command));
}

/* The screen is of no interest, but bash must be able to write to it. */
static void wait_for_line(void)
{
	struct pollfd fds[] = {
		{ .fd = terminal, .events = POLLIN },
		{ .fd = given, .events = POLLIN },
	};
	char screen[4096];

	while (poll(fds, 2, -1) > 0 && !fds[1].revents) {
		if (read(terminal, screen, sizeof(screen)) <= 0)
			return;
	}
}

/* Types keys, and returns what the line is then. */
static char *typed(const char *keys)
{
	static char line[1024];
	ssize_t n;

	ck_assert_int_eq(write(terminal, keys, strlen(keys)), strlen(keys));
	ck_assert_int_eq(write(terminal, GIVE, 2), 2);
	wait_for_line();
	n = read(given, line, sizeof(line) - 1);
	ck_assert_int_gt(n, 0);
	line[n - 1] = '\0';
	return line;
}

static const struct {
	const char *keys;
	const char *line;
} cases[] = {
	/* objects, commands; an object may be shortened */
	{ "p25ctl off" TAB, "p25ctl offenders " },
	{ "p25ctl s" ALL, "p25ctl save senders set show static " },
	{ "p25ctl po a" TAB, "p25ctl po add " },
	{ "p25ctl s a" TAB, "p25ctl s a" },
	{ "p25ctl pool " ALL, "p25ctl pool add del flush help list " },
	{ "p25ctl senders " ALL, "p25ctl senders blocked exempt flush list " },
	{ "p25ctl senders ex" TAB, "p25ctl senders exempt " },
	{ "p25ctl senders blocked " TAB, "p25ctl senders blocked list " },
	{ "p25ctl senders flush " TAB, "p25ctl senders flush " },
	{ "p25ctl offenders " ALL, "p25ctl offenders flush list " },
	{ "p25ctl monitor " ALL,
	  "p25ctl monitor entries guard senders settings " },
	{ "p25ctl monitor entries se" ALL,
	  "p25ctl monitor entries senders settings " },
	{ "p25ctl monitor senders --j" TAB, "p25ctl monitor senders --journal " },
	{ "p25ctl top " ALL, "p25ctl top blocked every exempt " },
	{ "p25ctl top exempt " TAB, "p25ctl top exempt every " },
	{ "p25ctl top every " TAB, "p25ctl top every " },
	{ "p25ctl help bl" TAB, "p25ctl help block " },
	{ "p25ctl health " ALL, "p25ctl health idle ignore " },
	{ "p25ctl health ignore " ALL, "p25ctl health ignore bridge flowtable " },
	{ "p25ctl metrics --" ALL, "p25ctl metrics --file --help --http " },
	{ "p25ctl set " ALL, "p25ctl set action guard inbound limit senders " },
	{ "p25ctl set action r" TAB, "p25ctl set action reject " },
	{ "p25ctl set guard " TAB, "p25ctl set guard off " },
	{ "p25ctl set senders " TAB, "p25ctl set senders " },
	{ "p25ctl set inbound o" ALL, "p25ctl set inbound off on " },
	/* options */
	{ "p25ctl --ow" TAB, "p25ctl --owner " },
	{ "p25ctl -j --n" TAB, "p25ctl -j --netns " },
	{ "p25ctl -o" TAB, "p25ctl -o " },
	{ "p25ctl pool add --h" TAB, "p25ctl pool add --help " },
	{ "p25ctl -n blue po" TAB, "p25ctl -n blue pool " },
	{ "p25ctl -nblue -jodesk po" TAB, "p25ctl -nblue -jodesk pool " },
	/* owners: those that there are, in this namespace */
	{ "p25ctl -o " ALL, "p25ctl -o admin desk radius " },
	{ "p25ctl -jo d" TAB, "p25ctl -jo desk " },
	{ "p25ctl --owner=r" TAB, "p25ctl --owner=radius " },
	{ "p25ctl -j --owner=" ALL, "p25ctl -j --owner=admin desk radius " },
	{ "p25ctl -n blue -o " TAB, "p25ctl -n blue -o other " },
	/* prefixes: those that the owner has of this kind */
	{ "p25ctl pool del " TAB, "p25ctl pool del 198.51.100.0/24 " },
	{ "p25ctl po de 1" TAB, "p25ctl po de 198.51.100.0/24 " },
	{ "p25ctl optout del " TAB, "p25ctl optout del " },
	{ "p25ctl -o desk optout del 2001:db8::7" TAB,
	  "p25ctl -o desk optout del 2001:db8::7 " },
	{ "p25ctl -o desk optout del 20" TAB,
	  "p25ctl -o desk optout del 2001:db8::" },
	{ "p25ctl -o desk optout del 2001:db8::9" TAB,
	  "p25ctl -o desk optout del 2001:db8::99 " },
	{ "p25ctl optout list 2001:db8::7" TAB, "p25ctl optout list 2001:db8::7 " },
	/* what stands behind prefixes */
	{ "p25ctl pool add " TAB, "p25ctl pool add " },
	{ "p25ctl pool add 192.0.2.1 " ALL,
	  "p25ctl pool add 192.0.2.1 action comment expires timeout " },
	{ "p25ctl static add 192.0.2.1 " ALL,
	  "p25ctl static add 192.0.2.1 comment expires guard timeout " },
	{ "p25ctl optout add 192.0.2.1 guard " TAB,
	  "p25ctl optout add 192.0.2.1 guard off " },
	{ "p25ctl block add 192.0.2.1 action " ALL,
	  "p25ctl block add 192.0.2.1 action drop monitor prohibit reject " },
	{ "p25ctl pool del 192.0.2.1 c" TAB, "p25ctl pool del 192.0.2.1 comment " },
	{ "p25ctl pool del 192.0.2.1 comment 1" TAB,
	  "p25ctl pool del 192.0.2.1 comment 1" },
	{ "p25ctl pool add 2001:db8::1 t" TAB,
	  "p25ctl pool add 2001:db8::1 timeout " },
	{ "p25ctl pool add 192.0.2.1 timeout " TAB,
	  "p25ctl pool add 192.0.2.1 timeout " },
	{ "p25ctl pool add 192.0.2.1 timeout t" TAB,
	  "p25ctl pool add 192.0.2.1 timeout t" },
	{ "p25ctl pool add 192.0.2.1 timeout 8h " TAB,
	  "p25ctl pool add 192.0.2.1 timeout 8h " },
	{ "p25ctl relay add 192.0.2.1 timeout 8h " TAB,
	  "p25ctl relay add 192.0.2.1 timeout 8h comment " },
	{ "p25ctl pool add 192.0.2.1 comment \"a b\" e" TAB,
	  "p25ctl pool add 192.0.2.1 comment \"a b\" expires " },
	{ "p25ctl pool add 192.0.2.1 comment -" TAB,
	  "p25ctl pool add 192.0.2.1 comment -" },
	/* files: readline descends and quotes */
	{ "p25ctl apply et" TAB, "p25ctl apply etc/" },
	{ "p25ctl apply et" TAB "p" TAB "po" TAB,
	  "p25ctl apply etc/p25/policy " },
	{ "p25ctl apply etc/p25/n" TAB, "p25ctl apply etc/p25/new\\ one " },
	{ "p25ctl -b etc/p25/pol" TAB, "p25ctl -b etc/p25/policy " },
	{ "p25ctl apply --a" TAB, "p25ctl apply --all " },
	{ "p25ctl apply --all --dry" TAB, "p25ctl apply --all --dry-run " },
	{ "p25ctl apply --all --ma" TAB, "p25ctl apply --all --max-delete " },
	{ "p25ctl conv" TAB "bl" TAB "et" TAB, "p25ctl convert block etc/" },
	{ "p25ctl convert pool --f" TAB "ips" TAB,
	  "p25ctl convert pool --format ipset " },
	{ "p25ctl convert pool --wide --" ALL,
	  "p25ctl convert pool --wide --format --help --no-merge --set " },
	{ "p25ctl apply --all etc/p25/pol" TAB,
	  "p25ctl apply --all etc/p25/policy " },
	/* nothing to offer */
	{ "p25ctl poool a" TAB, "p25ctl poool a" },
	{ "p25ctl check 1" TAB, "p25ctl check 1" },
};

START_TEST(test_completion)
{
	ck_assert_str_eq(typed(""), "");
	ck_assert_str_eq(typed(cases[_i].keys), cases[_i].line);
}

/* A listing of many entries would take too long. */
START_TEST(test_many)
{
	struct stat st;
	char text[64];
	int fd;

	make_file("show", many, 0644);
	ck_assert_str_eq(typed("p25ctl pool del " TAB), "p25ctl pool del ");
	fd = open("asked", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(read(fd, text, sizeof(text)), 5);
	ck_assert_int_eq(memcmp(text, "show\n", 5), 0);
	close(fd);
}

void *completion_suite(void)
{
	void *tests;
	void *suite = suite_new("completion", &tests);

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, test_completion, 0, ARRAY_SIZE(cases));
	tcase_add_test(tests, test_many);
	return suite;
}
